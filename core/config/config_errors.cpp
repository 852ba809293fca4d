#include "core/config/config_errors.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/config/utf8_text.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep::config_errors {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string meant(std::string_view name, const std::vector<std::string>& candidates) {
  const auto nearest = nearest_name(name, candidates);
  return nearest ? "did you mean \"" + *nearest + "\"?" : std::string();
}

std::string option(std::string_view path) {
  std::string text = "\"";
  text += path;
  return text += '"';
}

std::string in_section(std::string_view section) { return section.empty() ? std::string() : " in " + option(section); }

std::string or_word(const Field& field) {
  return field.word_for_zero.empty() ? std::string() : " or " + field.word_for_zero;
}

/// "must be a whole number"
std::string expected(const Field& field) {
  switch (field.kind) {
    case FieldKind::boolean:
      return "must be true or false";
    case FieldKind::integer:
      return "must be a whole number" + or_word(field);
    case FieldKind::real:
      return "must be a number" + or_word(field);
    case FieldKind::text:
    case FieldKind::name:
      return "must be a text";
    case FieldKind::enumeration:
      return "must be one of " + joined(field.words);
    case FieldKind::texts:
      return "must be a list of texts, such as [python3, trainer.py]";
    case FieldKind::records:
      return "must be a list of mappings, such as [{metric: accuracy, each: group}]";
    case FieldKind::settings:
      return "must be a list of mappings, such as [{training.learning_rate: 0.01}]";
  }
  return "has another type";
}

std::string hex(std::uint32_t code) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  return {k_digits[(code >> 4U) & 15U], k_digits[code & 15U]};
}

Mistake about(const Field& field, std::string text, std::string hint = {}) {
  return {field.path, option(field.path) + " " + std::move(text), std::move(hint)};
}

std::string fallback_text(const Field& field) {
  if (field.kind == FieldKind::texts)
    return "[]";
  if (!field.word_for_zero.empty())
    return field.word_for_zero;
  return to_text(*field.fallback);
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t k_most = 60;
  std::string shown = "\"";
  for (std::size_t i = 0; i < text.size();) {
    if (i >= k_most) {
      shown += "...";
      break;
    }
    const auto character = character_at(text, i);
    const std::uint32_t code = character ? character->code : static_cast<unsigned char>(text[i]);
    const std::size_t bytes = character ? character->bytes : 1;
    if (code == '\n') {
      shown += "\\n";
    } else if (code == '\t') {
      shown += "\\t";
    } else if (!character || is_control(code)) {
      shown += "\\x" + hex(code);
    } else {
      shown += text.substr(i, bytes);
    }
    i += bytes;
  }
  return shown + "\"";
}

Mistake too_large() { return {"", "larger than 1 MiB", "a sweep is a page of text; is this the right file?"}; }
Mistake not_utf8() { return {"", "this byte is no UTF-8 text", "save the file as UTF-8"}; }
Mistake control_character(std::uint32_t code) {
  return {"", "a control character (code 0x" + hex(code) + ")", "remove it"};
}
Mistake tab_in_indentation() { return {"", "a tab in the indentation", "indent with spaces"}; }
Mistake too_deep() {
  return {"", "more than 32 lists and mappings within each other", "configs/REFERENCE.md shows how options are nested"};
}
Mistake not_yaml(std::string_view reason) { return {"", "not YAML: " + std::string(reason), ""}; }
Mistake anchor() {
  return {"", "anchors and aliases (& and *) are not allowed", "write the value out, or put the text in quotes"};
}
Mistake tag(std::string_view tag) {
  return {"", "the tag " + in_quotes(tag) + " is not allowed", "remove it, or put the text in quotes"};
}
Mistake several_documents() {
  return {"", "something follows the end of the first document", "one file holds one sweep; remove the rest"};
}
Mistake empty_file() {
  return {"", "there is no configuration in it", "configs/quickstart.yaml is a complete one to start from"};
}
Mistake not_a_sweep(std::string_view found) {
  return {"", "a sweep is a mapping of options, not " + std::string(found),
          "configs/quickstart.yaml is a complete one to start from"};
}
Mistake more_mistakes(std::size_t count) {
  return {"", std::to_string(count) + " more mistakes are not shown", "mend these first"};
}

Mistake unknown_key(std::string_view section, std::string_view key, std::string hint) {
  const std::string path = (section.empty() ? "" : std::string(section) + ".") + std::string(key);
  if (hint.empty())
    hint = "known here: " + joined(names_below(section));
  return {path, "unknown key " + in_quotes(key) + in_section(section), std::move(hint)};
}
Mistake duplicate_key(const std::string& path, std::string_view first_place) {
  return {path, in_quotes(path) + " is given twice, first at " + std::string(first_place), "keep one"};
}
Mistake key_is_no_name(std::string_view section) {
  return {std::string(section), "a key that is no name" + in_section(section),
          "known here: " + joined(names_below(section))};
}
Mistake unknown_column(const Field& list, std::string_view key) {
  const std::vector<std::string> names = column_names(list);
  std::string hint = meant(key, names);
  if (hint.empty())
    hint = "known here: " + joined(names);
  return {list.path, "unknown key " + in_quotes(key) + in_section(list.path), std::move(hint)};
}
Mistake missing(const Field& field) { return about(field, "is missing", field.help); }
Mistake not_a_section(const std::string& path, std::string_view found) {
  return {path, option(path) + " must be a mapping of options, not " + std::string(found),
          "known here: " + joined(names_below(path))};
}

Mistake no_value(const Field& field) {
  const bool optional = field.fallback && !field.required_unless;
  return about(field, "has no value",
               optional ? "write one, or remove the line to take the default, " + fallback_text(field) : field.help);
}
Mistake wrong_type(const Field& field, std::string_view found, std::string hint) {
  return about(field, expected(field) + ", not " + std::string(found), std::move(hint));
}
Mistake out_of_range(const Field& field, std::string_view found) {
  std::string bounds = field.range.text();
  if (bounds.empty())
    bounds = "a number that a computer can hold";
  if (!field.word_for_zero.empty())
    bounds += ", or " + field.word_for_zero;
  return about(field, "is " + std::string(found) + "; it must be " + bounds);
}
Mistake not_one_of(const Field& field, std::string_view found) {
  return about(field, "is " + in_quotes(found) + "; it " + expected(field), meant(found, field.words));
}
Mistake bad_name(const Field& field, std::string_view found) {
  return about(field, "is " + in_quotes(found) + "; it names a directory",
               "use at most 64 lower-case letters, digits, _ and -, a letter or digit first");
}
Mistake empty_text(const Field& field) { return about(field, "is empty", field.help); }
Mistake control_in_text(const Field& field) {
  return about(field, "has a control character in it", "only spaces, tabs and line ends may be invisible");
}

Mistake not_tunable(const Field& field) {
  return about(field, "cannot be a distribution",
               "give one value; only options of model, method and training are searched");
}
Mistake no_distribution(const Field& field) {
  return about(field, "is an empty mapping", "write a value, or a distribution such as {choice: [a, b]}");
}
Mistake unknown_distribution(const Field& field, std::string_view key) {
  const std::vector<std::string> known = {"choice", "uniform", "log_uniform"};
  std::string hint = meant(key, known);
  if (hint.empty())
    hint = "write a value, {choice: [...]}, {uniform: [low, high]} or {log_uniform: [low, high]}";
  return about(field, "has no distribution " + in_quotes(key), std::move(hint));
}
Mistake several_distributions(const Field& field) {
  return about(field, "has more than one distribution", "keep one of choice, uniform, log_uniform");
}
Mistake range_of_words(const Field& field, std::string_view distribution) {
  return about(field, "is no number and cannot be " + std::string(distribution), "write {choice: [...]}");
}
Mistake empty_choice(const Field& field) {
  return about(field, "has a choice without values", "write {choice: [a, b]}");
}
Mistake repeated_choice(const Field& field, std::string_view value) {
  return about(field, "has the choice " + in_quotes(value) + " twice",
               "every value of a choice is as likely; keep one");
}
Mistake not_two_bounds(const Field& field, std::string_view distribution) {
  return about(field, "needs two bounds", "write {" + std::string(distribution) + ": [low, high]}");
}
Mistake bounds_out_of_order(const Field& field, std::string_view distribution) {
  return about(field, "needs a lower bound below the upper one",
               "write {" + std::string(distribution) + ": [low, high]}, or one value");
}
Mistake logarithm_of_zero(const Field& field) {
  return about(field, "needs a lower bound above 0 for log_uniform", "raise it, or use uniform");
}

std::string condition_text(const Condition& condition) {
  std::string text;
  for (const Value& value : condition.values)
    text += (text.empty() ? "" : " or ") + to_text(value);
  return condition.path + " is " + text;
}

Mistake only_with(const Field& field, const Condition& condition, std::string_view actual) {
  return about(field,
               "has a meaning only where " + condition_text(condition) + ", and here it is " + std::string(actual),
               "remove it, or change " + condition.path);
}
Mistake undefined_fairness(std::string_view what) {
  return {"method.reward_fairness.beta", "\"method.reward_fairness.beta\" " + std::string(what),
          "choose values below 0 (-1 is Jain's index), between 0 and 1, or above 1 with form: regularisation"};
}
Mistake shares_do_not_sum(double sum) {
  return {"data.split", "train, validation and test of \"data.split\" sum to " + number_text(sum) + ", not to 1",
          "change one of them"};
}
Mistake few_shot_without_history() {
  return {"data.split.few_shot",
          "\"data.split.few_shot\" is true, but nothing is known of held-out users: \"data.split.history\" is 0",
          "write data.split.history, for example 16, or leave few_shot out"};
}
Mistake stratified_by_unknown_groups(std::string_view by) {
  return {"data.split.stratified",
          "\"data.split.stratified\" is true, but groups by " + std::string(by) +
              " are found in the training part and not known before",
          "leave it out, or write data.groups.by: attribute"};
}
Mistake condition_of_pafo_alone(std::string_view condition) {
  return {"method.pafo.condition",
          "\"method.pafo.condition\" is " + std::string(condition) +
              ", which is for method pafo alone, and \"method.name\" can be pafo_dvao, whose targets are made by its "
              "membership",
          "write group_and_correct or group, or leave pafo_dvao to a sweep of its own"};
}
Mistake ties_without_likelihood(std::string_view likelihood) {
  return {"data.labels.ties",
          "\"data.labels.ties\" is keep, and \"model.likelihood\" can be " + std::string(likelihood) +
              ", under which nobody ever answers with a tie",
          "write model.likelihood: davidson or rao_kupper, or data.labels.ties: drop"};
}
Mistake likelihood_without_ties(std::string_view likelihood) {
  return {"model.likelihood",
          "\"model.likelihood\" can be " + std::string(likelihood) +
              ", which learns from ties, and \"data.labels.ties\" drops them",
          "write data.labels.ties: keep, or leave " + std::string(likelihood) + " out"};
}
Mistake method_reads_scores(std::string_view method, std::string_view likelihood) {
  return {"model.likelihood",
          "\"model.likelihood\" can be " + std::string(likelihood) + " and \"method.name\" can be " +
              std::string(method) + ", which takes scores for the log-odds of plackett_luce",
          "leave one of them to a sweep of its own"};
}
Mistake method_reads_margins(std::string_view method, std::string_view likelihood) {
  return {"model.likelihood",
          "\"model.likelihood\" can be " + std::string(likelihood) + " and \"method.name\" can be " +
              std::string(method) +
              ", which takes margins for the log-odds of one of two answers, and a tie is neither",
          "leave one of them to a sweep of its own"};
}
Mistake calibration_with_ties() {
  return {"front",
          "\"front\" has calibration_error, which is of answers that prefer something, and \"data.labels.ties\" "
          "keeps those that do not",
          "use log_loss, which counts ties, or write data.labels.ties: drop"};
}
Mistake membership_of_hard_groups(std::string_view path) {
  return {std::string(path), option(path) + " is of_groups, but the groups have no degrees of membership",
          "write data.groups.membership: soft (by support_rate or agreement), or another membership here"};
}
Mistake combination_of_one() {
  return {"data.groups.attributes", "\"data.groups.attributes\" must name at least two attributes",
          "write data.groups.by: attribute for one"};
}
Mistake combination_with_itself(std::string_view attribute) {
  return {"data.groups.attributes", "\"data.groups.attributes\" names " + in_quotes(attribute) + " twice",
          "name each attribute once"};
}
Mistake no_proportion(std::string_view text) {
  return {"data.split.imbalance",
          "\"data.split.imbalance\" has " + in_quotes(text) + " in it, which is not of the form group=number",
          "write such as [majority=10, minority=1]"};
}
Mistake imbalance_of_one() {
  return {"data.split.imbalance", "\"data.split.imbalance\" names one group, which has nothing to be compared with",
          "name at least two, such as [majority=10, minority=1]"};
}
Mistake lease_too_short(double lease, double heartbeat) {
  return {"resources.lease_seconds",
          "\"resources.lease_seconds\" is " + number_text(lease) + "; it must be above three heartbeats of " +
              number_text(heartbeat) + " s",
          "a worker would lose its trials while it works; write at least " + number_text(4 * heartbeat)};
}
Mistake configurations_needed(std::string_view strategy) {
  return {"search.configurations",
          "\"search.configurations\" is 0; the strategy " + std::string(strategy) + " has no end",
          "write how many to try; 0 is every point of a grid or a list"};
}
Mistake too_many_trials(std::int64_t configurations, std::int64_t replicates) {
  return {"search.configurations",
          std::to_string(configurations) + " configurations x " + std::to_string(replicates) +
              " replicates are more than 4294967295 trials",
          "write fewer of one"};
}
Mistake empty_list(const Field& field) {
  return about(field, "is empty", "write at least one configuration, such as {training.learning_rate: 0.01}");
}
Mistake no_setting(const Field& list, std::string_view key) {
  std::vector<std::string> paths;
  for (const Field& field : sweep_schema()) {
    if (field.tunable)
      paths.push_back(field.path);
  }
  return about(list, "has " + in_quotes(key) + ", which is no setting of trials", meant(key, paths));
}
Mistake empty_front(const Field& field) {
  return about(field, "is empty", "write at least one axis, such as {metric: accuracy, each: group}");
}
Mistake repeated_axis(std::string_view metric, std::string_view each) {
  return {"front", "\"front\" has {metric: " + std::string(metric) + ", each: " + std::string(each) + "} twice",
          "keep one"};
}

Mistake unknown_override(std::string_view path) {
  std::vector<std::string> paths;
  for (const Field& field : sweep_schema())
    paths.push_back(field.path);
  std::string hint = meant(path, paths);
  // A bare name is the end of a path more often than a mistyped path.
  for (const std::string& known : paths) {
    if (hint.empty() && leaf_name(known) == path)
      hint = "did you mean \"" + known + "\"?";
  }
  if (hint.empty())
    hint = "configs/REFERENCE.md has all options";
  return {std::string(path), "there is no option " + in_quotes(path), std::move(hint)};
}
Mistake section_override(std::string_view path) {
  return {std::string(path), option(path) + " is a section",
          "set its options one by one: " + joined(names_below(path))};
}
Mistake repeated_override(const std::string& path) {
  return {path, option(path) + " is set twice", "keep one --set of it"};
}

}  // namespace fairsweep::config_errors
