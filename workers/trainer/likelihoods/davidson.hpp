#pragma once

#include <memory>

#include "workers/trainer/likelihoods/likelihood.hpp"

namespace fairsweep {

/// Pairs with ties, as often as the geometric mean of the two worths says: with w_i = exp s_i and nu > 0 learned,
///   P(i) = w_i / Z,  P(tie) = nu sqrt(w_i w_j) / Z,  Z = w_i + w_j + nu sqrt(w_i w_j).
/// nu = 1 at the start, 1/3 for each answer between equals; nu = 0 would be Bradley-Terry. Learned: log nu.
/// Source: Davidson, On Extending the Bradley-Terry Model to Accommodate Ties, JASA 65 (1970), equation 2.4.
[[nodiscard]] std::unique_ptr<Likelihood> make_davidson();

}  // namespace fairsweep
