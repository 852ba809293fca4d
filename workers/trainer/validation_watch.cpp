#include "workers/trainer/validation_watch.hpp"

#include <limits>
#include <map>
#include <utility>

namespace fairsweep {

ValidationWatch::ValidationWatch(const ComparisonTensors& validation, std::vector<std::int64_t> rows,
                                 const TrainingSet& data)
    : rows_(std::move(rows)), groups_(data.groups.size()) {
  const at::Tensor user = validation.user.cpu();
  const at::Tensor weight = validation.weight.to(at::kDouble).cpu();
  std::map<std::int64_t, std::size_t> person_of_user;
  for (const std::int64_t row : rows_)
    person_of_user[user.data_ptr<std::int64_t>()[row]] = 0;
  for (auto& [name, person] : person_of_user) {
    person = people_.size();
    people_.push_back({0.0, data.user_group.empty() ? -1 : data.user_group[static_cast<std::size_t>(name)]});
  }
  for (const std::int64_t row : rows_) {
    person_of_row_.push_back(person_of_user.at(user.data_ptr<std::int64_t>()[row]));
    weight_of_row_.push_back(weight.data_ptr<double>()[row]);
    people_[person_of_row_.back()].weight += weight_of_row_.back();
  }
}

double ValidationWatch::value(const at::Tensor& loss, Watch watch) const {
  const at::Tensor exact = loss.to(at::kDouble).contiguous();
  std::vector<double> mean(people_.size(), 0.0);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    mean[person_of_row_[i]] += weight_of_row_[i] * exact.data_ptr<double>()[rows_[i]];
  }
  double all = 0;
  std::vector<double> sum(groups_, 0.0);
  std::vector<double> count(groups_, 0.0);
  for (std::size_t p = 0; p < people_.size(); ++p) {
    mean[p] /= people_[p].weight;
    all += mean[p];
    if (people_[p].group < 0)
      continue;
    sum[static_cast<std::size_t>(people_[p].group)] += mean[p];
    count[static_cast<std::size_t>(people_[p].group)] += 1;
  }
  const double over_users = all / static_cast<double>(people_.size());
  double total = 0;
  double worst = -std::numeric_limits<double>::infinity();
  double groups = 0;
  for (std::size_t g = 0; g < groups_; ++g) {
    if (count[g] == 0)
      continue;
    const double of_group = sum[g] / count[g];
    total += of_group;
    worst = of_group > worst || of_group != of_group ? of_group : worst;
    groups += 1;
  }
  if (watch == Watch::users || groups == 0)
    return over_users;
  if (over_users != over_users)
    return over_users;  // a NaN anywhere is a NaN
  return watch == Watch::groups ? total / groups : worst;
}

}  // namespace fairsweep
