#include "tests/core/config/random_sweep.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "core/config/likelihood_schema.hpp"
#include "core/config/schema.hpp"

namespace fairsweep::samples {
namespace {

class Generator {
 public:
  explicit Generator(std::mt19937_64& random) : random_(random) {}

  std::string sweep() {
    for (const Field& field : sweep_schema()) {
      if (!active(field))
        continue;
      const bool required = !field.fallback || (field.required_unless && !is(*field.required_unless));
      if (required || chance(0.5))
        write(field);
    }
    settle_shares();
    settle_people();
    settle_fairness();
    settle_teachers();
    settle_likelihood();
    settle_lease();
    std::string text;
    write_section(text, "", 0);
    return text;
  }

 private:
  bool chance(double probability) { return std::bernoulli_distribution(probability)(random_); }
  std::int64_t below(std::int64_t count) { return std::uniform_int_distribution<std::int64_t>(0, count - 1)(random_); }
  template <typename List>
  const typename List::value_type& one_of(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
  }

  /// The words an option can have; its default where it is not written.
  [[nodiscard]] std::vector<std::string> words_of(const std::string& path) const {
    const auto written = words_.find(path);
    if (written != words_.end())
      return written->second;
    return {std::get<std::string>(*find_field(path)->fallback)};
  }
  [[nodiscard]] bool is(const Condition& condition) const {
    for (const std::string& word : words_of(condition.path)) {
      if (std::count(condition.values.begin(), condition.values.end(), Value(word)) > 0)
        return true;
    }
    return false;
  }
  [[nodiscard]] bool active(const Field& field) const {
    return !field.only_with || (is(*field.only_with) && active(*find_field(field.only_with->path)));
  }

  void write(const Field& field) {
    if (field.tunable && chance(0.4)) {
      values_[field.path] = distribution(field);
      return;
    }
    switch (field.kind) {
      case FieldKind::texts: {  // different ones: a combination names an attribute once
        const std::string first = quoted();
        std::string second = quoted();
        while (second == first)
          second = quoted();
        values_[field.path] = "[" + first + ", " + second + "]";
        return;
      }
      case FieldKind::records:
        values_[field.path] = front();
        return;
      case FieldKind::settings:
        values_[field.path] = "[{}, {training.learning_rate: " + to_text(real(*find_field("training.learning_rate"))) +
                              ", method.name: pooled}]";
        return;
      default:
        values_[field.path] = value(field);
    }
    if (field.kind == FieldKind::enumeration)
      words_[field.path] = {values_[field.path]};
  }

  std::string value(const Field& field) {
    switch (field.kind) {
      case FieldKind::boolean:
        return chance(0.5) ? "true" : "false";
      case FieldKind::integer:
        if (!field.word_for_zero.empty() && chance(0.3))
          return field.word_for_zero;
        return whole_number(field);
      case FieldKind::real:
        return to_text(real(field));
      case FieldKind::name:
        return chance(0.5) ? "sweep-1_b" : "0";
      case FieldKind::enumeration:
        return one_of(field.words);
      default:
        return quoted();
    }
  }

  /// Not 0, which only a grid may have.
  std::string whole_number(const Field& field) {
    const auto low = std::max<std::int64_t>(1, static_cast<std::int64_t>(*field.range.low));
    const auto high = std::min<std::int64_t>(1000, static_cast<std::int64_t>(*field.range.high));
    return std::to_string(low + below(high - low + 1));
  }

  double real(const Field& field) {
    const double share = std::uniform_real_distribution<double>(1e-6, 0.999)(random_);
    const double high = std::min(*field.range.high, chance(0.5) ? 1.0 : 1e4);
    return chance(0.5) ? share * high : high * std::pow(10.0, -9 * share);
  }

  std::string distribution(const Field& field) {
    const bool number = field.kind == FieldKind::integer || field.kind == FieldKind::real;
    if (!number || chance(0.3)) {
      std::vector<std::string> values;
      for (std::int64_t i = 1 + below(4); i > 0; --i) {
        const std::string next = value(field);
        if (std::count(values.begin(), values.end(), next) == 0)
          values.push_back(next);
      }
      if (!number)
        words_[field.path] = values;
      return "{choice: [" + joined(values) + "]}";
    }
    double low = 0;
    double high = 0;
    while (low >= high) {
      const double least = std::max(1.0, field.range.low.value_or(1.0));
      low = field.kind == FieldKind::integer ? least + static_cast<double>(below(4)) : real(field);
      high = field.kind == FieldKind::integer ? least + static_cast<double>(below(8)) : real(field);
    }
    const bool integer = field.kind == FieldKind::integer;
    const std::string bounds = (integer ? std::to_string(static_cast<std::int64_t>(low)) : to_text(low)) + ", " +
                               (integer ? std::to_string(static_cast<std::int64_t>(high)) : to_text(high));
    return (chance(0.5) ? "{uniform: [" : "{log_uniform: [") + bounds + "]}";
  }

  std::string front() {
    std::vector<std::string> lines;
    for (const char* metric : {"accuracy", "log_loss"}) {
      for (const char* each : {"group", "all"}) {
        if (lines.empty() || chance(0.4)) {
          lines.push_back(std::string("{metric: ") + metric + ", each: " + each + "}");
        }
      }
    }
    std::shuffle(lines.begin(), lines.end(), random_);
    return "[" + joined(lines) + "]";
  }

  /// A double-quoted text of characters that have a meaning in YAML, invisible ones and letters of several alphabets.
  std::string quoted() {
    static const std::array<std::string, 28> k_pieces = {"a",
                                                         "Z",
                                                         "0",
                                                         " ",
                                                         ": ",
                                                         "#",
                                                         " #",
                                                         "- ",
                                                         "{",
                                                         "}",
                                                         "[",
                                                         "]",
                                                         ",",
                                                         "&",
                                                         "*",
                                                         "!",
                                                         "|",
                                                         "'",
                                                         "%",
                                                         "@",
                                                         "\\\"",
                                                         "\\\\",
                                                         "\\n",
                                                         "\\t",
                                                         "\xC3\xA9",
                                                         "\xE2\x82\xAC",
                                                         "\xF0\x9F\x99\x82",
                                                         "\\u2028"};
    std::string text = "\"x";
    for (std::int64_t i = below(12); i > 0; --i)
      text += one_of(k_pieces);
    return text + "\"";
  }

  /// An index that is defined, in either form.
  void settle_fairness() {
    const auto beta = values_.find("method.reward_fairness.beta");
    if (beta != values_.end())
      beta->second = chance(0.5) ? to_text(-real(*find_field("training.warmup")) - 0.01) : "{uniform: [0.25, 0.75]}";
  }

  void settle_shares() {
    if (!chance(0.5)) {
      for (const char* part : {"train", "validation", "test"})
        values_.erase(std::string("data.split.") + part);
      return;
    }
    const double train = 0.01 + 0.9 * std::uniform_real_distribution<double>(0, 1)(random_);
    const double validation = (1 - train) * 0.375;
    values_["data.split.train"] = to_text(train);
    values_["data.split.validation"] = to_text(validation);
    values_["data.split.test"] = to_text(1 - train - validation);
  }

  void settle_people() {
    if (values_.contains("data.split.imbalance"))
      values_["data.split.imbalance"] = "[a=10, " + quoted().substr(0, 2) + "=b c=0.5\"]";
    if (!is({"data.groups.by", {Value(std::string("attribute")), Value(std::string("combination"))}}))
      values_.erase("data.split.stratified");
    if (!values_.contains("data.split.history") || values_["data.split.history"] == "0")
      values_.erase("data.split.few_shot");
    const bool soft =
        values_.contains("data.groups.membership") && is({"data.groups.membership", {Value(std::string("soft"))}});
    for (const std::string method : {"method.pafo_dvao.", "method.dvao_listwise."}) {
      if (soft || !mentions(method + "membership", "of_groups"))
        continue;
      // Those that depend on the word that was there go with it.
      for (const char* path : {"membership", "softness", "minority_weight"})
        values_.erase(method + path);
    }
  }

  /// The value is, or may come to be, that word.
  [[nodiscard]] bool mentions(const std::string& path, const std::string& word) const {
    const auto value = values_.find(path);
    return value != values_.end() && value->second.find(word) != std::string::npos;
  }

  void settle_teachers() {
    if (!mentions("method.name", "pafo_dvao"))
      return;
    for (const char* condition : {"agreement", "soft_membership", "average"}) {
      if (!mentions("method.pafo.condition", condition))
        continue;
      for (const char* path : {"condition", "gate", "softness"})
        values_.erase(std::string("method.pafo.") + path);
    }
  }

  /// Methods that read scores or margins go with some likelihoods, and ties with some others: these sweeps have either
  /// a method that goes with all, or the likelihood that does.
  void settle_likelihood() {
    values_.erase("data.labels.ties");
    bool any = mentions("model.likelihood", "davidson") || mentions("model.likelihood", "rao_kupper");
    for (const Words* methods : {&methods_that_read_scores(), &methods_that_read_margins()}) {
      for (const std::string& method : *methods)
        any = any || mentions("method.name", method);
    }
    if (!any)
      return;
    values_.erase("model.likelihood");
    values_.erase("model.scale");
  }

  void settle_lease() {
    const double heartbeat = 0.001 + std::uniform_real_distribution<double>(0, 100)(random_);
    values_["resources.heartbeat_seconds"] = to_text(heartbeat);
    values_["resources.lease_seconds"] = to_text(heartbeat * 3.5);
  }

  void write_section(std::string& text, const std::string& section, std::size_t level) {
    std::vector<std::string> names = names_below(section);
    std::shuffle(names.begin(), names.end(), random_);
    for (const std::string& name : names) {
      const std::string path = section.empty() ? name : section + "." + name;
      const std::string start = std::string(2 * level, ' ') + (chance(0.2) ? "\"" + name + "\"" : name) + ":";
      const auto found = values_.find(path);
      if (found != values_.end()) {
        text += start + " " + found->second + (chance(0.1) ? "  # a comment\n" : "\n");
      } else if (std::any_of(values_.begin(), values_.end(),
                             [&](const auto& entry) { return entry.first.starts_with(path + "."); })) {
        text += start + "\n";
        write_section(text, path, level + 1);
      }
    }
  }

  static std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts)
      text += (text.empty() ? std::string() : std::string(", ")) + part;
    return text;
  }

  std::mt19937_64& random_;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::vector<std::string>> words_;
};

}  // namespace

std::string random_sweep(std::mt19937_64& random) { return Generator(random).sweep(); }

}  // namespace fairsweep::samples
