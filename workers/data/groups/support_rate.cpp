#include "workers/data/groups/support_rate.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "workers/data/groups/answered_pairs.hpp"

namespace fairsweep {

std::vector<double> support_rates(const PreferenceData& data, std::span<const std::int64_t> shown,
                                  std::span<const std::int64_t> training) {
  const std::vector<Answer> asked = answered_pairs(data, shown);
  const std::vector<Answer> others = answered_pairs(data, training);
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

}  // namespace fairsweep
