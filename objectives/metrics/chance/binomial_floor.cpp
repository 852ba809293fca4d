#include "objectives/metrics/chance/binomial_floor.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "objectives/metrics/chance/drawn_measures.hpp"
#include "objectives/metrics/chance/stream_kinds.hpp"

namespace fairsweep::fairness {

std::vector<double> binomial_distribution(std::uint32_t n, double right) {
  check(right >= 0 && right <= 1, "a probability is between 0 and 1");
  std::vector<double> below;
  below.reserve(std::size_t{n} + 1);
  double sum = 0;
  for (std::uint32_t k = 0; k <= n; ++k) {
    if (right == 0 || right == 1) {
      sum = right == 0 || k == n ? 1 : 0;
    } else {
      const double choices = std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
      sum += std::exp(choices + k * std::log(right) + (n - k) * std::log1p(-right));
    }
    below.push_back(std::min(sum, 1.0));
  }
  below.back() = 1;
  return below;
}

std::vector<NoiseFloor> binomial_floor(std::span<const std::uint32_t> comparisons, double right,
                                       const MeasuresOfShares& measures, const ChanceOptions& options) {
  check(options.draws > 0, "a noise floor needs draws");
  std::map<std::uint32_t, std::vector<double>> distribution_of;
  for (const std::uint32_t n : comparisons) {
    check(n > 0, "a person without comparisons has no share of right ones");
    if (!distribution_of.contains(n)) {
      distribution_of.emplace(n, binomial_distribution(n, right));
    }
  }
  std::vector<const std::vector<double>*> distributions;
  distributions.reserve(comparisons.size());
  for (const std::uint32_t n : comparisons) {
    distributions.push_back(&distribution_of.at(n));
  }
  DrawnMeasures drawn(options.draws);
  std::vector<double> shares(comparisons.size());
  for (std::size_t draw = 0; draw < options.draws; ++draw) {
    RandomStream random(options.seed, k_answers_stream, 0, Purpose::bootstrap, static_cast<std::uint32_t>(draw));
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const std::vector<double>& below = *distributions[i];
      const auto answers = std::ranges::upper_bound(below, random.uniform()) - below.begin();
      shares[i] = static_cast<double>(answers) / comparisons[i];
    }
    drawn.add(measures(shares));
  }
  const std::vector<double> means = drawn.means();
  const std::vector<ChanceInterval> intervals = drawn.intervals();
  std::vector<NoiseFloor> floors;
  floors.reserve(means.size());
  for (std::size_t i = 0; i < means.size(); ++i) {
    floors.push_back({means[i], intervals[i]});
  }
  return floors;
}

double expected_chance_variance(std::span<const std::uint32_t> comparisons, double right) {
  double inverse = 0;
  for (const std::uint32_t n : comparisons) {
    inverse += 1.0 / n;
  }
  const double people = static_cast<double>(comparisons.size());
  return (1 - 1 / people) * right * (1 - right) * inverse / people;
}

}  // namespace fairsweep::fairness
