#include "workers/trainer/fewer_answers.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <utility>

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

/// Comparisons as user_history reads them. One question to one person has one number, however often it was put.
PreferenceData on_host(const TrainingSet& data) {
  PreferenceData host;
  const at::Tensor features = data.features.cpu().to(at::kFloat).contiguous();
  host.candidate_count = features.size(0);
  host.feature_count = features.size(1);
  host.features.assign(features.data_ptr<float>(), features.data_ptr<float>() + features.numel());
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

/// These rows of every tensor that has a row a comparison.
ComparisonTensors rows_of(const ComparisonTensors& part, const std::vector<std::int64_t>& rows) {
  const at::Tensor places = at::tensor(at::ArrayRef<std::int64_t>(rows), at::kLong).to(part.user.device());
  ComparisonTensors some;
  for (const auto tensor :
       {&ComparisonTensors::candidates, &ComparisonTensors::present, &ComparisonTensors::ranked,
        &ComparisonTensors::user, &ComparisonTensors::group, &ComparisonTensors::weight,
        &ComparisonTensors::context_first, &ComparisonTensors::context_size, &ComparisonTensors::history_share,
        &ComparisonTensors::history_rest, &ComparisonTensors::noise_keep, &ComparisonTensors::noise_floor}) {
    if ((part.*tensor).defined())
      some.*tensor = (part.*tensor).index_select(0, places);
  }
  some.source.reserve(rows.size());
  for (const std::int64_t row : rows)
    some.source.push_back(part.source[index(row)]);
  return some;
}

at::Tensor like(const at::Tensor& example, std::vector<float> values, at::IntArrayRef shape) {
  return at::from_blob(values.data(), shape, at::kFloat).to(example.scalar_type()).clone().to(example.device());
}

}  // namespace

FewerAnswers::FewerAnswers(const TrainingSet& data) : data_(data), history_(on_host(data)) {
  const std::vector<std::int64_t> lengths = lengths_of_histories(data);
  longest_ = lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
}

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
  const PreferenceData told = told_by(rows);
  std::vector<std::int64_t> all(rows.size());
  std::iota(all.begin(), all.end(), 0);
  const UserHistory history = user_history(told, history_.features, all);

  TrainingSet fewer = data_;
  fewer.history = rows_of(data_.history, rows);
  if (data_.history.history_share.defined()) {
    const std::int64_t widest = data_.history.candidates.size(1);
    const auto count = static_cast<std::int64_t>(rows.size());
    const OwnAnswers own = own_answers(told, all, all, widest);
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

PreferenceData FewerAnswers::told_by(const std::vector<std::int64_t>& rows) const {
  PreferenceData told;
  told.candidate_count = history_.candidate_count;
  told.feature_count = history_.feature_count;
  told.user_names = history_.user_names;
  told.comparison_offset.push_back(0);
  for (const std::int64_t row : rows) {
    const auto from = history_.comparison_candidate.begin();
    told.comparison_candidate.insert(told.comparison_candidate.end(), from + history_.comparison_offset[index(row)],
                                     from + history_.comparison_offset[index(row) + 1]);
    told.comparison_offset.push_back(static_cast<std::int64_t>(told.comparison_candidate.size()));
    told.comparison_user.push_back(history_.comparison_user[index(row)]);
    told.comparison_ranked.push_back(history_.comparison_ranked[index(row)]);
    told.comparison_weight.push_back(history_.comparison_weight[index(row)]);
    told.comparison_repeat.push_back(history_.comparison_repeat[index(row)]);
  }
  return told;
}

std::vector<bool> people_of_whole_history(const TrainingSet& data) {
  const std::vector<std::int64_t> lengths = lengths_of_histories(data);
  const std::int64_t longest = lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
  std::vector<bool> whole;
  whole.reserve(lengths.size());
  for (const std::int64_t length : lengths)
    whole.push_back(longest > 0 && length == longest);
  return whole;
}

}  // namespace fairsweep
