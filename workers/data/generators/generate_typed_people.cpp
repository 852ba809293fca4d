#include "workers/data/generators/generate_typed_people.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "workers/data/generators/draw_distinct.hpp"
#include "workers/data/generators/draw_links.hpp"
#include "workers/data/generators/generator_streams.hpp"
#include "workers/data/generators/plackett_luce.hpp"
#include "workers/data/generators/recipe_checks.hpp"
#include "workers/data/people/shares.hpp"

namespace fairsweep {

namespace {

constexpr std::int64_t k_most_types = 100;

/// With what was left open written out.
TypedPeopleRecipe completed(TypedPeopleRecipe recipe) {
  if (recipe.shares.empty()) {
    recipe.shares = "1";
    for (std::int64_t type = 1; type < std::min(recipe.types, k_most_types); ++type) {
      recipe.shares += ",1";
    }
  }
  if (recipe.pool == 0) {
    recipe.pool = recipe.candidates;
  }
  recipe.ranked = recipe.ranked.value_or(recipe.candidates - 1);
  return recipe;
}

void check_recipe(const TypedPeopleRecipe& recipe) {
  using recipe_checks::between;
  using recipe_checks::require;
  constexpr std::int64_t k_million = 1'000'000;
  constexpr std::int64_t k_most_values = std::int64_t{1} << 31U;
  require(between<std::int64_t>(recipe.types, 1, k_most_types), "types", recipe.types, "from 1 to 100");
  require(between(recipe.users, recipe.types, k_million), "users", recipe.users,
          "at least the number of types, and at most 1000000");
  require(between<std::int64_t>(recipe.contexts, 1, k_million), "contexts", recipe.contexts, "from 1 to 1000000");
  require(between<std::int64_t>(recipe.candidates, 2, 100), "candidates", recipe.candidates, "from 2 to 100");
  require(
      between<std::int64_t>(recipe.pool, recipe.candidates, 1000), "pool", recipe.pool,
      "at least the " + std::to_string(recipe.candidates) + " candidates that a comparison shows, and at most 1000");
  require(between<std::int64_t>(*recipe.ranked, 1, recipe.candidates - 1), "ranked", *recipe.ranked,
          "from 1 to " + std::to_string(recipe.candidates - 1) + ", one less than the candidates shown");
  require(between<std::int64_t>(recipe.comparisons_per_user, 1, recipe.contexts), "comparisons-per-user",
          recipe.comparisons_per_user,
          "from 1 to " + std::to_string(recipe.contexts) + ", the contexts: nobody is asked about one twice");
  require(between<std::int64_t>(recipe.features, 1, 100'000), "features", recipe.features, "from 1 to 100000");
  require(recipe.rewards == RewardShape::network || recipe.features >= recipe.types, "features", recipe.features,
          "at least " + std::to_string(recipe.types) + ", one for each type, where rewards are linear");
  const std::int64_t all = recipe.contexts * recipe.pool;
  require(all > recipe.types, "contexts", recipe.contexts, "larger: there must be more candidates than types");
  require(all <= k_most_values / std::max(recipe.features, recipe.types), "contexts", recipe.contexts,
          "smaller: contexts * pool * features (or types) may be 2147483648 at most");
  require(recipe.users <= k_most_values / std::max(recipe.comparisons_per_user * recipe.candidates, recipe.features),
          "users", recipe.users, "smaller: users * comparisons-per-user * candidates may be 2147483648 at most");
  const double least = recipe.types > 1 ? -1 / static_cast<double>(recipe.types - 1) : -1;
  require(between(recipe.similarity, least, 1.0), "similarity", recipe.similarity,
          "from " + recipe_checks::decimal(least) + ", where the types' rewards sum to 0, to 1");
  require(recipe.own >= 0 && recipe.own < 1, "own", recipe.own, "at least 0 and below 1");
  require(between(recipe.temperature, 1e-3, 1e3), "temperature", recipe.temperature, "from 0.001 to 1000");
  const std::int64_t most_links = std::min<std::int64_t>((recipe.users - 1) / 2, 1000);
  require(between<std::int64_t>(recipe.links, 0, most_links), "links", recipe.links,
          "from 0 to " + std::to_string(most_links) + ": half of the others, and at most 1000");
  require(between(recipe.homophily, 0.0, 1.0), "homophily", recipe.homophily, "from 0 to 1");
}

/// Written only where there are any, so that older recipes keep their words and their digest.
std::string links_of(const TypedPeopleRecipe& recipe) {
  return recipe.links == 0
             ? ""
             : " --links " + std::to_string(recipe.links) + " --homophily " + recipe_checks::decimal(recipe.homophily);
}

std::string command_of(const TypedPeopleRecipe& recipe) {
  using recipe_checks::decimal;
  return "fairsweep generate types --types " + std::to_string(recipe.types) + " --shares " + recipe.shares +
         " --users " + std::to_string(recipe.users) + " --contexts " + std::to_string(recipe.contexts) + " --pool " +
         std::to_string(recipe.pool) + " --candidates " + std::to_string(recipe.candidates) + " --ranked " +
         std::to_string(*recipe.ranked) + " --comparisons-per-user " + std::to_string(recipe.comparisons_per_user) +
         " --features " + std::to_string(recipe.features) + " --rewards " + std::string(name_of(recipe.rewards)) +
         " --similarity " + decimal(recipe.similarity) + " --own " + decimal(recipe.own) + " --temperature " +
         decimal(recipe.temperature) + links_of(recipe) + " --seed " + std::to_string(recipe.seed);
}

class Generator {
 public:
  explicit Generator(const TypedPeopleRecipe& recipe)
      : recipe_(recipe),
        users_(static_cast<std::size_t>(recipe.users)),
        types_(static_cast<std::size_t>(recipe.types)),
        features_(static_cast<std::size_t>(recipe.features)) {}

  TypedPeopleSample run() {
    make_candidates();
    make_people();
    if (recipe_.links > 0) {
      sample_.data.user_links = draw_links(type_, recipe_.links, recipe_.homophily, recipe_.seed);
    }
    make_comparisons();
    write_ceilings();
    PreferenceData& data = sample_.data;
    data.about["name"] = "types";
    data.about["source"] = "generated";
    data.about["licence"] = "CC0-1.0";
    data.about["recipe"] = command_of(recipe_);
    check(problems_of(data).empty(), "generated data follow the format");
    return std::move(sample_);
  }

 private:
  void make_candidates() {
    PreferenceData& data = sample_.data;
    data.candidate_count = recipe_.contexts * recipe_.pool;
    data.feature_count = recipe_.features;
    data.feature_names.reserve(features_);
    for (std::size_t feature = 0; feature < features_; ++feature) {
      data.feature_names.push_back("feature_" + std::to_string(feature));
    }
    const auto contexts = static_cast<std::size_t>(recipe_.contexts);
    const std::size_t values = static_cast<std::size_t>(recipe_.pool) * features_;
    data.features.reserve(contexts * values);
    data.context_offset.reserve(contexts + 1);
    data.context_offset.push_back(0);
    for (std::size_t context = 0; context < contexts; ++context) {
      RandomStream stream(recipe_.seed, generator_streams::k_items, 0, Purpose::generator_items,
                          static_cast<std::uint32_t>(context));
      for (std::size_t at = 0; at < values; ++at) {
        data.features.push_back(static_cast<float>(stream.normal()));
      }
      data.context_offset.push_back(data.context_offset.back() + recipe_.pool);
    }
    sample_.truth.type_rewards =
        type_rewards(data.features, features_, types_, recipe_.rewards, recipe_.similarity, recipe_.seed);
  }

  void make_people() {
    PreferenceData& data = sample_.data;
    RandomStream shared(recipe_.seed, generator_streams::k_shared, 0, Purpose::generator_users);
    const auto order = shared.permutation(static_cast<std::uint32_t>(users_));
    const std::vector<std::int64_t> counts = allotted(recipe_.users, shares_in(recipe_.shares, types_, "types"));
    Attribute& attribute = data.user_attributes["type"];
    attribute.codes.assign(users_, 0);
    type_.assign(users_, 0);
    attribute.labels.reserve(types_);
    std::size_t next = 0;
    for (std::size_t type = 0; type < types_; ++type) {
      attribute.labels.push_back("type_" + std::to_string(type + 1));
      if (counts[type] == 0) {
        throw UserError(ExitCode::configuration, "--shares " + recipe_.shares + " leaves nobody of type " +
                                                     std::to_string(type + 1) + " among " + std::to_string(users_) +
                                                     " people; ask for more --users");
      }
      for (std::int64_t person = 0; person < counts[type]; ++person, ++next) {
        attribute.codes[order[next]] = static_cast<std::int32_t>(type);
        type_[order[next]] = type;
      }
    }
    data.user_names.reserve(users_);
    for (std::size_t user = 0; user < users_; ++user) {
      data.user_names.push_back("person_" + std::to_string(user));
    }
    if (recipe_.own > 0) {
      draw_own_tastes();
    }
  }

  void draw_own_tastes() {
    std::vector<double>& weights = sample_.truth.own_weights;
    weights.reserve(users_ * features_);
    for (std::size_t user = 0; user < users_; ++user) {
      RandomStream stream(recipe_.seed, generator_streams::k_tastes, 0, Purpose::generator_users,
                          static_cast<std::uint32_t>(user));
      double square = 0;
      for (std::size_t feature = 0; feature < features_; ++feature) {
        weights.push_back(stream.normal());
        square += weights.back() * weights.back();
      }
      check(square > 0, "a random direction has a length");
      for (double& weight : std::span(weights).last(features_)) {
        weight /= std::sqrt(square);
      }
    }
  }

  [[nodiscard]] double utility(std::size_t user, std::int64_t candidate) const {
    const auto row = static_cast<std::size_t>(candidate);
    double reward = sample_.truth.type_rewards[type_[user]][row];
    if (recipe_.own > 0) {
      double own = 0;
      for (std::size_t feature = 0; feature < features_; ++feature) {
        own += sample_.truth.own_weights[user * features_ + feature] *
               static_cast<double>(sample_.data.features[row * features_ + feature]);
      }
      reward = std::sqrt(1 - recipe_.own) * reward + std::sqrt(recipe_.own) * own;
    }
    return reward / recipe_.temperature;
  }

  [[nodiscard]] std::vector<double> utilities(std::size_t user, std::span<const std::int64_t> candidates) const {
    std::vector<double> values;
    values.reserve(candidates.size());
    for (const std::int64_t candidate : candidates) {
      values.push_back(utility(user, candidate));
    }
    return values;
  }

  void make_comparisons() {
    PreferenceData& data = sample_.data;
    const auto each = static_cast<std::size_t>(recipe_.comparisons_per_user);
    const auto shown = static_cast<std::size_t>(recipe_.candidates);
    data.comparison_user.reserve(users_ * each);
    data.comparison_context.reserve(users_ * each);
    data.comparison_offset.reserve(users_ * each + 1);
    data.comparison_candidate.reserve(users_ * each * shown);
    data.comparison_offset.push_back(0);
    for (std::size_t user = 0; user < users_; ++user) {
      RandomStream stream(recipe_.seed, generator_streams::k_items, 0, Purpose::generator_labels,
                          static_cast<std::uint32_t>(user));
      for (const std::uint64_t context : draw_distinct(stream, static_cast<std::uint64_t>(recipe_.contexts), each)) {
        add_comparison(user, static_cast<std::int64_t>(context), shown, stream);
      }
    }
    const std::size_t rows = data.comparison_user.size();
    data.comparison_ranked.assign(rows, static_cast<std::int32_t>(*recipe_.ranked));
    data.comparison_weight.assign(rows, 1.0F);
    data.comparison_repeat.assign(rows, -1);
  }

  void add_comparison(std::size_t user, std::int64_t context, std::size_t shown, RandomStream& stream) {
    PreferenceData& data = sample_.data;
    std::vector<std::int64_t> candidates;
    candidates.reserve(shown);
    for (const std::uint64_t place : draw_distinct(stream, static_cast<std::uint64_t>(recipe_.pool), shown)) {
      candidates.push_back(context * recipe_.pool + static_cast<std::int64_t>(place));
    }
    const std::vector<double> values = utilities(user, candidates);
    for (const std::size_t at : draw_ranking(values, static_cast<std::size_t>(*recipe_.ranked), stream)) {
      data.comparison_candidate.push_back(candidates[at]);
    }
    data.comparison_user.push_back(static_cast<std::int32_t>(user));
    data.comparison_context.push_back(static_cast<std::int32_t>(context));
    data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
  }

  [[nodiscard]] std::span<const std::int64_t> shown_in(std::size_t row) const {
    const auto shown = static_cast<std::size_t>(recipe_.candidates);
    return std::span(sample_.data.comparison_candidate).subspan(row * shown, shown);
  }

  /// Mean by type of a value of each comparison. Everybody has as many comparisons.
  [[nodiscard]] std::vector<double> by_type(std::span<const double> value_of_row) const {
    std::vector<double> sum(types_, 0.0);
    std::vector<double> rows(types_, 0.0);
    for (std::size_t row = 0; row < value_of_row.size(); ++row) {
      const std::size_t type = type_[static_cast<std::size_t>(sample_.data.comparison_user[row])];
      sum[type] += value_of_row[row];
      rows[type] += 1;
    }
    for (std::size_t type = 0; type < types_; ++type) {
      sum[type] /= rows[type];
    }
    return sum;
  }

  /// People whose answers say what is popular, and how many each stands for: one of each type where they are alike,
  /// else everybody, or, of so many that it would take more than some hundred million evaluations, every n-th.
  [[nodiscard]] std::vector<std::pair<std::size_t, double>> asked() const {
    std::vector<std::pair<std::size_t, double>> people;
    if (recipe_.own > 0) {
      constexpr std::size_t k_most_evaluations = 50'000'000;
      const std::size_t evaluations = users_ * sample_.data.comparison_candidate.size();
      const std::size_t step = std::max<std::size_t>(1, evaluations / k_most_evaluations);
      people.reserve(users_ / step + 1);
      for (std::size_t user = 0; user < users_; user += step) {
        people.emplace_back(user, 1.0);
      }
      return people;
    }
    std::vector<std::size_t> first(types_, users_);
    std::vector<double> count(types_, 0.0);
    for (std::size_t user = 0; user < users_; ++user) {
      first[type_[user]] = std::min(first[type_[user]], user);
      count[type_[user]] += 1;
    }
    people.reserve(types_);
    for (std::size_t type = 0; type < types_; ++type) {
      people.emplace_back(first[type], count[type]);
    }
    return people;
  }

  /// Place of the candidate that most of the people asked would put first.
  [[nodiscard]] std::size_t popular(std::span<const std::int64_t> candidates,
                                    std::span<const std::pair<std::size_t, double>> people) const {
    std::vector<double> chance(candidates.size(), 0.0);
    for (const auto& [user, count] : people) {
      const std::vector<double> probabilities = first_place_probabilities(utilities(user, candidates));
      for (std::size_t at = 0; at < chance.size(); ++at) {
        chance[at] += count * probabilities[at];
      }
    }
    return static_cast<std::size_t>(std::max_element(chance.begin(), chance.end()) - chance.begin());
  }

  void write_ceilings() {
    PreferenceData& data = sample_.data;
    const std::size_t rows = data.comparison_user.size();
    const auto people = asked();
    std::vector<double> best(rows);
    std::vector<double> blind(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const auto user = static_cast<std::size_t>(data.comparison_user[row]);
      const std::vector<double> chance = first_place_probabilities(utilities(user, shown_in(row)));
      best[row] = *std::max_element(chance.begin(), chance.end());
      blind[row] = chance[popular(shown_in(row), people)];
    }
    data.ceilings = {{"type", by_type(best)}};
    std::string text = "expected accuracy";
    const std::vector<double> blind_of_type = by_type(blind);
    for (std::size_t type = 0; type < types_; ++type) {
      text += (type == 0 ? " " : ", ") + recipe_checks::decimal(std::round(blind_of_type[type] * 1e4) / 1e4) + " (" +
              data.user_attributes.at("type").labels[type] + ")";
    }
    data.about["one answer for everybody"] =
        text + ", where each comparison gets the first place most people would give";
  }

  TypedPeopleRecipe recipe_;
  std::size_t users_, types_, features_;
  std::vector<std::size_t> type_;  ///< [users]
  TypedPeopleSample sample_;
};

}  // namespace

TypedPeopleSample generate_typed_people(const TypedPeopleRecipe& recipe) {
  const TypedPeopleRecipe whole = completed(recipe);
  check_recipe(whole);
  return Generator(whole).run();
}

}  // namespace fairsweep
