#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// A model for each person, made when they are asked: the mean of the groups' models' parameters, weighted by how well
/// each says what the person answered,
///
///   w[g, u] proportional to share[g] * (product over answers i of person u of p_g(i)^weight_i)^sharpness
///
/// docs/methods/ensembles.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_personal_soup();

}  // namespace fairsweep
