#pragma once

#include <string>
#include <string_view>

#include "results/store/front.hpp"

namespace fairsweep::exports {

/// `text` as LaTeX prints it: the ten characters with a meaning are escaped. Letters beyond those of European Latin
/// scripts, which pdflatex has no glyphs for, become [U+XXXX].
[[nodiscard]] std::string latex_text(std::string_view text);

/// A number as report::number_text gives it, in math mode; an exponent becomes a power of ten, NaN "--".
[[nodiscard]] std::string latex_number(double value, int significant = 4);

/// "$0.7123 \pm 0.0045$": mean and standard error as report::estimate_text rounds them.
[[nodiscard]] std::string latex_estimate(const Estimate& estimate);

}  // namespace fairsweep::exports
