#include "workers/data/importers/score_population.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"

namespace fairsweep {

namespace {

std::vector<double> dirichlet(RandomStream& stream, double alpha, std::size_t count) {
  std::vector<double> weights(count);
  for (double& weight : weights) {
    weight = stream.gamma(alpha);
  }
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) {
    weight /= total;
  }
  return weights;
}

ScorePerson one_criterion(std::size_t criterion, std::size_t criteria, std::string label) {
  ScorePerson person{std::vector<double>(criteria, 0.0), std::move(label)};
  person.weights[criterion] = 1;
  return person;
}

}  // namespace

std::vector<ScorePerson> draw_people(const PopulationRecipe& recipe, const std::vector<std::string>& criteria) {
  const auto people = static_cast<std::size_t>(recipe.people);
  const bool mixture = recipe.kind == "mixture";
  if (mixture && (recipe.minority.empty() || recipe.minority.size() >= criteria.size())) {
    throw UserError(
        ExitCode::configuration,
        "--population mixture needs minority_criteria under values of the mapping: some of the criteria, not all of "
        "them");
  }
  std::vector<std::size_t> common;
  for (std::size_t criterion = 0; criterion < criteria.size(); ++criterion) {
    if (std::find(recipe.minority.begin(), recipe.minority.end(), criterion) == recipe.minority.end()) {
      common.push_back(criterion);
    }
  }
  const std::size_t few =
      mixture ? static_cast<std::size_t>(std::llround(recipe.minority_share * static_cast<double>(people))) : 0;
  if (mixture && (few == 0 || few == people)) {
    throw UserError(ExitCode::configuration, "--minority-share leaves nobody in the majority or in the minority");
  }
  std::vector<ScorePerson> all;
  all.reserve(people);
  for (std::size_t number = 0; number < people; ++number) {
    if (recipe.kind == "one_criterion") {
      const std::size_t criterion = number % criteria.size();
      all.push_back(one_criterion(criterion, criteria.size(), criteria[criterion]));
    } else if (mixture && number >= people - few) {
      all.push_back(one_criterion(recipe.minority[(number - (people - few)) % recipe.minority.size()], criteria.size(),
                                  "minority"));
    } else {
      RandomStream stream(recipe.seed, 0, 0, Purpose::generator_users, static_cast<std::uint32_t>(number));
      const std::vector<double> drawn = dirichlet(stream, recipe.alpha, common.size());
      ScorePerson person{std::vector<double>(criteria.size(), 0.0), "majority"};
      for (std::size_t at = 0; at < common.size(); ++at) {
        person.weights[common[at]] = drawn[at];
      }
      if (!mixture) {
        person.label = criteria[static_cast<std::size_t>(
            std::max_element(person.weights.begin(), person.weights.end()) - person.weights.begin())];
      }
      all.push_back(std::move(person));
    }
  }
  return all;
}

}  // namespace fairsweep
