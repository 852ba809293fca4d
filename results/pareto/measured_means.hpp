#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "results/pareto/replicate_values.hpp"
#include "results/pareto/small_matrix.hpp"

namespace fairsweep::pareto {

/// What the model of the means needs of the replicates, in units of its own: every axis is shifted and scaled so that
/// the means have mean 0 and standard deviation 1. Effects that a seed has on every configuration alike are gone: they
/// change no comparison between configurations, and would pass for noise.
struct MeasuredMeans {
  std::size_t dimensions = 0;
  std::vector<double> means;          ///< [configurations, dimensions]
  std::vector<double> counts;         ///< [configurations] replicates that are there
  std::vector<SmallMatrix> scatters;  ///< [configurations] sum of outer products of the residuals
  SmallMatrix noise;                  ///< covariance of one replicate, pooled
  double degrees = 0;                 ///< of freedom behind `noise`, at least 1
  std::vector<double> shift, scale;   ///< [dimensions] raw = shift + scale x here
};

/// Nothing where the replicates say nothing about noise: no configuration has two. An axis without any noise at all
/// gets a variance of 1e-24 here, so that its means stay as they are. O(values x dimensions).
/// @throws InternalError as check_replicates does.
[[nodiscard]] std::optional<MeasuredMeans> measure_means(const ReplicateValues& values);

}  // namespace fairsweep::pareto
