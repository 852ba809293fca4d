#pragma once

#include <string>

#include "results/store/front.hpp"

namespace fairsweep::report {

/// `significant` digits, without an exponent where that is short; "-" for NaN.
[[nodiscard]] std::string number_text(double value, int significant = 4);

/// 17 significant digits: reads back to the same double.
[[nodiscard]] std::string exact_text(double value);

/// "0.7123 ± 0.0045": the error to two significant digits, the mean to the same place. The mean alone, to four
/// significant digits, where there is no error; "-" where there is no mean.
[[nodiscard]] std::string estimate_text(const Estimate& estimate);

/// "1 h 02 min", "3 min 05 s", "4.2 s".
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace fairsweep::report
