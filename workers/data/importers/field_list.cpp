#include "workers/data/importers/field_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// First and last column, from 1.
std::optional<std::pair<std::size_t, std::size_t>> parse_range(const std::string& text) {
  const std::size_t sign = text.find('-');
  if (sign == std::string::npos) {
    return std::nullopt;
  }
  std::pair<std::size_t, std::size_t> range;
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto first = std::from_chars(begin, begin + sign, range.first);
  const auto last = std::from_chars(begin + sign + 1, end, range.second);
  const bool whole = first.ec == std::errc() && first.ptr == begin + sign && last.ec == std::errc() && last.ptr == end;
  return whole && range.first >= 1 && range.first <= range.second ? std::optional(range) : std::nullopt;
}

}  // namespace

FieldList::FieldList(ImportSession& session, const FieldListRequest& request) {
  const std::string file = session.files().back().string();
  const std::string& role = request.role;
  const auto refuse = [&](const std::string& what) { throw UserError(ExitCode::configuration, file + ": " + what); };
  const auto& names = session.records().names();
  const std::size_t own = session.records().own_name_count();
  const auto mapped = session.mapping().field_lists.find(role);
  if (mapped != session.mapping().field_lists.end()) {
    if (!request.range.empty()) {
      refuse(fmt::format("the mapping and --{} both say which fields are the {}; leave one out", role, role));
    }
    names_ = mapped->second;
    if (names_.back().ends_with(".*")) {
      open_ = names_.back().substr(0, names_.back().size() - 1);
      names_.pop_back();
      if (!session.reads_json()) {
        refuse(fmt::format("\"{}*\" is a list in JSON; in a table, name each column of the {}", open_, role));
      }
    }
  } else if (session.reads_json()) {
    refuse(
        fmt::format("which fields are the {}? A JSON object has no columns; name them in the mapping, as fields: "
                    "{{{}: [NAME.*]}} for a list called NAME",
                    role, role));
  } else if (!request.range.empty()) {
    const auto range = parse_range(request.range);
    if (!range) {
      refuse(fmt::format("--{} is \"{}\"; it must be FROM-TO, numbers of columns from 1, such as 2-11", role,
                         request.range));
    }
    if (range->second > own) {
      refuse(fmt::format("--{} is {}; the table has {} columns", role, request.range, own));
    }
    names_.assign(names.begin() + static_cast<std::ptrdiff_t>(range->first - 1),
                  names.begin() + static_cast<std::ptrdiff_t>(range->second));
  } else {
    std::copy_if(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(own), std::back_inserter(names_),
                 [&](const std::string& name) { return !contains(request.taken, name); });
    if (names_.empty()) {
      refuse(fmt::format("no column is left for the {}; name them in the mapping, or with --{} FROM-TO", role, role));
    }
  }
  for (const std::string& name : names_) {
    if (contains(request.taken, name)) {
      refuse(
          fmt::format("column \"{}\" is one of the {} and plays another role, too; say which columns are the {} "
                      "with --{} FROM-TO, or in the mapping",
                      name, role, role, role));
    }
  }
}

std::optional<std::string> FieldList::name(std::size_t at) const {
  if (at < names_.size()) {
    return names_[at];
  }
  if (open_.empty()) {
    return std::nullopt;
  }
  return open_ + std::to_string(at - names_.size());
}

std::vector<std::string> fields_of_mapping(const RecordMapping& mapping) {
  std::vector<std::string> fields;
  fields.reserve(mapping.user_features.size());
  for (const MappedUserFeature& feature : mapping.user_features) {
    fields.push_back(feature.column.name);
  }
  for (const auto* attributes : {&mapping.attributes, &mapping.comparison_attributes}) {
    for (const MappedAttribute& attribute : *attributes) {
      fields.push_back(attribute.column.name);
    }
  }
  for (const JoinedTable& join : mapping.joins) {
    if (!join.on.empty()) {
      fields.push_back(join.on);
    }
  }
  return fields;
}

}  // namespace fairsweep
