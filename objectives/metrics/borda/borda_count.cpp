#include "objectives/metrics/borda/borda_count.hpp"

#include <cmath>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::fairness {

void BordaCount::add(std::span<const std::int64_t> order, std::size_t ranked, double weight) {
  for (std::size_t place = 0; place < ranked && place < order.size(); ++place) {
    for (std::size_t after = place + 1; after < order.size(); ++after) {
      wins_.at(static_cast<std::size_t>(order[place])) += weight;
      losses_.at(static_cast<std::size_t>(order[after])) += weight;
    }
  }
}

double BordaCount::of(std::size_t candidate) const {
  const double met = wins_.at(candidate) + losses_.at(candidate);
  return met > 0 ? wins_[candidate] / met : std::nan("");
}

std::vector<double> expected_borda_counts(const std::vector<std::vector<double>>& rewards,
                                          std::span<const double> shares, std::span<const double> sampling) {
  check(rewards.size() == shares.size(), "each type of people needs its share");
  std::vector<double> counts(sampling.size(), 0.0);
  for (std::size_t type = 0; type < rewards.size(); ++type) {
    const std::vector<double>& reward = rewards[type];
    check(reward.size() == sampling.size(), "each type needs a reward for every candidate");
    for (std::size_t one = 0; one < reward.size(); ++one) {
      for (std::size_t other = 0; other < reward.size(); ++other) {
        counts[one] += shares[type] * sampling[other] / (1 + std::exp(reward[other] - reward[one]));
      }
    }
  }
  return counts;
}

double order_agreement(std::span<const double> given, std::span<const double> wanted, double tolerance) {
  check(given.size() == wanted.size(), "two orders are of the same candidates");
  const auto sign = [tolerance](double difference) {
    return difference > tolerance ? 1 : (difference < -tolerance ? -1 : 0);
  };
  double alike = 0, pairs = 0;
  for (std::size_t one = 0; one < given.size(); ++one) {
    for (std::size_t other = one + 1; other < given.size(); ++other) {
      const int asked = sign(wanted[one] - wanted[other]);
      if (asked == 0 || std::isnan(given[one] - given[other])) {
        continue;  // a NaN in `wanted` is neither above nor below
      }
      const int said = sign(given[one] - given[other]);
      alike += said == 0 ? 0.5 : (said == asked ? 1.0 : 0.0);
      ++pairs;
    }
  }
  return alike / pairs;
}

}  // namespace fairsweep::fairness
