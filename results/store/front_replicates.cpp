#include "results/store/front_replicates.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>

namespace fairsweep {

FrontReplicates front_replicates(const RunRecord& record, const Front& front) {
  FrontReplicates found;
  std::map<ConfigurationId, std::size_t> row_of;
  for (std::size_t i = 0; i < front.points.size(); ++i) {
    if (!front.points[i].competes)
      continue;
    row_of[front.points[i].configuration] = found.points.size();
    found.points.push_back(i);
  }
  std::map<std::uint32_t, std::size_t> column_of;
  for (const TrialRecord& trial : record.trials)
    column_of[trial.replicate] = 0;
  std::size_t next = 0;
  for (auto& [replicate, column] : column_of)
    column = next++;
  pareto::ReplicateValues& values = found.values;
  values.configurations = found.points.size();
  values.replicates = column_of.size();
  values.dimensions = front.objectives.size();
  values.values.assign(values.configurations * values.replicates * values.dimensions,
                       std::numeric_limits<double>::quiet_NaN());
  for (const TrialRecord& trial : record.trials) {
    const auto row = row_of.find(trial.configuration);
    if (row == row_of.end() || trial.state != TrialState::reported)
      continue;
    const auto raw = validation_values(trial, front.objectives);
    if (!raw)
      continue;
    const std::size_t begin = (row->second * values.replicates + column_of.at(trial.replicate)) * values.dimensions;
    for (std::size_t axis = 0; axis < values.dimensions; ++axis)
      values.values[begin + axis] = front.objectives[axis].to_minimisation((*raw)[axis]);
  }
  return found;
}

}  // namespace fairsweep
