#include "core/config/schema.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace fairsweep {

bool Range::contains(double value) const {
  if (low && (low_open ? value <= *low : value < *low))
    return false;
  return !(high && (high_open ? value >= *high : value > *high));
}

std::string Range::text() const {
  std::string text;
  if (low)
    text = (low_open ? "above " : "at least ") + number_text(*low);
  if (high) {
    if (!text.empty())
      text += " and ";
    text += (high_open ? "below " : "at most ") + number_text(*high);
  }
  return text;
}

const Field* find_field(std::string_view path) {
  const auto& schema = sweep_schema();
  const auto found = std::find_if(schema.begin(), schema.end(), [&](const Field& field) { return field.path == path; });
  return found == schema.end() ? nullptr : &*found;
}

bool is_section(std::string_view path) { return !names_below(path).empty(); }

std::vector<std::string> names_below(std::string_view section) {
  const std::string prefix = section.empty() ? std::string() : std::string(section) + ".";
  std::vector<std::string> names;
  for (const Field& field : sweep_schema()) {
    if (!field.path.starts_with(prefix))
      continue;
    const std::string rest = field.path.substr(prefix.size());
    const std::string name = rest.substr(0, rest.find('.'));
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  }
  return names;
}

std::vector<std::string> column_names(const Field& records) {
  std::vector<std::string> names;
  names.reserve(records.columns.size());
  for (const Field& column : records.columns)
    names.push_back(leaf_name(column.path));
  return names;
}

std::string leaf_name(std::string_view path) {
  const auto dot = path.rfind('.');
  return std::string(dot == std::string_view::npos ? path : path.substr(dot + 1));
}

std::string number_text(double value) {
  constexpr double k_all_digits = 1e15;
  if (std::floor(value) == value && std::fabs(value) < k_all_digits)
    return std::to_string(static_cast<std::int64_t>(value));
  std::string text = to_text(value);
  if (text.ends_with(".0"))
    text.resize(text.size() - 2);
  return text;
}

}  // namespace fairsweep
