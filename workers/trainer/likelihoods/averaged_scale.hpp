#pragma once

#include <memory>
#include <vector>

#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep {

// Bradley-Terry averaged over a scale b > 0 at which people turn scores into answers: with m = s_1 - s_2,
//   P(1) = E_b sigma(b m),  P(2) = E_b sigma(-b m) = 1 - P(1).
// Source: Imai, Heydari and others, MixDPO, arXiv 2601.06180. Both are deterministic: a trial draws no numbers here.

/// log b normal with mean mu and deviation sigma: 16 points of Gauss-Hermite quadrature. At the start mu = 0 and
/// sigma = 1/2. Learned: mu, log(2 sigma). The quadrature's own error of log P grows with sigma and
/// |m|: below 1e-8 at sigma = 1/2 and |m| = 1.5, below 5e-4 at sigma = 1 and |m| = 10 (tested).
[[nodiscard]] std::unique_ptr<Likelihood> make_averaged_log_normal();

/// b of a gamma distribution with shape k and scale theta: P(2) = sum_{n >= 1} (-1)^{n - 1} (1 + n theta m)^(-k) for
/// m >= 0, an alternating series of moments that is summed with series_weights, to 1e-11 of P(2) (tested). At the start
/// k = 4 and theta = 1/4, mean 1 and deviation 1/2. Learned: log(k / 4) and the logarithm of the mean k theta, which
/// hardly move each other.
[[nodiscard]] std::unique_ptr<Likelihood> make_averaged_gamma();

/// Points x and weights w of Gauss-Hermite quadrature for a standard normal: E f = sum w_i f(x_i), exact for
/// polynomials up to degree 2 count - 1. By Newton's method on the orthonormal Hermite functions. O(count^2).
struct NormalQuadrature {
  std::vector<double> point, weight;
};
[[nodiscard]] NormalQuadrature normal_quadrature(std::size_t count);

/// Weights c_0 .. c_{count - 1} that sum alternating series: sum_{n >= 0} (-1)^n a_n = sum c_j a_j up to 5.8^-count of
/// the sum, for a_n = E x^n of any distribution on [0, 1]. (1 + n t)^(-k) are such moments, whatever t and k.
/// Source: Cohen, Rodriguez Villegas, Zagier, Convergence Acceleration of Alternating Series, Experimental Mathematics
/// 9 (2000), algorithm 1 and proposition 1.
[[nodiscard]] std::vector<double> series_weights(std::size_t count);

}  // namespace fairsweep
