#include "workers/data/splits/split.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"

namespace fairsweep {

namespace {

constexpr std::array<Split, 3> k_parts{Split::train, Split::validation, Split::test};
constexpr std::array<std::string_view, 3> k_part_names{"train", "validation", "test"};

[[noreturn]] void refuse(const std::string& message) {
  throw UserError(ExitCode::configuration, "data.split: " + message);
}

void check_recipe(const SplitRecipe& recipe) {
  for (const double share : {recipe.train, recipe.validation, recipe.test}) {
    if (!(share > 0 && share < 1)) {
      refuse("train, validation and test must each be above 0 and below 1");
    }
  }
  if (std::abs(recipe.train + recipe.validation + recipe.test - 1) > 1e-9) {
    refuse("train, validation and test must sum to 1");
  }
  if (recipe.history < 0 || (recipe.history > 0 && recipe.by != "user")) {
    refuse("history is a number of comparisons of held-out users; it needs by: user");
  }
}

/// How many of n units each part gets: quotas rounded by largest remainder, and where there are three units or more,
/// at least one for each part.
std::array<std::size_t, 3> counts_of(std::size_t n, const SplitRecipe& recipe) {
  const std::array<double, 3> shares{recipe.train, recipe.validation, recipe.test};
  std::array<std::size_t, 3> counts{};
  std::array<double, 3> remainder{};
  std::size_t given = 0;
  for (std::size_t part = 0; part < 3; ++part) {
    const double quota = shares[part] * static_cast<double>(n);
    counts[part] = static_cast<std::size_t>(quota + 1e-9);  // 0.15 * 20 is a hair below 3
    remainder[part] = quota - static_cast<double>(counts[part]);
    given += counts[part];
  }
  for (; given < n; ++given) {
    const auto most = std::max_element(remainder.begin(), remainder.end()) - remainder.begin();
    ++counts[static_cast<std::size_t>(most)];
    remainder[static_cast<std::size_t>(most)] -= 1;
  }
  if (n >= 3) {
    for (std::size_t& count : counts) {
      if (count == 0) {
        --*std::max_element(counts.begin(), counts.end());
        count = 1;
      }
    }
  }
  return counts;
}

/// The part of each unit; `order` is a random order of (some of) the units.
void deal(const std::vector<std::uint32_t>& order, const SplitRecipe& recipe, std::vector<Split>& part_of_unit) {
  const auto counts = counts_of(order.size(), recipe);
  std::size_t next = 0;
  for (std::size_t part = 0; part < 3; ++part) {
    for (std::size_t taken = 0; taken < counts[part]; ++taken) {
      part_of_unit[order[next++]] = k_parts[part];
    }
  }
}

std::vector<std::uint32_t> random_order(std::size_t n, std::uint64_t seed, std::uint32_t index) {
  RandomStream stream(seed, 0, 0, Purpose::split, index);
  return stream.permutation(static_cast<std::uint32_t>(n));
}

/// Comparisons that stay together: repeats of one comparison, or one alone. [comparisons] -> unit, in file order.
std::vector<std::uint32_t> repeat_units(const PreferenceData& data, std::size_t& unit_count) {
  std::vector<std::uint32_t> unit(data.comparison_user.size());
  std::map<std::int32_t, std::uint32_t> of_repeat;
  std::uint32_t next = 0;
  for (std::size_t row = 0; row < unit.size(); ++row) {
    const std::int32_t repeat = data.comparison_repeat[row];
    if (repeat < 0) {
      unit[row] = next++;
    } else {
      const auto [entry, is_new] = of_repeat.emplace(repeat, next);
      next += is_new ? 1U : 0U;
      unit[row] = entry->second;
    }
  }
  unit_count = next;
  return unit;
}

/// Units that have comparisons, in a random order that does not depend on the groups.
std::vector<std::uint32_t> used_in_random_order(const std::vector<std::int32_t>& unit_of_row, std::size_t units,
                                                std::uint64_t seed) {
  std::vector<bool> used(units, false);
  for (const std::int32_t unit : unit_of_row) {
    used[static_cast<std::size_t>(unit)] = true;
  }
  std::vector<std::uint32_t> order = random_order(units, seed, 0);
  std::erase_if(order, [&](std::uint32_t unit) { return !used[unit]; });
  return order;
}

std::vector<Split> deal_users(const PreferenceData& data, const SplitRecipe& recipe,
                              const std::vector<std::int32_t>& group_codes) {
  const auto users = static_cast<std::size_t>(data.user_count());
  check(group_codes.empty() || group_codes.size() == users, "group codes are one for each user");
  std::map<std::int32_t, std::vector<std::uint32_t>> strata;
  for (const std::uint32_t user : used_in_random_order(data.comparison_user, users, recipe.seed)) {
    strata[group_codes.empty() ? 0 : group_codes[user]].push_back(user);
  }
  std::vector<Split> part(users, Split::train);
  for (const auto& [group, order] : strata) {
    deal(order, recipe, part);
  }
  return part;
}

/// Turns the first comparisons of each held-out user, in a random order, into history. At least one unit stays scored.
void set_history_aside(const PreferenceData& data, const SplitRecipe& recipe, std::vector<Split>& split) {
  std::size_t unit_count = 0;
  const std::vector<std::uint32_t> unit = repeat_units(data, unit_count);
  std::map<std::int32_t, std::vector<std::vector<std::size_t>>> units_of_user;  // held-out users only
  std::map<std::uint32_t, std::size_t> place_of_unit;
  for (std::size_t row = 0; row < split.size(); ++row) {
    if (split[row] == Split::train) {
      continue;
    }
    auto& units = units_of_user[data.comparison_user[row]];
    const auto [place, is_new] = place_of_unit.emplace(unit[row], units.size());
    if (is_new) {
      units.emplace_back();
    }
    units[place->second].push_back(row);
  }
  for (const auto& [user, units] : units_of_user) {
    std::int64_t shown = 0;
    std::size_t taken = 0;
    for (const std::uint32_t chosen : random_order(units.size(), recipe.seed, 1 + static_cast<std::uint32_t>(user))) {
      if (shown >= recipe.history || ++taken == units.size()) {
        break;
      }
      for (const std::size_t row : units[chosen]) {
        split[row] = Split::history;
        ++shown;
      }
    }
  }
}

}  // namespace

std::vector<Split> deal_comparisons(const PreferenceData& data, const SplitRecipe& recipe,
                                    const std::vector<std::int32_t>& group_codes) {
  check_recipe(recipe);
  const std::size_t rows = data.comparison_user.size();
  std::vector<Split> split(rows, Split::train);
  if (recipe.by == "user") {
    const std::vector<Split> part = deal_users(data, recipe, group_codes);
    for (std::size_t row = 0; row < rows; ++row) {
      split[row] = part[static_cast<std::size_t>(data.comparison_user[row])];
    }
    if (recipe.history > 0) {
      set_history_aside(data, recipe, split);
    }
  } else if (recipe.by == "context") {
    const auto contexts = static_cast<std::size_t>(data.context_count());
    std::vector<Split> part(contexts, Split::train);
    deal(used_in_random_order(data.comparison_context, contexts, recipe.seed), recipe, part);
    for (std::size_t row = 0; row < rows; ++row) {
      split[row] = part[static_cast<std::size_t>(data.comparison_context[row])];
    }
  } else if (recipe.by == "comparison") {
    std::size_t unit_count = 0;
    const std::vector<std::uint32_t> unit = repeat_units(data, unit_count);
    std::vector<Split> part(unit_count, Split::train);
    deal(random_order(unit_count, recipe.seed, 0), recipe, part);
    for (std::size_t row = 0; row < rows; ++row) {
      split[row] = part[unit[row]];
    }
  } else {
    refuse("by is \"" + recipe.by + "\"; it must be user, context or comparison");
  }
  for (std::size_t part = 0; part < 3; ++part) {
    if (std::find(split.begin(), split.end(), k_parts[part]) == split.end()) {
      refuse("no comparison falls to " + std::string(k_part_names[part]) + ": there are too few " +
             (recipe.by == "comparison" ? "comparisons" : recipe.by + "s") + "; split by something smaller");
    }
  }
  return split;
}

}  // namespace fairsweep
