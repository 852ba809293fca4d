#include "objectives/metrics/calibration/reliability.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "objectives/metrics/chance/drawn_measures.hpp"
#include "objectives/metrics/chance/stream_kinds.hpp"

namespace fairsweep::fairness {
namespace {

/// A middle that lies on the edge of two bins belongs to the upper one, whichever way its sum was rounded.
constexpr double k_edge = 1e-9;

double times_of(std::span<const std::uint32_t> times, const JudgedChoice& choice) {
  return times.empty() ? 1.0 : times[choice.user];
}

}  // namespace

double confidence_of(double margin, double log_probability) {
  return std::min(1.0, std::exp(margin < 0 ? log_probability - margin : log_probability));
}

void sort_by_confidence(std::vector<JudgedChoice>& choices) {
  for (JudgedChoice& choice : choices) {
    choice.level = static_cast<std::int32_t>(std::lround(choice.confidence * 1e4));
  }
  std::ranges::sort(choices, {}, [](const JudgedChoice& choice) {
    return std::tuple(choice.level, choice.confidence, choice.right, choice.mass, choice.user);
  });
}

Reliability reliability_of(std::span<const JudgedChoice> sorted, std::span<const std::uint32_t> times) {
  double whole = 0;
  for (const JudgedChoice& choice : sorted) {
    whole += times_of(times, choice) * choice.mass;
  }
  Reliability reliability;
  reliability.bins.reserve(k_reliability_bins);
  if (!(whole > 0)) {
    reliability.error = std::numeric_limits<double>::quiet_NaN();
    return reliability;
  }
  std::vector<ReliabilityBin> bins(k_reliability_bins);
  double before = 0;
  for (std::size_t from = 0; from < sorted.size();) {
    std::size_t to = from;
    ReliabilityBin block;
    for (; to < sorted.size() && sorted[to].level == sorted[from].level; ++to) {
      const double mass = times_of(times, sorted[to]) * sorted[to].mass;
      block.mass += mass;
      block.right += mass * sorted[to].right;
      block.confidence += mass * sorted[to].confidence;
    }
    const double middle = (before + block.mass / 2) / whole;
    const auto place = static_cast<std::size_t>(middle * static_cast<double>(k_reliability_bins) + k_edge);
    ReliabilityBin& bin = bins[std::min(place, k_reliability_bins - 1)];
    bin.mass += block.mass;
    bin.right += block.right;
    bin.confidence += block.confidence;
    bin.highest = sorted[from].level;
    before += block.mass;
    from = to;
  }
  for (ReliabilityBin& bin : bins) {
    if (bin.mass > 0) {
      reliability.error += std::fabs(bin.confidence - bin.right) / whole;
      reliability.bins.push_back({.confidence = bin.confidence / bin.mass,
                                  .right = bin.right / bin.mass,
                                  .highest = bin.highest,
                                  .mass = bin.mass / whole});
    }
  }
  return reliability;
}

NoiseFloor calibration_floor(std::span<const JudgedChoice> sorted, const ChanceOptions& options) {
  check(options.draws > 0, "a noise floor needs draws");
  if (sorted.empty()) {
    return {};
  }
  std::vector<JudgedChoice> drawn(sorted.begin(), sorted.end());
  DrawnMeasures errors(options.draws);
  for (std::size_t draw = 0; draw < options.draws; ++draw) {
    RandomStream random(options.seed, k_choices_stream, 0, Purpose::bootstrap, static_cast<std::uint32_t>(draw));
    for (JudgedChoice& choice : drawn) {
      choice.right = random.uniform() < choice.confidence ? 1 : 0;
    }
    errors.add({reliability_of(drawn).error});
  }
  return {errors.means().front(), errors.intervals().front()};
}

}  // namespace fairsweep::fairness
