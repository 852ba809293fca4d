#include "core/random/portable_math.hpp"

#include <cmath>  // for frexp, ldexp and floor, which are exact
#include <limits>

namespace fairsweep::portable {

namespace {

// ln 2 in two parts: the high one is short, so that its product with an exponent is exact.
constexpr double k_ln2_high = 0x1.62e42feep-1;
constexpr double k_ln2_low = 0x1.a39ef35793c76p-33;

}  // namespace

double log(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // [0.5, 1)
  if (mantissa < 0x1.6a09e667f3bcdp-1) {       // below the root of one half: bring it nearer to 1
    mantissa *= 2;
    --exponent;
  }
  // log(m) = 2 artanh(s), |s| < 0.172: twelve terms reach the last bit.
  const double s = (mantissa - 1) / (mantissa + 1);
  const double s2 = s * s;
  double sum = 0;
  for (int k = 23; k >= 3; k -= 2) {
    sum = (sum + 1.0 / k) * s2;
  }
  return exponent * k_ln2_high + (exponent * k_ln2_low + 2 * s * sum + 2 * s);
}

double exp(double x) {
  if (x < -708) {
    return 0;
  }
  if (x > 709) {
    return std::numeric_limits<double>::infinity();
  }
  const double k = std::floor(x * 0x1.71547652b82fep+0 + 0.5);
  const double r = (x - k * k_ln2_high) - k * k_ln2_low;  // |r| < 0.347
  double sum = 1;
  for (int n = 16; n >= 1; --n) {
    sum = 1 + sum * r / n;
  }
  return std::ldexp(sum, static_cast<int>(k));
}

SineCosine sine_cosine(double turns) {
  const double quarters = turns * 4;
  const int quadrant = static_cast<int>(std::floor(quarters + 0.5));
  const double x = (quarters - quadrant) * 0x1.921fb54442d18p+0;  // at most a quarter of pi away from 0
  const double x2 = x * x;
  double sine = 1;
  for (int n = 16; n >= 2; n -= 2) {
    sine = 1 - sine * x2 / (n * (n + 1));
  }
  sine *= x;
  double cosine = 1;
  for (int n = 17; n >= 1; n -= 2) {
    cosine = 1 - cosine * x2 / (n * (n + 1));
  }
  switch (quadrant % 4) {
    case 1:
      return {cosine, -sine};
    case 2:
      return {-sine, -cosine};
    case 3:
      return {-cosine, sine};
    default:
      return {sine, cosine};
  }
}

}  // namespace fairsweep::portable
