#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep::store {
namespace {

constexpr Split k_splits[] = {Split::train, Split::validation, Split::test, Split::history};

/// The names along the last three dimensions of the metric arrays.
struct Labels {
  std::vector<Split> splits;
  std::vector<std::string> metrics, groups;

  [[nodiscard]] std::size_t cells() const { return splits.size() * metrics.size() * groups.size(); }
};

template <typename T>
std::size_t place_of(const std::vector<T>& values, const T& value) {
  return static_cast<std::size_t>(std::ranges::find(values, value) - values.begin());
}

template <typename T>
void add_once(std::vector<T>& values, const T& value) {
  if (std::ranges::find(values, value) == values.end())
    values.push_back(value);
}

Labels labels_of(const RunRecord& record) {
  Labels labels;
  for (const TrialRecord& trial : record.trials) {
    for (const MetricValue& metric : trial.metrics) {
      add_once(labels.splits, metric.split);
      add_once(labels.metrics, metric.metric);
      add_once(labels.groups, metric.group);
    }
  }
  std::ranges::sort(labels.splits);
  return labels;
}

/// [trials, splits, metrics, groups], row-major.
struct Cells {
  std::vector<double> value, standard_error;
  std::vector<std::uint32_t> users;
  std::vector<std::uint64_t> comparisons;
  std::vector<std::uint8_t> present;

  explicit Cells(std::size_t count)
      : value(count, std::numeric_limits<double>::quiet_NaN()),
        standard_error(count, std::numeric_limits<double>::quiet_NaN()),
        users(count, 0),
        comparisons(count, 0),
        present(count, 0) {}

  void set(std::size_t cell, const MetricValue& metric) {
    if (present[cell] != 0)
      return;  // said twice: the first counts, as everywhere
    present[cell] = 1;
    value[cell] = metric.value;
    standard_error[cell] = metric.standard_error;
    users[cell] = metric.users;
    comparisons[cell] = metric.comparisons;
  }
};

Labels read_labels(hdf5::FileReader& file) {
  Labels labels;
  for (const std::string& text : file.read_texts("/metrics/split")) {
    const auto* place = std::ranges::find_if(k_splits, [&](Split split) { return to_text(split) == text; });
    if (place == std::end(k_splits))
      file.refuse("/metrics/split", "names no split: \"" + text + "\"");
    labels.splits.push_back(*place);
  }
  labels.metrics = file.read_texts("/metrics/metric");
  labels.groups = file.read_texts("/metrics/group");
  return labels;
}

}  // namespace

void write_metrics(hdf5::FileWriter& file, const RunRecord& record) {
  const Labels labels = labels_of(record);
  Cells cells(record.trials.size() * labels.cells());
  for (std::size_t row = 0; row < record.trials.size(); ++row) {
    for (const MetricValue& metric : record.trials[row].metrics) {
      const std::size_t split = place_of(labels.splits, metric.split);
      const std::size_t line =
          (row * labels.splits.size() + split) * labels.metrics.size() + place_of(labels.metrics, metric.metric);
      cells.set(line * labels.groups.size() + place_of(labels.groups, metric.group), metric);
    }
  }
  std::vector<std::string> splits;
  splits.reserve(labels.splits.size());
  for (const Split split : labels.splits)
    splits.emplace_back(to_text(split));
  const hdf5::Shape shape{record.trials.size(), labels.splits.size(), labels.metrics.size(), labels.groups.size()};
  const hdf5::Storage packed{.deflate = 1};
  file.create_group("/metrics");
  file.write_texts("/metrics/split", splits);
  file.write_texts("/metrics/metric", storable(labels.metrics));
  file.write_texts("/metrics/group", storable(labels.groups));
  file.write("/metrics/value", cells.value, shape, packed);
  file.write("/metrics/standard_error", cells.standard_error, shape, packed);
  file.write("/metrics/users", cells.users, shape, packed);
  file.write("/metrics/comparisons", cells.comparisons, shape, packed);
  file.write("/metrics/present", cells.present, shape, packed);
  for (const char* name : {"value", "standard_error", "users", "comparisons", "present"}) {
    file.name_dimensions(std::string("/metrics/") + name, {"trial", "split", "metric", "group"});
  }
}

void read_metrics(hdf5::FileReader& file, RunRecord& record) {
  const Labels labels = read_labels(file);
  const hdf5::Shape shape{record.trials.size(), labels.splits.size(), labels.metrics.size(), labels.groups.size()};
  Cells cells(0);
  cells.value = file.read<double>("/metrics/value", shape);
  cells.standard_error = file.read<double>("/metrics/standard_error", shape);
  cells.users = file.read<std::uint32_t>("/metrics/users", shape);
  cells.comparisons = file.read<std::uint64_t>("/metrics/comparisons", shape);
  cells.present = file.read<std::uint8_t>("/metrics/present", shape);
  std::size_t cell = 0;
  for (TrialRecord& trial : record.trials) {
    const auto here = cells.present.begin() + static_cast<std::ptrdiff_t>(cell);
    trial.metrics.reserve(static_cast<std::size_t>(std::count_if(
        here, here + static_cast<std::ptrdiff_t>(labels.cells()), [](auto present) { return present != 0; })));
    for (const Split split : labels.splits) {
      for (const std::string& metric : labels.metrics) {
        for (const std::string& group : labels.groups) {
          if (cells.present[cell] != 0) {
            trial.metrics.push_back({metric, split, group, cells.value[cell], cells.standard_error[cell],
                                     cells.users[cell], cells.comparisons[cell]});
          }
          ++cell;
        }
      }
    }
  }
}

}  // namespace fairsweep::store
