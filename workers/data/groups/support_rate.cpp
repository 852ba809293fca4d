#include "workers/data/groups/support_rate.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// What one user said about one pair of candidates, low < high.
struct Answer {
  std::int64_t low = 0, high = 0;
  std::int32_t user = 0;
  double prefers_low = 0;  ///< 1 or 0; after merging the share of the user's answers
  double count = 1;

  [[nodiscard]] bool same_pair(const Answer& other) const { return low == other.low && high == other.high; }
};

bool before(const Answer& left, const Answer& right) {
  if (left.low != right.low)
    return left.low < right.low;
  if (left.high != right.high)
    return left.high < right.high;
  return left.user < right.user;
}

/// Every pair the comparisons answer, by pair and user, one entry for each user of a pair.
std::vector<Answer> answers_in(const PreferenceData& data, std::span<const std::int64_t> rows) {
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

}  // namespace

std::vector<double> support_rates(const PreferenceData& data, std::span<const std::int64_t> shown,
                                  std::span<const std::int64_t> training) {
  const std::vector<Answer> asked = answers_in(data, shown);
  const std::vector<Answer> others = answers_in(data, training);
  std::vector<double> sum(static_cast<std::size_t>(data.user_count()), 0);
  std::vector<double> pairs(sum.size(), 0);
  std::size_t first = 0;  // of the pair in `others`
  for (std::size_t i = 0; i < asked.size();) {
    std::size_t end = i;
    while (end < asked.size() && asked[end].same_pair(asked[i]))
      ++end;
    const auto earlier = [&](const Answer& answer) {
      return answer.low != asked[i].low ? answer.low < asked[i].low : answer.high < asked[i].high;
    };
    while (first < others.size() && earlier(others[first]))
      ++first;
    double prefer = 0;
    double count = 0;
    std::size_t last = first;
    for (; last < others.size() && others[last].same_pair(asked[i]); ++last) {
      prefer += others[last].prefers_low;
      count += 1;
    }
    for (; i < end; ++i) {
      double without = prefer;
      double rest = count;
      const auto own = std::lower_bound(others.begin() + static_cast<std::ptrdiff_t>(first),
                                        others.begin() + static_cast<std::ptrdiff_t>(last), asked[i], before);
      if (own != others.begin() + static_cast<std::ptrdiff_t>(last) && own->user == asked[i].user) {
        without -= own->prefers_low;
        rest -= 1;
      }
      if (rest < 0.5)
        continue;
      const double m = asked[i].prefers_low;
      const auto user = static_cast<std::size_t>(asked[i].user);
      sum[user] += (m * without + (1 - m) * (rest - without)) / rest;
      pairs[user] += 1;
    }
  }
  for (std::size_t user = 0; user < sum.size(); ++user)
    sum[user] = pairs[user] > 0 ? sum[user] / pairs[user] : std::numeric_limits<double>::quiet_NaN();
  return sum;
}

std::vector<std::int32_t> groups_by_support(const std::vector<double>& rates, const std::vector<bool>& user_trained,
                                            double quantile) {
  std::vector<double> known;
  for (std::size_t user = 0; user < rates.size(); ++user) {
    if (user_trained[user] && !std::isnan(rates[user]))
      known.push_back(rates[user]);
  }
  if (known.empty()) {
    throw UserError(
        ExitCode::configuration,
        "data.groups.by is support_rate, but no two people compared the same two candidates in the training "
        "part, so nobody's agreement with others is known; use data.groups.by: attribute");
  }
  std::sort(known.begin(), known.end());
  const double place = quantile * static_cast<double>(known.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, known.size() - 1);
  const double threshold = known[below] + (place - static_cast<double>(below)) * (known[above] - known[below]);
  if (known.back() <= threshold) {
    throw UserError(
        ExitCode::configuration,
        "data.groups.quantile leaves nobody in the majority: the highest support rate is shared by too many; "
        "give a smaller quantile");
  }
  std::vector<std::int32_t> groups;
  groups.reserve(rates.size());
  for (const double rate : rates)
    groups.push_back(std::isnan(rate) ? -1 : (rate <= threshold ? 1 : 0));
  return groups;
}

}  // namespace fairsweep
