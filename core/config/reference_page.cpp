#include <string>

#include "core/config/config_errors.hpp"
#include "core/config/read_sweep.hpp"
#include "core/config/resolved_text.hpp"
#include "core/config/schema.hpp"

namespace fairsweep {
namespace {

std::string code(const std::string& text) { return "`" + text + "`"; }

std::string joined_words(const Field& field) {
  std::string text;
  for (const std::string& word : field.words)
    text += (text.empty() ? "" : ", ") + code(word);
  return text;
}

std::string or_word(const Field& field) {
  return field.word_for_zero.empty() ? std::string() : " or " + code(field.word_for_zero);
}

std::string kind_text(const Field& field) {
  switch (field.kind) {
    case FieldKind::boolean:
      return "`true` or `false`";
    case FieldKind::integer:
      return "whole number" + or_word(field);
    case FieldKind::real:
      return "number" + or_word(field);
    case FieldKind::text:
      return "text";
    case FieldKind::name:
      return "name: lower-case letters, digits, `_`, `-`";
    case FieldKind::enumeration:
      return joined_words(field);
    case FieldKind::texts:
      return "list of texts";
    case FieldKind::records:
      return "list of mappings";
    case FieldKind::settings:
      return "list of mappings from paths of settings to values";
  }
  return {};
}

std::string value_cell(const Field& field) {
  std::string cell = kind_text(field);
  if (const std::string bounds = field.range.text(); !bounds.empty())
    cell += ", " + bounds;
  if (!field.unit.empty())
    cell += " (" + field.unit + ")";
  return cell;
}

std::string default_cell(const Field& field) {
  if (!field.fallback)
    return "required";
  const OptionValue value =
      field.kind == FieldKind::texts ? OptionValue(std::vector<std::string>{}) : OptionValue(*field.fallback);
  std::string text = code(option_text(field.path, value));
  if (!field.required_unless)
    return text;
  return "required; " + text + " where " + config_errors::condition_text(*field.required_unless);
}

std::string sentence_cell(const Field& field) {
  std::string cell = field.help;
  if (field.only_with)
    cell += " Only where " + config_errors::condition_text(*field.only_with) + ".";
  return cell;
}

std::string search_cell(const Field& field) {
  if (!field.tunable)
    return "";
  return field.stackable ? "yes, in one pack" : "yes";
}

void append_row(std::string& page, const Field& field) {
  page += "| " + code(field.path) + " | " + value_cell(field) + " | " + default_cell(field) + " | " +
          search_cell(field) + " | " + sentence_cell(field) + " |\n";
}

constexpr const char* k_introduction = R"(# Options of a sweep

Made from the schema by `fairsweep check --reference > configs/REFERENCE.md`; a test fails while this page is stale.

A sweep is one YAML mapping. A path such as `training.early_stopping.patience` is written as mappings within each other:

```yaml
training:
  early_stopping: {patience: 5}
```

The reader is strict: unknown, repeated and missing options, wrong types, numbers out of range, octal and hexadecimal
numbers, `yes` and `on` for `true`, anchors, aliases and tags are mistakes. `fairsweep check` shows all of them, each with its
place and what to write instead. A text needs quotes only where YAML would read it otherwise (`"a: b"`, `"#1"`).

Options with *yes* under "searched" may be a distribution instead of a value; then they are part of the search space:

| distribution | means |
|---|---|
| `{choice: [a, b, c]}` | one of the values, each as likely |
| `{uniform: [low, high]}` | any number between the two; whole numbers include both |
| `{log_uniform: [low, high]}` | the same, uniform in the logarithm; `low` is above 0 |

Values and bounds obey the option's own range. *In one pack* says that trials which differ only in such options can be
trained together as one stacked model. An option that has a meaning only where another has a certain value is a mistake
elsewhere; where that other one is a choice, it is searched only in the configurations that need it.

`--set path=value` puts a value over the file's, written as in YAML: `--set 'model.width={choice: [32, 64]}'`. The path is
that of one option, as in the tables: a section is not set as a whole, and a list only whole, not entry by entry
(`--set 'data.groups.attributes=[sex, age]'`). Options of the
file that lose their meaning by it are left out.
)";

}  // namespace

std::string reference_page() {
  std::string page = k_introduction;
  std::string section;
  for (const Field& field : sweep_schema()) {
    const std::string top = field.path.substr(0, field.path.find('.'));
    if (top != section) {
      section = top;
      page += "\n## " + section + "\n\n| option | value | default | searched | what |\n|---|---|---|---|---|\n";
    }
    append_row(page, field);
    for (const Field& column : field.columns)
      append_row(page, column);
  }
  return page;
}

}  // namespace fairsweep
