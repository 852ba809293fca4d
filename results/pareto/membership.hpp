#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "results/pareto/dominance.hpp"
#include "results/pareto/random_source.hpp"
#include "results/pareto/replicate_values.hpp"

namespace fairsweep::pareto {

/// How sure it is who is on the front of the true means: those that endless replicates would give.
struct Membership {
  std::vector<double> probability;  ///< [configurations] that it is non-dominated
  std::vector<double> means;        ///< [configurations, dimensions] expected true mean, shrunk; NaN where not asked
  std::size_t draws = 0;            ///< 0: nothing had to be drawn
};

/// What a calculation may cost. The defaults take some tenths of a second.
struct MembershipEffort {
  std::size_t draws = 2000;  ///< at most
  /// Rows x draws in few dimensions, at most; but never fewer than 200 draws. With more rows than that allows, most are
  /// left out first.
  std::size_t work = 400'000;
  std::size_t teaching = 500;  ///< configurations that the model of the means learns from, at most
};

/// The calibrated probability that each configuration is non-dominated, by draws of the true means from MeanModel: of
/// the configurations to which it gives 30 %, some 30 % are on the true front. docs/confidence.md has the curve.
/// A configuration that another beats by more than five standard errors of each in every dimension is not drawn: its
/// probability is 0 to six digits, and it cannot change that of any other. Where thousands remain, those that a few
/// draws show to be far from any front are left out as well (contenders.hpp).
/// Nothing where no configuration has two replicates, so that nothing says how large the noise is.
/// O(draws x rows x dimensions^3), bounded by `effort`. @throws InternalError as check_replicates does.
[[nodiscard]] std::optional<Membership> membership(const ReplicateValues& values, RandomSource& random,
                                                   const MembershipEffort& effort = {});

/// The front at a stated confidence.
struct ConfidentFront {
  std::vector<std::size_t> sure;      ///< non-dominated with at least that probability
  std::vector<std::size_t> possible;  ///< dominated with less than that probability: cannot be ruled out; holds `sure`
};
/// @param confidence  above 0.5 and below 1
[[nodiscard]] ConfidentFront front_at_confidence(std::span<const double> probability, double confidence);

}  // namespace fairsweep::pareto
