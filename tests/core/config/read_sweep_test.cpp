#include "core/config/read_sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/config/resolved_options.hpp"
#include "core/config/schema.hpp"
#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "tests/core/config/sample_sweeps.hpp"

namespace fairsweep {
namespace {

using samples::changed;
using samples::k_rich;
using samples::k_smallest;
using ::testing::HasSubstr;
using ::testing::Not;

/// The sweep in the text; a mistake in it fails the test.
SweepConfiguration sweep_of(std::string_view text, const Overrides& overrides = {}) {
  ReadResult result = read_sweep_text(std::string(text), "s.yaml", overrides);
  for (const ConfigurationIssue& issue : result.issues)
    ADD_FAILURE() << issue.text();
  return result.sweep;
}

Value word(const char* text) { return std::string(text); }

TEST(ReadSweep, FillsInEveryDefault) {
  const SweepConfiguration sweep = sweep_of(k_smallest);
  EXPECT_EQ(sweep.name, "small");
  EXPECT_EQ(sweep.declaration.use_case, "a");
  EXPECT_EQ(sweep.declaration.fairness, "pareto");
  EXPECT_EQ(sweep.data.file, "d.h5");
  EXPECT_EQ(sweep.data.groups.attribute, "g");
  EXPECT_EQ(sweep.data.split.by, "user");
  EXPECT_EQ(sweep.data.split.train, 0.7);
  EXPECT_EQ(sweep.data.split.history, 0);
  const Settings expected = {{"model.head", word("linear")},
                             {"model.likelihood", word("plackett_luce")},
                             {"model.user", word("none")},
                             {"method.name", word("pooled")},
                             {"training.epochs", std::int64_t{30}},
                             {"training.batch", std::int64_t{256}},
                             {"training.learning_rate", 0.01},
                             {"training.weight_decay", 0.0},
                             {"training.schedule", word("cosine")},
                             {"training.warmup", 0.05},
                             {"training.clip_norm", 1.0},
                             {"training.early_stopping.patience", std::int64_t{5}},
                             {"training.early_stopping.watch", word("groups")}};
  EXPECT_EQ(sweep.settings, expected);
  EXPECT_TRUE(sweep.space.parameters.empty());
  ASSERT_EQ(sweep.front.size(), 1U);
  EXPECT_EQ(sweep.front[0].metric, "accuracy");
  EXPECT_EQ(sweep.front[0].each, "group");
  EXPECT_EQ(sweep.search.strategy, "sobol");
  EXPECT_EQ(sweep.search.configurations, 4);
  EXPECT_EQ(sweep.search.replicates, 3);
  EXPECT_EQ(sweep.search.seed, 0);
  EXPECT_EQ(sweep.scheduler, "none");
  EXPECT_EQ(sweep.resources.trials_per_pack, 0);
  EXPECT_EQ(sweep.resources.threads_per_trainer, 1);
  EXPECT_EQ(sweep.resources.heartbeat_seconds, 1);
  EXPECT_EQ(sweep.resources.lease_seconds, 60);
  EXPECT_EQ(sweep.resources.trial_timeout_seconds, 0);
  EXPECT_EQ(sweep.resources.retries, 2);
  EXPECT_TRUE(sweep.trainer_command.empty());
}

TEST(ReadSweep, GroupsAndSplitsOfEveryKind) {
  const std::string data = R"({file: d.h5, groups: {by: combination, attributes: [sex, age], minimum_size: 5},
  split: {by: comparison, stratified: true, unseen_users: 0.2, imbalance: ["women, old=10", x=1.5]}})";
  const ReadResult read =
      read_sweep_text(samples::changed(samples::k_smallest, "{file: d.h5, groups: {attribute: g}}", data), "s.yaml");
  ASSERT_TRUE(read.ok()) << read.issues.at(0).text();
  const DataSection& section = read.sweep.data;
  EXPECT_EQ(section.groups.by, "combination");
  EXPECT_EQ(section.groups.attributes, (std::vector<std::string>{"sex", "age"}));
  EXPECT_EQ(section.groups.minimum_size, 5);
  EXPECT_TRUE(section.split.stratified);
  EXPECT_EQ(section.split.unseen_users, 0.2);
  EXPECT_EQ(section.split.imbalance, (std::vector<std::string>{"women, old=10", "x=1.5"}));
  // Members that do not count keep the defaults that the schema has too.
  const DataSection defaults;
  for (const Field& field : sweep_schema()) {
    if (field.path == "data.groups.softness") {
      EXPECT_EQ(std::get<double>(*field.fallback), defaults.groups.softness);
    }
    if (field.path == "data.groups.support_clusters") {
      EXPECT_EQ(std::get<std::int64_t>(*field.fallback), defaults.groups.support_clusters);
    }
  }
}

TEST(ReadSweep, ReadsEveryKindOfOption) {
  const SweepConfiguration sweep = sweep_of(k_rich);
  EXPECT_EQ(sweep.name, "rich-1_a");
  EXPECT_EQ(sweep.declaration.use_case, "choice: of transport");
  EXPECT_EQ(sweep.declaration.population, "people,\nin two lines\n");
  EXPECT_EQ(sweep.declaration.groups, "by their \"own\" words");
  EXPECT_EQ(sweep.data.file, "data/some file.h5");
  EXPECT_EQ(sweep.data.split.history, 3);
  EXPECT_EQ(sweep.front.size(), 2U);
  EXPECT_EQ(sweep.front[1].metric, "log_loss");
  EXPECT_EQ(sweep.search.seed, 7);
  EXPECT_EQ(sweep.resources.trials_per_pack, 16);
  EXPECT_EQ(sweep.resources.heartbeat_seconds, 0.5);
  EXPECT_EQ(sweep.trainer_command, (std::vector<std::string>{"python3", "my trainer.py", "--fast", "3"}));
}

TEST(ReadSweep, MakesTheSpaceInTheOrderOfTheSchemaWithConditions) {
  const SweepConfiguration sweep = sweep_of(k_rich);
  const Condition mlp{"model.head", {word("mlp")}};
  const SearchSpace expected{{
      {"model.head", Choice{{word("linear"), word("mlp")}}, std::nullopt},
      {"model.width", Choice{{std::int64_t{32}, std::int64_t{128}}}, mlp},
      {"model.depth", Uniform{1, 3, true}, mlp},
      {"model.user", Choice{{word("none"), word("embedding")}}, std::nullopt},
      {"model.embedding_size", LogUniform{2, 64, true},
       Condition{"model.user", {word("embedding"), word("offset"), word("linked")}}},
      {"method.name", Choice{{word("pooled"), word("reweighted"), word("group_dro")}}, std::nullopt},
      {"method.reweighted.strength", Uniform{0, 1}, Condition{"method.name", {word("reweighted")}}},
      {"training.learning_rate", LogUniform{1e-4, 0.1}, std::nullopt},
      {"training.weight_decay", Choice{{0.0, 0.01}}, std::nullopt},
  }};
  EXPECT_EQ(sweep.space, expected);
  EXPECT_EQ(sweep.settings.at("method.group_dro.step_size"), Value(0.001));  // fixed, for some configurations
}

TEST(ReadSweep, AFixedDecidingOptionNeedsNoCondition) {
  const SweepConfiguration sweep = sweep_of(
      changed(k_smallest, "{name: pooled}", "{name: group_dro, group_dro: {step_size: {log_uniform: [0.001, 1]}}}"));
  ASSERT_EQ(sweep.space.parameters.size(), 1U);
  EXPECT_EQ(sweep.space.parameters[0].path, "method.group_dro.step_size");
  EXPECT_FALSE(sweep.space.parameters[0].condition.has_value());
}

TEST(ReadSweep, AGridNeedsNoNumberOfConfigurations) {
  const SweepConfiguration sweep =
      sweep_of(changed(k_smallest, "{configurations: 4}", "{strategy: grid, grid_points: 3}"));
  EXPECT_EQ(sweep.search.configurations, 0);
  EXPECT_EQ(sweep.search.grid_points, 3);
}

TEST(ReadSweep, RemembersWhereEachValueComesFrom) {
  const SweepConfiguration sweep = sweep_of(k_smallest, {{"search.seed", "5"}});
  EXPECT_EQ(sweep.origins.at("sweep"), "s.yaml:1:8");
  EXPECT_EQ(sweep.origins.at("search.configurations"), "s.yaml:6:26");
  EXPECT_EQ(sweep.origins.at("front"), "s.yaml:5:8");
  EXPECT_EQ(sweep.origins.at("search.seed"), "--set");
  EXPECT_EQ(sweep.origins.at("training.epochs"), "default");
  EXPECT_EQ(sweep.origins.count("model.width"), 0U);  // of no meaning for a linear head
}

TEST(ReadSweep, TextsMayLookLikeOtherThings) {
  const SweepConfiguration sweep =
      sweep_of(changed(k_smallest, "use_case: a, population: b", "use_case: yes, population: 1998"));
  EXPECT_EQ(sweep.declaration.use_case, "yes");
  EXPECT_EQ(sweep.declaration.population, "1998");
  EXPECT_THAT(sweep.resolved, HasSubstr("use_case: \"yes\"\n"));
  EXPECT_THAT(sweep.resolved, HasSubstr("population: \"1998\"\n"));
}

TEST(ReadSweep, TakesFilesOfOtherEditors) {
  const std::string unix(k_smallest);
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : unix)
    windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(sweep_of(windows).resolved, sweep_of(unix).resolved);
  EXPECT_EQ(sweep_of("---\n" + unix + "...\n").resolved, sweep_of(unix).resolved);
}

TEST(Overrides, ReplaceValuesOfTheFile) {
  const SweepConfiguration sweep = sweep_of(
      k_rich,
      {{"training.epochs", "3"}, {"model.width", "{uniform: [8, 16]}"}, {"trainer.command", "[]"}, {"sweep", "b"}});
  EXPECT_EQ(sweep.settings.at("training.epochs"), Value(std::int64_t{3}));
  EXPECT_EQ(sweep.space.parameters.at(1).distribution, Distribution(Uniform(8, 16, true)));
  EXPECT_TRUE(sweep.trainer_command.empty());
  EXPECT_EQ(sweep.name, "b");
}

TEST(Overrides, CanGiveWhatTheFileLacks) {
  const std::string text = changed(k_smallest, "search: {configurations: 4}\n", "");
  EXPECT_FALSE(read_sweep_text(text, "s.yaml").ok());
  EXPECT_EQ(sweep_of(text, {{"search.configurations", "9"}}).search.configurations, 9);
}

TEST(Overrides, LeaveOutWhatLosesItsMeaning) {
  const SweepConfiguration sweep = sweep_of(k_rich, {{"method.name", "pooled"}, {"model.head", "linear"}});
  for (const Parameter& parameter : sweep.space.parameters) {
    EXPECT_FALSE(parameter.path.starts_with("method.") || parameter.path == "model.width") << parameter.path;
  }
  EXPECT_EQ(sweep.settings.count("method.group_dro.step_size"), 0U);
  EXPECT_THAT(sweep.resolved, Not(HasSubstr("strength")));
}

TEST(Overrides, AreAssignments) {
  EXPECT_EQ(parse_overrides({"a.b=c=d", "e="}), (Overrides{{"a.b", "c=d"}, {"e", ""}}));
  for (const char* argument : {"search.seed", "=3", ""}) {
    try {
      static_cast<void>(parse_overrides({argument}));
      FAIL() << argument;
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration);
      EXPECT_EQ(error.what(), std::string("--set \"") + argument +
                                  "\" is no assignment; write --set KEY=VALUE, for example --set search.seed=8");
    }
  }
}

TEST(Resolved, ReadsBackToTheSameSweep) {
  for (const std::string_view text : {k_smallest, k_rich}) {
    const SweepConfiguration sweep = sweep_of(text);
    const SweepConfiguration again = sweep_of(sweep.resolved);
    EXPECT_EQ(again.resolved, sweep.resolved);
    EXPECT_EQ(again.digest, sweep.digest);
    EXPECT_EQ(again.settings, sweep.settings);
    EXPECT_EQ(again.space, sweep.space);
    EXPECT_EQ(again.declaration.population, sweep.declaration.population);
    EXPECT_EQ(again.trainer_command, sweep.trainer_command);
  }
}

TEST(Resolved, DependsOnWhatIsSaidAndNotOnHow) {
  const std::string other = R"(
search:
  configurations: 4
front:
  - each: "group"
    metric: 'accuracy'
method: {"name": pooled}
data: {groups: {attribute: g}, file: "d.h5"}
training: {learning_rate: 1.0e-2, weight_decay: 0, clip_norm: 1}
declaration: {fairness: pareto, groups: c, population: b, use_case: a}
sweep: small
)";
  EXPECT_EQ(sweep_of(other).digest, sweep_of(k_smallest).digest);
  EXPECT_NE(sweep_of(k_smallest, {{"search.seed", "1"}}).digest, sweep_of(k_smallest).digest);
  EXPECT_EQ(sweep_of(k_smallest).digest, sha256(sweep_of(k_smallest).resolved));
}

TEST(Resolved, OptionsForPeopleHaveValueAndOrigin) {
  std::map<std::string, ResolvedOption> options;
  for (const ResolvedOption& option : resolved_options(sweep_of(k_rich, {{"search.seed", "8"}}))) {
    options[option.path] = option;
  }
  EXPECT_EQ(options.at("search.seed").value, "8");
  EXPECT_EQ(options.at("search.seed").origin, "--set");
  EXPECT_EQ(options.at("training.learning_rate").value, "{log_uniform: [1.0e-04, 0.1]}");
  EXPECT_EQ(options.at("model.width").value, "{choice: [32, 128]}");
  EXPECT_EQ(options.at("front").value, "[{metric: accuracy, each: group}, {metric: log_loss, each: all}]");
  EXPECT_EQ(options.at("trainer.command").value, "[python3, \"my trainer.py\", \"--fast\", \"3\"]");
  EXPECT_EQ(options.at("resources.threads_per_trainer").origin, "default");
}

TEST(TrialSettings, HoldOnlyWhatIsActive) {
  const SweepConfiguration sweep = sweep_of(k_rich);
  Settings pooled = trial_settings(sweep, {{"model.head", word("linear")},
                                           {"model.user", word("none")},
                                           {"method.name", word("pooled")},
                                           {"training.learning_rate", 0.5},
                                           {"training.weight_decay", 0.0}});
  EXPECT_EQ(pooled.count("method.group_dro.step_size"), 0U);
  EXPECT_EQ(pooled.count("model.width"), 0U);
  EXPECT_EQ(pooled.at("training.learning_rate"), Value(0.5));
  EXPECT_EQ(pooled.at("training.epochs"), Value(std::int64_t{12}));
  const Settings dro = trial_settings(sweep, {{"model.head", word("mlp")},
                                              {"model.width", std::int64_t{32}},
                                              {"model.depth", std::int64_t{2}},
                                              {"model.user", word("none")},
                                              {"method.name", word("group_dro")}});
  EXPECT_EQ(dro.at("method.group_dro.step_size"), Value(0.001));
  EXPECT_EQ(dro.at("model.width"), Value(std::int64_t{32}));
}

TEST(ShapeKey, LeavesOutStackedNumbersOnly) {
  const Settings base = trial_settings(sweep_of(changed(k_smallest, "{name: pooled}", "{name: group_dro}")), {});
  for (const char* path : {"training.learning_rate", "training.weight_decay", "training.warmup", "training.clip_norm",
                           "method.group_dro.step_size"}) {
    Settings other = base;
    ASSERT_EQ(other.count(path), 1U) << path;
    other.at(path) = 0.125;
    EXPECT_EQ(shape_key(other), shape_key(base)) << path;
  }
  const std::pair<const char*, Value> shaping[] = {{"training.epochs", std::int64_t{7}},
                                                   {"training.batch", std::int64_t{7}},
                                                   {"training.schedule", word("linear")},
                                                   {"training.early_stopping.patience", std::int64_t{7}},
                                                   {"training.early_stopping.watch", word("users")},
                                                   {"model.head", word("mlp")},
                                                   {"model.user", word("history")},
                                                   {"method.name", word("pooled")}};
  for (const auto& [path, value] : shaping) {
    Settings other = base;
    other.at(path) = value;
    EXPECT_NE(shape_key(other), shape_key(base)) << path;
  }
}

}  // namespace
}  // namespace fairsweep
