#include "results/report/fairness_calibration.hpp"

#include <algorithm>
#include <cmath>

namespace fairsweep::report {
namespace {

using fairness::JudgedChoice;

/// Members' choices under one trial by confidence, mass 1 a person. @param code  -1: everybody's
std::vector<JudgedChoice> choices_of(const SplitOfSample& split, std::size_t row,
                                     const std::vector<std::int32_t>& group, std::int32_t code) {
  const std::size_t columns = split.values->comparison.size();
  std::vector<double> weight_of(group.size(), 0.0);
  std::vector<JudgedChoice> choices;
  for (std::size_t i = 0; i < columns; ++i) {
    const double margin = split.values->margin[row * columns + i];
    const double log_probability = split.values->log_probability[row * columns + i];
    if (split.place[i] < 0 || std::isnan(margin) || std::isnan(log_probability))
      continue;
    const auto person = static_cast<std::uint32_t>(split.place[i]);
    if (code >= 0 && group[person] != code)
      continue;
    weight_of[person] += split.weight[i];
    choices.push_back({.confidence = fairness::confidence_of(margin, log_probability),
                       .right = margin > 0 ? 1.0 : (margin < 0 ? 0.0 : 0.5),
                       .mass = split.weight[i],
                       .user = person});
  }
  for (JudgedChoice& choice : choices)
    choice.mass /= weight_of[choice.user];
  fairness::sort_by_confidence(choices);
  return choices;
}

double mean_error(const std::vector<std::vector<JudgedChoice>>& trials, std::span<const std::uint32_t> times) {
  double sum = 0;
  for (const std::vector<JudgedChoice>& choices : trials)
    sum += fairness::reliability_of(choices, times).error;
  return sum / static_cast<double>(trials.size());
}

}  // namespace

std::vector<GroupCalibration> calibration_of(const SplitOfSample& split, const std::vector<std::size_t>& rows,
                                             const std::vector<std::int32_t>& group, std::size_t groups,
                                             const fairness::ChanceOptions& chance) {
  std::vector<GroupCalibration> result(1 + groups);
  if (rows.empty())
    return result;
  std::vector<std::vector<std::vector<JudgedChoice>>> choices(result.size());
  for (std::size_t i = 0; i < result.size(); ++i) {
    for (const std::size_t row : rows)
      choices[i].push_back(choices_of(split, row, group, static_cast<std::int32_t>(i) - 1));
    if (choices[i].front().empty())
      continue;
    result[i].error.value = mean_error(choices[i], {});
    result[i].bins = fairness::reliability_of(choices[i].front()).bins;
    fairness::NoiseFloor floor{.mean = 0, .interval = {.low = 0, .high = 0}};
    for (const std::vector<JudgedChoice>& of_trial : choices[i]) {
      const fairness::NoiseFloor one = fairness::calibration_floor(of_trial, chance);
      const double trials = static_cast<double>(rows.size());
      floor.mean += one.mean / trials;
      floor.interval.low += one.interval.low / trials;
      floor.interval.high += one.interval.high / trials;
    }
    result[i].error.floor = floor;
  }
  std::vector<std::uint32_t> times(group.size());
  const auto intervals = fairness::people_bootstrap(
      group,
      [&](std::span<const std::uint32_t> drawn) {
        std::ranges::fill(times, 0);
        for (const std::uint32_t person : drawn)
          ++times[person];
        std::vector<double> errors;
        errors.reserve(result.size());
        for (const auto& of_group : choices)
          errors.push_back(mean_error(of_group, times));
        return errors;
      },
      chance);
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i].error.interval = intervals[i];
  return result;
}

}  // namespace fairsweep::report
