#include "results/report/number_agreement.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "results/report/number_text.hpp"

namespace fairsweep::report {
namespace {

using Key = std::tuple<std::string, Split, std::string>;

std::map<Key, const MetricValue*> by_key(const TrialRecord& trial) {
  std::map<Key, const MetricValue*> metrics;
  for (const MetricValue& metric : trial.metrics) {
    metrics[{metric.metric, metric.split, metric.group}] = &metric;
  }
  return metrics;
}

bool same_number(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

bool same_people(const MetricValue& a, const MetricValue& b) {
  return a.users == b.users && a.comparisons == b.comparisons;
}

bool agrees(double a, double b, const MetricValue& metric) {
  if (std::isnan(a) || std::isnan(b)) {
    return std::isnan(a) && std::isnan(b);
  }
  return a == b || std::abs(a - b) <= tolerance_of(metric.metric, a, metric.comparisons);
}

double distance(const NumberDifference& difference) {
  const double far = std::abs(difference.first - difference.second);
  return std::isnan(far) ? std::numeric_limits<double>::infinity() : far;
}

}  // namespace

double tolerance_of(const std::string& metric, double value, std::uint64_t comparisons) {
  if (metric == "accuracy" || metric == "calibration_error") {
    return k_accuracy_tolerance + k_answers_that_may_turn / std::max(1.0, static_cast<double>(comparisons));
  }
  return k_other_relative_tolerance * std::max(1.0, std::abs(value));
}

NumberAgreement compare_numbers(const TrialRecord& first, const TrialRecord& second) {
  constexpr double k_absent = std::numeric_limits<double>::quiet_NaN();
  NumberAgreement agreement;
  const std::map<Key, const MetricValue*> a = by_key(first), b = by_key(second);
  const auto differs = [&agreement](const MetricValue& metric, double one, double other, bool beyond) {
    agreement.differences.push_back({metric.metric, metric.split, metric.group, one, other, beyond});
  };
  for (const auto& [key, metric] : a) {
    const auto place = b.find(key);
    if (place == b.end()) {
      differs(*metric, metric->value, k_absent, true);
      continue;
    }
    const MetricValue& other = *place->second;
    const bool people = same_people(*metric, other);
    const bool error = same_number(metric->standard_error, other.standard_error);
    if (!same_number(metric->value, other.value) || !people) {
      differs(*metric, metric->value, other.value, !people || !agrees(metric->value, other.value, *metric));
    } else if (!error && !agrees(metric->standard_error, other.standard_error, *metric)) {
      differs(*metric, metric->value, other.value, true);
    }
    agreement.same_bits = agreement.same_bits && error;
  }
  for (const auto& [key, metric] : b) {
    if (!a.contains(key)) {
      differs(*metric, k_absent, metric->value, true);
    }
  }
  agreement.same_bits = agreement.same_bits && agreement.differences.empty();
  std::ranges::stable_sort(agreement.differences, [](const NumberDifference& one, const NumberDifference& other) {
    return one.beyond != other.beyond ? one.beyond : distance(one) > distance(other);
  });
  return agreement;
}

bool same_arrays(const TrialRecord& first, const TrialRecord& second) {
  return std::ranges::all_of(first.artefacts, [&](const Artefact& artefact) {
    const auto other = std::ranges::find(second.artefacts, artefact.name, &Artefact::name);
    const bool array = artefact.name == "users" || artefact.name == "margins";
    return !array || other == second.artefacts.end() || other->digest == artefact.digest;
  });
}

std::string difference_text(const NumberDifference& difference) {
  const auto number = [](double value) { return std::isnan(value) ? std::string("none") : exact_text(value); };
  return difference.metric + (difference.group.empty() ? "" : " of " + difference.group) + " on " +
         std::string(to_text(difference.split)) + ": " + number(difference.first) + " and " + number(difference.second);
}

}  // namespace fairsweep::report
