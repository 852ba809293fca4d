#include "workers/data/splits/split.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "workers/data/splits/dealing.hpp"
#include "workers/data/splits/same_texts.hpp"

namespace fairsweep {

namespace {

constexpr std::array<std::string_view, 3> k_part_names{"train", "validation", "test"};

void check_recipe(const SplitRecipe& recipe) {
  for (const double share : {recipe.train, recipe.validation, recipe.test}) {
    if (!(share > 0 && share < 1)) {
      refuse_split("train, validation and test must each be above 0 and below 1");
    }
  }
  if (std::abs(recipe.train + recipe.validation + recipe.test - 1) > 1e-9) {
    refuse_split("train, validation and test must sum to 1");
  }
  if (recipe.history < 0 || (recipe.history > 0 && recipe.by != "user")) {
    refuse_split("history is a number of comparisons of held-out users; it needs by: user");
  }
  if (!(recipe.unseen_users >= 0 && recipe.unseen_users < 1) || (recipe.unseen_users > 0 && recipe.by == "user")) {
    refuse_split("unseen_users is a share of users, at least 0 and below 1; by: user keeps all held-out users unseen");
  }
}

/// Who deals: the data, and who among their users is one person in the world.
struct Dealer {
  const PreferenceData& data;
  const SplitRecipe& recipe;
  const std::vector<std::int32_t>& group_codes;
  std::vector<std::int32_t> user_of_row;  ///< [comparisons]
  std::size_t users = 0;
  std::vector<std::vector<std::int32_t>> groups;  ///< [users]

  /// Units in the order given, by stratum.
  template <typename Key, typename KeyOf>
  [[nodiscard]] std::map<Key, std::vector<std::uint32_t>> strata(const std::vector<std::uint32_t>& order,
                                                                 KeyOf key_of) const {
    std::map<Key, std::vector<std::uint32_t>> found;
    for (const std::uint32_t unit : order)
      found[key_of(unit)].push_back(unit);
    return found;
  }
  [[nodiscard]] std::int32_t group_of_row(std::size_t row) const {
    return group_codes.empty() ? 0 : group_codes[static_cast<std::size_t>(data.comparison_user[row])];
  }
};

Dealer dealer_of(const PreferenceData& data, const SplitRecipe& recipe, const std::vector<std::int32_t>& group_codes,
                 const std::vector<std::int64_t>& user_of_person) {
  check(group_codes.empty() || group_codes.size() == data.user_names.size(), "group codes are one for each user");
  check(user_of_person.empty() || user_of_person.size() == data.user_names.size(), "each person is one user's");
  Dealer dealer{data, recipe, group_codes, data.comparison_user, data.user_names.size(), {}};
  if (!user_of_person.empty()) {
    dealer.users = static_cast<std::size_t>(1 + *std::max_element(user_of_person.begin(), user_of_person.end()));
    for (std::int32_t& user : dealer.user_of_row)
      user = static_cast<std::int32_t>(user_of_person[static_cast<std::size_t>(user)]);
  }
  dealer.groups = groups_of_users(group_codes, user_of_person, dealer.users);
  return dealer;
}

std::vector<Split> deal_by_user(const Dealer& dealer) {
  std::vector<Split> part(dealer.users, Split::train);
  const auto order = used_in_random_order(dealer.user_of_row, dealer.users, dealer.recipe.seed);
  const auto strata = dealer.strata<std::vector<std::int32_t>>(order, [&](auto user) { return dealer.groups[user]; });
  for (const auto& [groups, users] : strata)
    deal(users, dealer.recipe, part);
  std::vector<Split> split;
  split.reserve(dealer.user_of_row.size());
  for (const std::int32_t user : dealer.user_of_row)
    split.push_back(part[static_cast<std::size_t>(user)]);
  return split;
}

/// The group that answered each unit most, of equal ones the first; [units].
std::vector<std::int32_t> leading_groups(const Dealer& dealer, const std::vector<std::int32_t>& unit_of_row,
                                         std::size_t units) {
  std::vector<std::map<std::int32_t, std::int64_t>> answers(units);
  for (std::size_t row = 0; row < unit_of_row.size(); ++row) {
    if (const std::int32_t group = dealer.group_of_row(row); group >= 0)
      ++answers[static_cast<std::size_t>(unit_of_row[row])][group];
  }
  std::vector<std::int32_t> leading;
  leading.reserve(units);
  for (const auto& counts : answers) {
    const auto most = std::max_element(counts.begin(), counts.end(),
                                       [](const auto& left, const auto& right) { return left.second < right.second; });
    leading.push_back(most == counts.end() ? -1 : most->first);
  }
  return leading;
}

/// Puts units that features were fitted on before the others; `counts` says what training holds.
/// @param unit  what is dealt, in words
void fitted_first(const std::vector<bool>& fitted, const SplitRecipe& recipe, const std::string& unit,
                  std::vector<std::uint32_t>& order) {
  const auto others = std::stable_partition(order.begin(), order.end(), [&](auto one) { return fitted[one]; });
  const auto many = static_cast<std::size_t>(others - order.begin());
  const std::size_t places = counts_of(order.size(), recipe)[0];
  if (many > places) {
    refuse_split(fmt::format(
        "the features were fitted on {} of {} {}, and training gets {}; set data.split.train to {:.3f} or more, or "
        "import the data again with a smaller --fit-share",
        many, order.size(), unit, places,
        std::ceil(1000 * static_cast<double>(many) / static_cast<double>(order.size())) / 1000));
  }
}

std::vector<Split> deal_by_context(const Dealer& dealer) {
  const PreferenceData& data = dealer.data;
  const auto contexts = static_cast<std::size_t>(data.context_count());
  std::vector<std::int32_t> unit_of_row = data.comparison_context;
  std::vector<bool> fitted(contexts, false);
  std::vector<std::int32_t> unit_of_context;
  if (dealer.recipe.same_text_together)
    unit_of_context = contexts_that_ask_the_same(data);
  for (std::int32_t& of_row : unit_of_row) {
    const auto context = static_cast<std::size_t>(of_row);
    of_row = unit_of_context.empty() ? of_row : unit_of_context[context];
    if (!data.context_fitted.empty() && data.context_fitted[context] != 0)
      fitted[static_cast<std::size_t>(of_row)] = true;
  }
  const std::string unit =
      unit_of_context.empty()
          ? "contexts"
          : fmt::format("questions (the {} contexts, those that ask the same taken as one)", contexts);
  std::vector<Split> part(contexts, Split::train);
  const std::vector<std::int32_t> leading =
      dealer.recipe.stratified ? leading_groups(dealer, unit_of_row, contexts) : std::vector<std::int32_t>(contexts, 0);
  const auto order = used_in_random_order(unit_of_row, contexts, dealer.recipe.seed);
  for (auto& [group, units] : dealer.strata<std::int32_t>(order, [&](auto one) { return leading[one]; })) {
    std::vector<std::uint32_t> dealt = units;
    fitted_first(fitted, dealer.recipe, unit, dealt);
    deal(dealt, dealer.recipe, part);
  }
  std::vector<Split> split;
  split.reserve(unit_of_row.size());
  for (const std::int32_t of_row : unit_of_row)
    split.push_back(part[static_cast<std::size_t>(of_row)]);
  return split;
}

std::vector<Split> deal_by_comparison(const Dealer& dealer) {
  std::size_t unit_count = 0;
  const std::vector<std::uint32_t> unit = repeat_units(dealer.data, unit_count);
  std::vector<std::int32_t> group(unit_count, 0);
  for (std::size_t row = 0; row < unit.size() && dealer.recipe.stratified; ++row)
    group[unit[row]] = dealer.group_of_row(row);
  std::vector<Split> part(unit_count, Split::train);
  const auto order = random_order(unit_count, dealer.recipe.seed, 0);
  for (const auto& [stratum, units] : dealer.strata<std::int32_t>(order, [&](auto one) { return group[one]; }))
    deal(units, dealer.recipe, part);
  std::vector<Split> split;
  split.reserve(unit.size());
  for (const std::uint32_t one : unit)
    split.push_back(part[one]);
  return split;
}

std::vector<Split> deal_by_time(const Dealer& dealer) {
  const PreferenceData& data = dealer.data;
  if (data.comparison_time.empty())
    refuse_split("by is time, but the data do not say when anybody answered (/comparisons/time); use by: comparison");
  std::size_t unit_count = 0;
  const std::vector<std::uint32_t> unit = repeat_units(data, unit_count);
  std::vector<std::int64_t> time(unit_count, INT64_MIN);
  for (std::size_t row = 0; row < unit.size(); ++row)
    time[unit[row]] = std::max(time[unit[row]], data.comparison_time[row]);
  std::vector<std::int64_t> sorted = time;
  std::sort(sorted.begin(), sorted.end());
  const auto counts = counts_of(unit_count, dealer.recipe);
  // A time belongs to the part that its first unit falls to, so nothing held out is as old as something trained on.
  const auto part_of = [&](std::int64_t moment) {
    const auto place =
        static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), moment) - sorted.begin());
    return place < counts[0] ? Split::train : (place < counts[0] + counts[1] ? Split::validation : Split::test);
  };
  std::vector<Split> split;
  split.reserve(unit.size());
  for (const std::uint32_t one : unit)
    split.push_back(part_of(time[one]));
  return split;
}

/// Takes a share of the users out of training.
void keep_unseen(const Dealer& dealer, std::vector<Split>& split) {
  const SplitRecipe& recipe = dealer.recipe;
  const auto order = used_in_random_order(dealer.user_of_row, dealer.users, recipe.seed, k_unseen_stream);
  std::vector<Split> part(dealer.users, Split::train);  // where an unseen user goes; train: seen
  std::size_t unseen = 0;
  const auto strata = dealer.strata<std::vector<std::int32_t>>(order, [&](auto user) { return dealer.groups[user]; });
  for (const auto& [groups, users] : strata) {
    const auto many = static_cast<std::size_t>(std::lround(recipe.unseen_users * static_cast<double>(users.size())));
    const double to_validation = recipe.validation / (recipe.validation + recipe.test) * static_cast<double>(many);
    for (std::size_t i = 0; i < many; ++i)
      part[users[i]] = i < static_cast<std::size_t>(std::lround(to_validation)) ? Split::validation : Split::test;
    unseen += many;
  }
  if (unseen == 0) {
    refuse_split(fmt::format("unseen_users is {:g}, which of {} users keeps out nobody; give a larger share",
                             recipe.unseen_users, order.size()));
  }
  for (std::size_t row = 0; row < split.size(); ++row) {
    const Split kept = part[static_cast<std::size_t>(dealer.user_of_row[row])];
    if (kept == Split::train)
      continue;
    if (recipe.by == "comparison")
      split[row] = kept;
    else if (split[row] == Split::train)
      split[row] = Split::unused;
  }
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
                                    const std::vector<std::int32_t>& group_codes,
                                    const std::vector<std::int64_t>& user_of_person) {
  check_recipe(recipe);
  const Dealer dealer = dealer_of(data, recipe, group_codes, user_of_person);
  std::vector<Split> split;
  if (recipe.by == "user") {
    split = deal_by_user(dealer);
    if (recipe.history > 0)
      set_history_aside(data, recipe, split);
  } else if (recipe.by == "context") {
    split = deal_by_context(dealer);
  } else if (recipe.by == "comparison") {
    split = deal_by_comparison(dealer);
  } else if (recipe.by == "time") {
    split = deal_by_time(dealer);
  } else {
    refuse_split("by is \"" + recipe.by + "\"; it must be user, context, comparison or time");
  }
  if (recipe.unseen_users > 0)
    keep_unseen(dealer, split);
  for (std::size_t part = 0; part < 3; ++part) {
    if (std::find(split.begin(), split.end(), k_parts[part]) == split.end()) {
      refuse_split("no comparison falls to " + std::string(k_part_names[part]) + ": there are too few " +
                   (recipe.by == "time" ? "different times" : recipe.by + "s") + "; split by something " +
                   (recipe.by == "comparison" ? "else" : "smaller"));
    }
  }
  return split;
}

}  // namespace fairsweep
