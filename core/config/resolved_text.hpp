#pragma once

#include <string>

#include "core/config/options.hpp"

namespace fairsweep {

/// A sweep with every active option written out, in the order of the schema: equal options give equal bytes, and the
/// text reads back to the same options. Also read rightly by readers of YAML 1.1.
[[nodiscard]] std::string resolved_text(const Options& options);

/// One option as YAML on one line: "auto", "{log_uniform: [0.001, 0.1]}".
[[nodiscard]] std::string option_text(const std::string& path, const OptionValue& value);

}  // namespace fairsweep
