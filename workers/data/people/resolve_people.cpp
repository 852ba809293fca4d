#include "workers/data/people/resolve_people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/data/groups/agreement_groups.hpp"
#include "workers/data/groups/attribute_groups.hpp"
#include "workers/data/groups/people_by_label.hpp"
#include "workers/data/groups/support_groups.hpp"
#include "workers/data/groups/support_rate.hpp"
#include "workers/data/groups/user_tastes.hpp"
#include "workers/data/people/label_policy_of_people.hpp"
#include "workers/data/people/people_checks.hpp"
#include "workers/data/splits/imbalance.hpp"
#include "workers/data/splits/same_texts.hpp"
#include "workers/data/splits/split.hpp"

namespace fairsweep {
namespace {

using Rows = std::vector<std::int64_t>;

/// Makes persons of users where a group is a label of comparisons. [persons] -> row of the user.
Rows make_people(PreferenceData& data, const GroupSettings& settings) {
  std::vector<std::string> of_comparisons;
  for (const std::string& name : attributes_of(settings)) {
    if (!data.user_attributes.contains(name))
      of_comparisons.push_back(name);
  }
  if (!of_comparisons.empty())
    return make_people_of_labels(data, of_comparisons);
  Rows same(data.user_names.size());
  std::iota(same.begin(), same.end(), std::int64_t{0});
  return same;
}

/// Is every person one user, in the order of the data?
bool are_users(const Rows& user_of_person) {
  for (std::size_t person = 0; person < user_of_person.size(); ++person) {
    if (user_of_person[person] != static_cast<std::int64_t>(person))
      return false;
  }
  return true;
}

void name_groups(const PreferenceData& data, const GroupSettings& settings, People& people) {
  AttributeGroups found = groups_by_attributes(data, settings);
  people.groups = std::move(found.names);
  people.group = std::move(found.group);
  if (found.too_small_groups > 0) {
    people.how["groups below minimum_size"] = std::to_string(found.too_small_groups);
    people.how["people in groups below minimum_size"] = std::to_string(found.too_small_users);
  }
}

std::vector<Split> split_of(const PreferenceData& data, const GroupSettings& groups, const SplitSettings& settings,
                            std::uint64_t seed, const People& people) {
  const SplitRecipe recipe{settings.by,
                           settings.train,
                           settings.validation,
                           settings.test,
                           settings.history,
                           seed,
                           settings.same_text == "together",
                           settings.stratified,
                           settings.unseen_users};
  return deal_comparisons(data, recipe, groups.known_before_split() ? people.group : std::vector<std::int32_t>{},
                          people.user);
}

std::vector<std::uint8_t> who_is_trained(const PreferenceData& data, const Rows& training) {
  std::vector<std::uint8_t> trained(data.user_names.size(), 0);
  for (const std::int64_t row : training)
    trained[static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)])] = 1;
  return trained;
}

void find_groups(const PreferenceData& data, const GroupSettings& settings, std::uint64_t seed, const Rows& training,
                 const Rows& shown, People& people) {
  if (settings.by == "agreement") {
    AgreementGroups found = groups_by_agreement(data, shown, training, settings, seed);
    people.groups = std::move(found.names);
    people.group = std::move(found.group);
    people.membership = std::move(found.membership);
    return;
  }
  const std::vector<std::uint8_t> trained = who_is_trained(data, training);
  SupportGroups found = groups_by_support(people.support, {trained.begin(), trained.end()}, settings);
  people.groups = {std::string(k_majority), std::string(k_minority)};
  people.group = std::move(found.group);
  people.membership = std::move(found.membership);
  people.how["threshold of the support rate"] = fmt::format("{:.17g}", found.threshold);
}

/// Puts the groups into the order wanted.
void reorder(const std::vector<std::string>& wanted, const PreferenceData& data, const GroupSettings& settings,
             People& people) {
  if (wanted.empty() || wanted == people.groups)
    return;
  check_wanted(wanted, data, settings, people);
  std::vector<std::int32_t> code(people.groups.size(), -1);
  for (std::size_t i = 0; i < people.groups.size(); ++i) {
    const auto found = std::find(wanted.begin(), wanted.end(), people.groups[i]);
    if (found != wanted.end())
      code[i] = static_cast<std::int32_t>(found - wanted.begin());
  }
  for (std::int32_t& group : people.group)
    group = group < 0 ? -1 : code[static_cast<std::size_t>(group)];
  if (!people.membership.empty()) {
    check(wanted.size() == people.groups.size(), "groups that are found in the data are all wanted");
    std::vector<double> ordered(people.membership.size());
    for (std::size_t cell = 0; cell < ordered.size(); ++cell) {
      const std::size_t own = cell % wanted.size();
      ordered[cell - own + static_cast<std::size_t>(code[own])] = people.membership[cell];
    }
    people.membership = std::move(ordered);
  }
  people.groups = wanted;
}

void check_people(const PreferenceData& data, const GroupSettings& groups, const SplitSettings& split,
                  const People& people) {
  refuse_fitted_on_held_out(data, people.split, split.by);
  if (split.by == "context" && split.same_text == "refuse")
    refuse_same_texts(data, people.split);
  if (!groups.known_before_split()) {
    require_groups_cover(data, groups, people, Split::validation);
    require_groups_cover(data, groups, people, Split::test);
  }
  for (const Split part : {Split::train, Split::validation, Split::test})
    require_groups_have(data, people, part);
  require_precise_groups(data, groups, people);
}

}  // namespace

std::vector<std::int64_t> rows_of_part(const PreferenceData& data, const std::vector<Split>& split, Split part,
                                       bool with_ties) {
  std::vector<std::int64_t> rows;
  for (std::size_t row = 0; row < split.size(); ++row) {
    if (split[row] == part && (with_ties || data.comparison_ranked[row] > 0))
      rows.push_back(static_cast<std::int64_t>(row));
  }
  return rows;
}

People resolve_people(PreferenceData& data, const GroupSettings& groups, const SplitSettings& split, std::uint64_t seed,
                      const std::vector<std::string>& wanted, const LabelSettings& labels) {
  check_known_ways(groups);
  check_attributes(data, groups);
  People people;
  people.user = make_people(data, groups);
  if (groups.known_before_split()) {
    name_groups(data, groups, people);
    reorder(wanted, data, groups, people);
  }
  people.split = split_of(data, groups, split, seed, people);
  const Rows training = rows_of_part(data, people.split, Split::train);
  Rows shown = training;
  const Rows history = rows_of_part(data, people.split, Split::history);
  shown.insert(shown.end(), history.begin(), history.end());
  const bool by_clusters = groups.by == "support_rate" && groups.similarity == "clusters";
  people.support =
      by_clusters ? support_by_clusters(data, shown, training, static_cast<std::size_t>(groups.support_clusters), seed)
                  : support_rates(data, shown, training);
  if (!groups.known_before_split()) {
    find_groups(data, groups, seed, training, shown, people);
    reorder(wanted, data, groups, people);
  }
  if (!split.imbalance.empty()) {
    const auto left_out = make_imbalance(data, split.imbalance, people.groups, people.group, seed, people.split);
    for (std::size_t group = 0; group < left_out.size(); ++group) {
      if (left_out[group] > 0)
        people.how["left out of training by imbalance, " + people.groups[group]] = std::to_string(left_out[group]);
    }
  }
  apply_labels(data, labels, people);
  people.names = data.user_names;
  if (!are_users(people.user))
    people.person = data.comparison_user;
  people.in_training = who_is_trained(data, rows_of_part(data, people.split, Split::train, labels.keeps_ties()));
  check_people(data, groups, split, people);
  return people;
}

}  // namespace fairsweep
