#pragma once

#include <vector>

#include "core/config/field_builders.hpp"
#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends model.likelihood and what belongs to one of them.
void add_likelihood_options(std::vector<Field>& schema);

/// Likelihoods under which a tie is an answer.
[[nodiscard]] const Words& likelihoods_with_ties();
/// Methods that take differences of scores for the log-odds of an answer; with plackett_luce alone they are.
[[nodiscard]] const Words& methods_that_read_scores();
/// Methods that take the margin of a comparison for the log-odds of its answer; without ties it is.
[[nodiscard]] const Words& methods_that_read_margins();

}  // namespace fairsweep
