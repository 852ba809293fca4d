#pragma once

#include <memory>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// PAFO-style training, reconstructed: a pooled model, a teacher for each group, one student that follows the margins
/// of its users' teachers, or what method.pafo.condition makes of all teachers' margins. docs/methods/pafo.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_pafo();

}  // namespace fairsweep
