#include "core/config/distribution_reader.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/config/config_errors.hpp"
#include "core/config/scalar_reader.hpp"
#include "core/config/value_reader.hpp"

namespace fairsweep {
namespace {

namespace errors = config_errors;
using Kind = YamlNode::Kind;

/// The values of a list; nothing where one of them was wrong.
std::optional<std::vector<Value>> read_values(const Field& field, const YamlNode& list, MistakeList& mistakes) {
  std::vector<Value> values;
  for (const YamlNode& item : list.items) {
    auto value = read_scalar(field, item, mistakes);
    if (value)
      values.push_back(std::move(*value));
  }
  if (values.size() < list.items.size())
    return std::nullopt;
  return values;
}

std::optional<Distribution> read_choice(const Field& field, const YamlNode& list, MistakeList& mistakes) {
  if (list.kind != Kind::sequence || list.items.empty()) {
    mistakes.add(list.place, errors::empty_choice(field));
    return std::nullopt;
  }
  auto values = read_values(field, list, mistakes);
  if (!values)
    return std::nullopt;
  for (auto value = values->begin(); value != values->end(); ++value) {
    if (std::find(values->begin(), value, *value) == value)
      continue;
    const auto index = static_cast<std::size_t>(value - values->begin());
    mistakes.add(list.items[index].place, errors::repeated_choice(field, list.items[index].text));
    return std::nullopt;
  }
  return Choice{std::move(*values)};
}

double as_real(const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? static_cast<double>(*integer) : std::get<double>(value);
}

std::optional<Distribution> read_bounds(const Field& field, const std::string& name, const YamlNode& list,
                                        MistakeList& mistakes) {
  const bool integer = field.kind == FieldKind::integer;
  if (!integer && field.kind != FieldKind::real) {
    mistakes.add(list.place, errors::range_of_words(field, name));
    return std::nullopt;
  }
  if (list.kind != Kind::sequence || list.items.size() != 2) {
    mistakes.add(list.place, errors::not_two_bounds(field, name));
    return std::nullopt;
  }
  const auto values = read_values(field, list, mistakes);
  if (!values)
    return std::nullopt;
  const double low = as_real(values->at(0));
  const double high = as_real(values->at(1));
  if (low >= high) {
    mistakes.add(list.place, errors::bounds_out_of_order(field, name));
    return std::nullopt;
  }
  if (name == "uniform")
    return Uniform{low, high, integer};
  if (low <= 0) {
    mistakes.add(list.items[0].place, errors::logarithm_of_zero(field));
    return std::nullopt;
  }
  return LogUniform{low, high, integer};
}

}  // namespace

bool names_distribution(const YamlNode& mapping) {
  if (mapping.keys.empty() || mapping.keys[0].kind != Kind::scalar)
    return false;
  const std::string& name = mapping.keys[0].text;
  return name == "choice" || name == "uniform" || name == "log_uniform";
}

std::optional<Distribution> read_distribution(const Field& field, const YamlNode& mapping, MistakeList& mistakes) {
  if (!field.tunable) {
    mistakes.add(mapping.place, errors::not_tunable(field));
    return std::nullopt;
  }
  if (mapping.keys.empty()) {
    mistakes.add(mapping.place, errors::no_distribution(field));
    return std::nullopt;
  }
  const YamlNode& key = mapping.keys[0];
  const YamlNode& list = mapping.items[0];
  if (!names_distribution(mapping)) {
    mistakes.add(key.place, errors::unknown_distribution(field, key.kind == Kind::scalar ? key.text : found_text(key)));
    return std::nullopt;
  }
  if (mapping.keys.size() > 1) {
    mistakes.add(mapping.keys[1].place, errors::several_distributions(field));
    return std::nullopt;
  }
  return key.text == "choice" ? read_choice(field, list, mistakes) : read_bounds(field, key.text, list, mistakes);
}

}  // namespace fairsweep
