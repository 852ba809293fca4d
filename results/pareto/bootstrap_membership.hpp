#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/random_source.hpp"
#include "results/pareto/replicate_values.hpp"

namespace fairsweep::pareto {

/// Do replicates of one number share their seed over the configurations?
enum class Seeds { own, shared };

/// How often each configuration is non-dominated when replicates are drawn again with replacement and averaged. With
/// shared seeds the same replicates are drawn for all, so that what a seed does to all of them alike cancels; a
/// configuration that lacks all that were drawn keeps its mean. This is NOT the probability that a configuration is
/// non-dominated: it is too sure of winners and of losers (docs/confidence.md). It says how much the reported front
/// hangs on single seeds. Source: B. Efron, Ann. Statist. 7 (1979).
/// O(draws x (values + n log n)). @throws InternalError as check_replicates does.
[[nodiscard]] std::vector<double> bootstrap_membership(const ReplicateValues& values, Seeds seeds, std::size_t draws,
                                                       RandomSource& random);

}  // namespace fairsweep::pareto
