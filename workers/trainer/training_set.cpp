#include "workers/trainer/training_set.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "workers/data/groups/support_rate.hpp"
#include "workers/data/splits/split.hpp"
#include "workers/trainer/standardise.hpp"
#include "workers/trainer/user_history.hpp"

namespace fairsweep {
namespace {

using Rows = std::vector<std::int64_t>;

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

template <typename T>
at::Tensor tensor_of(const std::vector<T>& values, at::IntArrayRef shape, at::ScalarType type, at::Device device) {
  if (values.empty()) {
    return at::empty(shape, at::TensorOptions(type).device(device));
  }
  // from_blob borrows; clone owns. The const is not written through.
  return at::from_blob(const_cast<T*>(values.data()), shape, type).clone().to(device);
}

/// Group of each user as an index into `groups`; -1 for labels that are no group of the sweep.
std::vector<std::int32_t> groups_of_users(const PreferenceData& data, const std::string& attribute,
                                          const std::vector<std::string>& groups) {
  const auto& found = data.user_attributes.at(attribute);
  std::vector<std::int32_t> group_of_label(found.labels.size(), -1);
  for (std::size_t group = 0; group < groups.size(); ++group) {
    const auto label = std::find(found.labels.begin(), found.labels.end(), groups[group]);
    if (label == found.labels.end()) {
      throw UserError(ExitCode::configuration,
                      fmt::format("no user has \"{}\" as \"{}\"{}; the data know: {}", groups[group], attribute,
                                  did_you_mean(groups[group], found.labels), fmt::join(found.labels, ", ")));
    }
    group_of_label[static_cast<std::size_t>(label - found.labels.begin())] = static_cast<std::int32_t>(group);
  }
  std::vector<std::int32_t> answer(found.codes.size(), -1);
  for (std::size_t user = 0; user < found.codes.size(); ++user) {
    if (found.codes[user] >= 0) {
      answer[user] = group_of_label[index(found.codes[user])];
    }
  }
  return answer;
}

void check_setup(const PreferenceData& data, const TrainerSetup& setup) {
  if (!setup.data_digest.empty()) {
    const auto digest = digest_of(data);
    if (digest != setup.data_digest) {
      throw UserError(
          ExitCode::file,
          fmt::format("{} is not the data this sweep was started with: its SHA-256 is {}, the sweep has "
                      "{}; bring that file back or start a new run",
                      setup.data_file.empty() ? "the data file" : setup.data_file, digest, setup.data_digest));
    }
  }
  if (setup.group_by != "attribute" && setup.group_by != "support_rate") {
    throw UserError(ExitCode::configuration, fmt::format("data.groups.by is \"{}\"; it must be attribute or "
                                                         "support_rate",
                                                         setup.group_by));
  }
  if (setup.group_by == "attribute" && !data.user_attributes.contains(setup.group_attribute)) {
    std::vector<std::string> known;
    for (const auto& [name, attribute] : data.user_attributes) {
      known.push_back(name);
    }
    throw UserError(ExitCode::configuration,
                    fmt::format("data.groups.attribute: the users have no attribute \"{}\"{}; they have: {}",
                                setup.group_attribute, did_you_mean(setup.group_attribute, known),
                                known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
  }
}

/// Ties are left out: they say that nothing was preferred, which neither the loss nor a metric can use.
Rows comparisons_in(const PreferenceData& data, const std::vector<Split>& parts, Split part) {
  Rows answer;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == part && data.comparison_ranked[i] > 0) {
      answer.push_back(static_cast<std::int64_t>(i));
    }
  }
  return answer;
}

/// A group that cannot be trained on, chosen by or reported is found here and not after hours of training.
void check_groups_have(const PreferenceData& data, const TrainingSet& set, const Rows& comparisons, Split part) {
  std::vector<std::int64_t> count(set.groups.size(), 0);
  for (const auto row : comparisons) {
    const auto group = set.user_group[index(data.comparison_user[index(row)])];
    if (group >= 0) {
      ++count[index(group)];
    }
  }
  for (std::size_t group = 0; group < count.size(); ++group) {
    if (count[group] == 0) {
      const auto users = std::count(set.user_group.begin(), set.user_group.end(), static_cast<std::int32_t>(group));
      throw UserError(ExitCode::configuration,
                      fmt::format("group \"{}\" has no {} comparisons under this split ({} of {} users are in the "
                                  "group); give data.split.{} a larger share, or choose groups with more users",
                                  set.groups[group], to_text(part), users, data.user_count(), to_text(part)));
    }
  }
}

/// Groups by support rate leave out users of whom nothing may be read: with a split by user, everybody held out.
void check_groups_cover(const PreferenceData& data, const TrainingSet& set, const Rows& comparisons, Split part) {
  const bool anybody = std::any_of(comparisons.begin(), comparisons.end(), [&](std::int64_t row) {
    return set.user_group[index(data.comparison_user[index(row)])] >= 0;
  });
  if (!anybody) {
    throw UserError(ExitCode::configuration,
                    fmt::format("data.groups.by is support_rate, but nothing may be read of the users whose {} "
                                "comparisons are scored; set data.split.history, or data.split.by: comparison",
                                to_text(part)));
  }
}

/// Distinct candidates of these comparisons, ascending.
Rows candidates_of(const PreferenceData& data, const Rows& comparisons) {
  std::vector<bool> seen(index(data.candidate_count), false);
  for (const auto row : comparisons) {
    for (auto at = data.comparison_offset[index(row)]; at < data.comparison_offset[index(row) + 1]; ++at) {
      seen[index(data.comparison_candidate[index(at)])] = true;
    }
  }
  Rows answer;
  for (std::size_t candidate = 0; candidate < seen.size(); ++candidate) {
    if (seen[candidate]) {
      answer.push_back(static_cast<std::int64_t>(candidate));
    }
  }
  return answer;
}

ComparisonTensors comparison_tensors(const PreferenceData& data, const TrainingSet& set, Rows comparisons,
                                     std::int64_t widest, at::Device device) {
  const auto count = static_cast<std::int64_t>(comparisons.size());
  std::vector<std::int64_t> candidates(index(count * widest), 0), ranked, user, group, context_first, context_size;
  std::vector<std::uint8_t> present(index(count * widest), 0);
  std::vector<float> weight;
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const auto row = index(comparisons[i]);
    auto cell = i * index(widest);
    for (auto at = data.comparison_offset[row]; at < data.comparison_offset[row + 1]; ++at, ++cell) {
      candidates[cell] = data.comparison_candidate[index(at)];
      present[cell] = 1;
    }
    const auto context = index(data.comparison_context[row]);
    context_first.push_back(data.context_offset[context]);
    context_size.push_back(data.context_offset[context + 1] - data.context_offset[context]);
    ranked.push_back(data.comparison_ranked[row]);
    user.push_back(data.comparison_user[row]);
    group.push_back(set.user_group[index(data.comparison_user[row])]);
    weight.push_back(data.comparison_weight[row]);
  }
  ComparisonTensors tensors;
  tensors.candidates = tensor_of(candidates, {count, widest}, at::kLong, device);
  tensors.present = tensor_of(present, {count, widest}, at::kByte, device).to(at::kBool);
  tensors.ranked = tensor_of(ranked, {count}, at::kLong, device);
  tensors.user = tensor_of(user, {count}, at::kLong, device);
  tensors.group = tensor_of(group, {count}, at::kLong, device);
  tensors.weight = tensor_of(weight, {count}, at::kFloat, device);
  tensors.context_first = tensor_of(context_first, {count}, at::kLong, device);
  tensors.context_size = tensor_of(context_size, {count}, at::kLong, device);
  tensors.source = std::move(comparisons);
  return tensors;
}

std::int64_t widest_comparison(const PreferenceData& data) {
  std::int64_t widest = 0;
  for (std::size_t i = 0; i + 1 < data.comparison_offset.size(); ++i) {
    widest = std::max(widest, data.comparison_offset[i + 1] - data.comparison_offset[i]);
  }
  return widest;
}

}  // namespace

TrainingSet make_training_set(const PreferenceData& data, const TrainerSetup& setup, at::Device device) {
  check_setup(data, setup);
  TrainingSet set;
  set.users = data.user_count();
  const bool by_attribute = setup.group_by == "attribute";
  if (by_attribute) {
    set.groups = setup.groups.empty() ? data.user_attributes.at(setup.group_attribute).labels : setup.groups;
    set.user_group = groups_of_users(data, setup.group_attribute, set.groups);
  } else {
    set.groups = {std::string(k_majority), std::string(k_minority)};
  }

  const SplitRecipe recipe{setup.split_by, setup.train, setup.validation, setup.test, setup.history, setup.seed};
  const auto parts = deal_comparisons(data, recipe, set.user_group);
  const auto train = comparisons_in(data, parts, Split::train);
  const auto validation = comparisons_in(data, parts, Split::validation);
  const auto test = comparisons_in(data, parts, Split::test);
  auto shown = train;
  const auto history = comparisons_in(data, parts, Split::history);
  shown.insert(shown.end(), history.begin(), history.end());

  set.user_trained.assign(index(set.users), false);
  for (const auto row : train) {
    set.user_trained[index(data.comparison_user[index(row)])] = true;
  }
  set.user_support = support_rates(data, shown, train);
  if (!by_attribute) {
    set.user_group = groups_by_support(set.user_support, set.user_trained, setup.group_quantile);
    check_groups_cover(data, set, validation, Split::validation);
    check_groups_cover(data, set, test, Split::test);
  }
  check_groups_have(data, set, train, Split::train);
  check_groups_have(data, set, validation, Split::validation);
  check_groups_have(data, set, test, Split::test);

  Rows training_users;
  for (std::int64_t user = 0; user < set.users; ++user) {
    if (set.user_trained[index(user)]) {
      training_users.push_back(user);
    }
  }

  const auto features = standardise(data.features, data.feature_count, candidates_of(data, train));
  set.features = tensor_of(features, {data.candidate_count, data.feature_count}, at::kFloat, device);
  const auto told = user_history(data, features, shown);
  set.user_history = tensor_of(told.mean, {set.users, data.feature_count}, at::kFloat, device);
  set.user_history_sum = tensor_of(told.sum, {set.users, data.feature_count}, at::kFloat, device);
  set.user_features = tensor_of(standardise(data.user_features, data.user_feature_count, training_users),
                                {set.users, data.user_feature_count}, at::kFloat, device);

  const auto widest = widest_comparison(data);
  set.train = comparison_tensors(data, set, train, widest, device);
  const auto own = own_answers(data, train, shown, widest);
  set.train.history_share = tensor_of(own.share, {set.train.count(), widest}, at::kFloat, device);
  set.train.history_rest = tensor_of(own.rest, {set.train.count()}, at::kFloat, device);
  set.validation = comparison_tensors(data, set, validation, widest, device);
  set.test = comparison_tensors(data, set, test, widest, device);
  return set;
}

}  // namespace fairsweep
