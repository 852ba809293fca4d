#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends what a model knows of its users: model.user and the options of every kind.
void add_user_model_options(std::vector<Field>& schema);

}  // namespace fairsweep
