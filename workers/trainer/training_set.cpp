#include "workers/trainer/training_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/domain/people.hpp"
#include "core/protocol/people_text.hpp"
#include "workers/data/people/resolve_people.hpp"
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

void check_digest(const PreferenceData& data, const TrainerSetup& setup) {
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

/// People with training comparisons.
Rows training_users(const People& people) {
  Rows users;
  for (std::size_t user = 0; user < people.in_training.size(); ++user) {
    if (people.in_training[user] != 0) {
      users.push_back(static_cast<std::int64_t>(user));
    }
  }
  return users;
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

/// What data.labels found about the people: factors of the weights, and how far an answer is to be believed.
/// @param ties  a tie is an answer too, one for each comparison
void apply_label_policy(const People& people, bool ties, ComparisonTensors& train) {
  const auto of_comparisons = [&train](const std::vector<double>& of_people) {
    return at::tensor(of_people, at::kDouble).to(train.user.device()).index_select(0, train.user);
  };
  if (!people.label_weight.empty()) {
    train.weight = train.weight * of_comparisons(people.label_weight).to(train.weight.scalar_type());
  }
  if (!people.label_flip.empty()) {
    const at::Tensor flip = of_comparisons(people.label_flip);
    // Of n candidates with r ranked there are n! / (n - r)! answers, and a tie; a tie is told instead of the first.
    const at::Tensor candidates = train.present.sum(1).to(at::kDouble);
    const at::Tensor ranked = train.ranked.clamp_min(1).to(at::kDouble);
    at::Tensor orders = at::lgamma(candidates + 1) - at::lgamma(candidates - ranked + 1);
    if (ties)
      orders = at::log1p(orders.exp());
    train.noise_keep = at::log1p(flip * -2).to(at::kFloat);
    train.noise_floor = (at::log(flip * 2) - orders).to(at::kFloat);
  }
}

}  // namespace

FeatureScales feature_scales(const PreferenceData& data, const People& people, bool ties) {
  const auto train = rows_of_part(data, people.split, Split::train, ties);
  return {column_scale(data.features, data.feature_count, candidates_of(data, train)),
          column_scale(data.user_features, data.user_feature_count, training_users(people))};
}

TrainingSet make_training_set(PreferenceData data, const TrainerSetup& setup, at::Device device) {
  check_digest(data, setup);
  People people = resolve_people(data, setup.grouping, setup.split, setup.seed, setup.groups, setup.labels);
  if (!setup.people_digest.empty() && people_digest(people) != setup.people_digest) {
    throw UserError(ExitCode::environment,
                    "this trainer makes other groups or another split of the data than the coordinator did; use the "
                    "fairsweep-trainer that was built with it");
  }
  TrainingSet set;
  set.users = data.user_count();
  const bool ties = setup.labels.keeps_ties();
  const auto train = rows_of_part(data, people.split, Split::train, ties);
  const auto validation = rows_of_part(data, people.split, Split::validation, ties);
  const auto test = rows_of_part(data, people.split, Split::test, ties);
  auto shown = rows_of_part(data, people.split, Split::train);  // a tie is in nobody's history
  const auto history = rows_of_part(data, people.split, Split::history);
  shown.insert(shown.end(), history.begin(), history.end());
  set.groups = std::move(people.groups);
  set.user_group = std::move(people.group);
  set.user_support = std::move(people.support);
  set.user_membership = std::move(people.membership);
  set.user_trained.assign(people.in_training.begin(), people.in_training.end());
  const auto trained = training_users(people);

  const auto features = standardise(data.features, data.feature_count, candidates_of(data, train));
  set.features = tensor_of(features, {data.candidate_count, data.feature_count}, at::kFloat, device);
  const auto told = user_history(data, features, shown);
  set.user_history = tensor_of(told.mean, {set.users, data.feature_count}, at::kFloat, device);
  set.user_history_sum = tensor_of(told.sum, {set.users, data.feature_count}, at::kFloat, device);
  set.user_features = tensor_of(standardise(data.user_features, data.user_feature_count, trained),
                                {set.users, data.user_feature_count}, at::kFloat, device);

  set.links = link_tensors(data.user_links, set.users, at::kFloat, device);
  const auto widest = widest_comparison(data);
  set.train = comparison_tensors(data, set, train, widest, device);
  const auto own = own_answers(data, train, shown, widest);
  set.train.history_share = tensor_of(own.share, {set.train.count(), widest}, at::kFloat, device);
  set.train.history_rest = tensor_of(own.rest, {set.train.count()}, at::kFloat, device);
  set.history = comparison_tensors(data, set, history, widest, device);
  const auto set_aside = own_answers(data, history, shown, widest);
  set.history.history_share = tensor_of(set_aside.share, {set.history.count(), widest}, at::kFloat, device);
  set.history.history_rest = tensor_of(set_aside.rest, {set.history.count()}, at::kFloat, device);
  apply_label_policy(people, ties, set.train);
  set.validation = comparison_tensors(data, set, validation, widest, device);
  set.test = comparison_tensors(data, set, test, widest, device);
  return set;
}

}  // namespace fairsweep
