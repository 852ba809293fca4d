#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep::testing {

/// A likelihood as tests that cover all of them use it.
struct LikelihoodCase {
  LikelihoodKind kind = LikelihoodKind::plackett_luce;
  Settings settings;  ///< by which a trial gets it
  [[nodiscard]] const Likelihood& likelihood() const { return likelihood_of(kind); }
  [[nodiscard]] friend std::string PrintToString(const LikelihoodCase& one) {
    return std::string(one.likelihood().name());
  }
};

inline std::vector<LikelihoodCase> all_likelihoods() {
  const auto named = [](const char* name) { return Settings{{"model.likelihood", std::string(name)}}; };
  const auto averaged = [](const char* scale) {
    return Settings{{"model.likelihood", std::string("averaged_scale")}, {"model.scale", std::string(scale)}};
  };
  return {{LikelihoodKind::plackett_luce, named("plackett_luce")},
          {LikelihoodKind::davidson, named("davidson")},
          {LikelihoodKind::rao_kupper, named("rao_kupper")},
          {LikelihoodKind::averaged_log_normal, averaged("log_normal")},
          {LikelihoodKind::averaged_gamma, averaged("gamma")},
          {LikelihoodKind::mean_variance, named("mean_variance")}};
}

/// Pairs that the likelihood can be trained on.
inline SyntheticRecipe pairs_for(const Likelihood& likelihood) {
  SyntheticRecipe recipe;
  recipe.candidates = 2;
  recipe.ties = likelihood.has_ties();
  return recipe;
}

}  // namespace fairsweep::testing
