#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/domain/objective.hpp"

namespace fairsweep::report {

/// What is known of people who are measured; one entry a person.
struct PeopleSample {
  std::vector<std::vector<double>> values;  ///< [models][people] of the metric, finite; at least one model
  std::vector<std::int32_t> group;          ///< place of the group, -1: none
  std::vector<double> support;              ///< preference support rate; NaN: not known
  std::vector<double> best;                 ///< under the configuration that serves the own group best; NaN: not known
  std::vector<double> comparisons;          ///< how many a value is made of; NaN: not known
  /// [models][people] of the model of the own group, beside `values`; NaN: there is none; empty: of nobody
  std::vector<std::vector<double>> own_teacher = {};
  [[nodiscard]] std::size_t size() const { return group.size(); }
};

/// Indices that are taken of people and of groups alike, in the order of FairnessMeasures.
inline constexpr std::string_view k_index_names[] = {"mean",
                                                     "standard_deviation",
                                                     "coefficient_of_variation",
                                                     "range",
                                                     "worst_10_percent",
                                                     "worst_20_percent",
                                                     "worst_30_percent",
                                                     "gini",
                                                     "jain",
                                                     "theil",
                                                     "atkinson_0.5"};

/// Everything that is measured of one sample. NaN: not defined there.
struct FairnessMeasures {
  std::vector<double> people;  ///< k_index_names, over people
  std::vector<double> groups;  ///< k_index_names, over the means of the groups
  double deviation_without_chance = 0;
  double relative_gap = 0;  ///< NMGD
  double majority_gap = 0;
  double slope = 0, pearson = 0, spearman = 0;  ///< over people whose support rate is known
  double largest_regret = 0;
  std::vector<double> group_means;      ///< [groups]
  std::vector<double> group_regrets;    ///< [groups]
  std::vector<double> teacher_regrets;  ///< [groups] beside the own group's model

  /// All of them in one row, and back.
  [[nodiscard]] std::vector<double> row() const;
  [[nodiscard]] static FairnessMeasures of_row(std::span<const double> row, std::size_t groups);
};

/// Each model is measured by itself, and the measures are averaged: people's means over models would be less noisy than
/// any model, and no noise floor would be theirs. NaN where a model has none.
/// @param groups  how many there are; each has somebody in the sample. O(models n log n).
[[nodiscard]] FairnessMeasures measure(const PeopleSample& sample, std::size_t groups, Direction direction);

/// The rows of the sample, in the order asked for.
[[nodiscard]] PeopleSample rows_of(const PeopleSample& sample, std::span<const std::uint32_t> rows);

}  // namespace fairsweep::report
