#include "workers/data/importers/rating_pairs.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "core/random/philox.hpp"
#include "workers/data/text_digest.hpp"

namespace fairsweep {

namespace {

bool is_tie(double left, double right, double within) {
  constexpr double k_rounding = 1e-6;  // values are float32: 1.1 and 1 differ by a little more than 0.1
  if (within == 0) {
    return left == right;
  }
  return std::abs(left - right) <= within + k_rounding * std::max(std::abs(left), std::abs(right));
}

/// `count` different numbers below `n`, each set of them as likely as any other (Floyd's algorithm).
std::set<std::int64_t> chosen(std::int64_t n, std::int64_t count, RandomStream stream) {
  std::set<std::int64_t> numbers;
  for (std::int64_t last = n - count; last < n; ++last) {
    const auto drawn = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(last) + 1));
    numbers.insert(numbers.contains(drawn) ? last : drawn);
  }
  return numbers;
}

}  // namespace

std::int64_t pairs_of(std::vector<Rating>& ratings, const RatingPairRule& rule, std::string_view owner,
                      const std::function<void(const Rating&, const Rating&, bool tie)>& add) {
  std::sort(ratings.begin(), ratings.end(), [](const Rating& left, const Rating& right) {
    return std::tuple(-left.value, !left.chosen, left.name, left.number) <
           std::tuple(-right.value, !right.chosen, right.name, right.number);
  });
  std::int64_t ties_left_out = 0;
  // Calls use(better, worse, tie) for every pair that the rule allows.
  const auto each_pair = [&](const auto& use) {
    ties_left_out = 0;
    for (std::size_t first = 0; first < ratings.size(); ++first) {
      const std::size_t end = rule.adjacent ? std::min(first + 2, ratings.size()) : ratings.size();
      for (std::size_t second = first + 1; second < end; ++second) {
        const Rating& left = ratings[first];
        const Rating& right = ratings[second];
        if (left.candidate == right.candidate) {
          continue;
        }
        if (!is_tie(left.value, right.value, rule.tie_within)) {
          use(left, right, false);
        } else if (left.chosen != right.chosen) {
          use(left.chosen ? left : right, left.chosen ? right : left, false);
        } else if (rule.keep_ties) {
          use(left, right, true);
        } else {
          ++ties_left_out;
        }
      }
    }
  };
  if (rule.most < 0) {
    each_pair(add);
    return ties_left_out;
  }
  std::int64_t pairs = 0;
  each_pair([&](const Rating&, const Rating&, bool) { ++pairs; });
  if (pairs <= rule.most) {
    each_pair(add);
    return ties_left_out;
  }
  const std::uint64_t key = text_digest(owner);
  const auto taken = chosen(pairs, rule.most,
                            RandomStream(rule.seed, static_cast<std::uint32_t>(key >> 32U), 0, Purpose::rating_pairs,
                                         static_cast<std::uint32_t>(key)));
  std::int64_t number = 0;
  each_pair([&](const Rating& better, const Rating& worse, bool tie) {
    if (taken.contains(number++)) {
      add(better, worse, tie);
    }
  });
  return ties_left_out;
}

}  // namespace fairsweep
