#include "workers/trainer/fewer_answers.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <span>
#include <utility>

#include "workers/trainer/comparison_rows.hpp"
#include "workers/trainer/user_history.hpp"

namespace fairsweep {
namespace {

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

std::vector<std::int64_t> lengths_of_histories(const TrainingSet& data) {
  std::vector<std::int64_t> lengths(index(data.users), 0);
  if (data.history.count() == 0)
    return lengths;
  const at::Tensor user = data.history.user.cpu().contiguous();
  for (std::int64_t row = 0; row < data.history.count(); ++row) {
    const std::size_t person = index(user.data_ptr<std::int64_t>()[row]);
    lengths[person] += data.user_trained[person] ? 0 : 1;
  }
  return lengths;
}

std::int64_t longest_of(const std::vector<std::int64_t>& lengths) {
  return lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
}

/// Comparisons as user_history reads them. One question to one person has one number, however often it was put.
PreferenceData on_host(const TrainingSet& data) {
  PreferenceData host;
  host.feature_count = data.features.size(1);
  host.user_names.resize(index(data.users));
  const ComparisonTensors& part = data.history;
  host.comparison_offset.push_back(0);
  if (part.count() == 0)
    return host;
  const at::Tensor user = part.user.cpu().contiguous(), candidates = part.candidates.cpu().contiguous(),
                   present = part.present.cpu().contiguous(), ranked = part.ranked.cpu().contiguous(),
                   weight = part.weight.cpu().to(at::kFloat).contiguous();
  const std::int64_t widest = candidates.size(1);
  std::map<std::pair<std::int64_t, std::vector<std::int64_t>>, std::int32_t> questions;
  for (std::int64_t row = 0; row < part.count(); ++row) {
    std::vector<std::int64_t> asked;
    for (std::int64_t place = row * widest; place < (row + 1) * widest; ++place) {
      if (present.data_ptr<bool>()[place])
        asked.push_back(candidates.data_ptr<std::int64_t>()[place]);
    }
    host.comparison_candidate.insert(host.comparison_candidate.end(), asked.begin(), asked.end());
    host.comparison_offset.push_back(static_cast<std::int64_t>(host.comparison_candidate.size()));
    host.comparison_user.push_back(static_cast<std::int32_t>(user.data_ptr<std::int64_t>()[row]));
    host.comparison_ranked.push_back(static_cast<std::int32_t>(ranked.data_ptr<std::int64_t>()[row]));
    host.comparison_weight.push_back(weight.data_ptr<float>()[row]);
    std::sort(asked.begin(), asked.end());
    const auto number = static_cast<std::int32_t>(questions.size());
    host.comparison_repeat.push_back(
        questions.try_emplace({user.data_ptr<std::int64_t>()[row], std::move(asked)}, number).first->second);
  }
  return host;
}

at::Tensor like(const at::Tensor& example, std::vector<float> values, at::IntArrayRef shape) {
  return at::from_blob(values.data(), shape, at::kFloat).to(example.scalar_type()).clone().to(example.device());
}

}  // namespace

FewerAnswers::FewerAnswers(const TrainingSet& data)
    : data_(data),
      features_(data.features.cpu().to(at::kFloat).contiguous()),
      history_(on_host(data)),
      longest_(longest_of(lengths_of_histories(data))) {}

std::vector<std::int64_t> FewerAnswers::steps() const {
  if (longest_ == 0)
    return {};
  std::vector<std::int64_t> steps = {0};
  for (std::int64_t shots = 1; shots < longest_; shots *= 2)
    steps.push_back(shots);
  steps.push_back(longest_);
  return steps;
}

TrainingSet FewerAnswers::known_by(std::int64_t shots) const {
  if (shots >= longest_)
    return data_;
  const std::vector<std::int64_t> rows = first_rows(shots);
  const std::span<const float> features(features_.data_ptr<float>(), static_cast<std::size_t>(features_.numel()));
  const UserHistory history = user_history(history_, features, rows);

  TrainingSet fewer = data_;
  fewer.history = rows_of(data_.history, rows);
  if (data_.history.history_share.defined()) {
    const std::int64_t widest = data_.history.candidates.size(1);
    const auto count = static_cast<std::int64_t>(rows.size());
    const OwnAnswers own = own_answers(history_, rows, rows, widest);
    fewer.history.history_share = like(data_.features, own.share, {count, widest});
    fewer.history.history_rest = like(data_.features, own.rest, {count});
  }
  std::vector<std::int64_t> people;
  for (std::int64_t user = 0; user < data_.users; ++user) {
    if (!data_.user_trained[index(user)])
      people.push_back(user);
  }
  const at::Tensor who = at::tensor(at::ArrayRef<std::int64_t>(people), at::kLong);
  const auto of_people = [&](const at::Tensor& before, const std::vector<float>& now) {
    const at::Tensor rows_now = like(before, now, {data_.users, history_.feature_count});
    const at::Tensor place = who.to(before.device());
    return before.index_copy(0, place, rows_now.index_select(0, place));
  };
  fewer.user_history = of_people(data_.user_history, history.mean);
  fewer.user_history_sum = of_people(data_.user_history_sum, history.sum);
  return fewer;
}

std::vector<std::int64_t> FewerAnswers::first_rows(std::int64_t shots) const {
  std::vector<std::int64_t> told(index(data_.users), 0), rows;
  for (std::int64_t row = 0; row < data_.history.count(); ++row) {
    const std::size_t person = index(history_.comparison_user[index(row)]);
    if (data_.user_trained[person] || told[person]++ < shots)
      rows.push_back(row);
  }
  return rows;
}

std::vector<bool> people_of_whole_history(const TrainingSet& data) {
  const std::vector<std::int64_t> lengths = lengths_of_histories(data);
  const std::int64_t longest = longest_of(lengths);
  std::vector<bool> whole;
  whole.reserve(lengths.size());
  for (const std::int64_t length : lengths)
    whole.push_back(longest > 0 && length == longest);
  return whole;
}

}  // namespace fairsweep
