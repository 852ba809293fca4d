#include "core/config/value_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/config/config_errors.hpp"
#include "core/config/distribution_reader.hpp"
#include "core/config/scalar_reader.hpp"

namespace fairsweep {
namespace {

namespace errors = config_errors;
using Kind = YamlNode::Kind;

std::optional<OptionValue> read_texts(const Field& field, const YamlNode& node, MistakeList& mistakes) {
  if (node.kind != Kind::sequence) {
    mistakes.add(node.place, errors::wrong_type(field, found_text(node)));
    return std::nullopt;
  }
  std::vector<std::string> texts;
  bool good = true;
  for (const YamlNode& item : node.items) {
    const auto value = read_scalar(field, item, mistakes);
    if (value)
      texts.push_back(std::get<std::string>(*value));
    good = good && value.has_value();
  }
  if (!good)
    return std::nullopt;
  return texts;
}

std::optional<Record> read_record(const Field& field, const YamlNode& node, MistakeList& mistakes) {
  if (node.kind != Kind::mapping) {
    mistakes.add(node.place, errors::wrong_type(field, "a list with " + found_text(node) + " in it"));
    return std::nullopt;
  }
  const std::string section = field.path + "[]";
  const std::vector<std::string> names = column_names(field);
  Record record;
  std::map<std::string, Place> seen;
  bool good = true;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& key = node.keys[i];
    const auto column = std::find(names.begin(), names.end(), key.text);
    std::optional<Value> value;
    if (key.kind != Kind::scalar || column == names.end()) {
      mistakes.add(key.place, errors::unknown_column(field, key.kind == Kind::scalar ? key.text : found_text(key)));
    } else if (const auto [first, fresh] = seen.emplace(key.text, key.place); !fresh) {
      mistakes.add(key.place, errors::duplicate_key(section + "." + key.text, mistakes.text_of(first->second)));
    } else {
      value = read_scalar(field.columns[static_cast<std::size_t>(column - names.begin())], node.items[i], mistakes);
      if (value)
        record[key.text] = to_text(*value);
    }
    good = good && value.has_value();
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (seen.contains(names[i]))
      continue;
    mistakes.add(node.place, errors::missing(field.columns[i]));
    good = false;
  }
  if (!good)
    return std::nullopt;
  return record;
}

std::optional<OptionValue> read_records(const Field& field, const YamlNode& node, MistakeList& mistakes) {
  if (node.kind != Kind::sequence) {
    mistakes.add(node.place, errors::wrong_type(field, found_text(node)));
    return std::nullopt;
  }
  if (node.items.empty()) {
    mistakes.add(node.place, errors::empty_front(field));
    return std::nullopt;
  }
  std::vector<Record> records;
  bool good = true;
  for (const YamlNode& item : node.items) {
    const auto record = read_record(field, item, mistakes);
    good = good && record.has_value();
    if (!record)
      continue;
    if (std::find(records.begin(), records.end(), *record) != records.end()) {
      mistakes.add(item.place, errors::repeated_axis(record->at("metric"), record->at("each")));
      good = false;
    }
    records.push_back(*record);
  }
  if (!good)
    return std::nullopt;
  return records;
}

std::optional<Settings> read_settings(const Field& field, const YamlNode& node, MistakeList& mistakes) {
  if (node.kind != Kind::mapping) {
    mistakes.add(node.place, errors::wrong_type(field, "a list with " + found_text(node) + " in it"));
    return std::nullopt;
  }
  Settings settings;
  std::map<std::string, Place> seen;
  bool good = true;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const YamlNode& key = node.keys[i];
    const Field* setting = key.kind == Kind::scalar ? find_field(key.text) : nullptr;
    std::optional<Value> value;
    if (setting == nullptr || !setting->tunable) {
      mistakes.add(key.place, errors::no_setting(field, key.kind == Kind::scalar ? key.text : found_text(key)));
    } else if (const auto [first, fresh] = seen.emplace(key.text, key.place); !fresh) {
      mistakes.add(key.place, errors::duplicate_key(field.path + "[]." + key.text, mistakes.text_of(first->second)));
    } else {
      value = read_scalar(*setting, node.items[i], mistakes);
      if (value)
        settings[key.text] = std::move(*value);
    }
    good = good && value.has_value();
  }
  if (!good)
    return std::nullopt;
  return settings;
}

std::optional<OptionValue> read_settings_list(const Field& field, const YamlNode& node, MistakeList& mistakes) {
  if (node.kind != Kind::sequence) {
    mistakes.add(node.place, errors::wrong_type(field, found_text(node)));
    return std::nullopt;
  }
  if (node.items.empty()) {
    mistakes.add(node.place, errors::empty_list(field));
    return std::nullopt;
  }
  std::vector<Settings> list;
  bool good = true;
  for (const YamlNode& item : node.items) {
    auto settings = read_settings(field, item, mistakes);
    good = good && settings.has_value();
    if (settings)
      list.push_back(std::move(*settings));
  }
  if (!good)
    return std::nullopt;
  return list;
}

}  // namespace

std::string found_text(const YamlNode& node) {
  switch (node.kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::sequence:
      return "a list";
    case Kind::mapping:
      return "a mapping";
    case Kind::scalar:
      return errors::in_quotes(node.text);
  }
  return "something else";
}

std::optional<OptionValue> read_option(const Field& field, const YamlNode& node, MistakeList& mistakes) {
  if (node.kind == Kind::nothing) {
    mistakes.add(node.place, errors::no_value(field));
    return std::nullopt;
  }
  if (field.kind == FieldKind::texts)
    return read_texts(field, node, mistakes);
  if (field.kind == FieldKind::records)
    return read_records(field, node, mistakes);
  if (field.kind == FieldKind::settings)
    return read_settings_list(field, node, mistakes);
  // A mapping in the place of one value is only taken for a distribution where it may be one or calls itself one.
  if (node.kind == Kind::mapping && (field.tunable || names_distribution(node))) {
    auto distribution = read_distribution(field, node, mistakes);
    if (!distribution)
      return std::nullopt;
    return std::move(*distribution);
  }
  auto value = read_scalar(field, node, mistakes);
  if (!value)
    return std::nullopt;
  return std::move(*value);
}

}  // namespace fairsweep
