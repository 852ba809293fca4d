#include "workers/data/importers/import_links.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "workers/data/importers/file_sha256.hpp"
#include "workers/data/importers/people_table.hpp"
#include "workers/data/importers/table_reader.hpp"

namespace fairsweep {

namespace {

struct LinkValue {
  float weight = 1;
  std::int64_t line = 0;
};

std::optional<std::size_t> column_of(const TableReader& table, std::string_view name) {
  const auto found = std::find(table.columns().begin(), table.columns().end(), name);
  return found == table.columns().end() ? std::nullopt
                                        : std::optional(static_cast<std::size_t>(found - table.columns().begin()));
}

std::size_t needed_column(const TableReader& table, const std::filesystem::path& file, const std::string& name) {
  const std::optional<std::size_t> found = column_of(table, name);
  if (!found) {
    throw UserError(
        ExitCode::configuration,
        fmt::format("{}: a table of links has the columns from, to and perhaps weight; there is no column "
                    "\"{}\"{}; there are {}",
                    file.string(), name, did_you_mean(name, table.columns()), fmt::join(table.columns(), ", ")));
  }
  return *found;
}

TableFormat format_of(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  TableFormat format;
  format.delimiter = name.ends_with(".tsv") || name.ends_with(".tsv.gz") ? '\t' : ',';
  return format;
}

}  // namespace

ImportedLinks add_links(const std::filesystem::path& file, PreferenceData& data) {
  check(data.user_links.empty(), "links are read once");
  std::map<std::string_view, std::int32_t> number_of;
  for (std::size_t user = 0; user < data.user_names.size(); ++user) {
    number_of.emplace(data.user_names[user], static_cast<std::int32_t>(user));
  }
  TableReader table(file, format_of(file));
  const std::size_t from = needed_column(table, file, "from");
  const std::size_t to = needed_column(table, file, "to");
  const std::optional<std::size_t> weight = column_of(table, "weight");
  ImportedLinks result;
  std::map<std::pair<std::int32_t, std::int32_t>, LinkValue> links;
  while (table.next()) {
    const std::string& listener = table.cells()[from];
    const std::string& other = table.cells()[to];
    LinkValue value{1, table.line()};
    if (weight) {
      double number = 0;
      const std::string& cell = table.cells()[*weight];
      if (!parses_as_number(cell, number) || !(static_cast<float>(number) > 0) ||
          !std::isfinite(static_cast<float>(number))) {
        table.refuse(table.line(), "weight is \"" + cell + "\"; it must be a number above 0");
      }
      value.weight = static_cast<float>(number);
    }
    if (listener.empty() || other.empty()) {
      table.refuse(table.line(), "from and to must name a person each");
    }
    if (listener == other) {
      table.refuse(table.line(), "links \"" + listener + "\" to himself");
    }
    const auto listens = number_of.find(listener);
    const auto heard = number_of.find(other);
    if (listens == number_of.end() || heard == number_of.end()) {
      ++result.strangers;
      continue;
    }
    const auto [entry, is_new] = links.emplace(std::pair(listens->second, heard->second), value);
    if (!is_new) {
      table.refuse(table.line(),
                   fmt::format("links \"{}\" to \"{}\", which line {} does, too", listener, other, entry->second.line));
    }
  }
  if (links.empty()) {
    throw UserError(
        ExitCode::file,
        fmt::format("{}: no row links two people of the data{}", file.string(),
                    result.strangers == 0 ? "; it has none"
                                          : fmt::format("; {} name others: names must be written as in the other files",
                                                        result.strangers)));
  }
  result.kept = std::ssize(links);
  data.user_links.from.reserve(links.size());
  data.user_links.to.reserve(links.size());
  for (const auto& [people, value] : links) {
    data.user_links.from.push_back(people.first);
    data.user_links.to.push_back(people.second);
    if (weight) {
      data.user_links.weight.push_back(value.weight);
    }
  }
  data.about["links"] = file.filename().string();
  data.about["links sha256"] = digest_of_file(file);
  if (result.strangers > 0) {
    data.about["links of strangers left out"] = std::to_string(result.strangers);
  }
  return result;
}

}  // namespace fairsweep
