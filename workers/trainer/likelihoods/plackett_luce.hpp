#pragma once

#include <memory>

#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep {

/// Choices, rankings and partial rankings of any number of candidates (choice_likelihood): Bradley-Terry for pairs.
[[nodiscard]] std::unique_ptr<Likelihood> make_plackett_luce();

}  // namespace fairsweep
