#include "results/store/person_results.hpp"

#include <algorithm>
#include <set>

#include "core/hdf5/file_reader.hpp"
#include "results/store/guarded_read.hpp"
#include "results/store/stored_text.hpp"
#include "results/store/trial_rows.hpp"

namespace fairsweep {
namespace {

template <typename T>
void require_length(hdf5::FileReader& file, const std::string& path, const std::vector<T>& values, std::size_t count) {
  if (values.size() != count)
    file.refuse(path, "has to have " + std::to_string(count) + " entries, one a person");
}

People read_people(hdf5::FileReader& file) {
  People people;
  if (!file.exists("/people"))
    return people;
  people.groups = file.read_texts("/groups");
  people.user = file.read<std::int64_t>("/people/user");
  people.group = file.read<std::int32_t>("/people/group");
  people.in_training = file.read<std::uint8_t>("/people/in_training");
  people.support = file.read<double>("/people/support_rate");
  require_length(file, "/people/group", people.group, people.user.size());
  require_length(file, "/people/in_training", people.in_training, people.user.size());
  require_length(file, "/people/support_rate", people.support, people.user.size());
  for (const std::int32_t group : people.group) {
    if (group < -1 || group >= static_cast<std::int64_t>(people.groups.size()))
      file.refuse("/people/group", "names group " + std::to_string(group) + ", which is not in /groups");
  }
  for (const std::uint8_t code : file.read<std::uint8_t>("/people/comparison_split")) {
    if (code > static_cast<std::uint8_t>(Split::unused))
      file.refuse("/people/comparison_split", "holds the code " + std::to_string(code) + ", which is no split");
    people.split.push_back(static_cast<Split>(code));
  }
  const auto keys = file.read_texts("/people/how/key"), values = file.read_texts("/people/how/value");
  if (keys.size() != values.size())
    file.refuse("/people/how", "has to have as many values as keys");
  for (std::size_t i = 0; i < keys.size(); ++i)
    people.how[keys[i]] = values[i];
  return people;
}

PersonValues read_split(hdf5::FileReader& file, const std::string& split, const std::string& metric,
                        const std::vector<std::uint64_t>& rows, std::size_t trials, const People& people) {
  PersonValues result;
  const std::string path = "/users/" + split + "/" + metric;
  if (metric.empty() || !file.exists(path))
    return result;
  result.people = file.read<std::int64_t>("/users/" + split + "_user");
  for (const std::int64_t person : result.people) {
    if (person < 0 || (!people.user.empty() && static_cast<std::size_t>(person) >= people.user.size()))
      file.refuse("/users/" + split + "_user", "names person " + std::to_string(person) + ", who is not in /people");
  }
  const auto read_rows = [&](const std::string& from) {
    if (file.shape(from) != hdf5::Shape{trials, result.people.size()})
      file.refuse(from, "has to have a row a trial and a column a person");
    return file.read_real_rows(from, rows);
  };
  result.values = read_rows(path);
  const std::string own_teacher = "/users/" + split + "/own_teacher_" + metric;
  if (file.exists(own_teacher))
    result.own_teacher = read_rows(own_teacher);
  return result;
}

PersonResults read_here(const std::filesystem::path& path, const std::string& metric,
                        const std::vector<TrialId>& wanted) {
  hdf5::FileReader file(path);
  PersonResults results;
  results.people = read_people(file);
  if (!file.exists("/users"))
    return results;
  std::set<std::string> metrics;
  for (const char* split : {"/users/validation", "/users/test"}) {
    for (const std::string& name : file.children(split))
      metrics.insert(name);
  }
  results.metrics.assign(metrics.begin(), metrics.end());
  if (!metrics.empty())
    results.metric = metrics.contains(metric) ? metric : results.metrics.front();
  const store::TrialRows asked = store::trial_rows(file, "/users/trial", wanted);
  results.trials = asked.trials;
  results.validation = read_split(file, "validation", results.metric, asked.rows, asked.count, results.people);
  results.test = read_split(file, "test", results.metric, asked.rows, asked.count, results.people);
  return results;
}

}  // namespace

PersonResults read_person_results(const std::filesystem::path& file, const std::string& metric,
                                  const std::vector<TrialId>& trials) {
  return store::guarded_read(file, [&] { return read_here(file, metric, trials); });
}

}  // namespace fairsweep
