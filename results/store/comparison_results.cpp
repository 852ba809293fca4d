#include "results/store/comparison_results.hpp"

#include <string>

#include "core/hdf5/file_reader.hpp"
#include "results/store/guarded_read.hpp"
#include "results/store/trial_rows.hpp"

namespace fairsweep {
namespace {

/// A column of /people with one entry a comparison; empty where there is none.
template <typename T>
std::vector<T> column_of(hdf5::FileReader& file, const std::string& path, std::uint64_t comparisons) {
  if (!file.exists(path))
    return {};
  if (file.shape(path) != hdf5::Shape{comparisons})
    file.refuse(path, "has to have one entry a comparison, " + std::to_string(comparisons));
  return file.read<T>(path);
}

void read_people(hdf5::FileReader& file, ComparisonResults& results) {
  const std::string split = "/people/comparison_split";
  if (!file.exists(split))
    return;
  const hdf5::Shape shape = file.shape(split);
  if (shape.size() != 1)
    file.refuse(split, "has to have one dimension");
  results.person = column_of<std::int32_t>(file, "/people/comparison_person", shape[0]);
  results.weight = column_of<float>(file, "/people/comparison_weight", shape[0]);
  const std::uint64_t people = file.shape("/people/user").at(0);
  for (const std::int32_t person : results.person) {
    if (person < 0 || static_cast<std::uint64_t>(person) >= people)
      file.refuse("/people/comparison_person", "names person " + std::to_string(person) + ", who is not in /people");
  }
}

ComparisonValues read_split(hdf5::FileReader& file, const std::string& split, const std::vector<std::uint64_t>& rows,
                            std::uint64_t trials, const ComparisonResults& results) {
  ComparisonValues values;
  const std::string group = "/front/margins/" + split;
  if (!file.exists(group))
    return values;
  values.comparison = file.read<std::int64_t>(group + "/comparison");
  for (const std::int64_t row : values.comparison) {
    if (row < 0 || (!results.person.empty() && static_cast<std::size_t>(row) >= results.person.size()))
      file.refuse(group + "/comparison", "names comparison " + std::to_string(row) + ", which is not in /people");
  }
  const auto read_layer = [&](const std::string& name) {
    const std::string path = group + "/" + name;
    if (!file.exists(path))
      return std::vector<double>();
    if (file.shape(path) != hdf5::Shape{trials, values.comparison.size()})
      file.refuse(path, "has to have a row a trial and a column a comparison");
    return file.read_real_rows(path, rows);
  };
  values.margin = read_layer("margin");
  values.log_probability = read_layer("log_probability");
  return values;
}

ComparisonResults read_here(const std::filesystem::path& path, const std::vector<TrialId>& wanted) {
  hdf5::FileReader file(path);
  ComparisonResults results;
  read_people(file, results);
  if (!file.exists("/front/margins/trial"))
    return results;
  const store::TrialRows asked = store::trial_rows(file, "/front/margins/trial", wanted);
  results.trials = asked.trials;
  results.validation = read_split(file, "validation", asked.rows, asked.count, results);
  results.test = read_split(file, "test", asked.rows, asked.count, results);
  return results;
}

}  // namespace

ComparisonResults read_comparison_results(const std::filesystem::path& file, const std::vector<TrialId>& trials) {
  return store::guarded_read(file, [&] { return read_here(file, trials); });
}

}  // namespace fairsweep
