#include "workers/data/groups/answered_pairs.hpp"

#include <algorithm>
#include <cstddef>

namespace fairsweep {

bool before(const Answer& left, const Answer& right) {
  if (left.low != right.low)
    return left.low < right.low;
  if (left.high != right.high)
    return left.high < right.high;
  return left.user < right.user;
}

std::vector<Answer> answered_pairs(const PreferenceData& data, std::span<const std::int64_t> rows) {
  std::vector<Answer> all;
  for (const std::int64_t row : rows) {
    const auto at = static_cast<std::size_t>(row);
    const auto begin = static_cast<std::size_t>(data.comparison_offset[at]);
    const auto end = static_cast<std::size_t>(data.comparison_offset[at + 1]);
    for (std::size_t better = begin; better < begin + static_cast<std::size_t>(data.comparison_ranked[at]); ++better) {
      for (std::size_t worse = better + 1; worse < end; ++worse) {
        const std::int64_t a = data.comparison_candidate[better];
        const std::int64_t b = data.comparison_candidate[worse];
        all.push_back({std::min(a, b), std::max(a, b), data.comparison_user[at], a < b ? 1.0 : 0.0, 1});
      }
    }
  }
  std::sort(all.begin(), all.end(), before);
  std::vector<Answer> merged;
  for (const Answer& answer : all) {
    if (!merged.empty() && merged.back().same_pair(answer) && merged.back().user == answer.user) {
      merged.back().prefers_low += answer.prefers_low;
      merged.back().count += 1;
    } else {
      merged.push_back(answer);
    }
  }
  for (Answer& answer : merged)
    answer.prefers_low /= answer.count;
  return merged;
}

bool two_share_a_pair(const PreferenceData& data, std::span<const std::int64_t> rows) {
  const std::vector<Answer> answers = answered_pairs(data, rows);
  return std::adjacent_find(answers.begin(), answers.end(), [](const Answer& left, const Answer& right) {
           return left.same_pair(right);
         }) != answers.end();
}

}  // namespace fairsweep
