#include "core/config/option_reader.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "core/config/config_errors.hpp"
#include "core/config/schema.hpp"
#include "core/config/value_reader.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep {
namespace {

namespace errors = config_errors;
using Kind = YamlNode::Kind;

std::string path_below(const std::string& section, const std::string& name) {
  return section.empty() ? name : section + "." + name;
}

/// What an unknown key may have been meant to be: a name of this section, else one of another.
std::string meaning_of(const std::string& section, const std::string& key) {
  if (const auto here = nearest_name(key, names_below(section)))
    return "did you mean \"" + *here + "\"?";
  const std::string path = path_below(section, key);
  if (find_field(path) != nullptr) {
    const auto dot = path.rfind('.');
    return "write it as a mapping: " + path.substr(0, dot) + ": {" + path.substr(dot + 1) + ": ...}";
  }
  std::vector<std::string> leaves;
  for (const Field& field : sweep_schema())
    leaves.push_back(leaf_name(field.path));
  const auto elsewhere = nearest_name(key, leaves);
  if (!elsewhere)
    return {};
  const auto depth = [](const std::string& one) { return std::count(one.begin(), one.end(), '.'); };
  std::string meant;  // of several with that name, the least deep
  for (const Field& field : sweep_schema()) {
    if (leaf_name(field.path) == *elsewhere && (meant.empty() || depth(field.path) < depth(meant)))
      meant = field.path;
  }
  return "did you mean \"" + meant + "\"?";
}

class OptionReader {
 public:
  explicit OptionReader(MistakeList& mistakes) : mistakes_(mistakes) {}

  void read_file(const YamlNode& root) {
    root_place_ = root.place;
    read_section("", root);
  }

  void read_override(const ParsedOverride& override, const Place& place) {
    const Field* field = find_field(override.path);
    if (field == nullptr) {
      mistakes_.add(place, is_section(override.path) ? errors::section_override(override.path)
                                                     : errors::unknown_override(override.path));
    } else if (!set_.insert(override.path).second) {
      mistakes_.add(place, errors::repeated_override(override.path));
    } else if (override.value) {
      read_value(*field, *override.value, "--set");
    } else {
      broken_.insert(override.path);
    }
  }

  [[nodiscard]] Options finish() {
    for (const Field& field : sweep_schema()) {
      if (!broken_.contains(field.path))
        settle(field);
    }
    return std::move(options_);
  }

 private:
  void read_section(const std::string& section, const YamlNode& mapping) {
    std::map<std::string, Place> seen;
    for (std::size_t i = 0; i < mapping.keys.size(); ++i) {
      const YamlNode& key = mapping.keys[i];
      if (key.kind != Kind::scalar) {
        mistakes_.add(key.place, errors::key_is_no_name(section));
        continue;
      }
      const std::string path = path_below(section, key.text);
      if (const auto [first, fresh] = seen.emplace(key.text, key.place); !fresh) {
        mistakes_.add(key.place, errors::duplicate_key(path, mistakes_.text_of(first->second)));
        continue;
      }
      const bool known = key.text.find('.') == std::string::npos;
      const Field* field = known ? find_field(path) : nullptr;
      if (field != nullptr) {
        read_value(*field, mapping.items[i], mistakes_.text_of(mapping.items[i].place));
      } else if (known && is_section(path)) {
        sections_[path] = key.place;
        read_subsection(path, mapping.items[i]);
      } else {
        mistakes_.add(key.place, errors::unknown_key(section, key.text, meaning_of(section, key.text)));
      }
    }
  }

  void read_subsection(const std::string& path, const YamlNode& node) {
    if (node.kind == Kind::mapping) {
      read_section(path, node);
      return;
    }
    mistakes_.add(node.place, errors::not_a_section(path, found_text(node)));
    // One message is enough: what it should hold is not missing as well.
    for (const Field& field : sweep_schema()) {
      if (field.path.starts_with(path + "."))
        broken_.insert(field.path);
    }
  }

  void read_value(const Field& field, const YamlNode& node, std::string origin) {
    auto value = read_option(field, node, mistakes_);
    if (!value) {
      broken_.insert(field.path);
      options_.erase(field.path);
      return;
    }
    options_[field.path] = {std::move(*value), node.place, std::move(origin), true};
  }

  /// Fills in the default, or finds the option missing or without a meaning.
  void settle(const Field& field) {
    const auto given = options_.find(field.path);
    if (field.only_with) {
      if (broken_.contains(field.only_with->path))
        return;
      const Condition& condition = deciding_condition(field);
      if (broken_.contains(condition.path))
        return;
      const auto parent = options_.find(condition.path);
      const bool may_hold = parent != options_.end() && overlaps(condition, parent->second);
      if (!may_hold) {
        if (given != options_.end()) {
          if (parent == options_.end() || !set_.contains(parent->first) || set_.contains(field.path)) {
            mistakes_.add(given->second.place, errors::only_with(field, condition, actual(parent)));
          }
          options_.erase(given);
        }
        return;
      }
    }
    if (given != options_.end())
      return;
    if (field.fallback && may_be_absent(field)) {
      OptionValue fallback = *field.fallback;
      if (field.kind == FieldKind::texts)
        fallback = std::vector<std::string>{};
      options_[field.path] = {std::move(fallback), {}, "default", false};
    } else if (!(field.required_unless && broken_.contains(field.required_unless->path))) {
      mistakes_.add(section_place(field.path), errors::missing(field));
    }
  }

  /// The field's condition; where the field it names has no meaning itself, that field's, and so on.
  [[nodiscard]] const Condition& deciding_condition(const Field& field) const {
    const Field* one = &field;
    for (const Field* parent = find_field(one->only_with->path);
         parent != nullptr && parent->only_with && !options_.contains(parent->path);
         parent = find_field(one->only_with->path)) {
      one = parent;
    }
    return *one->only_with;
  }

  [[nodiscard]] bool may_be_absent(const Field& field) const {
    if (!field.required_unless)
      return true;
    const auto deciding = options_.find(field.required_unless->path);
    return deciding != options_.end() && overlaps(*field.required_unless, deciding->second);
  }

  [[nodiscard]] static bool overlaps(const Condition& condition, const Option& option) {
    const auto possible = possible_values(option.value);
    return std::any_of(possible.begin(), possible.end(), [&](const Value& value) {
      return std::find(condition.values.begin(), condition.values.end(), value) != condition.values.end();
    });
  }

  [[nodiscard]] std::string actual(Options::const_iterator option) const {
    if (option == options_.end())
      return "missing";
    std::string text;
    for (const Value& value : possible_values(option->second.value)) {
      text += (text.empty() ? "" : " or ") + to_text(value);
    }
    return text;
  }

  /// Where a missing option belongs: the key of the innermost section that is there.
  [[nodiscard]] Place section_place(std::string path) const {
    for (auto dot = path.rfind('.'); dot != std::string::npos; dot = path.rfind('.')) {
      path.resize(dot);
      const auto section = sections_.find(path);
      if (section != sections_.end())
        return section->second;
    }
    return root_place_;
  }

  MistakeList& mistakes_;
  Options options_;
  std::set<std::string, std::less<>> broken_;  ///< given, but not usable
  std::set<std::string, std::less<>> set_;     ///< given by --set
  std::map<std::string, Place> sections_;
  Place root_place_;
};

}  // namespace

Place place_of(const Options& options, std::initializer_list<std::string_view> paths) {
  for (const std::string_view path : paths) {
    const auto option = options.find(path);
    if (option != options.end() && option->second.given)
      return option->second.place;
  }
  return {};
}

std::vector<Value> possible_values(const OptionValue& value) {
  if (const auto* fixed = std::get_if<Value>(&value))
    return {*fixed};
  if (const auto* distribution = std::get_if<Distribution>(&value)) {
    if (const auto* choice = std::get_if<Choice>(distribution))
      return choice->values;
  }
  return {};
}

Options read_options(const YamlNode& root, const std::vector<ParsedOverride>& overrides, MistakeList& mistakes) {
  OptionReader reader(mistakes);
  reader.read_file(root);
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    reader.read_override(overrides[i], {static_cast<int>(i) + 1, 0, 0});
  }
  return reader.finish();
}

}  // namespace fairsweep
