#pragma once

#include <string>

#include "core/domain/search_space.hpp"

namespace fairsweep::exports {

/// "0.0001 to 0.1, log-uniform", "8 to 128, whole numbers, uniform", "one of linear, mlp": the bounds as a reader of a
/// paper wants them.
[[nodiscard]] std::string distribution_text(const Distribution& distribution);

/// "method.name is pafo or pafo_dvao"; empty where the parameter is always there.
[[nodiscard]] std::string condition_text(const Parameter& parameter);

}  // namespace fairsweep::exports
