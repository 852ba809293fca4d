#pragma once

#include "workers/trainer/likelihoods/likelihood.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// @throws UserError (configuration), with what to use instead, where the likelihood is of pairs and some comparison
/// has more candidates, has ties to learn from and nobody ties in training, or has none and the data keep them. Copies
/// to the host.
void require_fits_data(const Likelihood& likelihood, const TrainingSet& data);

}  // namespace fairsweep
