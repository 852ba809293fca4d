#include <cmath>
#include <ctime>
#include <string>
#include <vector>

#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep::store {
namespace {

/// "2026-08-21T09:30:00Z"; empty where there is no such time.
std::string utc(double seconds) {
  if (!(std::fabs(seconds) < 1e11))
    return "";
  const std::time_t time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr)
    return "";
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts));
}

void write_pairs(hdf5::FileWriter& file, const std::string& group, const std::map<std::string, std::string>& pairs) {
  std::vector<std::string> keys, values;
  for (const auto& [key, value] : pairs) {
    keys.push_back(storable(key));
    values.push_back(storable(value));
  }
  file.create_group(group);
  file.write_texts(group + "/key", keys);
  file.write_texts(group + "/value", values);
}

std::map<std::string, std::string> read_pairs(hdf5::FileReader& file, const std::string& group) {
  const std::vector<std::string> keys = file.read_texts(group + "/key"), values = file.read_texts(group + "/value");
  if (keys.size() != values.size())
    file.refuse(group, "has to have as many values as keys");
  std::map<std::string, std::string> pairs;
  for (std::size_t i = 0; i < keys.size(); ++i)
    pairs[keys[i]] = values[i];
  return pairs;
}

void write_objectives(hdf5::FileWriter& file, const std::vector<Objective>& objectives) {
  std::vector<std::string> metrics, groups, directions, units;
  for (const Objective& objective : objectives) {
    metrics.push_back(storable(objective.metric));
    groups.push_back(storable(objective.group));
    directions.emplace_back(objective.direction == Direction::minimise ? "minimise" : "maximise");
    units.push_back(storable(objective.unit));
  }
  file.create_group("/objectives");
  file.write_texts("/objectives/metric", metrics);
  file.write_texts("/objectives/group", groups);
  file.write_texts("/objectives/direction", directions);
  file.write_texts("/objectives/unit", units);
}

std::vector<Objective> read_objectives(hdf5::FileReader& file) {
  const auto metrics = file.read_texts("/objectives/metric"), groups = file.read_texts("/objectives/group");
  const auto directions = file.read_texts("/objectives/direction"), units = file.read_texts("/objectives/unit");
  if (metrics.empty())
    file.refuse("/objectives", "has to name at least one objective");
  if (groups.size() != metrics.size() || directions.size() != metrics.size() || units.size() != metrics.size()) {
    file.refuse("/objectives", "has to have columns of one length");
  }
  std::vector<Objective> objectives;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    if (directions[i] != "minimise" && directions[i] != "maximise") {
      file.refuse("/objectives/direction", "has to say minimise or maximise, not \"" + directions[i] + "\"");
    }
    objectives.push_back(
        {metrics[i], groups[i], directions[i] == "minimise" ? Direction::minimise : Direction::maximise, units[i]});
  }
  return objectives;
}

std::uint32_t read_count(hdf5::FileReader& file, const std::string& name) {
  const std::int64_t value = file.integer("/", name);
  if (value < 0 || value > UINT32_MAX)
    file.refuse("/", "attribute " + name + " is out of range");
  return static_cast<std::uint32_t>(value);
}

}  // namespace

void write_about(hdf5::FileWriter& file, const RunRecord& record) {
  file.set_text("/", "format", k_result_format);
  file.set_integer("/", "format_version", k_result_format_version);
  file.set_text("/", "sweep", storable(record.sweep));
  file.set_text("/", "configuration_digest", storable(record.configuration_digest));
  file.set_text("/", "data_digest", storable(record.data_digest));
  file.set_integer("/", "wanted_configurations", record.wanted_configurations);
  file.set_integer("/", "replicates", record.replicates);
  file.set_integer("/", "complete", record.complete ? 1 : 0);
  file.set_real("/", "started", record.started);
  file.set_real("/", "seconds", record.seconds);
  file.set_text("/", "created", utc(record.started + record.seconds));
  file.write_texts("/configuration", {storable(record.resolved_configuration)}, {1});
  file.write_texts("/data_description", {storable(record.data_description)}, {1});
  write_pairs(file, "/declaration", record.declaration);
  write_pairs(file, "/provenance", record.provenance);
  file.write_texts("/groups", storable(record.groups));
  file.name_dimensions("/groups", {"group"});
  write_objectives(file, record.objectives);
}

void read_about(hdf5::FileReader& file, RunRecord& record) {
  record.sweep = file.text("/", "sweep");
  record.configuration_digest = file.text("/", "configuration_digest");
  record.data_digest = file.text("/", "data_digest");
  record.wanted_configurations = read_count(file, "wanted_configurations");
  record.replicates = read_count(file, "replicates");
  record.complete = file.integer("/", "complete") != 0;
  record.started = file.real("/", "started");
  record.seconds = file.real("/", "seconds");
  const std::vector<std::string> configuration = file.read_texts("/configuration");
  if (configuration.size() != 1)
    file.refuse("/configuration", "has to be one text");
  record.resolved_configuration = configuration.front();
  if (file.exists("/data_description")) {  // not in files from before there was one
    const std::vector<std::string> description = file.read_texts("/data_description");
    if (description.size() != 1)
      file.refuse("/data_description", "has to be one text");
    record.data_description = description.front();
  }
  record.declaration = read_pairs(file, "/declaration");
  record.provenance = read_pairs(file, "/provenance");
  record.groups = file.read_texts("/groups");
  record.objectives = read_objectives(file);
}

}  // namespace fairsweep::store
