#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fairsweep {

/// How people's tastes are drawn.
struct PopulationRecipe {
  std::string kind = "dirichlet";  ///< dirichlet, one_criterion, mixture
  std::int64_t people = 100;
  double alpha = 1;                   ///< of the Dirichlet distribution, the same for every criterion
  std::vector<std::size_t> minority;  ///< mixture: criteria of which each person of the minority has one
  double minority_share = 0.2;        ///< mixture: share of the people
  std::uint64_t seed = 0;
};

/// A simulated person.
struct ScorePerson {
  std::vector<double> weights;  ///< [criteria], at least 0, sum 1
  std::string label;  ///< dirichlet, one_criterion: the criterion with most weight; mixture: majority, minority
};

/// - dirichlet: weights from Dirichlet(alpha, ..., alpha).
/// - one_criterion: each person cares for one criterion alone; criteria take turns.
/// - mixture: the majority has Dirichlet weights over the criteria that are not `minority`, each person of the minority
///   cares for one of `minority` alone, by turns.
/// Person i is the same whatever the number of people (mixture: for the same numbers of both).
/// @throws UserError (configuration) where the recipe does not fit `criteria`
[[nodiscard]] std::vector<ScorePerson> draw_people(const PopulationRecipe& recipe,
                                                   const std::vector<std::string>& criteria);

}  // namespace fairsweep
