#include "workers/trainer/likelihoods/fits_data.hpp"

#include <algorithm>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

std::int64_t most_candidates(const ComparisonTensors& split) {
  return split.count() == 0 ? 0 : split.present.sum(1).max().item<std::int64_t>();
}

bool has_ties(const ComparisonTensors& split) { return split.ranked.eq(0).any().item<bool>(); }

}  // namespace

void require_fits_data(const Likelihood& likelihood, const TrainingSet& data) {
  const std::string name(likelihood.name());
  if (likelihood.of_pairs()) {
    const std::int64_t most =
        std::max({most_candidates(data.train), most_candidates(data.validation), most_candidates(data.test)});
    if (most > 2) {
      throw UserError(ExitCode::configuration,
                      "likelihood " + name + " is of pairs, and the data have comparisons of " + std::to_string(most) +
                          " candidates; use model.likelihood: plackett_luce");
    }
  }
  if (likelihood.has_ties() && !has_ties(data.train)) {
    throw UserError(ExitCode::configuration,
                    "likelihood " + name +
                        " learns how often people answer with a tie, and no training comparison is one; use "
                        "model.likelihood: plackett_luce and data.labels.ties: drop");
  }
  if (!likelihood.has_ties() && (has_ties(data.train) || has_ties(data.validation) || has_ties(data.test))) {
    throw UserError(ExitCode::configuration, "under likelihood " + name +
                                                 " nobody ever answers with a tie, and data.labels.ties keeps those "
                                                 "there are; use davidson or rao_kupper, or drop ties");
  }
}

}  // namespace fairsweep
