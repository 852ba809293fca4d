#pragma once

#include <random>
#include <string>

namespace fairsweep::samples {

/// A valid sweep that nobody would write by hand: every option of the schema may be there or not, fixed or searched, in
/// block or flow style, with texts of awkward characters.
[[nodiscard]] std::string random_sweep(std::mt19937_64& random);

}  // namespace fairsweep::samples
