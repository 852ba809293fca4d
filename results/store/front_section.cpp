#include <set>
#include <string>
#include <vector>

#include "results/store/bundle_numbers.hpp"
#include "results/store/keyed_rows.hpp"
#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep::store {
namespace {

void write_estimates(hdf5::FileWriter& file, const Front& front, const std::string& split,
                     std::vector<Estimate> FrontPoint::* estimates) {
  std::vector<double> means, errors;
  for (const std::size_t member : front.members) {
    for (const Estimate& estimate : front.points[member].*estimates) {
      means.push_back(estimate.mean);
      errors.push_back(estimate.standard_error);
    }
  }
  const hdf5::Shape shape{front.members.size(), front.objectives.size()};
  for (const auto& [name, values] : {std::pair("_mean", &means), std::pair("_standard_error", &errors)}) {
    const std::string path = "/front/" + split + name;
    file.write(path, *values, shape);
    file.name_dimensions(path, {"front configuration", "objective"});
  }
}

void write_points(hdf5::FileWriter& file, const Front& front) {
  std::vector<std::uint32_t> configurations, replicates, failed;
  for (const std::size_t member : front.members) {
    configurations.push_back(front.points[member].configuration.value);
    replicates.push_back(front.points[member].replicates);
    failed.push_back(front.points[member].failed);
  }
  const hdf5::Shape shape{configurations.size()};
  file.write("/front/configuration", configurations, shape);
  file.write("/front/replicates", replicates, shape);
  file.write("/front/failed", failed, shape);
  for (const char* name : {"configuration", "replicates", "failed"}) {
    file.name_dimensions(std::string("/front/") + name, {"front configuration"});
  }
}

/// The margins of one split, where the artefact has them; all layers over the comparisons it names.
void add_margins(const ArrayBundle& bundle, const std::string& split, KeyedRows& rows) {
  rows.begin_row();
  const auto comparisons = integers_of(bundle, split + "/comparison");
  if (!comparisons)
    return;
  for (const char* layer : {"margin", "log_probability"}) {
    const auto values = reals_of(bundle, split + "/" + layer);
    if (values && values->size() == comparisons->size())
      rows.set(layer, *comparisons, *values);
  }
}

void write_margin_split(hdf5::FileWriter& file, const std::string& split, const KeyedRows& rows) {
  const std::string group = "/front/margins/" + split;
  const std::vector<std::int64_t> comparisons = rows.keys();
  file.create_group(group);
  file.write(group + "/comparison", comparisons, {comparisons.size()}, {.deflate = 1});
  file.name_dimensions(group + "/comparison", {"comparison"});
  for (const std::string& layer : rows.layers()) {
    const std::vector<double> wide = rows.matrix(layer);
    file.write(group + "/" + layer, std::vector<float>(wide.begin(), wide.end()), {rows.rows(), comparisons.size()},
               {.deflate = 1});
    file.name_dimensions(group + "/" + layer, {"front trial", "comparison"});
  }
}

void write_margins(hdf5::FileWriter& file, const RunRecord& record, const Front& front,
                   const ArtefactReader& artefacts) {
  std::set<ConfigurationId> on_front;
  for (const std::size_t member : front.members)
    on_front.insert(front.points[member].configuration);
  std::vector<std::uint32_t> trials;
  KeyedRows validation, test;
  for (const TrialRecord& trial : record.trials) {
    if (trial.state != TrialState::reported || !on_front.contains(trial.configuration))
      continue;
    const auto bundle = artefacts(trial, "margins");
    if (!bundle)
      continue;
    trials.push_back(trial.id.value);
    add_margins(*bundle, "validation", validation);
    add_margins(*bundle, "test", test);
  }
  file.create_group("/front/margins");
  file.write("/front/margins/trial", trials, {trials.size()});
  file.name_dimensions("/front/margins/trial", {"front trial"});
  write_margin_split(file, "validation", validation);
  write_margin_split(file, "test", test);
}

}  // namespace

void write_front(hdf5::FileWriter& file, const RunRecord& record, const ArtefactReader& artefacts) {
  const Front front = select_front(record);
  file.create_group("/front");
  file.set_text("/front", "rule",
                "non-dominated means over replicates on validation, of configurations whose wanted replicates are all "
                "reported or finally failed");
  file.set_text("/front", "reference_rule", "0 for accuracy; otherwise the worst validation mean that competes");
  file.set_real("/front", "hypervolume", front.hypervolume);
  file.write("/front/reference", front.reference, {front.reference.size()});
  file.name_dimensions("/front/reference", {"objective"});
  write_points(file, front);
  write_estimates(file, front, "validation", &FrontPoint::validation);
  write_estimates(file, front, "test", &FrontPoint::test);
  write_margins(file, record, front, artefacts);
}

}  // namespace fairsweep::store
