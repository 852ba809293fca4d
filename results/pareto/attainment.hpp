#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "results/pareto/dominance.hpp"

namespace fairsweep::pareto {

/// Points with the run each is of; run numbers count from 0.
struct RunsView {
  PointsView points;
  std::span<const std::size_t> run_of;  ///< [rows]
  std::size_t runs = 0;
};

/// In how many runs some point is nowhere worse than `goal`. O(n m).
[[nodiscard]] std::size_t runs_attaining(const RunsView& runs, std::span<const double> goal);

/// The attainment surface of a level: the minimal points that at least `level` of the runs attain, lexicographically
/// sorted, [k, dimensions]. Level 1 is the best any run did, (runs + 1) / 2 the median, runs what all of them did.
/// Empty where fewer runs have a point. The mean over runs of their hypervolumes is the mean over levels of the
/// surfaces' hypervolumes.
/// Cost: O(n log n) for one and two dimensions, times n for each more: coordinates are walked from the best to the
/// worst, and the surface of what lies below is found in one dimension less. For three dimensions some thousand points
/// are quick; above, look at pairs of groups. Source: C. Fonseca, V. Grunert da Fonseca, L. Paquete, EMO 2005.
/// @throws InternalError as check_points does, or on a level outside 1 to runs.
[[nodiscard]] std::vector<double> attainment_surface(const RunsView& runs, std::size_t level);

}  // namespace fairsweep::pareto
