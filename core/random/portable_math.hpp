#pragma once

namespace fairsweep::portable {

// Elementary functions whose result is the same bits on every machine. The C library's differ in the last bit between
// versions and between processors with and without fused multiply-add; these use only +, -, *, / of doubles, which
// IEEE 754 fixes (the project is built with -ffp-contract=off). Relative error below 1e-15.

/// Natural logarithm of a positive, finite, normal number.
[[nodiscard]] double log(double x);

/// e to the x. 0 below -708, infinity above 709.
[[nodiscard]] double exp(double x);

struct SineCosine {
  double sine = 0;
  double cosine = 0;
};
/// Sine and cosine of `turns` full turns, 0 <= turns <= 1.
[[nodiscard]] SineCosine sine_cosine(double turns);

}  // namespace fairsweep::portable
