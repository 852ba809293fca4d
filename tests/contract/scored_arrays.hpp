#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "objectives/metrics/metric.hpp"

namespace fairsweep::contract {

/// Scored comparisons that own their arrays.
struct ScoredArrays {
  std::vector<float> margin, log_probability, weight;
  std::vector<std::int32_t> user;

  void add(float m, float log_p, float w, std::int32_t u) {
    margin.push_back(m);
    log_probability.push_back(log_p);
    weight.push_back(w);
    user.push_back(u);
  }
  [[nodiscard]] ScoredComparisons view() const { return {margin, log_probability, weight, user}; }
  [[nodiscard]] std::size_t size() const { return user.size(); }
  [[nodiscard]] ScoredArrays in_order(const std::vector<std::size_t>& order) const {
    ScoredArrays answer;
    for (const auto i : order) {
      answer.add(margin[i], log_probability[i], weight[i], user[i]);
    }
    return answer;
  }
};

/// Comparisons of users 0 .. users - 1, of whom the last has none; margins of all sizes, ties among them.
inline ScoredArrays random_scores(std::mt19937& random, std::size_t comparisons, std::int32_t users) {
  std::uniform_int_distribution<std::int32_t> user(0, users - 2);
  std::normal_distribution<float> margin(0.3F, 2.0F);
  std::uniform_real_distribution<float> weight(0.1F, 5.0F);
  ScoredArrays scores;
  for (std::size_t i = 0; i < comparisons; ++i) {
    const float m = i % 7 == 0 ? 0.0F : margin(random) * (i % 11 == 0 ? 1e6F : 1.0F);
    const float log_p = std::min(0.0F, m) - std::log1p(std::exp(-std::abs(m)));
    scores.add(m, log_p, weight(random), user(random));
  }
  return scores;
}

}  // namespace fairsweep::contract
