#include "workers/data/generators/generate_personal_llm.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "core/random/portable_math.hpp"
#include "workers/data/generators/draw_distinct.hpp"
#include "workers/data/generators/recipe_checks.hpp"

namespace fairsweep {

namespace {

constexpr std::size_t k_common = 3;       // dimensions of the majority's tastes
constexpr std::size_t k_rare = 2;         // dimensions of the minority's
constexpr double k_bend = 0.3;            // share of the curved part of a reward
constexpr double k_context_share = 0.25;  // of a candidate's variance that its context decides
constexpr std::uint32_t k_items = 0;      // key of the streams of single users and contexts
constexpr std::uint32_t k_shared = 1;     // key of the streams of what they share

std::int64_t pairs_of_a_context(const PersonalLlmRecipe& recipe) {
  return recipe.candidates * (recipe.candidates - 1) / 2;
}

void check_recipe(const PersonalLlmRecipe& recipe) {
  using recipe_checks::between;
  using recipe_checks::require;
  constexpr std::int64_t k_million = 1'000'000;
  require(between(recipe.users, std::int64_t{4}, k_million), "users", recipe.users, "from 4 to 1000000");
  require(between(recipe.contexts, std::int64_t{1}, k_million), "contexts", recipe.contexts, "from 1 to 1000000");
  require(between(recipe.candidates, std::int64_t{2}, std::int64_t{1000}), "candidates", recipe.candidates,
          "from 2 to 1000");
  require(between(recipe.dimensions, std::int64_t{k_common + k_rare}, std::int64_t{1000}), "dimensions",
          recipe.dimensions, "from 5 to 1000");
  require(between(recipe.features, std::int64_t{1}, std::int64_t{100'000}), "features", recipe.features,
          "from 1 to 100000");
  const std::int64_t most = std::min(k_million, recipe.contexts * pairs_of_a_context(recipe));
  require(between(recipe.comparisons_per_user, std::int64_t{1}, most), "comparisons-per-user",
          recipe.comparisons_per_user, "from 1 to " + std::to_string(most) + ", the pairs there are");
  constexpr std::int64_t k_most_values = std::int64_t{1} << 31U;
  require(recipe.contexts * recipe.candidates <= k_most_values / std::max(recipe.features, recipe.dimensions),
          "features", recipe.features, "smaller: contexts * candidates * features may be 2147483648 at most");
  require(recipe.users <= k_most_values / std::max(recipe.comparisons_per_user, recipe.dimensions), "users",
          recipe.users, "smaller: users * comparisons-per-user may be 2147483648 at most");
  require(recipe.minority_share > 0 && recipe.minority_share <= 0.5, "minority-share", recipe.minority_share,
          "above 0 and at most 0.5");
  require(between(recipe.concentration, 0.1, 1e6), "concentration", recipe.concentration, "from 0.1 to 1000000");
  require(recipe.focus > 0 && recipe.focus < 1, "focus", recipe.focus, "above 0 and below 1");
  require(recipe.conflict >= 0 && recipe.conflict < 1, "conflict", recipe.conflict, "at least 0 and below 1");
  require(between(recipe.temperature, 1e-3, 1e3), "temperature", recipe.temperature, "from 0.001 to 1000");
  require(between(recipe.user_noise, 0.0, 1e3), "user-noise", recipe.user_noise, "from 0 to 1000");
}

std::string command_of(const PersonalLlmRecipe& recipe) {
  return "fairsweep generate personal-llm --users " + std::to_string(recipe.users) + " --contexts " +
         std::to_string(recipe.contexts) + " --candidates " + std::to_string(recipe.candidates) + " --dimensions " +
         std::to_string(recipe.dimensions) + " --features " + std::to_string(recipe.features) +
         " --comparisons-per-user " + std::to_string(recipe.comparisons_per_user) + " --minority-share " +
         recipe_checks::decimal(recipe.minority_share) + " --concentration " +
         recipe_checks::decimal(recipe.concentration) + " --focus " + recipe_checks::decimal(recipe.focus) +
         " --conflict " + recipe_checks::decimal(recipe.conflict) + " --temperature " +
         recipe_checks::decimal(recipe.temperature) + " --user-noise " + recipe_checks::decimal(recipe.user_noise) +
         " --seed " + std::to_string(recipe.seed);
}

void normalise(std::span<double> values) {
  double square = 0;
  for (const double value : values) {
    square += value * value;
  }
  check(square > 0, "a random direction has a length");
  for (double& value : values) {
    value /= std::sqrt(square);
  }
}

double product(std::span<const double> left, std::span<const double> right) {
  double sum = 0;
  for (std::size_t at = 0; at < left.size(); ++at) {
    sum += left[at] * right[at];
  }
  return sum;
}

double sigmoid(double x) { return 1 / (1 + portable::exp(-x)); }

class Generator {
 public:
  explicit Generator(const PersonalLlmRecipe& recipe)
      : recipe_(recipe),
        users_(static_cast<std::size_t>(recipe.users)),
        contexts_(static_cast<std::size_t>(recipe.contexts)),
        candidates_(static_cast<std::size_t>(recipe.candidates)),
        dimensions_(static_cast<std::size_t>(recipe.dimensions)),
        features_(static_cast<std::size_t>(recipe.features)) {}

  PersonalLlmSample run() {
    make_candidates();
    make_users();
    make_comparisons();
    write_ceilings();
    PreferenceData& data = sample_.data;
    data.about["name"] = "personal-llm";
    data.about["source"] = "generated";
    data.about["licence"] = "CC0-1.0";
    data.about["recipe"] = command_of(recipe_);
    check(problems_of(data).empty(), "generated data follow the format");
    return std::move(sample_);
  }

 private:
  // Unit directions in feature space: one for the straight and one for the curved part of each dimension. Rare
  // dimensions lean against the mean of the common ones.
  [[nodiscard]] std::vector<double> directions() const {
    std::vector<double> rows(2 * dimensions_ * features_);
    const auto row = [&](std::size_t at) { return std::span(rows).subspan(at * features_, features_); };
    for (std::size_t at = 0; at < 2 * dimensions_; ++at) {
      RandomStream stream(recipe_.seed, k_shared, 0, Purpose::generator_items, static_cast<std::uint32_t>(at));
      for (double& value : row(at)) {
        value = stream.normal();
      }
      normalise(row(at));
    }
    std::vector<double> common(features_, 0.0);
    for (std::size_t at = 0; at < k_common; ++at) {
      for (std::size_t feature = 0; feature < features_; ++feature) {
        common[feature] += row(at)[feature];
      }
    }
    normalise(common);
    for (std::size_t at = dimensions_ - k_rare; at < dimensions_; ++at) {
      // Without its own part along the common direction, so that `conflict` is the cosine of the angle exactly.
      const double along = features_ > 1 ? product(row(at), common) : 0;
      for (std::size_t feature = 0; feature < features_; ++feature) {
        row(at)[feature] -= along * common[feature];
      }
      normalise(row(at));
      for (std::size_t feature = 0; feature < features_; ++feature) {
        row(at)[feature] =
            std::sqrt(1 - recipe_.conflict * recipe_.conflict) * row(at)[feature] - recipe_.conflict * common[feature];
      }
      normalise(row(at));
    }
    return rows;
  }

  void make_candidates() {
    PreferenceData& data = sample_.data;
    data.candidate_count = recipe_.contexts * recipe_.candidates;
    data.feature_count = recipe_.features;
    data.context_offset.push_back(0);
    for (std::size_t feature = 0; feature < features_; ++feature) {
      data.feature_names.push_back("feature_" + std::to_string(feature));
    }
    const std::vector<double> rows = directions();
    std::vector<double> shared(features_);
    std::vector<double> own(features_);
    for (std::size_t context = 0; context < contexts_; ++context) {
      RandomStream stream(recipe_.seed, k_items, 0, Purpose::generator_items, static_cast<std::uint32_t>(context));
      for (double& value : shared) {
        value = stream.normal();
      }
      for (std::size_t candidate = 0; candidate < candidates_; ++candidate) {
        for (std::size_t feature = 0; feature < features_; ++feature) {
          const double value =
              std::sqrt(k_context_share) * shared[feature] + std::sqrt(1 - k_context_share) * stream.normal();
          data.features.push_back(static_cast<float>(value));
          own[feature] = static_cast<double>(data.features.back());  // rewards are functions of what is in the file
        }
        for (std::size_t dimension = 0; dimension < dimensions_; ++dimension) {
          const auto direction = [&](std::size_t at) { return std::span(rows).subspan(at * features_, features_); };
          const double straight = product(direction(dimension), own);
          const double curved = product(direction(dimensions_ + dimension), own);
          sample_.truth.rewards.push_back(straight + k_bend * (curved * curved - 1) / std::sqrt(2.0));
        }
      }
      data.context_offset.push_back(static_cast<std::int64_t>((context + 1) * candidates_));
    }
    standardise_rewards();
  }

  void standardise_rewards() {
    auto& rewards = sample_.truth.rewards;
    const std::size_t count = contexts_ * candidates_;
    for (std::size_t dimension = 0; dimension < dimensions_; ++dimension) {
      double mean = 0;
      double square = 0;
      for (std::size_t at = 0; at < count; ++at) {
        mean += rewards[at * dimensions_ + dimension] / static_cast<double>(count);
      }
      for (std::size_t at = 0; at < count; ++at) {
        const double off = rewards[at * dimensions_ + dimension] - mean;
        square += off * off / static_cast<double>(count);
      }
      for (std::size_t at = 0; at < count; ++at) {
        double& reward = rewards[at * dimensions_ + dimension];
        reward = square > 0 ? (reward - mean) / std::sqrt(square) : 0;
      }
    }
  }

  // A user of the majority leaves out one of the common dimensions, or, in turn, none.
  [[nodiscard]] std::vector<double> mean_weights(bool minority, std::uint64_t component) const {
    std::vector<double> mean(dimensions_, (1 - recipe_.focus) / static_cast<double>(dimensions_));
    std::vector<std::size_t> liked;
    if (minority) {
      liked = {dimensions_ - 2, dimensions_ - 1};
    } else {
      for (std::size_t dimension = 0; dimension < k_common; ++dimension) {
        if (dimension != component) {
          liked.push_back(dimension);
        }
      }
    }
    for (const std::size_t dimension : liked) {
      mean[dimension] += recipe_.focus / static_cast<double>(liked.size());
    }
    return mean;
  }

  void make_users() {
    PreferenceData& data = sample_.data;
    RandomStream shared(recipe_.seed, k_shared, 0, Purpose::generator_users);
    const auto order = shared.permutation(static_cast<std::uint32_t>(users_));
    const auto minority = std::clamp<std::int64_t>(std::llround(recipe_.minority_share * static_cast<double>(users_)),
                                                   1, recipe_.users - 1);
    Attribute taste{{"majority", "minority"}, std::vector<std::int32_t>(users_, 0)};
    for (std::int64_t at = 0; at < minority; ++at) {
      taste.codes[order[static_cast<std::size_t>(at)]] = 1;
    }
    data.user_feature_count = recipe_.dimensions;
    for (std::size_t dimension = 0; dimension < dimensions_; ++dimension) {
      data.user_feature_names.push_back("measured_weight_" + std::to_string(dimension));
    }
    for (std::size_t user = 0; user < users_; ++user) {
      data.user_names.push_back("user_" + std::to_string(user));
      RandomStream stream(recipe_.seed, k_items, 0, Purpose::generator_users, static_cast<std::uint32_t>(user));
      const std::vector<double> mean = mean_weights(taste.codes[user] == 1, stream.below(k_common + 1));
      std::vector<double> weights;
      double sum = 0;
      for (const double value : mean) {
        weights.push_back(stream.gamma(recipe_.concentration * value));
        sum += weights.back();
      }
      for (std::size_t dimension = 0; dimension < dimensions_; ++dimension) {
        // A sum of 0 needs every gamma variate to underflow; then nobody is more than his mean.
        const double weight = sum > 0 ? weights[dimension] / sum : mean[dimension];
        sample_.truth.weights.push_back(weight);
        data.user_features.push_back(static_cast<float>(weight + recipe_.user_noise * stream.normal()));
      }
    }
    data.user_attributes["taste"] = std::move(taste);
  }

  [[nodiscard]] double utility(std::size_t user, std::int64_t candidate) const {
    return product(
        std::span(sample_.truth.weights).subspan(user * dimensions_, dimensions_),
        std::span(sample_.truth.rewards).subspan(static_cast<std::size_t>(candidate) * dimensions_, dimensions_));
  }

  [[nodiscard]] double preference(std::size_t user, std::int64_t first, std::int64_t second) const {
    return sigmoid((utility(user, first) - utility(user, second)) / recipe_.temperature);
  }

  // Different pairs, by number: context * pairs of a context + pair.
  [[nodiscard]] std::vector<std::uint64_t> draw_pairs(RandomStream& stream) const {
    const auto total = static_cast<std::uint64_t>(recipe_.contexts * pairs_of_a_context(recipe_));
    return draw_distinct(stream, total, static_cast<std::size_t>(recipe_.comparisons_per_user));
  }

  [[nodiscard]] std::pair<std::int64_t, std::int64_t> candidates_of(std::uint64_t pair) const {
    const auto per_context = static_cast<std::uint64_t>(pairs_of_a_context(recipe_));
    const auto first_of_context = static_cast<std::int64_t>(pair / per_context * candidates_);
    std::uint64_t left = pair % per_context;
    std::int64_t first = 0;
    for (std::uint64_t partners = candidates_ - 1; left >= partners; --partners) {
      left -= partners;
      ++first;
    }
    return {first_of_context + first, first_of_context + first + 1 + static_cast<std::int64_t>(left)};
  }

  void make_comparisons() {
    PreferenceData& data = sample_.data;
    data.comparison_offset.push_back(0);
    for (std::size_t user = 0; user < users_; ++user) {
      RandomStream stream(recipe_.seed, k_items, 0, Purpose::generator_labels, static_cast<std::uint32_t>(user));
      for (const std::uint64_t pair : draw_pairs(stream)) {
        const auto [first, second] = candidates_of(pair);
        const double probability = preference(user, first, second);
        const bool first_wins = stream.uniform() < probability;
        data.comparison_user.push_back(static_cast<std::int32_t>(user));
        data.comparison_context.push_back(static_cast<std::int32_t>(first / recipe_.candidates));
        data.comparison_candidate.push_back(first_wins ? first : second);
        data.comparison_candidate.push_back(first_wins ? second : first);
        data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
        sample_.truth.probability.push_back(first_wins ? probability : 1 - probability);
      }
    }
    const auto rows = data.comparison_user.size();
    data.comparison_ranked.assign(rows, 1);
    data.comparison_weight.assign(rows, 1.0F);
    data.comparison_repeat.assign(rows, -1);
  }

  // Mean over users of the mean over their comparisons of `value(row)`, by label of the taste.
  template <typename Value>
  [[nodiscard]] std::vector<double> by_taste(Value value) const {
    const auto& codes = sample_.data.user_attributes.at("taste").codes;
    const auto each = static_cast<std::size_t>(recipe_.comparisons_per_user);
    std::vector<double> sum(2, 0.0);
    std::vector<double> people(2, 0.0);
    for (std::size_t user = 0; user < users_; ++user) {
      double mean = 0;
      for (std::size_t row = user * each; row < (user + 1) * each; ++row) {
        mean += value(row) / static_cast<double>(each);
      }
      const auto group = static_cast<std::size_t>(codes[user]);
      sum[group] += mean;
      people[group] += 1;
    }
    return {sum[0] / people[0], sum[1] / people[1]};
  }

  // For each comparison, would the answer that most people would give be its first candidate? At most a few hundred
  // million evaluations: of many people, every n-th is asked.
  [[nodiscard]] std::vector<bool> popular_answers() const {
    constexpr std::size_t k_most_evaluations = 100'000'000;
    const PreferenceData& data = sample_.data;
    const std::size_t rows = data.comparison_user.size();
    const std::size_t step = std::max<std::size_t>(1, users_ * rows / k_most_evaluations);
    std::vector<bool> first_is_popular;
    for (std::size_t row = 0; row < rows; ++row) {
      double lead = 0;
      for (std::size_t user = 0; user < users_; user += step) {
        lead += preference(user, data.comparison_candidate[2 * row], data.comparison_candidate[2 * row + 1]) - 0.5;
      }
      first_is_popular.push_back(lead > 0);
    }
    return first_is_popular;
  }

  void write_ceilings() {
    const auto& probability = sample_.truth.probability;
    sample_.data.ceilings = {
        {"taste", by_taste([&](std::size_t row) { return std::max(probability[row], 1 - probability[row]); })}};
    const std::vector<bool> popular = popular_answers();
    const std::vector<double> blind =
        by_taste([&](std::size_t row) { return popular[row] ? probability[row] : 1 - probability[row]; });
    const auto rounded = [](double value) { return recipe_checks::decimal(std::round(value * 1e4) / 1e4); };
    sample_.data.about["one answer for everybody"] =
        "expected accuracy " + rounded(blind[0]) + " (majority), " + rounded(blind[1]) +
        " (minority), where each pair gets the answer most people would give";
  }

  PersonalLlmRecipe recipe_;
  std::size_t users_;
  std::size_t contexts_;
  std::size_t candidates_;
  std::size_t dimensions_;
  std::size_t features_;
  PersonalLlmSample sample_;
};

}  // namespace

PersonalLlmSample generate_personal_llm(const PersonalLlmRecipe& recipe) {
  check_recipe(recipe);
  return Generator(recipe).run();
}

}  // namespace fairsweep
