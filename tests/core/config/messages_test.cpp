#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/config/config_errors.hpp"
#include "core/config/read_sweep.hpp"
#include "core/config/schema.hpp"
#include "core/config/value_reader.hpp"
#include "core/diagnostics/errors.hpp"
#include "tests/core/config/sample_sweeps.hpp"

namespace fairsweep {
namespace {

using samples::changed;
using samples::k_rich;
using samples::k_smallest;
using ::testing::ElementsAreArray;

/// A text with one mistake and all that is said about it.
struct Case {
  std::string kind;  ///< the function of config_errors.hpp
  std::string text;
  std::vector<std::string> said;
  Overrides overrides{};
};

void PrintTo(const Case& shown, std::ostream* stream) { *stream << shown.kind << ": " << shown.said.at(0); }

/// The smallest sweep with one line more, which is line 7.
std::string with(const std::string& line) { return std::string(k_smallest) + line + "\n"; }

std::string nested(std::size_t levels) {
  return with("trainer: {command: " + std::string(levels, '[') + std::string(levels, ']') + "}");
}

std::vector<Case> whole_text_cases() {
  return {
      {"too_large",
       std::string((1U << 20U) + 1, '#'),
       {"s.yaml: larger than 1 MiB; a sweep is a page of text; is this the right file?"}},
      {"not_utf8", "sweep: caf\xE9\n", {"s.yaml:1:11: this byte is no UTF-8 text; save the file as UTF-8"}},
      {"not_utf8", "sweep: \xC0\xAF\n", {"s.yaml:1:8: this byte is no UTF-8 text; save the file as UTF-8"}},
      {"not_utf8", "a: \xED\xA0\x80\n", {"s.yaml:1:4: this byte is no UTF-8 text; save the file as UTF-8"}},
      {"not_utf8",
       "\xFF\xFE"
       "s",
       {"s.yaml:1:1: this byte is no UTF-8 text; save the file as UTF-8"}},
      {"control_character",
       std::string("sweep: a\0b\n", 11),
       {"s.yaml:1:9: a control character (code 0x00); remove it"}},
      {"control_character", "a: 1\nb: \x1B[0m\n", {"s.yaml:2:4: a control character (code 0x1b); remove it"}},
      {"tab_in_indentation", "model:\n\thead: mlp\n", {"s.yaml:2:1: a tab in the indentation; indent with spaces"}},
      {"too_deep",
       nested(31),
       {"s.yaml:7:50: more than 32 lists and mappings within each other; configs/REFERENCE.md shows how options are "
        "nested"}},
      {"not_yaml", "sweep: [a, b\n", {"s.yaml:2:1: not YAML: end of sequence flow not found"}},
      {"not_yaml", "sweep: a\n  data: b\n", {"s.yaml:2:7: not YAML: illegal map value"}},
      {"anchor",
       "sweep: &name a\n",
       {"s.yaml:1:8: anchors and aliases (& and *) are not allowed; write the value out, or put the text in quotes"}},
      {"anchor",
       "sweep: &name\n",
       {"s.yaml:1:8: anchors and aliases (& and *) are not allowed; write the value out, or put the text in quotes"}},
      {"anchor",
       "model: &m {head: mlp}\n",
       {"s.yaml:1:8: anchors and aliases (& and *) are not allowed; write the value out, or put the text in quotes"}},
      {"tag",
       "sweep: !!str a\n",
       {"s.yaml:1:8: the tag \"tag:yaml.org,2002:str\" is not allowed; remove it, or put the text in quotes"}},
      {"tag",
       "model: !x {head: mlp}\n",
       {"s.yaml:1:8: the tag \"!x\" is not allowed; remove it, or put the text in quotes"}},
      {"several_documents",
       std::string(k_smallest) + "---\nsweep: b\n",
       {"s.yaml:8:1: something follows the end of the first document; one file holds one sweep; remove the rest"}},
      {"empty_file",
       "",
       {"s.yaml:1:1: there is no configuration in it; configs/quickstart.yaml is a complete one to start from"}},
      {"empty_file",
       "# nothing but words\n",
       {"s.yaml:1:1: there is no configuration in it; configs/quickstart.yaml is a complete one to start from"}},
      {"not_a_sweep",
       "- a\n- b\n",
       {"s.yaml:1:1: a sweep is a mapping of options, not a list; configs/quickstart.yaml is a complete one to start "
        "from"}},
      {"not_a_sweep",
       "pareto\n",
       {"s.yaml:1:1: a sweep is a mapping of options, not \"pareto\"; configs/quickstart.yaml is a complete one to "
        "start "
        "from"}},
  };
}

std::vector<Case> key_cases() {
  const std::string top =
      "sweep, declaration, data, model, method, training, front, search, schedule, resources, trainer";
  return {
      {"unknown_key", with("modell: {head: mlp}"), {"s.yaml:7:1: unknown key \"modell\"; did you mean \"model\"?"}},
      {"unknown_key",
       with("training: {epoch: 3}"),
       {"s.yaml:7:12: unknown key \"epoch\" in \"training\"; did you mean \"epochs\"?"}},
      {"unknown_key",
       with("learning_rate: 3"),
       {"s.yaml:7:1: unknown key \"learning_rate\"; did you mean \"training.learning_rate\"?"}},
      {"unknown_key",
       with("model: {lerning_rate: 3}"),
       {"s.yaml:7:9: unknown key \"lerning_rate\" in \"model\"; did you mean \"training.learning_rate\"?"}},
      {"unknown_key",
       with("training.epochs: 3"),
       {"s.yaml:7:1: unknown key \"training.epochs\"; write it as a mapping: training: {epochs: ...}"}},
      {"unknown_key",
       with("something_else_altogether: 3"),
       {"s.yaml:7:1: unknown key \"something_else_altogether\"; known here: " + top}},
      {"unknown_key", with("\"a\\nb\": 3"), {"s.yaml:7:1: unknown key \"a\\nb\"; known here: " + top}},
      {"unknown_key", with("<<: {a: 3}"), {"s.yaml:7:1: unknown key \"<<\"; known here: " + top}},
      {"duplicate_key", with("sweep: other"), {"s.yaml:7:1: \"sweep\" is given twice, first at s.yaml:1:1; keep one"}},
      {"duplicate_key",
       with("training: {epochs: 3, batch: 5, epochs: 3}"),
       {"s.yaml:7:33: \"training.epochs\" is given twice, first at s.yaml:7:12; keep one"}},
      {"duplicate_key",
       with("model: {head: mlp}\nmodel: {user: none}"),
       {"s.yaml:8:1: \"model\" is given twice, first at s.yaml:7:1; keep one"}},
      {"duplicate_key",
       changed(k_smallest, "each: group", "each: group, each: all"),
       {"s.yaml:5:41: \"front[].each\" is given twice, first at s.yaml:5:28; keep one"}},
      {"key_is_no_name", with("[a]: 3"), {"s.yaml:7:1: a key that is no name; known here: " + top}},
      {"key_is_no_name",
       with("schedule: {~: none}"),
       {"s.yaml:7:12: a key that is no name in \"schedule\"; known here: name"}},
      {"unknown_column",
       changed(k_smallest, "each: group", "each: group, metrics: a"),
       {"s.yaml:5:41: unknown key \"metrics\" in \"front\"; did you mean \"metric\"?"}},
      {"unknown_column",
       changed(k_smallest, "each: group", "each: group, unit: a"),
       {"s.yaml:5:41: unknown key \"unit\" in \"front\"; known here: metric, each"}},
      {"missing",
       changed(k_smallest, "sweep: small\n", ""),
       {"s.yaml:1:1: \"sweep\" is missing; Name of the sweep and of its run directory."}},
      {"missing",
       changed(k_smallest, "population: b, ", ""),
       {"s.yaml:2:1: \"declaration.population\" is missing; Whose preferences these are."}},
      {"missing",
       changed(k_smallest, "{attribute: g}", "{}"),
       {"s.yaml:3:20: \"data.groups.attribute\" is missing; Attribute of the users, or of the comparisons, whose "
        "values are the groups."}},
      {"missing",
       changed(k_smallest, "search: {configurations: 4}\n", ""),
       {"s.yaml:1:1: \"search.configurations\" is missing; How many configurations are tried; 0 is every point of a "
        "grid or a list."}},
      {"missing",
       changed(k_smallest, ", each: group", ""),
       {"s.yaml:5:9: \"front[].each\" is missing; One axis for every group, or one over all users."}},
      {"not_a_section",
       with("training: 30"),
       {"s.yaml:7:11: \"training\" must be a mapping of options, not \"30\"; known here: epochs, batch, learning_rate, "
        "weight_decay, schedule, warmup, clip_norm, early_stopping"}},
      {"not_a_section",
       with("training: {early_stopping: [5]}"),
       {"s.yaml:7:28: \"training.early_stopping\" must be a mapping of options, not a list; known here: patience, "
        "watch"}},
      {"not_a_section",
       with("schedule:"),
       {"s.yaml:7:1: \"schedule\" must be a mapping of options, not nothing; known here: name"}},
  };
}

std::vector<Case> value_cases() {
  return {
      {"no_value",
       with("training: {epochs: }"),
       {"s.yaml:7:12: \"training.epochs\" has no value; write one, or remove the line to take the default, 30"}},
      {"no_value",
       with("resources: {trials_per_pack: ~}"),
       {"s.yaml:7:13: \"resources.trials_per_pack\" has no value; write one, or remove the line to take the default, "
        "auto"}},
      {"no_value",
       with("trainer: {command: null}"),
       {"s.yaml:7:11: \"trainer.command\" has no value; write one, or remove the line to take the default, []"}},
      {"no_value",
       changed(k_smallest, "name: pooled", "name: "),
       {"s.yaml:4:10: \"method.name\" has no value; What a trial optimises; docs/methods has a page for each."}},
      {"no_value",
       changed(k_smallest, "configurations: 4", "configurations: "),
       {"s.yaml:6:10: \"search.configurations\" has no value; How many configurations are tried; 0 is every point of a "
        "grid or a list."}},
      {"wrong_type",
       with("training: {epochs: many}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not \"many\""}},
      {"wrong_type",
       with("training: {epochs: 10.5}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not \"10.5\""}},
      {"wrong_type",
       with("training: {epochs: 10.0}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not \"10.0\"; write 10"}},
      {"wrong_type",
       with("training: {epochs: 010}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not \"010\"; some readers take a leading 0 for "
        "octal; "
        "write 10"}},
      {"wrong_type",
       with("training: {epochs: 0x1F}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not \"0x1F\"; write it in decimal: 31"}},
      {"wrong_type",
       with("training: {epochs: on}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not \"on\""}},
      {"wrong_type",
       with("training: {epochs: \"3\"}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not the text \"3\"; remove the quotes"}},
      {"wrong_type",
       with("training: {epochs: '3x'}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not the text \"3x\""}},
      {"wrong_type",
       with("training: {epochs: [3]}"),
       {"s.yaml:7:20: \"training.epochs\" must be a whole number, not a list"}},
      {"wrong_type",
       with("training: {learning_rate: .nan}"),
       {"s.yaml:7:27: \"training.learning_rate\" must be a number, not \".nan\"; it must be finite"}},
      {"wrong_type",
       with("training: {learning_rate: -.inf}"),
       {"s.yaml:7:27: \"training.learning_rate\" must be a number, not \"-.inf\"; it must be finite"}},
      {"wrong_type",
       with("resources: {trials_per_pack: automatic}"),
       {"s.yaml:7:30: \"resources.trials_per_pack\" must be a whole number or auto, not \"automatic\""}},
      {"wrong_type",
       changed(k_smallest, "sweep: small", "sweep: [small]"),
       {"s.yaml:1:8: \"sweep\" must be a text, not a list"}},
      {"wrong_type",
       changed(k_smallest, "sweep: small", "sweep: {small: 1}"),
       {"s.yaml:1:8: \"sweep\" must be a text, not a mapping"}},
      {"wrong_type",
       with("schedule: {name: [none]}"),
       {"s.yaml:7:18: \"schedule.name\" must be one of none, not a list"}},
      {"wrong_type",
       with("trainer: {command: python3}"),
       {"s.yaml:7:20: \"trainer.command\" must be a list of texts, such as [python3, trainer.py], not \"python3\""}},
      {"wrong_type",
       with("trainer: {command: [a, [b]]}"),
       {"s.yaml:7:24: \"trainer.command\" must be a list of texts, such as [python3, trainer.py], not a list with a "
        "list "
        "in it"}},
      {"wrong_type",
       changed(k_smallest, "[{metric: accuracy, each: group}]", "{metric: accuracy, each: group}"),
       {"s.yaml:5:8: \"front\" must be a list of mappings, such as [{metric: accuracy, each: group}], not a mapping"}},
      {"wrong_type",
       changed(k_smallest, "[{metric: accuracy, each: group}]", "[accuracy]"),
       {"s.yaml:5:9: \"front\" must be a list of mappings, such as [{metric: accuracy, each: group}], not a list with "
        "\"accuracy\" in it"}},
      {"out_of_range",
       with("training: {epochs: 0}"),
       {"s.yaml:7:20: \"training.epochs\" is 0; it must be at least 1 and at most 100000"}},
      {"out_of_range",
       with("training: {learning_rate: 0}"),
       {"s.yaml:7:27: \"training.learning_rate\" is 0; it must be above 0 and at most 10"}},
      {"out_of_range",
       with("training: {warmup: 0.6}"),
       {"s.yaml:7:20: \"training.warmup\" is 0.6; it must be at least 0 and at most 0.5"}},
      {"out_of_range",
       with("training: {epochs: 99999999999999999999}"),
       {"s.yaml:7:20: \"training.epochs\" is 99999999999999999999; it must be at least 1 and at most 100000"}},
      {"out_of_range",
       with("training: {clip_norm: 1e999}"),
       {"s.yaml:7:23: \"training.clip_norm\" is 1e999; it must be above 0 and at most 1000000000"}},
      {"out_of_range",
       with("resources: {trials_per_pack: 0}"),
       {"s.yaml:7:30: \"resources.trials_per_pack\" is 0; it must be at least 1 and at most 100000, or auto"}},
      {"not_one_of",
       changed(k_smallest, "fairness: pareto", "fairness: paretto"),
       {"s.yaml:2:64: \"declaration.fairness\" is \"paretto\"; it must be one of pareto, max_min, min_max_regret, "
        "weighted_regret, accuracy_gap; did you mean \"pareto\"?"}},
      {"not_one_of", with("model: {head: 3}"), {"s.yaml:7:15: \"model.head\" is \"3\"; it must be one of linear, mlp"}},
      {"not_one_of",
       changed(k_smallest, "metric: accuracy", "metric: f1"),
       {"s.yaml:5:18: \"front[].metric\" is \"f1\"; it must be one of accuracy, log_loss, calibration_error"}},
      {"bad_name",
       changed(k_smallest, "sweep: small", "sweep: My Sweep"),
       {"s.yaml:1:8: \"sweep\" is \"My Sweep\"; it names a directory; use at most 64 lower-case letters, digits, _ and "
        "-, a "
        "letter or digit first"}},
      {"bad_name",
       changed(k_smallest, "sweep: small", "sweep: ../up"),
       {"s.yaml:1:8: \"sweep\" is \"../up\"; it names a directory; use at most 64 lower-case letters, digits, _ and -, "
        "a "
        "letter or digit first"}},
      {"empty_text",
       changed(k_smallest, "use_case: a", "use_case: \" \""),
       {"s.yaml:2:25: \"declaration.use_case\" is empty; What the reward models are for."}},
      {"control_in_text",
       changed(k_smallest, "file: d.h5", "file: \"d\\0.h5\""),
       {"s.yaml:3:14: \"data.file\" has a control character in it; only spaces, tabs and line ends may be invisible"}},
  };
}

std::vector<Case> distribution_cases() {
  const auto rate = [](const std::string& value) { return with("training: {learning_rate: " + value + "}"); };
  return {
      {"not_tunable",
       changed(k_smallest, "configurations: 4", "configurations: {choice: [4, 8]}"),
       {"s.yaml:6:26: \"search.configurations\" cannot be a distribution; give one value; only options of model, "
        "method and "
        "training are searched"}},
      {"no_distribution",
       rate("{}"),
       {"s.yaml:7:27: \"training.learning_rate\" is an empty mapping; write a value, or a distribution such as "
        "{choice: [a, "
        "b]}"}},
      {"unknown_distribution",
       rate("{log_unifrom: [0.1, 1]}"),
       {"s.yaml:7:28: \"training.learning_rate\" has no distribution \"log_unifrom\"; did you mean \"log_uniform\"?"}},
      {"unknown_distribution",
       rate("{normal: [0.1, 1]}"),
       {"s.yaml:7:28: \"training.learning_rate\" has no distribution \"normal\"; write a value, {choice: [...]}, "
        "{uniform: "
        "[low, high]} or {log_uniform: [low, high]}"}},
      {"several_distributions",
       rate("{choice: [0.1], uniform: [0, 1]}"),
       {"s.yaml:7:43: \"training.learning_rate\" has more than one distribution; keep one of choice, uniform, "
        "log_uniform"}},
      {"range_of_words",
       with("model: {head: {uniform: [linear, mlp]}}"),
       {"s.yaml:7:25: \"model.head\" is no number and cannot be uniform; write {choice: [...]}"}},
      {"empty_choice",
       rate("{choice: []}"),
       {"s.yaml:7:36: \"training.learning_rate\" has a choice without values; write {choice: [a, b]}"}},
      {"empty_choice",
       rate("{choice: 0.1}"),
       {"s.yaml:7:36: \"training.learning_rate\" has a choice without values; write {choice: [a, b]}"}},
      {"repeated_choice",
       rate("{choice: [0.1, 0.2, 1e-1]}"),
       {"s.yaml:7:47: \"training.learning_rate\" has the choice \"1e-1\" twice; every value of a choice is as likely; "
        "keep "
        "one"}},
      {"not_two_bounds",
       rate("{uniform: [0.1, 0.2, 0.3]}"),
       {"s.yaml:7:37: \"training.learning_rate\" needs two bounds; write {uniform: [low, high]}"}},
      {"not_two_bounds",
       rate("{log_uniform: 0.1}"),
       {"s.yaml:7:41: \"training.learning_rate\" needs two bounds; write {log_uniform: [low, high]}"}},
      {"bounds_out_of_order",
       rate("{uniform: [0.2, 0.1]}"),
       {"s.yaml:7:37: \"training.learning_rate\" needs a lower bound below the upper one; write {uniform: [low, "
        "high]}, or one "
        "value"}},
      {"bounds_out_of_order",
       with("training: {epochs: {log_uniform: [3, 3]}}"),
       {"s.yaml:7:34: \"training.epochs\" needs a lower bound below the upper one; write {log_uniform: [low, high]}, "
        "or one "
        "value"}},
      {"logarithm_of_zero",
       with("training: {weight_decay: {log_uniform: [0, 0.1]}}"),
       {"s.yaml:7:41: \"training.weight_decay\" needs a lower bound above 0 for log_uniform; raise it, or use "
        "uniform"}},
      {"out_of_range",
       rate("{log_uniform: [0.1, 100]}"),
       {"s.yaml:7:47: \"training.learning_rate\" is 100; it must be above 0 and at most 10"}},
      {"wrong_type",
       with("training: {epochs: {uniform: [1, 2.5]}}"),
       {"s.yaml:7:34: \"training.epochs\" must be a whole number, not \"2.5\""}},
      {"no_value",
       rate("{choice: [0.1, ~]}"),
       {"s.yaml:7:42: \"training.learning_rate\" has no value; write one, or remove the line to take the default, "
        "0.01"}},
  };
}

std::vector<Case> dependency_cases() {
  return {
      {"only_with",
       with("model: {width: 32}"),
       {"s.yaml:7:16: \"model.width\" has a meaning only where model.head is mlp, and here it is linear; remove it, or "
        "change "
        "model.head"}},
      {"only_with",
       changed(k_smallest, "{name: pooled}", "{name: pooled, group_dro: {step_size: 0.1}}"),
       {"s.yaml:4:47: \"method.group_dro.step_size\" has a meaning only where method.name is group_dro, and here it is "
        "pooled; "
        "remove it, or change method.name"}},
      {"only_with",
       changed(k_smallest, "{name: pooled}",
               "{name: {choice: [pooled, reweighted]}, group_dro: {step_size: {uniform: [0.1, 1]}}}"),
       {"s.yaml:4:71: \"method.group_dro.step_size\" has a meaning only where method.name is group_dro, and here it is "
        "pooled "
        "or reweighted; remove it, or change method.name"}},
      {"only_with",
       changed(k_smallest, "{name: pooled}", "{name: group_dro, group_dro: {rule: worst_share, step_size: 0.1}}"),
       {"s.yaml:4:69: \"method.group_dro.step_size\" has a meaning only where method.group_dro.rule is "
        "exponentiated_gradient, and here it is worst_share; remove it, or change method.group_dro.rule"}},
      {"only_with",
       changed(k_smallest, "attribute: g}", "attribute: g}, split: {by: context, history: 2}"),
       {"s.yaml:3:74: \"data.split.history\" has a meaning only where data.split.by is user, and here it is context; "
        "remove "
        "it, or change data.split.by"}},
      {"only_with",
       changed(k_smallest, "configurations: 4", "configurations: 4, grid_points: 3"),
       {"s.yaml:6:42: \"search.grid_points\" has a meaning only where search.strategy is grid, and here it is sobol; "
        "remove "
        "it, or change search.strategy"}},
      {"only_with",
       std::string(k_smallest),
       {"--set model.depth=2: \"model.depth\" has a meaning only where model.head is mlp, and here it is linear; "
        "remove it, "
        "or change model.head"},
       {{"model.depth", "2"}}},
      {"shares_do_not_sum",
       changed(k_smallest, "attribute: g}", "attribute: g}, split: {train: 0.8}"),
       {"s.yaml:3:59: train, validation and test of \"data.split\" sum to 1.1, not to 1; change one of them"}},
      {"few_shot_without_history",
       changed(k_smallest, "attribute: g}", "attribute: g}, split: {few_shot: true}"),
       {"s.yaml:3:62: \"data.split.few_shot\" is true, but nothing is known of held-out users: \"data.split.history\" "
        "is 0; write data.split.history, for example 16, or leave few_shot out"}},
      {"stratified_by_unknown_groups",
       changed(k_smallest, "groups: {attribute: g}",
               "groups: {by: agreement}, split: {by: comparison, stratified: true}"),
       {"s.yaml:3:81: \"data.split.stratified\" is true, but groups by agreement are found in the training part and "
        "not "
        "known before; leave it out, or write data.groups.by: attribute"}},
      {"undefined_fairness",
       changed(k_smallest, "{name: pooled}", "{name: reward_fairness, reward_fairness: {beta: 0}}"),
       {"s.yaml:4:57: \"method.reward_fairness.beta\" comes within 0.001 of 0, where the fairness has the exponent 1 / "
        "beta; choose values below 0 (-1 is Jain's index), between 0 and 1, or above 1 with form: regularisation"}},
      {"undefined_fairness",
       changed(k_smallest, "{name: pooled}", "{name: reward_fairness, reward_fairness: {beta: {uniform: [0.5, 2]}}}"),
       {"s.yaml:4:57: \"method.reward_fairness.beta\" comes within 0.001 of 1, where the fairness says nothing; choose "
        "values below 0 (-1 is Jain's index), between 0 and 1, or above 1 with form: regularisation"}},
      {"undefined_fairness",
       changed(k_smallest, "{name: pooled}",
               "{name: reward_fairness, reward_fairness: {form: coefficient, beta: {choice: [-1, 2]}}}"),
       {"s.yaml:4:76: \"method.reward_fairness.beta\" is above 1, where the fairness is negative and has no real "
        "power; "
        "choose values below 0 (-1 is Jain's index), between 0 and 1, or above 1 with form: regularisation"}},
      {"membership_of_hard_groups",
       changed(k_smallest, "{name: pooled}", "{name: pafo_dvao, pafo_dvao: {membership: {choice: [soft, of_groups]}}}"),
       {"s.yaml:4:51: \"method.pafo_dvao.membership\" is of_groups, but the groups have no degrees of membership; "
        "write "
        "data.groups.membership: soft (by support_rate or agreement), or another membership here"}},
      {"condition_of_pafo_alone",
       changed(k_smallest, "{name: pooled}",
               "{name: {choice: [pafo, pafo_dvao]}, pafo: {condition: {choice: [group, agreement]}}}"),
       {"s.yaml:4:63: \"method.pafo.condition\" is agreement, which is for method pafo alone, and \"method.name\" can "
        "be pafo_dvao, whose targets are made by its membership; write group_and_correct or group, or leave pafo_dvao "
        "to a sweep of its own"}},
      {"ties_without_likelihood",
       changed(k_smallest, "attribute: g}", "attribute: g}, labels: {ties: keep}"),
       {"s.yaml:3:59: \"data.labels.ties\" is keep, and \"model.likelihood\" can be plackett_luce, under which nobody "
        "ever answers with a tie; write model.likelihood: davidson or rao_kupper, or data.labels.ties: drop"}},
      {"likelihood_without_ties",
       changed(k_smallest, "method:", "model: {likelihood: davidson}\nmethod:"),
       {"s.yaml:4:21: \"model.likelihood\" can be davidson, which learns from ties, and \"data.labels.ties\" drops "
        "them; "
        "write data.labels.ties: keep, or leave davidson out"}},
      {"method_reads_scores",
       changed(k_smallest, "method: {name: pooled}",
               "model: {likelihood: averaged_scale}\nmethod: {name: {choice: [pooled, first_order]}}"),
       {"s.yaml:4:21: \"model.likelihood\" can be averaged_scale and \"method.name\" can be first_order, which takes "
        "scores for the log-odds of plackett_luce; leave one of them to a sweep of its own"}},
      {"method_reads_margins",
       changed(changed(k_smallest, "attribute: g}", "attribute: g}, labels: {ties: keep}"), "method: {name: pooled}",
               "model: {likelihood: rao_kupper}\nmethod: {name: agreement}"),
       {"s.yaml:4:21: \"model.likelihood\" can be rao_kupper and \"method.name\" can be agreement, which takes margins "
        "for the log-odds of one of two answers, and a tie is neither; leave one of them to a sweep of its own"}},
      {"calibration_with_ties",
       changed(changed(changed(k_smallest, "attribute: g}", "attribute: g}, labels: {ties: keep}"),
                       "method:", "model: {likelihood: davidson}\nmethod:"),
               "metric: accuracy", "metric: calibration_error"),
       {"s.yaml:6:8: \"front\" has calibration_error, which is of answers that prefer something, and "
        "\"data.labels.ties\" keeps those that do not; use log_loss, which counts ties, or write data.labels.ties: "
        "drop"}},
      {"combination_of_one",
       changed(k_smallest, "attribute: g}", "by: combination, attributes: [sex]}"),
       {"s.yaml:3:58: \"data.groups.attributes\" must name at least two attributes; write data.groups.by: attribute "
        "for "
        "one"}},
      {"combination_with_itself",
       changed(k_smallest, "attribute: g}", "by: combination, attributes: [sex, age, sex]}"),
       {"s.yaml:3:58: \"data.groups.attributes\" names \"sex\" twice; name each attribute once"}},
      {"no_proportion",
       changed(k_smallest, "attribute: g}", "attribute: g}, split: {imbalance: [a=1, b=0]}"),
       {"s.yaml:3:63: \"data.split.imbalance\" has \"b=0\" in it, which is not of the form group=number; write such as "
        "[majority=10, minority=1]"}},
      {"imbalance_of_one",
       changed(k_smallest, "attribute: g}", "attribute: g}, split: {imbalance: [a=1]}"),
       {"s.yaml:3:63: \"data.split.imbalance\" names one group, which has nothing to be compared with; name at least "
        "two, such as [majority=10, minority=1]"}},
      {"lease_too_short",
       with("resources: {lease_seconds: 6, heartbeat_seconds: 2}"),
       {"s.yaml:7:28: \"resources.lease_seconds\" is 6; it must be above three heartbeats of 2 s; a worker would lose "
        "its "
        "trials while it works; write at least 8"}},
      {"lease_too_short",
       with("resources: {heartbeat_seconds: 20}"),
       {"s.yaml:7:32: \"resources.lease_seconds\" is 60; it must be above three heartbeats of 20 s; a worker would "
        "lose its "
        "trials while it works; write at least 80"}},
      {"configurations_needed",
       changed(k_smallest, "configurations: 4", "configurations: 0"),
       {"s.yaml:6:26: \"search.configurations\" is 0; the strategy sobol has no end; write how many to try; 0 is every "
        "point of a grid or a list"}},
      {"empty_list",
       changed(k_smallest, "configurations: 4", "strategy: listed, listed: []"),
       {"s.yaml:6:36: \"search.listed\" is empty; write at least one configuration, such as {training.learning_rate: "
        "0.01}"}},
      {"no_setting",
       changed(k_smallest, "configurations: 4", "strategy: listed, listed: [{training.learning_rat: 1}, {sweep: a}]"),
       {"s.yaml:6:38: \"search.listed\" has \"training.learning_rat\", which is no setting of trials; did you mean "
        "\"training.learning_rate\"?",
        "s.yaml:6:66: \"search.listed\" has \"sweep\", which is no setting of trials"}},
      {"wrong_type",
       changed(k_smallest, "configurations: 4", "strategy: listed, listed: [1]"),
       {"s.yaml:6:37: \"search.listed\" must be a list of mappings, such as [{training.learning_rate: 0.01}], not a "
        "list with \"1\" in it"}},
      {"too_many_trials",
       changed(k_smallest, "configurations: 4", "configurations: 100000000, replicates: 100"),
       {"s.yaml:6:26: 100000000 configurations x 100 replicates are more than 4294967295 trials; write fewer of one"}},
      {"empty_front",
       changed(k_smallest, "[{metric: accuracy, each: group}]", "[]"),
       {"s.yaml:5:8: \"front\" is empty; write at least one axis, such as {metric: accuracy, each: group}"}},
      {"repeated_axis",
       changed(k_smallest, "each: group}]", "each: group}, {each: group, metric: accuracy}]"),
       {"s.yaml:5:42: \"front\" has {metric: accuracy, each: group} twice; keep one"}},
  };
}

std::vector<Case> override_cases() {
  const std::string text(k_smallest);
  return {
      {"unknown_override",
       text,
       {"--set training.epoch=3: there is no option \"training.epoch\"; did you mean \"training.epochs\"?"},
       {{"training.epoch", "3"}}},
      {"unknown_override",
       text,
       {"--set seed=3: there is no option \"seed\"; did you mean \"search.seed\"?"},
       {{"seed", "3"}}},
      {"unknown_override",
       text,
       {"--set q=3: there is no option \"q\"; configs/REFERENCE.md has all options"},
       {{"q", "3"}}},
      {"section_override",
       text,
       {"--set training.early_stopping={}: \"training.early_stopping\" is a section; set its options one by one: "
        "patience, "
        "watch"},
       {{"training.early_stopping", "{}"}}},
      {"repeated_override",
       text,
       {"--set search.seed=2: \"search.seed\" is set twice; keep one --set of it"},
       {{"search.seed", "1"}, {"search.seed", "2"}}},
      {"wrong_type",
       text,
       {"--set search.seed=abc: \"search.seed\" must be a whole number, not \"abc\""},
       {{"search.seed", "abc"}}},
      {"no_value",
       text,
       {"--set search.seed=: \"search.seed\" has no value; write one, or remove the line to take the default, 0"},
       {{"search.seed", ""}}},
      {"not_yaml", text, {"--set search.seed=[1: not YAML: end of sequence flow not found"}, {{"search.seed", "[1"}}},
  };
}

class Messages : public ::testing::TestWithParam<Case> {};

TEST_P(Messages, SayWhereWhatAndWhatToDo) {
  const ReadResult result = read_sweep_text(GetParam().text, "s.yaml", GetParam().overrides);
  std::vector<std::string> said;
  for (const ConfigurationIssue& issue : result.issues)
    said.push_back(issue.text());
  EXPECT_THAT(said, ElementsAreArray(GetParam().said));
}

INSTANTIATE_TEST_SUITE_P(WholeText, Messages, ::testing::ValuesIn(whole_text_cases()));
INSTANTIATE_TEST_SUITE_P(Keys, Messages, ::testing::ValuesIn(key_cases()));
INSTANTIATE_TEST_SUITE_P(Values, Messages, ::testing::ValuesIn(value_cases()));
INSTANTIATE_TEST_SUITE_P(Distributions, Messages, ::testing::ValuesIn(distribution_cases()));
INSTANTIATE_TEST_SUITE_P(Dependencies, Messages, ::testing::ValuesIn(dependency_cases()));
INSTANTIATE_TEST_SUITE_P(Overrides, Messages, ::testing::ValuesIn(override_cases()));

TEST(AllMessages, HaveACase) {
  std::ifstream header(FAIRSWEEP_SOURCE_DIR "/core/config/config_errors.hpp");
  std::stringstream text;
  text << header.rdbuf();
  const std::string declarations = text.str();
  const std::string start = "Mistake ";
  std::set<std::string> kinds;
  for (auto at = declarations.find(start); at != std::string::npos; at = declarations.find(start, at + 1)) {
    const auto name = at + start.size();
    kinds.insert(declarations.substr(name, declarations.find('(', name) - name));
  }
  EXPECT_GT(kinds.size(), 40U);
  kinds.erase("more_mistakes");  // below
  for (const auto& cases :
       {whole_text_cases(), key_cases(), value_cases(), distribution_cases(), dependency_cases(), override_cases()}) {
    for (const Case& tested : cases)
      kinds.erase(tested.kind);
  }
  EXPECT_THAT(kinds, ::testing::IsEmpty());
}

TEST(DeepTexts, AreRefusedWithoutDeepRecursion) {
  for (const std::string part : {"[", "{", "- ", "? ", "[{", "{a: ", "a: [", "[? ", "{? ", "[a, ", "[: "}) {
    std::string text;
    while (text.size() + part.size() < (1U << 20U))
      text += part;
    EXPECT_FALSE(read_sweep_text(text, "s.yaml").ok()) << part;
  }
  std::string indented;
  for (std::size_t level = 0; level < 1000; ++level)
    indented.append(level, ' ').append("a:\n");
  EXPECT_FALSE(read_sweep_text(indented, "s.yaml").ok());
}

TEST(AllMistakes, AreSaidAtOnceInTheOrderOfTheirPlaces) {
  const std::string text = R"(sweep: A
declaration: {use_case: a, population: b, groups: c, fairness: paretto}
data: {file: d.h5, groups: {attribut: g}}
method: {name: pooled, reweighted: {strength: 0.5}}
front: [{metric: accuracy, each: group}]
search: {configurations: 4.5, seed: -1}
training: {epochs: 010, epochs: 3}
)";
  std::vector<std::string> places;
  for (const ConfigurationIssue& issue : read_sweep_text(text, "s.yaml", {{"seed", "1"}}).issues) {
    places.push_back(issue.text().substr(0, issue.text().find(": ")) + " " + issue.path);
  }
  EXPECT_THAT(places, ElementsAreArray({"s.yaml:1:8 sweep", "s.yaml:2:64 declaration.fairness",
                                        "s.yaml:3:20 data.groups.attribute", "s.yaml:3:29 data.groups.attribut",
                                        "s.yaml:4:47 method.reweighted.strength", "s.yaml:6:26 search.configurations",
                                        "s.yaml:6:37 search.seed", "s.yaml:7:20 training.epochs",
                                        "s.yaml:7:25 training.epochs", "--set seed=1 seed"}));
}

TEST(AllMistakes, AreCutAfterAHundred) {
  std::string text(k_smallest);
  for (int i = 0; i < 5000; ++i)
    text.append("key_number_").append(std::to_string(i)).append(": 1\n");
  const auto issues = read_sweep_text(text, "s.yaml").issues;
  ASSERT_EQ(issues.size(), 101U);
  EXPECT_EQ(issues.back().text(), "s.yaml: 4900 more mistakes are not shown; mend these first");
}

TEST(AllMistakes, AreOneErrorForWhoeverRunsTheSweep) {
  const std::string file = ::testing::TempDir() + "fairsweep_two_mistakes.yaml";
  std::ofstream(file) << changed(changed(k_smallest, "pooled", "poled"), "configurations: 4", "configurations: x");
  std::string methods;
  for (const std::string& method : find_field("method.name")->words)
    methods += (methods.empty() ? "" : ", ") + method;
  try {
    static_cast<void>(read_sweep_file(file));
    FAIL() << "two mistakes were taken";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_EQ(error.what(), file + ":4:16: \"method.name\" is \"poled\"; it must be one of " + methods +
                                "; did you mean \"pooled\"?\n" + file +
                                ":6:26: \"search.configurations\" must be a whole number, not \"x\"");
  }
}

TEST(Files, ThatCannotBeReadAreNamed) {
  const auto message_of = [](const std::string& file) -> std::string {
    try {
      static_cast<void>(read_sweep_file(file));
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration);
      return error.what();
    }
    return "nothing was thrown";
  };
  EXPECT_EQ(message_of("/no/such.yaml"), "cannot read \"/no/such.yaml\": No such file or directory");
  EXPECT_EQ(message_of("/tmp"), "cannot read \"/tmp\": Is a directory");
  EXPECT_EQ(message_of("/dev/zero"),
            "/dev/zero: larger than 1 MiB; a sweep is a page of text; is this the right file?");
}

TEST(Booleans, AreTrueOrFalse) {
  const Field field{.path = "some.switch", .kind = FieldKind::boolean};
  const auto said = [&](const std::string& text, bool plain) -> std::string {
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.plain = plain;
    node.text = text;
    MistakeList mistakes({"s.yaml"});
    const auto value = read_option(field, node, mistakes);
    return value ? to_text(std::get<Value>(*value)) : mistakes.issues().at(0).text();
  };
  EXPECT_EQ(said("true", true), "true");
  EXPECT_EQ(said("false", true), "false");
  EXPECT_EQ(said("yes", true), "s.yaml: \"some.switch\" must be true or false, not \"yes\"; write true");
  EXPECT_EQ(said("off", true), "s.yaml: \"some.switch\" must be true or false, not \"off\"; write false");
  EXPECT_EQ(said("true", false), "s.yaml: \"some.switch\" must be true or false, not \"true\"; remove the quotes");
  EXPECT_EQ(said("2", true), "s.yaml: \"some.switch\" must be true or false, not \"2\"");
}

TEST(Quotes, ShortenAndEscape) {
  EXPECT_EQ(config_errors::in_quotes("a\nb\tc\x01"), "\"a\\nb\\tc\\x01\"");
  EXPECT_EQ(config_errors::in_quotes(std::string(1000, 'a')), std::string(1, '"').append(60, 'a').append("...\""));
  EXPECT_EQ(config_errors::in_quotes("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
  EXPECT_EQ(config_errors::in_quotes("caf\xE9"), "\"caf\\xe9\"");
}

}  // namespace
}  // namespace fairsweep
