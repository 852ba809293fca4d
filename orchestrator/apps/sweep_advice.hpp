#pragma once

#include <string>
#include <vector>

#include "core/config/sweep_configuration.hpp"

namespace fairsweep::apps {

/// What a sweep may do and its author hardly means, a sentence each that says what to do instead. Nothing here is an
/// error: a negative control may want it.
[[nodiscard]] std::vector<std::string> advice_on(const SweepConfiguration& sweep);

/// May a trial of the sweep have this value there?
[[nodiscard]] bool may_be(const SweepConfiguration& sweep, const std::string& path, const std::string& value);

}  // namespace fairsweep::apps
