#include "workers/data/generators/generate_lengths.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/random/portable_math.hpp"

namespace fairsweep {

namespace {

constexpr std::int64_t k_spacing = 16;
constexpr std::int64_t k_hats = k_longest / k_spacing + 1;

std::string command_of(const LengthsRecipe& recipe) {
  return "fairsweep generate lengths --comparisons " + std::to_string(recipe.comparisons) + " --users " +
         std::to_string(recipe.users) + " --labels " + std::string(name_of(recipe.labels)) + " --seed " +
         std::to_string(recipe.seed);
}

/// Hat h at this length: 1 at h * spacing, 0 from the neighbours' places on.
float hat(std::int64_t number, std::int64_t length) {
  const double away = std::fabs(static_cast<double>(length - number * k_spacing)) / static_cast<double>(k_spacing);
  return static_cast<float>(std::max(0.0, 1 - away));
}

std::vector<std::string> hat_names() {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(k_hats));
  for (std::int64_t number = 0; number < k_hats; ++number) {
    names.push_back("length_" + std::to_string(number * k_spacing));
  }
  return names;
}

TypedPopulation population_of(const LengthsRecipe& recipe, const std::vector<std::int64_t>& lengths) {
  TypedPopulation population;
  population.types = {"likes long", "likes short", "likes the middle"};
  population.rewards.resize(static_cast<std::size_t>(k_length_types));
  for (std::size_t type = 0; type < population.rewards.size(); ++type) {
    population.rewards[type].reserve(lengths.size());
    for (const std::int64_t length : lengths) {
      population.rewards[type].push_back(length_reward(type, length));
    }
  }
  population.users = recipe.users;
  population.comparisons = recipe.comparisons;
  population.labels = recipe.labels;
  population.seed = recipe.seed;
  return population;
}

void describe(PreferenceData& data, const std::string& recipe) {
  data.about["recipe"] = recipe;
  data.about["after"] =
      "Shirali et al., Direct Alignment with Heterogeneous Preferences, arXiv 2502.16320, section 7.3";
  check(problems_of(data).empty(), "generated data follow the format");
}

/// Candidates and contexts of `texts` and nothing of its people.
PreferenceData candidates_of(const PreferenceData& texts) {
  PreferenceData data;
  data.candidate_count = texts.candidate_count;
  data.feature_count = texts.feature_count + k_hats;
  data.feature_names = texts.feature_names;
  for (const std::string& name : hat_names()) {
    data.feature_names.push_back(name);
  }
  data.context_offset = texts.context_offset;
  data.candidate_names = texts.candidate_names;
  data.context_names = texts.context_names;
  data.candidate_text = texts.candidate_text;
  data.context_text = texts.context_text;
  data.context_wording = texts.context_wording;
  for (const char* word : {"name", "source", "licence"}) {
    if (const auto found = texts.about.find(word); found != texts.about.end()) {
      data.about[word] = found->second;
    }
  }
  return data;
}

std::size_t column_named(const PreferenceData& texts, const std::string& name) {
  const auto place = std::find(texts.feature_names.begin(), texts.feature_names.end(), name);
  if (place == texts.feature_names.end()) {
    throw UserError(ExitCode::configuration,
                    "--length-feature is \"" + name +
                        "\", which is no feature of the data; surface_log_words is one of data that were imported with "
                        "--text-features");
  }
  return static_cast<std::size_t>(place - texts.feature_names.begin());
}

}  // namespace

double length_reward(std::size_t type, std::int64_t length) {
  const auto x = static_cast<double>(length);
  if (type == 2) {
    const double off = (x - 256) / 64;
    return portable::exp(1 / (off * off + 1)) - 1;
  }
  check(type < 2, "there are three types");
  return std::min(4.0, portable::exp((type == 0 ? x : static_cast<double>(k_longest) - x) / 80) / 100);
}

PreferenceData generate_lengths(const LengthsRecipe& recipe) {
  check_typed_counts(recipe.comparisons, recipe.users, k_length_types);
  PreferenceData data;
  data.candidate_count = k_longest;
  data.feature_count = k_hats;
  data.feature_names = hat_names();
  data.context_offset = {0, k_longest};
  data.context_names = {"lengths"};
  std::vector<std::int64_t> lengths;
  lengths.reserve(static_cast<std::size_t>(k_longest));
  for (std::int64_t length = 1; length <= k_longest; ++length) {
    lengths.push_back(length);
    data.candidate_names.push_back("length " + std::to_string(length));
    for (std::int64_t number = 0; number < k_hats; ++number) {
      data.features.push_back(hat(number, length));
    }
  }
  add_typed_answers(data, population_of(recipe, lengths), [](RandomStream& stream) {
    const auto first = static_cast<std::int64_t>(stream.below(k_longest));
    const auto other = static_cast<std::int64_t>(stream.below(k_longest - 1));
    return DrawnPair{0, first, other + (other >= first ? 1 : 0)};
  });
  data.about["name"] = "lengths";
  data.about["source"] = "generated";
  data.about["licence"] = "CC0-1.0";
  describe(data, command_of(recipe));
  return data;
}

PreferenceData relabel_by_length(const LengthsRecipe& recipe, const PreferenceData& texts, const std::string& column) {
  check_typed_counts(recipe.comparisons, recipe.users, k_length_types);
  const std::size_t place = column_named(texts, column);
  PreferenceData data = candidates_of(texts);
  std::vector<std::int64_t> lengths;
  lengths.reserve(static_cast<std::size_t>(texts.candidate_count));
  const auto width = static_cast<std::size_t>(texts.feature_count);
  for (std::size_t candidate = 0; candidate < static_cast<std::size_t>(texts.candidate_count); ++candidate) {
    const auto row = texts.features.begin() + static_cast<std::ptrdiff_t>(candidate * width);
    const auto log_length = static_cast<double>(row[static_cast<std::ptrdiff_t>(place)]);
    const double length =
        std::clamp(std::round(portable::exp(std::min(log_length, 100.0)) - 1), 1.0, static_cast<double>(k_longest));
    lengths.push_back(static_cast<std::int64_t>(length));
    data.features.insert(data.features.end(), row, row + texts.feature_count);
    for (std::int64_t number = 0; number < k_hats; ++number) {
      data.features.push_back(hat(number, lengths.back()));
    }
  }
  std::vector<DrawnPair> pairs;
  for (std::size_t row = 0; row < texts.comparison_context.size(); ++row) {
    const auto entry = static_cast<std::size_t>(texts.comparison_offset[row]);
    const DrawnPair pair{texts.comparison_context[row], texts.comparison_candidate[entry],
                         texts.comparison_candidate[entry + 1]};
    if (lengths[static_cast<std::size_t>(pair.first)] != lengths[static_cast<std::size_t>(pair.second)]) {
      pairs.push_back(pair);
    }
  }
  if (pairs.empty()) {
    throw UserError(ExitCode::configuration,
                    "no comparison of the data is about candidates of different lengths by \"" + column +
                        "\"; give another --length-feature");
  }
  add_typed_answers(data, population_of(recipe, lengths), [&pairs](RandomStream& stream) {
    DrawnPair pair = pairs[stream.below(pairs.size())];
    if (stream.below(2) == 1) {  // which was shown first is not to say which was chosen in `texts`
      std::swap(pair.first, pair.second);
    }
    return pair;
  });
  describe(data, command_of(recipe) + " --from DATA --length-feature " + column + ", with DATA of digest " +
                     digest_of(texts));
  return data;
}

}  // namespace fairsweep
