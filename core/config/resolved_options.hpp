#pragma once

#include <string>
#include <vector>

#include "core/config/sweep_configuration.hpp"

namespace fairsweep {

/// One option of a sweep, for people.
struct ResolvedOption {
  std::string path;
  std::string value;   ///< YAML on one line: "0.01", "{choice: [linear, mlp]}"
  std::string origin;  ///< "default", "file:line:column" or "--set"
};

/// Every active option, in the order of the schema. @throws InternalError where `sweep.resolved` is no resolved text.
[[nodiscard]] std::vector<ResolvedOption> resolved_options(const SweepConfiguration& sweep);

}  // namespace fairsweep
