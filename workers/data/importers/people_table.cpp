#include "workers/data/importers/people_table.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/hdf5/text.hpp"

namespace fairsweep {

namespace {

std::size_t index(std::int32_t number) { return static_cast<std::size_t>(number); }

bool fits_float(double value) { return std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max()); }

}  // namespace

bool parses_as_number(std::string_view text, double& value) {
  const auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() && rest == text.data() + text.size() && std::isfinite(value);
}

bool code_before(const std::string& left, const std::string& right) {
  double a = 0;
  double b = 0;
  const bool left_number = parses_as_number(left, a);
  const bool right_number = parses_as_number(right, b);
  if (left_number != right_number) {
    return left_number;
  }
  return left_number && a != b ? a < b : left < right;
}

std::int32_t AttributeLabels::code(std::string_view value) const {
  if (value.empty()) {
    return -1;
  }
  const auto found = code_of_value.find(value);
  return found == code_of_value.end() ? k_no_label : found->second;
}

AttributeLabels attribute_labels(const MappedAttribute& mapped, std::vector<std::string> values) {
  auto pairs = mapped.labels;
  if (pairs.empty()) {
    std::sort(values.begin(), values.end(), code_before);
    values.erase(std::unique(values.begin(), values.end()), values.end());
    std::erase(values, "");
    for (std::string& value : values) {
      pairs.emplace_back(value, value);
    }
  }
  AttributeLabels all;
  for (const auto& [value, label] : pairs) {
    const auto found = std::find(all.labels.begin(), all.labels.end(), label);
    all.code_of_value.emplace(value, static_cast<std::int32_t>(found - all.labels.begin()));
    if (found == all.labels.end()) {
      all.labels.push_back(label);
    }
  }
  return all;
}

PeopleTable::PeopleTable(std::vector<MappedUserFeature> features, std::vector<MappedAttribute> attributes)
    : features_(std::move(features)), attributes_(std::move(attributes)) {}

const std::string& PeopleTable::value_column(std::size_t at) const {
  return at < features_.size() ? features_[at].column.name : attributes_[at - features_.size()].column.name;
}

std::int32_t PeopleTable::number_of(std::string_view name, const std::vector<std::string_view>& values,
                                    std::int64_t line, const Refuse& refuse) {
  std::int32_t person = names_.find(0, name);
  const bool is_new = person < 0;
  if (is_new) {
    if (name.empty() || !hdf5::is_storable_text(name)) {
      refuse("user", name, "must name the user, in UTF-8");
    }
    person = names_.number_of(0, name);
  }
  if (values.empty()) {
    return person;
  }
  if (is_new) {
    values_.emplace_back(values.begin(), values.end());
    lines_.push_back(line);
    return person;
  }
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (values[at] != values_[index(person)][at]) {
      refuse(value_column(at), values[at],
             "was \"" + values_[index(person)][at] + "\" for the same user on line " +
                 std::to_string(lines_[index(person)]) + "; a user has one value");
    }
  }
  return person;
}

std::map<std::string, std::string> PeopleTable::known_of(std::int32_t person) const {
  std::map<std::string, std::string> known;
  for (std::size_t at = 0; at < value_count(); ++at) {
    const std::string& value = values_[index(person)][at];
    if (at < features_.size()) {
      known[features_[at].column.name] = value;
      continue;
    }
    const MappedAttribute& attribute = attributes_[at - features_.size()];
    const auto label = std::find_if(attribute.labels.begin(), attribute.labels.end(),
                                    [&value](const auto& pair) { return pair.first == value; });
    known[attribute.name] = label == attribute.labels.end() ? value : label->second;
  }
  return known;
}

void PeopleTable::forget_from(std::int32_t size) {
  names_.forget_from(size);
  values_.resize(std::min(values_.size(), index(size)));
  lines_.resize(std::min(lines_.size(), index(size)));
}

void PeopleTable::refuse(const std::string& file, std::size_t person, std::size_t at, const std::string& what) const {
  throw UserError(ExitCode::file, file + ":" + std::to_string(lines_[person]) + ": column \"" + value_column(at) +
                                      "\" is \"" + values_[person][at] + "\"; it " + what);
}

void PeopleTable::add_categories(const std::string& file, std::size_t at, std::vector<std::string>& names,
                                 std::vector<std::vector<float>>& columns) const {
  constexpr std::size_t k_most_codes = 1000;
  std::vector<std::string> codes;
  codes.reserve(values_.size());
  for (const auto& values : values_) {
    codes.push_back(values[at]);
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::stable_sort(codes.begin(), codes.end(), code_before);
  const std::string& name = features_[at].column.name;
  if (codes.size() > k_most_codes) {
    throw UserError(ExitCode::file, file + ": column \"" + name + "\" has " + std::to_string(codes.size()) +
                                        " different codes; is it numeric rather than categorical?");
  }
  for (const std::string& code : codes) {
    if (!hdf5::is_storable_text(code)) {
      throw UserError(ExitCode::file, file + ": column \"" + name + "\" has a code that is not UTF-8");
    }
    names.push_back(name + "=" + code);
    std::vector<float>& column = columns.emplace_back();
    column.reserve(values_.size());
    for (const auto& values : values_) {
      column.push_back(values[at] == code ? 1.0F : 0.0F);
    }
  }
}

void PeopleTable::add_features(const std::string& file, PreferenceData& data) const {
  std::vector<std::vector<float>> columns;
  for (std::size_t at = 0; at < features_.size(); ++at) {
    if (features_[at].categorical) {
      add_categories(file, at, data.user_feature_names, columns);
      continue;
    }
    data.user_feature_names.push_back(features_[at].column.name);
    std::vector<float>& column = columns.emplace_back(values_.size());
    for (std::size_t person = 0; person < values_.size(); ++person) {
      double value = 0;
      if (!parses_as_number(values_[person][at], value) || !fits_float(value)) {
        refuse(file, person, at, "must be a finite number");
      }
      column[person] = static_cast<float>(value);
    }
  }
  data.user_feature_count = std::ssize(columns);
  data.user_features.reserve(values_.size() * columns.size());
  for (std::size_t person = 0; person < values_.size(); ++person) {
    for (const auto& column : columns) {
      data.user_features.push_back(column[person]);
    }
  }
}

void PeopleTable::add_attributes(const std::string& file, PreferenceData& data) const {
  for (std::size_t at = 0; at < attributes_.size(); ++at) {
    const MappedAttribute& mapped = attributes_[at];
    const std::size_t place = features_.size() + at;
    std::vector<std::string> values;
    values.reserve(values_.size());
    for (const auto& person : values_) {
      values.push_back(person[place]);
    }
    AttributeLabels labels = attribute_labels(mapped, values);
    if (labels.labels.empty()) {
      throw UserError(ExitCode::file, file + ": column \"" + mapped.column.name +
                                          "\" is empty for every user; leave attribute \"" + mapped.name + "\" out");
    }
    Attribute attribute;
    attribute.codes.reserve(values.size());
    for (std::size_t person = 0; person < values.size(); ++person) {
      attribute.codes.push_back(labels.code(values[person]));
      if (attribute.codes.back() == AttributeLabels::k_no_label) {
        refuse(file, person, place, "has no label in attribute \"" + mapped.name + "\" of the mapping");
      }
    }
    attribute.labels = std::move(labels.labels);
    data.user_attributes[mapped.name] = std::move(attribute);
  }
}

void PeopleTable::finish(const std::string& file, PreferenceData& data) const {
  data.user_names.reserve(index(size()));
  for (std::int32_t person = 0; person < size(); ++person) {
    data.user_names.emplace_back(name(person));
  }
  add_features(file, data);
  add_attributes(file, data);
}

}  // namespace fairsweep
