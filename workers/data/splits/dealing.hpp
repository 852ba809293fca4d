#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "workers/data/splits/split.hpp"

namespace fairsweep {

// What every way of splitting is made of.

inline constexpr std::array<Split, 3> k_parts{Split::train, Split::validation, Split::test};

/// @throws UserError (configuration) "data.split: <message>"
[[noreturn]] void refuse_split(const std::string& message);

/// How many of n units each part gets: quotas rounded by largest remainder, and where there are three units or more,
/// at least one for each part.
[[nodiscard]] std::array<std::size_t, 3> counts_of(std::size_t n, const SplitRecipe& recipe);

/// The part of each unit; `order` is a random order of (some of) the units.
void deal(const std::vector<std::uint32_t>& order, const SplitRecipe& recipe, std::vector<Split>& part_of_unit);

/// A permutation of n units from the stream of this index.
[[nodiscard]] std::vector<std::uint32_t> random_order(std::size_t n, std::uint64_t seed, std::uint32_t index);

/// Units that have comparisons, in a random order that does not depend on the groups.
[[nodiscard]] std::vector<std::uint32_t> used_in_random_order(const std::vector<std::int32_t>& unit_of_row,
                                                              std::size_t units, std::uint64_t seed,
                                                              std::uint32_t index = 0);

/// Comparisons that stay together: repeats of one comparison, or one alone. [comparisons] -> unit, in file order.
[[nodiscard]] std::vector<std::uint32_t> repeat_units(const PreferenceData& data, std::size_t& unit_count);

/// Groups of each user of the data who are one person in the world, sorted, [users before]; who has no row has none.
[[nodiscard]] std::vector<std::vector<std::int32_t>> groups_of_users(const std::vector<std::int32_t>& group_codes,
                                                                     const std::vector<std::int64_t>& user_of_person,
                                                                     std::size_t users);

// Indices of streams: 0 orders units, 1 + user the history of a user, and from the end:
inline constexpr std::uint32_t k_unseen_stream = 0xFFFFFFFF;
inline constexpr std::uint32_t k_imbalance_stream = 0xFFFFFFFE;

}  // namespace fairsweep
