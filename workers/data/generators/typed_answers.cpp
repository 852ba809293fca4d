#include "workers/data/generators/typed_answers.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/diagnostics/errors.hpp"
#include "core/random/portable_math.hpp"

namespace fairsweep {

namespace {

constexpr std::array<std::pair<std::string_view, TypeLabels>, 3> k_labels = {
    {{"one", TypeLabels::one}, {"all", TypeLabels::all}, {"agreed", TypeLabels::agreed}}};

double sigmoid(double x) { return 1 / (1 + portable::exp(-x)); }

class Answers {
 public:
  Answers(PreferenceData& data, const TypedPopulation& population)
      : data_(data), population_(population), types_(population.types.size()) {
    const auto people = static_cast<std::size_t>(population.users);
    Attribute& type = data.user_attributes["type"];
    type.labels = population.types;
    data.user_names.reserve(people);
    type.codes.reserve(people);
    for (std::size_t person = 0; person < people; ++person) {
      data.user_names.push_back("person_" + std::to_string(person));
      type.codes.push_back(static_cast<std::int32_t>(person % types_));
    }
    data.comparison_offset.assign(1, 0);
    highest_.assign(types_, 0.0);
    answers_.assign(types_, 0.0);
  }

  void add(std::int64_t number, const DrawnPair& pair, RandomStream& labels) {
    if (population_.labels == TypeLabels::one) {
      const auto person = static_cast<std::size_t>(number % population_.users);
      add_answer(person, pair, gap(person % types_, pair), labels.uniform());
      return;
    }
    const std::size_t circle = static_cast<std::size_t>(population_.users) / types_;
    const std::size_t first_person = static_cast<std::size_t>(number) % circle * types_;
    double sum = 0;
    for (std::size_t type = 0; type < types_; ++type) {
      sum += gap(type, pair);
    }
    double chance = labels.uniform();
    for (std::size_t type = 0; type < types_; ++type) {
      const bool agreed = population_.labels == TypeLabels::agreed;
      if (!agreed && type > 0) {
        chance = labels.uniform();
      }
      add_answer(first_person + type, pair, agreed ? sum : gap(type, pair), chance);
    }
  }

  void finish() {
    const auto rows = data_.comparison_user.size();
    data_.comparison_ranked.assign(rows, 1);
    data_.comparison_weight.assign(rows, 1.0F);
    data_.comparison_repeat.assign(rows, -1);
    Ceiling ceiling{"type", {}};
    for (std::size_t type = 0; type < types_; ++type) {
      ceiling.accuracy.push_back(answers_[type] > 0 ? highest_[type] / answers_[type] : 0);
    }
    data_.ceilings = {ceiling};
  }

 private:
  [[nodiscard]] double gap(std::size_t type, const DrawnPair& pair) const {
    const std::vector<double>& reward = population_.rewards[type];
    return reward[static_cast<std::size_t>(pair.first)] - reward[static_cast<std::size_t>(pair.second)];
  }

  void add_answer(std::size_t person, const DrawnPair& pair, double gap, double chance) {
    const double probability = sigmoid(gap);
    const bool first_wins = chance < probability;
    data_.comparison_user.push_back(static_cast<std::int32_t>(person));
    data_.comparison_context.push_back(static_cast<std::int32_t>(pair.context));
    data_.comparison_candidate.push_back(first_wins ? pair.first : pair.second);
    data_.comparison_candidate.push_back(first_wins ? pair.second : pair.first);
    data_.comparison_offset.push_back(std::ssize(data_.comparison_candidate));
    highest_[person % types_] += std::max(probability, 1 - probability);
    answers_[person % types_] += 1;
  }

  PreferenceData& data_;
  const TypedPopulation& population_;
  std::size_t types_;
  std::vector<double> highest_, answers_;  ///< [types] sum of max(p, 1 - p), and number of answers
};

}  // namespace

TypeLabels type_labels_named(std::string_view name) {
  for (const auto& [known, labels] : k_labels) {
    if (known == name) {
      return labels;
    }
  }
  throw UserError(ExitCode::configuration, "--labels is \"" + std::string(name) + "\"; it must be one, all or agreed");
}

std::string_view name_of(TypeLabels labels) {
  for (const auto& [name, known] : k_labels) {
    if (known == labels) {
      return name;
    }
  }
  throw InternalError("this is a bug, please report it: labels without a name");
}

void check_typed_counts(std::int64_t comparisons, std::int64_t users, std::int64_t types) {
  if (comparisons < 1 || comparisons > 100'000'000) {
    throw UserError(ExitCode::configuration,
                    "--comparisons is " + std::to_string(comparisons) + "; it must be from 1 to 100000000");
  }
  if (users < types || users > 1'000'000 || users % types != 0) {
    throw UserError(ExitCode::configuration,
                    "--users is " + std::to_string(users) + "; it must be a multiple of " + std::to_string(types) +
                        ", the number of types, which are equally common, and at most 1000000");
  }
}

void add_typed_answers(PreferenceData& data, const TypedPopulation& population,
                       const std::function<DrawnPair(RandomStream&)>& draw) {
  check(data.user_names.empty() && data.comparison_user.empty(), "typed answers are added to candidates alone");
  Answers answers(data, population);
  RandomStream items(population.seed, 0, 0, Purpose::generator_items);
  RandomStream labels(population.seed, 0, 0, Purpose::generator_labels);
  for (std::int64_t number = 0; number < population.comparisons; ++number) {
    const DrawnPair pair = draw(items);
    check(pair.first != pair.second, "a comparison is about two candidates");
    answers.add(number, pair, labels);
  }
  answers.finish();
}

}  // namespace fairsweep
