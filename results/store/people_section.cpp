#include <cstdint>
#include <string>
#include <vector>

#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep::store {
void write_people(hdf5::FileWriter& file, const RunRecord& record) {
  const People& people = record.people;
  if (people.names.empty())
    return;  // trainers that need no data, and runs begun before people were kept
  file.create_group("/people");
  write_long_texts(file, "/people/name", people.names);
  const auto column = [&](const std::string& name, const auto& values) {
    file.write("/people/" + name, values, {values.size()}, {.deflate = 1});
    file.name_dimensions("/people/" + name, {"person"});
  };
  column("user", people.user);
  column("group", people.group);
  column("in_training", people.in_training);
  column("support_rate", people.support);
  if (!people.membership.empty()) {
    file.write("/people/membership", people.membership, {people.names.size(), people.groups.size()}, {.deflate = 1});
    file.name_dimensions("/people/membership", {"person", "group"});
  }
  std::vector<std::uint8_t> parts;
  parts.reserve(people.split.size());
  for (const Split part : people.split)
    parts.push_back(static_cast<std::uint8_t>(part));
  file.write("/people/comparison_split", parts, {parts.size()}, {.deflate = 1});
  file.name_dimensions("/people/comparison_split", {"comparison"});
  file.set_text("/people/comparison_split", "codes", "0 train, 1 validation, 2 test, 3 history, 4 unused");
  if (!people.person.empty()) {
    file.write("/people/comparison_person", people.person, {people.person.size()}, {.deflate = 1});
    file.name_dimensions("/people/comparison_person", {"comparison"});
  }
  if (!people.weight.empty()) {
    file.write("/people/comparison_weight", people.weight, {people.weight.size()}, {.deflate = 1});
    file.name_dimensions("/people/comparison_weight", {"comparison"});
  }
  std::vector<std::string> keys, values;
  for (const auto& [key, value] : people.how) {
    keys.push_back(storable(key));
    values.push_back(storable(value));
  }
  file.create_group("/people/how");
  file.write_texts("/people/how/key", keys);
  file.write_texts("/people/how/value", values);
}

}  // namespace fairsweep::store
