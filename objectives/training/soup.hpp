#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// Shares of the groups' models, [G], that sum to 1. Groups are taken by the number of their training users, the
/// smallest first (the first of equals): the first gets first, the second `splits[1]` of what that leaves, the third
/// `splits[2]` of what both leave; the rest is for the others in equal parts, and the last group gets what is left.
/// Every point of the simplex of up to four groups is one choice of the splits that count.
/// @param splits 0 .. 1, three at most; of G groups the first G - 1 count
[[nodiscard]] std::vector<double> soup_shares(const std::vector<std::int64_t>& group_users,
                                              const std::vector<double>& splits);

/// The settings whose shares are equal, of up to four groups.
[[nodiscard]] Settings equal_soup_splits(std::size_t groups);

/// One model whose parameters are the weighted mean of models that started from the same pooled one and were trained on
/// one group each. docs/methods/ensembles.md
[[nodiscard]] std::unique_ptr<TrainingObjective> make_soup();

}  // namespace fairsweep
