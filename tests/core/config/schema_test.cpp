#include "core/config/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/domain/hidden_types.hpp"
#include "objectives/metrics/metric.hpp"

namespace fairsweep {
namespace {

double as_real(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

TEST(Schema, PathsAreUniqueAndNeverAlsoSections) {
  std::set<std::string> paths;
  for (const Field& field : sweep_schema())
    EXPECT_TRUE(paths.insert(field.path).second) << field.path;
  for (const Field& field : sweep_schema())
    EXPECT_FALSE(is_section(field.path)) << field.path;
  EXPECT_GT(paths.size(), 35U);
}

TEST(Schema, SectionsStandTogether) {
  std::set<std::string> closed;
  std::string open;
  for (const Field& field : sweep_schema()) {
    const std::string section = field.path.substr(0, field.path.find('.'));
    if (section == open)
      continue;
    EXPECT_TRUE(closed.insert(section).second) << "the resolved text would have \"" << section << "\" twice";
    open = section;
  }
}

TEST(Schema, DefaultsObeyTheirOwnRules) {
  for (const Field& field : sweep_schema()) {
    if (!field.fallback || field.required_unless)
      continue;
    switch (field.kind) {
      case FieldKind::integer: {
        const auto number = std::get<std::int64_t>(*field.fallback);
        const bool is_word = number == 0 && !field.word_for_zero.empty();
        EXPECT_TRUE(is_word || field.range.contains(as_real(*field.fallback))) << field.path;
        break;
      }
      case FieldKind::real:
        ASSERT_TRUE(std::holds_alternative<double>(*field.fallback)) << field.path;
        EXPECT_TRUE(field.range.contains(as_real(*field.fallback))) << field.path;
        break;
      case FieldKind::enumeration:
        EXPECT_TRUE(std::count(field.words.begin(), field.words.end(), std::get<std::string>(*field.fallback)) == 1)
            << field.path;
        break;
      case FieldKind::boolean:
        EXPECT_TRUE(std::holds_alternative<bool>(*field.fallback)) << field.path;
        break;
      case FieldKind::text:
        EXPECT_TRUE(std::holds_alternative<std::string>(*field.fallback)) << field.path;
        break;
      default:
        EXPECT_EQ(field.kind, FieldKind::texts) << field.path << " needs a case here";
    }
  }
}

TEST(Schema, ConditionsNameAnEarlierFieldAndItsWords) {
  std::set<std::string> earlier;
  for (const Field& field : sweep_schema()) {
    for (const auto& condition : {field.only_with, field.required_unless}) {
      if (!condition)
        continue;
      EXPECT_TRUE(earlier.contains(condition->path)) << field.path;
      const Field* deciding = find_field(condition->path);
      ASSERT_NE(deciding, nullptr) << field.path;
      for (const Value& value : condition->values) {
        const auto& words = deciding->words;
        EXPECT_EQ(std::count(words.begin(), words.end(), std::get<std::string>(value)), 1) << field.path;
      }
    }
    earlier.insert(field.path);
  }
}

TEST(Schema, OptionsOfAMethodAreOnlyForIt) {
  for (const Field& field : sweep_schema()) {
    if (!field.path.starts_with("method.") || field.path == "method.name")
      continue;
    if (field.path.starts_with("method.ensemble."))  // of all methods that mix models
      continue;
    // An option may depend on another of its method, which depends on the method's name in the end.
    const Field* first = &field;
    while (first->only_with && first->only_with->path != "method.name")
      first = find_field(first->only_with->path);
    ASSERT_TRUE(first->only_with.has_value()) << field.path;
    if (field.path.starts_with("method.ensemble.")) {  // of several methods, and of none alone
      EXPECT_GT(first->only_with->values.size(), 1U) << field.path;
      continue;
    }
    EXPECT_EQ(field.path.rfind("method." + std::get<std::string>(first->only_with->values.at(0)) + ".", 0), 0U)
        << field.path;
  }
}

TEST(Schema, TrialsHaveSettingsOfModelMethodAndTrainingAndNoOthers) {
  for (const Field& field : sweep_schema()) {
    const bool of_trials =
        field.path.starts_with("model.") || field.path.starts_with("method.") || field.path.starts_with("training.");
    EXPECT_EQ(field.tunable, of_trials) << field.path;
    if (field.stackable) {
      EXPECT_TRUE(field.tunable && field.kind == FieldKind::real) << field.path << ": only numbers are [K] tensors";
    }
  }
}

TEST(Schema, EveryFieldHasASentence) {
  for (const Field& field : sweep_schema()) {
    EXPECT_TRUE(field.help.size() > 10 && field.help.ends_with('.')) << field.path;
    EXPECT_EQ(field.help.find('|'), std::string::npos) << field.path << ": the page is a table";
  }
}

TEST(Schema, MetricsAreThoseOfTheCatalogue) {
  std::vector<std::string> names;
  for (const auto& metric : metric_catalogue())
    names.emplace_back(metric->name());
  EXPECT_EQ(find_field("front")->columns.at(0).words, names);
}

TEST(Schema, OptionsThatAskForHiddenTypesAreKnownByTheirNames) {
  int found = 0;
  for (const Field& field : sweep_schema()) {
    EXPECT_EQ(asks_for_types(field.path), field.unit == "types")
        << field.path << ": reports know a number of hidden types by its path; see core/domain/hidden_types.hpp";
    found += field.unit == "types" ? 1 : 0;
  }
  EXPECT_GT(found, 0);
}

TEST(Schema, FindsFieldsAndSections) {
  EXPECT_EQ(find_field("training.epochs")->kind, FieldKind::integer);
  EXPECT_EQ(find_field("training"), nullptr);
  EXPECT_EQ(find_field(""), nullptr);
  EXPECT_TRUE(is_section("training.early_stopping"));
  EXPECT_FALSE(is_section("train"));
  EXPECT_EQ(names_below("training.early_stopping"), (std::vector<std::string>{"patience", "watch"}));
  EXPECT_EQ(leaf_name("training.early_stopping.watch"), "watch");
  EXPECT_EQ(leaf_name("sweep"), "sweep");
}

TEST(Ranges, SayAndCheckTheirBounds) {
  const Range half_open{.low = 0, .high = 10, .low_open = true};
  EXPECT_EQ(half_open.text(), "above 0 and at most 10");
  EXPECT_FALSE(half_open.contains(0));
  EXPECT_TRUE(half_open.contains(10));
  EXPECT_FALSE(half_open.contains(10.5));
  const Range open{.low = 0, .high = 1, .low_open = true, .high_open = true};
  EXPECT_EQ(open.text(), "above 0 and below 1");
  EXPECT_FALSE(open.contains(1));
  EXPECT_EQ((Range{.low = 0.5}).text(), "at least 0.5");
  EXPECT_EQ((Range{.high = 1000000}).text(), "at most 1000000");
  EXPECT_EQ(Range{}.text(), "");
  EXPECT_TRUE(Range{}.contains(-1e300));
}

}  // namespace
}  // namespace fairsweep
