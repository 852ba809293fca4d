#pragma once

#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "workers/data/preference_data.hpp"

namespace fairsweep::testing_support {

/// Data without features worth a name: contexts of these sizes, and people u0, u1, ...
inline PreferenceData judged(std::int64_t users, const std::vector<std::int64_t>& contexts) {
  PreferenceData data;
  data.context_offset = {0};
  for (const std::int64_t size : contexts) {
    data.context_offset.push_back(data.context_offset.back() + size);
  }
  data.candidate_count = data.context_offset.back();
  data.feature_count = 1;
  data.feature_names = {"x"};
  data.features.assign(static_cast<std::size_t>(data.candidate_count), 0.0F);
  for (std::int64_t user = 0; user < users; ++user) {
    data.user_names.push_back("u" + std::to_string(user));
  }
  data.comparison_offset = {0};
  return data;
}

/// `user` puts candidates in this order, of which the first `ranked` count; 0 is a tie. `order` holds rows.
inline void say(PreferenceData& data, std::int32_t user, const std::vector<std::int64_t>& order,
                std::int32_t ranked = 1) {
  std::int32_t context = 0;
  while (data.context_offset[static_cast<std::size_t>(context) + 1] <= order.front()) {
    ++context;
  }
  data.comparison_user.push_back(user);
  data.comparison_context.push_back(context);
  data.comparison_candidate.insert(data.comparison_candidate.end(), order.begin(), order.end());
  data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
  data.comparison_ranked.push_back(ranked);
  data.comparison_weight.push_back(1);
  data.comparison_repeat.push_back(-1);
}

inline std::vector<std::int64_t> all_rows(const PreferenceData& data) {
  std::vector<std::int64_t> rows(data.comparison_user.size());
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

/// Random people, contexts of 1 to 5 candidates, pairs, choices, rankings and ties, with a user attribute "side" and a
/// comparison attribute "mood" of up to 4 labels, some codes not known.
inline PreferenceData random_judgements(std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  const auto below = [&](std::int64_t n) {
    return static_cast<std::int64_t>(generator() % static_cast<std::uint64_t>(n));
  };
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(1 + below(4)));
  for (std::int64_t& size : sizes) {
    size = 1 + below(5);
  }
  sizes.push_back(2 + below(3));  // somewhere there is something to compare
  const std::int64_t users = 1 + below(7);
  PreferenceData data = judged(users, sizes);
  const std::int64_t comparisons = 1 + below(80);
  while (data.comparison_count() < comparisons) {
    const auto context = static_cast<std::size_t>(below(std::ssize(sizes)));
    if (sizes[context] < 2) {
      continue;
    }
    std::vector<std::int64_t> order(static_cast<std::size_t>(sizes[context]));
    std::iota(order.begin(), order.end(), data.context_offset[context]);
    for (std::size_t at = order.size(); at-- > 1;) {
      std::swap(order[at], order[static_cast<std::size_t>(below(static_cast<std::int64_t>(at) + 1))]);
    }
    order.resize(static_cast<std::size_t>(2 + below(sizes[context] - 1)));
    say(data, static_cast<std::int32_t>(below(users)), order, static_cast<std::int32_t>(below(std::ssize(order))));
  }
  const auto attribute = [&](std::int64_t count) {
    Attribute made{{"a", "b", "c", "d"}, {}};
    for (std::int64_t at = 0; at < count; ++at) {
      made.codes.push_back(static_cast<std::int32_t>(below(5)) - 1);
    }
    return made;
  };
  data.user_attributes["side"] = attribute(users);
  data.comparison_attributes["mood"] = attribute(comparisons);
  return data;
}

/// A slow view of the answers: of comparison `row`, every pair of candidates it says something about.
struct SlowAnswer {
  std::int64_t low = 0, high = 0;
  std::int32_t user = 0;
  std::size_t row = 0;
  int answer = 0;  ///< 1: low is better, -1: high is, 0: a tie
};
inline std::vector<SlowAnswer> slow_answers(const PreferenceData& data) {
  std::vector<SlowAnswer> answers;
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const std::int64_t begin = data.comparison_offset[row], n = data.comparison_offset[row + 1] - begin;
    for (std::int64_t one = 0; one < n; ++one) {
      for (std::int64_t other = 0; other < n; ++other) {
        const std::int64_t low = data.comparison_candidate[static_cast<std::size_t>(begin + one)];
        const std::int64_t high = data.comparison_candidate[static_cast<std::size_t>(begin + other)];
        const std::int32_t ranked = data.comparison_ranked[row];
        if (low < high && (ranked == 0 || one < ranked || other < ranked)) {
          answers.push_back({low, high, data.comparison_user[row], row, ranked == 0 ? 0 : (one < other ? 1 : -1)});
        }
      }
    }
  }
  return answers;
}

}  // namespace fairsweep::testing_support
