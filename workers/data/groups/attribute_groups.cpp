#include "workers/data/groups/attribute_groups.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <map>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep {
namespace {

using Codes = std::vector<std::int32_t>;

std::vector<std::string> names_in(const std::map<std::string, Attribute>& attributes) {
  std::vector<std::string> names;
  names.reserve(attributes.size());
  for (const auto& [name, attribute] : attributes)
    names.push_back(name);
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::vector<std::string> attributes_of(const GroupSettings& settings) {
  if (settings.by == "attribute")
    return {settings.attribute};
  return settings.by == "combination" ? settings.attributes : std::vector<std::string>{};
}

void check_attributes(const PreferenceData& data, const GroupSettings& settings) {
  const std::vector<std::string> of_users = names_in(data.user_attributes);
  const std::vector<std::string> of_comparisons = names_in(data.comparison_attributes);
  std::vector<std::string> all = of_users;
  all.insert(all.end(), of_comparisons.begin(), of_comparisons.end());
  for (const std::string& name : attributes_of(settings)) {
    if (std::find(all.begin(), all.end(), name) != all.end())
      continue;
    throw UserError(
        ExitCode::configuration,
        fmt::format("data.groups.{}: the users have no attribute \"{}\"{}; they have: {}{}",
                    settings.by == "attribute" ? "attribute" : "attributes", name, did_you_mean(name, all),
                    listed(of_users),
                    of_comparisons.empty() ? "" : fmt::format(", and the comparisons: {}", listed(of_comparisons))));
  }
}

AttributeGroups groups_by_attributes(const PreferenceData& data, const GroupSettings& settings) {
  std::vector<const Attribute*> attributes;
  for (const std::string& name : attributes_of(settings))
    attributes.push_back(&data.user_attributes.at(name));
  check(!attributes.empty(), "groups by attributes need an attribute");

  const auto users = static_cast<std::size_t>(data.user_count());
  const auto codes_of = [&](std::size_t user) {
    Codes codes;
    for (const Attribute* attribute : attributes) {
      if (attribute->codes[user] < 0)
        return Codes{};
      codes.push_back(attribute->codes[user]);
    }
    return codes;
  };
  std::map<Codes, std::int64_t> people;
  for (std::size_t user = 0; user < users; ++user) {
    if (const Codes codes = codes_of(user); !codes.empty())
      ++people[codes];
  }
  AttributeGroups answer;
  std::map<Codes, std::int32_t> code_of;
  for (const auto& [codes, count] : people) {
    if (count < settings.minimum_size) {
      ++answer.too_small_groups;
      answer.too_small_users += count;
      continue;
    }
    code_of[codes] = static_cast<std::int32_t>(answer.names.size());
    std::string name;
    for (std::size_t i = 0; i < codes.size(); ++i)
      name += (i == 0 ? "" : ", ") + attributes[i]->labels[static_cast<std::size_t>(codes[i])];
    if (std::find(answer.names.begin(), answer.names.end(), name) != answer.names.end()) {
      throw UserError(ExitCode::configuration,
                      fmt::format("data.groups.attributes: two combinations would both be called \"{}\"; their labels "
                                  "have commas in them, rename one",
                                  name));
    }
    answer.names.push_back(name);
  }
  if (answer.names.empty()) {
    throw UserError(
        ExitCode::configuration,
        fmt::format("data.groups: no group has data.groups.minimum_size = {} people; the largest of {} has "
                    "{}; give a smaller minimum, or attributes with fewer labels",
                    settings.minimum_size, people.size(),
                    people.empty() ? 0 : std::max_element(people.begin(), people.end(), [](auto& a, auto& b) {
                                           return a.second < b.second;
                                         })->second));
  }
  for (std::size_t user = 0; user < users; ++user) {
    const auto found = code_of.find(codes_of(user));
    answer.group.push_back(found == code_of.end() ? -1 : found->second);
  }
  return answer;
}

}  // namespace fairsweep
