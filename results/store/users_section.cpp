#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/bundle_numbers.hpp"
#include "results/store/keyed_rows.hpp"
#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep::store {
namespace {

std::string unit_of(const RunRecord& record, std::string metric) {
  if (constexpr std::string_view k_own_teacher = "own_teacher_"; metric.starts_with(k_own_teacher))
    metric.erase(0, k_own_teacher.size());
  for (const Objective& objective : record.objectives) {
    if (objective.metric == metric)
      return objective.unit;
  }
  return "";
}

/// Every array "<split>/<metric>" of a bundle, one value a user.
void add_users(const ArrayBundle& bundle, const std::string& split, KeyedRows& rows) {
  rows.begin_row();
  for (const auto& [name, array] : bundle.arrays) {
    const std::string prefix = split + "/";
    if (!name.starts_with(prefix))
      continue;
    const std::string metric = name.substr(prefix.size());
    const auto values = reals_of(bundle, name);
    if (!values || !is_dataset_name(metric))
      continue;
    std::vector<std::int64_t> users(values->size());
    std::iota(users.begin(), users.end(), std::int64_t{0});
    rows.set(metric, users, *values);
  }
}

void write_split(hdf5::FileWriter& file, const RunRecord& record, const std::string& split, const KeyedRows& rows) {
  const std::string group = "/users/" + split;
  const std::vector<std::int64_t> users = rows.keys();
  file.create_group(group);
  file.write(group + "_user", users, {users.size()});
  file.name_dimensions(group + "_user", {"user"});
  for (const std::string& metric : rows.layers()) {
    const std::string path = group + "/" + metric;
    file.write(path, rows.matrix(metric), {rows.rows(), users.size()}, {.deflate = 1});
    file.name_dimensions(path, {"trial", "user"});
    file.set_text(path, "unit", storable(unit_of(record, metric)));
  }
}

}  // namespace

void write_users(hdf5::FileWriter& file, const RunRecord& record, const ArtefactReader& artefacts) {
  std::vector<std::uint32_t> trials;
  KeyedRows validation, test;
  for (const TrialRecord& trial : record.trials) {
    if (trial.state != TrialState::reported)
      continue;
    const auto bundle = artefacts(trial, "users");
    if (!bundle)
      continue;
    trials.push_back(trial.id.value);
    add_users(*bundle, "validation", validation);
    add_users(*bundle, "test", test);
  }
  file.create_group("/users");
  file.write("/users/trial", trials, {trials.size()});
  file.name_dimensions("/users/trial", {"trial"});
  write_split(file, record, "validation", validation);
  write_split(file, record, "test", test);
}

}  // namespace fairsweep::store
