#include "workers/data/generators/plackett_luce.hpp"

#include <algorithm>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "core/random/portable_math.hpp"

namespace fairsweep {

namespace {

/// exp(utility), scaled so that the largest is 1 and none overflows.
std::vector<double> strengths_of(std::span<const double> utilities) {
  check(!utilities.empty(), "a ranking has candidates");
  const double highest = *std::max_element(utilities.begin(), utilities.end());
  std::vector<double> strengths;
  strengths.reserve(utilities.size());
  for (const double utility : utilities) {
    strengths.push_back(portable::exp(utility - highest));
  }
  return strengths;
}

double sum_of(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// Place of one of the candidates that are left, drawn by strength.
std::size_t draw_place(const std::vector<double>& strengths, RandomStream& stream) {
  double left = stream.uniform() * sum_of(strengths);
  for (std::size_t at = 0; at + 1 < strengths.size(); ++at) {
    left -= strengths[at];
    if (left < 0) {
      return at;
    }
  }
  return strengths.size() - 1;
}

}  // namespace

std::vector<double> first_place_probabilities(std::span<const double> utilities) {
  std::vector<double> probabilities = strengths_of(utilities);
  const double total = sum_of(probabilities);
  for (double& value : probabilities) {
    value /= total;
  }
  return probabilities;
}

std::vector<std::size_t> draw_ranking(std::span<const double> utilities, std::size_t ranked, RandomStream& stream) {
  check(ranked <= utilities.size(), "no more places are drawn than there are candidates");
  std::vector<std::size_t> left(utilities.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<double> rest(utilities.begin(), utilities.end());
  std::vector<std::size_t> order;
  order.reserve(utilities.size());
  for (std::size_t place = 0; place < ranked; ++place) {
    // Scaled anew for those that are left: after a far better candidate theirs could all have become 0.
    const auto drawn = static_cast<std::ptrdiff_t>(draw_place(strengths_of(rest), stream));
    order.push_back(left[static_cast<std::size_t>(drawn)]);
    left.erase(left.begin() + drawn);
    rest.erase(rest.begin() + drawn);
  }
  order.insert(order.end(), left.begin(), left.end());
  return order;
}

double ranking_probability(std::span<const double> utilities, std::span<const std::size_t> order, std::size_t ranked) {
  check(ranked <= order.size(), "the order has the places that are asked for");
  std::vector<double> rest(utilities.begin(), utilities.end());
  std::vector<std::size_t> left(utilities.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  double probability = 1;
  for (std::size_t place = 0; place < ranked; ++place) {
    const auto found = std::find(left.begin(), left.end(), order[place]);
    check(found != left.end(), "an order has each candidate once");
    const std::ptrdiff_t at = found - left.begin();
    probability *= first_place_probabilities(rest)[static_cast<std::size_t>(at)];
    left.erase(found);
    rest.erase(rest.begin() + at);
  }
  return probability;
}

}  // namespace fairsweep
