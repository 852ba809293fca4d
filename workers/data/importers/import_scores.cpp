#include "workers/data/importers/import_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/random/philox.hpp"
#include "workers/data/importers/dialogue.hpp"
#include "workers/data/importers/score_population.hpp"

namespace fairsweep {

namespace {

/// Differences of utility below this are rounding: scores are often means of a few votes.
constexpr double k_equal = 1e-9;

class Scores {
 public:
  Scores(ImportSession& session, const ImporterArguments& arguments) : session_(session), arguments_(arguments) {
    const auto& values = session.mapping().values;
    const auto criteria = values.find("criteria");
    if (criteria == values.end()) {
      throw UserError(
          ExitCode::configuration,
          "scores: say in the mapping which fields are scores: values: {criteria: [helpful, concise, ...]}");
    }
    criteria_ = criteria->second;
    if (const auto features = values.find("features"); features != values.end()) {
      feature_names_ = features->second;
    }
  }

  FeatureBlock read() {
    for (const std::filesystem::path& file : arguments_.files) {
      session_.open(file);
      bind();
      session_.each_record([this] { read_response(); });
    }
    standardise();
    simulate();
    return {feature_names_,
            [features = features_, width = feature_names_.size()](std::int32_t candidate, float* values) {
              std::copy_n(features->data() + static_cast<std::size_t>(candidate) * width, width, values);
            }};
  }

 private:
  void bind() {
    context_ = session_.role("context", {"context", "context_id", "prompt_id", "question_id"});
    prompt_ = session_.role("prompt", {"prompt", "question", "instruction"});
    item_ = session_.role("item", {"item", "item_id", "response_id", "system", "model"});
    text_ = session_.role("text", {"text", "response", "completion"});
    if (!item_ && !text_) {
      (void)session_.needed_role("item", {"item", "item_id", "response_id", "text", "response"});
    }
    criterion_fields_.clear();
    for (const std::string& name : criteria_) {
      criterion_fields_.push_back(session_.records().field(name));
    }
    feature_fields_.clear();
    for (const std::string& name : feature_names_) {
      feature_fields_.push_back(session_.records().field(name));
    }
  }

  void read_response() {
    RecordReader& records = session_.records();
    std::vector<double> scores;
    scores.reserve(criteria_.size());
    for (std::size_t at = 0; at < criteria_.size(); ++at) {
      scores.push_back(session_.number(criterion_fields_[at], "score \"" + criteria_[at] + "\""));
    }
    std::vector<float> features;
    features.reserve(feature_names_.size());
    for (std::size_t at = 0; at < feature_names_.size(); ++at) {
      const double value = session_.number(feature_fields_[at], "feature \"" + feature_names_[at] + "\"");
      if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
        records.refuse("feature \"" + feature_names_[at] + "\" is too large");
      }
      features.push_back(static_cast<float>(value));
    }
    const std::string question = prompt_ ? dialogue_text(records.messages(*prompt_)) : "";
    const std::string text = text_ ? last_answer(records.messages(*text_)).text : "";
    const std::int32_t context = session_.context(context_ ? records.text(*context_) : std::string_view(), question);
    const std::int32_t before = session_.builder().candidate_count();
    const std::int32_t candidate =
        session_.candidate(context, item_ ? records.text(*item_) : std::string_view(), text, question);
    if (candidate != before) {
      records.refuse("the response is there twice in its context");
    }
    scores_.insert(scores_.end(), scores.begin(), scores.end());
    features_->insert(features_->end(), features.begin(), features.end());
  }

  // To mean 0 and deviation 1 over all responses, so that a criterion's scale is no taste.
  void standardise() {
    const std::size_t width = criteria_.size();
    const std::size_t rows = scores_.size() / width;
    for (std::size_t column = 0; column < width; ++column) {
      double mean = 0;
      for (std::size_t row = 0; row < rows; ++row) {
        mean += scores_[row * width + column];
      }
      mean /= static_cast<double>(rows);
      double variance = 0;
      for (std::size_t row = 0; row < rows; ++row) {
        const double apart = scores_[row * width + column] - mean;
        variance += apart * apart;
      }
      const double deviation = std::sqrt(variance / static_cast<double>(rows));
      if (!(deviation > 0) || !std::isfinite(deviation)) {
        throw UserError(ExitCode::file,
                        fmt::format("{}: score \"{}\" {}", session_.files().front().string(), criteria_[column],
                                    deviation > 0 ? "is too large to be standardised"
                                                  : "is the same for every response; leave it out"));
      }
      for (std::size_t row = 0; row < rows; ++row) {
        scores_[row * width + column] = (scores_[row * width + column] - mean) / deviation;
      }
    }
  }

  [[nodiscard]] PopulationRecipe recipe() const {
    PopulationRecipe recipe;
    recipe.kind = arguments_.option("population");
    recipe.people = arguments_.whole("people", 1, 1'000'000);
    recipe.alpha = arguments_.number("alpha", 1e-3, 1e6);
    recipe.minority_share = arguments_.number("minority-share", 0, 1);
    recipe.seed = static_cast<std::uint64_t>(arguments_.whole("people-seed", 0, 1'000'000'000));
    const auto& values = session_.mapping().values;
    if (const auto minority = values.find("minority_criteria"); minority != values.end()) {
      for (const std::string& name : minority->second) {
        const auto found = std::find(criteria_.begin(), criteria_.end(), name);
        if (found == criteria_.end()) {
          throw UserError(ExitCode::configuration, "minority_criteria: \"" + name + "\" is not one of the criteria" +
                                                       did_you_mean(name, criteria_));
        }
        recipe.minority.push_back(static_cast<std::size_t>(found - criteria_.begin()));
      }
    }
    return recipe;
  }

  /// Within-context pairs of candidates, in order.
  [[nodiscard]] std::vector<std::array<std::int32_t, 2>> all_pairs() const {
    PreferenceBuilder& builder = session_.builder();
    std::vector<std::vector<std::int32_t>> of_context(static_cast<std::size_t>(builder.context_count()));
    for (std::int32_t candidate = 0; candidate < builder.candidate_count(); ++candidate) {
      of_context[static_cast<std::size_t>(builder.context_of(candidate))].push_back(candidate);
    }
    std::vector<std::array<std::int32_t, 2>> pairs;
    for (const auto& candidates : of_context) {
      for (std::size_t first = 0; first < candidates.size(); ++first) {
        for (std::size_t second = first + 1; second < candidates.size(); ++second) {
          pairs.push_back({candidates[first], candidates[second]});
        }
      }
    }
    if (pairs.empty()) {
      throw UserError(ExitCode::file, session_.files().front().string() +
                                          ": no context has two responses; is the context's field right?");
    }
    return pairs;
  }

  void simulate() {
    const PopulationRecipe population = recipe();
    const std::vector<ScorePerson> people = draw_people(population, criteria_);
    const auto pairs = all_pairs();
    const std::string& wanted = arguments_.option("pairs");
    const std::size_t count =
        wanted == "all" ? pairs.size()
                        : std::min(pairs.size(), static_cast<std::size_t>(arguments_.whole("pairs", 1, 1'000'000'000)));
    const bool know_weights = arguments_.option("user-features") == "weights";
    const bool exact = arguments_.option("answers") == "exact";
    const double temperature = arguments_.number("temperature", 1e-6, 1e6);
    const bool keep_ties = arguments_.option("ties") == "keep";
    if (know_weights) {
      std::vector<std::string> names;
      names.reserve(criteria_.size());
      for (const std::string& name : criteria_) {
        names.push_back("weight of " + name);
      }
      session_.name_simulated_features(std::move(names));
    }
    for (std::size_t number = 0; number < people.size() && !session_.done(); ++number) {
      const ScorePerson& person = people[number];
      std::vector<float> features;
      if (know_weights) {
        features.assign(person.weights.begin(), person.weights.end());
      }
      const std::int32_t user =
          session_.simulated_person(fmt::format("person-{}", number + 1), {{"taste", person.label}}, features);
      const auto stream_number = static_cast<std::uint32_t>(number);
      RandomStream items(population.seed, 0, 0, Purpose::generator_items, stream_number);
      RandomStream labels(population.seed, 0, 0, Purpose::generator_labels, stream_number);
      std::vector<std::uint32_t> order;
      if (count < pairs.size()) {
        order = items.permutation(static_cast<std::uint32_t>(pairs.size()));
      }
      for (std::size_t at = 0; at < count; ++at) {
        auto pair = pairs[order.empty() ? at : order[at]];
        const double gain = utility(person, pair[0]) - utility(person, pair[1]);
        const bool tie = exact && std::abs(gain) <= k_equal;
        if (tie && !keep_ties) {
          session_.drop_pairs("a person sees both responses as equal", 1);
          continue;
        }
        const bool first_better = exact ? gain > 0 : labels.uniform() < 1 / (1 + std::exp(-gain / temperature));
        if (!tie && !first_better) {
          std::swap(pair[0], pair[1]);
        }
        session_.add_simulated({.user = user, .candidates = pair, .ranked = tie ? 0 : 1});
      }
    }
  }

  [[nodiscard]] double utility(const ScorePerson& person, std::int32_t candidate) const {
    const double* scores = scores_.data() + static_cast<std::size_t>(candidate) * criteria_.size();
    return std::inner_product(person.weights.begin(), person.weights.end(), scores, 0.0);
  }

  ImportSession& session_;
  const ImporterArguments& arguments_;
  std::vector<std::string> criteria_, feature_names_;
  std::optional<std::size_t> context_, prompt_, item_, text_;
  std::vector<std::size_t> criterion_fields_, feature_fields_;
  std::vector<double> scores_;                                                             ///< [candidates, criteria]
  std::shared_ptr<std::vector<float>> features_ = std::make_shared<std::vector<float>>();  ///< [candidates, features]
};

}  // namespace

Importer scores_importer() {
  Importer importer;
  importer.name = "scores";
  importer.help = "responses with several scores each; people are simulated as weights over them";
  importer.roles = {"context", "prompt", "item", "text"};
  importer.meanings = {"criteria", "features", "minority_criteria"};
  importer.options = {
      {"population", "dirichlet", {"dirichlet", "one_criterion", "mixture"}, "how tastes are drawn"},
      {"people", "100", {}, "how many people"},
      {"alpha", "1", {}, "of the Dirichlet distribution of weights; small: each cares for few criteria"},
      {"minority-share", "0.2", {}, "share of the people who care for minority_criteria alone (mixture)"},
      {"people-seed", "0", {}, "of the people and their answers"},
      {"pairs", "all", {}, "pairs of responses each person compares: all, or a number drawn at random"},
      {"answers", "exact", {"exact", "bradley_terry"}, "the better one always, or by chance as Bradley-Terry"},
      {"temperature", "1", {}, "of bradley_terry, in deviations of a score"},
      {"ties", "drop", {"drop", "keep"}, "what becomes of responses of equal utility"},
      {"user-features", "none", {"none", "weights"}, "what a model may know of a person"},
  };
  importer.read = [](ImportSession& session, const ImporterArguments& arguments) {
    return Scores(session, arguments).read();
  };
  return importer;
}

}  // namespace fairsweep
