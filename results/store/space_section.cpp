#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"
#include "results/store/stored_value.hpp"

namespace fairsweep::store {
namespace {

/// /space, one entry a parameter.
struct Columns {
  std::vector<std::string> parameters, kinds, choices, conditions, condition_values;
  std::vector<double> lows, highs;
  std::vector<std::uint8_t> integers;

  void add(const Choice& choice) {
    add("choice", std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(), false,
        values_to_json(choice.values));
  }
  void add(const Uniform& uniform) { add("uniform", uniform.low, uniform.high, uniform.integer, ""); }
  void add(const LogUniform& uniform) { add("log_uniform", uniform.low, uniform.high, uniform.integer, ""); }
  void add(const char* kind, double low, double high, bool integer, std::string choice) {
    kinds.emplace_back(kind);
    lows.push_back(low);
    highs.push_back(high);
    integers.push_back(integer ? 1 : 0);
    choices.push_back(std::move(choice));
  }
};

std::vector<Value> read_values(hdf5::FileReader& file, const std::string& path, const std::string& json) {
  try {
    return values_from_json(json);
  } catch (const std::invalid_argument& error) {
    file.refuse(path, std::string(error.what()) + ": " + json);
  }
}

Distribution read_distribution(hdf5::FileReader& file, const Columns& columns, std::size_t i) {
  const std::string& kind = columns.kinds[i];
  if (kind == "choice")
    return Choice{read_values(file, "/space/choices", columns.choices[i])};
  if (kind == "uniform")
    return Uniform{columns.lows[i], columns.highs[i], columns.integers[i] != 0};
  if (kind == "log_uniform")
    return LogUniform{columns.lows[i], columns.highs[i], columns.integers[i] != 0};
  file.refuse("/space/kind", "has to say choice, uniform or log_uniform, not \"" + kind + "\"");
}

}  // namespace

void write_space(hdf5::FileWriter& file, const SearchSpace& space) {
  Columns columns;
  for (const Parameter& parameter : space.parameters) {
    columns.parameters.push_back(storable(parameter.path));
    std::visit([&](const auto& distribution) { columns.add(distribution); }, parameter.distribution);
    columns.conditions.push_back(parameter.condition ? storable(parameter.condition->path) : "");
    columns.condition_values.push_back(parameter.condition ? values_to_json(parameter.condition->values) : "");
  }
  const hdf5::Shape shape{space.parameters.size()};
  file.create_group("/space");
  file.write_texts("/space/parameter", columns.parameters);
  file.write_texts("/space/kind", columns.kinds);
  file.write("/space/low", columns.lows, shape);
  file.write("/space/high", columns.highs, shape);
  file.write("/space/integer", columns.integers, shape);
  file.write_texts("/space/choices", columns.choices);
  file.write_texts("/space/condition", columns.conditions);
  file.write_texts("/space/condition_values", columns.condition_values);
  for (const char* name : {"parameter", "kind", "low", "high", "integer", "choices", "condition", "condition_values"}) {
    file.name_dimensions(std::string("/space/") + name, {"parameter"});
  }
}

SearchSpace read_space(hdf5::FileReader& file) {
  Columns columns;
  columns.parameters = file.read_texts("/space/parameter");
  const hdf5::Shape shape{columns.parameters.size()};
  columns.kinds = file.read_texts("/space/kind");
  columns.lows = file.read<double>("/space/low", shape);
  columns.highs = file.read<double>("/space/high", shape);
  columns.integers = file.read<std::uint8_t>("/space/integer", shape);
  columns.choices = file.read_texts("/space/choices");
  columns.conditions = file.read_texts("/space/condition");
  columns.condition_values = file.read_texts("/space/condition_values");
  for (const auto* texts : {&columns.kinds, &columns.choices, &columns.conditions, &columns.condition_values}) {
    if (texts->size() != columns.parameters.size())
      file.refuse("/space", "has to have columns of one length");
  }
  SearchSpace space;
  for (std::size_t i = 0; i < columns.parameters.size(); ++i) {
    Parameter parameter{columns.parameters[i], read_distribution(file, columns, i), std::nullopt};
    if (!columns.conditions[i].empty()) {
      parameter.condition =
          Condition{columns.conditions[i], read_values(file, "/space/condition_values", columns.condition_values[i])};
    }
    space.parameters.push_back(std::move(parameter));
  }
  return space;
}

}  // namespace fairsweep::store
