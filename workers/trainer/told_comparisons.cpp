#include "workers/trainer/told_comparisons.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fairsweep {
namespace {

/// Of the comparisons of one part, [m, D + 1].
at::Tensor differences_of(const TrainingSet& data, const ComparisonTensors& part) {
  const at::Tensor& features = data.features;
  const at::Tensor present = part.present.to(features.scalar_type());
  const at::Tensor others = (present.sum(1, true) - 1).clamp_min(1);
  at::Tensor sum = at::zeros({part.count(), features.size(1)}, features.options());
  for (std::int64_t place = 1; place < part.candidates.size(1); ++place) {
    sum.addcmul_(features.index_select(0, part.candidates.select(1, place)), present.select(1, place).unsqueeze(1));
  }
  const at::Tensor difference = features.index_select(0, part.candidates.select(1, 0)) - sum / others;
  return at::cat({difference, at::ones({part.count(), 1}, features.options())}, 1);
}

/// Who was asked about which candidates, in any order.
using Question = std::pair<std::int64_t, std::vector<std::int64_t>>;

std::vector<Question> questions_of(const ComparisonTensors& part) {
  const at::Tensor user = part.user.cpu();
  const at::Tensor candidates = part.candidates.cpu().contiguous();
  const at::Tensor present = part.present.cpu().contiguous();
  const std::int64_t n = candidates.size(1);
  std::vector<Question> questions(static_cast<std::size_t>(part.count()));
  for (std::int64_t row = 0; row < part.count(); ++row) {
    Question& question = questions[static_cast<std::size_t>(row)];
    question.first = user.data_ptr<std::int64_t>()[row];
    for (std::int64_t place = row * n; place < (row + 1) * n; ++place) {
      if (present.data_ptr<bool>()[place])
        question.second.push_back(candidates.data_ptr<std::int64_t>()[place]);
    }
    std::sort(question.second.begin(), question.second.end());
  }
  return questions;
}

}  // namespace

ToldComparisons told_comparisons(const TrainingSet& data) {
  ToldComparisons told;
  told.difference = differences_of(data, data.train);
  told.person = data.train.user;
  if (data.history.count() > 0) {
    told.difference = at::cat({told.difference, differences_of(data, data.history)});
    told.person = at::cat({told.person, data.history.user});
  }
  const std::vector<Question> questions = questions_of(data.train);
  const std::size_t count = questions.size();
  told.of_person.resize(count);
  for (std::size_t row = 0; row < count; ++row)
    told.of_person[row] = static_cast<std::int64_t>(row);
  const auto question = [&questions](std::int64_t row) -> const Question& {
    return questions[static_cast<std::size_t>(row)];
  };
  std::stable_sort(told.of_person.begin(), told.of_person.end(),
                   [&question](std::int64_t left, std::int64_t right) { return question(left) < question(right); });
  told.person_begin.assign(static_cast<std::size_t>(data.users) + 1, 0);
  told.person_of.resize(count);
  told.same_begin.resize(count);
  told.same_end.resize(count);
  for (std::size_t begin = 0; begin < count;) {
    std::size_t end = begin;
    while (end < count && question(told.of_person[end]) == question(told.of_person[begin]))
      ++end;
    for (std::size_t place = begin; place < end; ++place) {
      const auto row = static_cast<std::size_t>(told.of_person[place]);
      told.person_of[row] = question(told.of_person[place]).first;
      told.same_begin[row] = static_cast<std::int64_t>(begin);
      told.same_end[row] = static_cast<std::int64_t>(end);
      ++told.person_begin[static_cast<std::size_t>(question(told.of_person[place]).first) + 1];
    }
    begin = end;
  }
  for (std::size_t user = 1; user < told.person_begin.size(); ++user)
    told.person_begin[user] += told.person_begin[user - 1];
  return told;
}

}  // namespace fairsweep
