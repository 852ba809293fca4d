#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"
#include "results/store/stored_value.hpp"

namespace fairsweep::store {
namespace {

constexpr std::int64_t k_inactive_integer = std::numeric_limits<std::int64_t>::min();
constexpr std::uint8_t k_inactive_boolean = 255;

/// The values of one parameter, null where it is inactive.
using Column = std::vector<const Value*>;

Column column_of(const RunRecord& record, const std::string& path) {
  Column column;
  column.reserve(record.configurations.size());
  for (const Configuration& configuration : record.configurations) {
    const auto place = configuration.values.find(path);
    column.push_back(place == configuration.values.end() ? nullptr : &place->second);
  }
  return column;
}

/// What the column holds; "mixed" (JSON) where values differ in type. Without a value the distribution decides.
std::string kind_of(const Column& column, const Distribution& distribution) {
  static const char* const k_kinds[] = {"boolean", "integer", "real", "text"};
  std::set<std::size_t> types;
  for (const Value* value : column) {
    if (value != nullptr)
      types.insert(value->index());
  }
  if (types.empty()) {
    if (const auto* choice = std::get_if<Choice>(&distribution)) {
      for (const Value& value : choice->values)
        types.insert(value.index());
    } else {
      const bool integer = std::holds_alternative<Uniform>(distribution) ? std::get<Uniform>(distribution).integer
                                                                         : std::get<LogUniform>(distribution).integer;
      types.insert(integer ? 1 : 2);
    }
  }
  return types.size() == 1 ? k_kinds[*types.begin()] : "mixed";
}

template <typename Stored, typename Held>
std::vector<Stored> numbers(const Column& column, Stored inactive) {
  std::vector<Stored> result;
  for (const Value* value : column)
    result.push_back(value == nullptr ? inactive : Stored(std::get<Held>(*value)));
  return result;
}

void write_column(hdf5::FileWriter& file, const std::string& path, const std::string& kind, const Column& column) {
  const hdf5::Shape shape{column.size()};
  if (kind == "real") {
    file.write(path, numbers<double, double>(column, std::numeric_limits<double>::quiet_NaN()), shape);
  } else if (kind == "integer") {
    file.write(path, numbers<std::int64_t, std::int64_t>(column, k_inactive_integer), shape);
    file.set_integer(path, "inactive", k_inactive_integer);
  } else if (kind == "boolean") {
    file.write(path, numbers<std::uint8_t, bool>(column, k_inactive_boolean), shape);
    file.set_integer(path, "inactive", k_inactive_boolean);
  } else {
    std::vector<std::string> texts;
    for (const Value* value : column) {
      if (value == nullptr) {
        texts.emplace_back();
      } else if (kind == "text") {
        texts.push_back(storable(std::get<std::string>(*value)));
      } else {
        texts.push_back(values_to_json({*value}));
      }
    }
    file.write_texts(path, texts);
  }
  file.set_text(path, "kind", kind);
  file.name_dimensions(path, {"configuration"});
}

std::vector<Value> read_column(hdf5::FileReader& file, const std::string& path, std::size_t count) {
  const std::string kind = file.text(path, "kind");
  std::vector<Value> values;
  if (kind == "real") {
    for (const double value : file.read<double>(path, {count}))
      values.emplace_back(value);
  } else if (kind == "integer") {
    for (const std::int64_t value : file.read<std::int64_t>(path, {count}))
      values.emplace_back(value);
  } else if (kind == "boolean") {
    for (const std::uint8_t value : file.read<std::uint8_t>(path, {count}))
      values.emplace_back(value == 1);
  } else if (kind == "text" || kind == "mixed") {
    const std::vector<std::string> texts = file.read_texts(path);
    if (texts.size() != count)
      file.refuse(path, "has to have one entry a configuration");
    for (const std::string& text : texts) {
      if (kind == "text" || text.empty()) {
        values.emplace_back(text);
        continue;
      }
      try {
        values.push_back(values_from_json(text).at(0));
      } catch (const std::logic_error&) {
        file.refuse(path, "holds something that is no setting: " + text);
      }
    }
  } else {
    file.refuse(path, "is of an unknown kind, \"" + kind + "\"");
  }
  return values;
}

}  // namespace

void write_configurations(hdf5::FileWriter& file, const RunRecord& record) {
  const std::size_t count = record.configurations.size(), width = record.space.parameters.size();
  std::set<std::string, std::less<>> known;
  for (const Parameter& parameter : record.space.parameters)
    known.insert(parameter.path);
  std::vector<std::uint32_t> ids;
  for (const Configuration& configuration : record.configurations) {
    ids.push_back(configuration.id.value);
    for (const auto& [path, value] : configuration.values) {
      check(known.contains(path), "configuration " + std::to_string(configuration.id.value) + " sets " + path +
                                      ", which is not in the search space");
    }
  }
  file.create_group("/configurations");
  file.write("/configurations/id", ids, {count});
  file.name_dimensions("/configurations/id", {"configuration"});
  std::vector<std::uint8_t> active(count * width, 0);
  for (std::size_t p = 0; p < width; ++p) {
    const Parameter& parameter = record.space.parameters[p];
    const Column column = column_of(record, parameter.path);
    for (std::size_t row = 0; row < count; ++row)
      active[row * width + p] = column[row] == nullptr ? 0 : 1;
    write_column(file, "/configurations/" + parameter.path, kind_of(column, parameter.distribution), column);
  }
  file.write("/configurations/active", active, {count, width});
  file.name_dimensions("/configurations/active", {"configuration", "parameter"});
}

void read_configurations(hdf5::FileReader& file, RunRecord& record) {
  const auto ids = file.read<std::uint32_t>("/configurations/id");
  const std::size_t count = ids.size(), width = record.space.parameters.size();
  const auto active = file.read<std::uint8_t>("/configurations/active", {count, width});
  record.configurations.resize(count);
  for (std::size_t row = 0; row < count; ++row) {
    if (row > 0 && ids[row] <= ids[row - 1])
      file.refuse("/configurations/id", "has to rise from entry to entry");
    record.configurations[row].id.value = ids[row];
  }
  for (std::size_t p = 0; p < width; ++p) {
    const std::string& path = record.space.parameters[p].path;
    std::vector<Value> values = read_column(file, "/configurations/" + path, count);
    for (std::size_t row = 0; row < count; ++row) {
      if (active[row * width + p] != 0)
        record.configurations[row].values[path] = std::move(values[row]);
    }
  }
}

}  // namespace fairsweep::store
