#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/description/describe_data.hpp"

namespace fairsweep {

namespace {

constexpr std::size_t k_longest_line = 110;

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (text.size() + names[at].size() > k_longest_line - 25) {
      return text + fmt::format(", ... ({} more)", names.size() - at);
    }
    text += (at == 0 ? "" : ", ") + names[at];
  }
  return text;
}

double share(std::int64_t part, std::int64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

// Multi-line values (a mapping file) would drown the page: their first line stands for them.
std::string first_line(const std::string& value) {
  const auto end = value.find('\n');
  return end == std::string::npos ? value : value.substr(0, end) + " ...";
}

std::string group_line(const GroupDescription& group) {
  std::string line =
      fmt::format("    {:<16} {:>7} people {:>9} comparisons", group.label, group.users, group.comparisons);
  for (const auto& [alternative, part] : group.choice_shares) {
    line += fmt::format("  {} {:.1f} %", alternative, 100 * part);
  }
  if (group.ceiling) {
    line += fmt::format("  ceiling {:.4f}", *group.ceiling);
  }
  return line + '\n';
}

std::string conflict_line(const Conflict& conflict) {
  const std::string pair = conflict.first + " and " + conflict.second;
  if (conflict.shared == 0) {
    return fmt::format("    conflict of {}: not measurable: no pair judged by both with a clear majority\n", pair);
  }
  return fmt::format("    conflict of {}: {:.1f} % opposite majorities ({} of {} questions judged by both)\n", pair,
                     100 * share(conflict.opposite, conflict.shared), conflict.opposite, conflict.shared);
}

}  // namespace

std::string describe_text(const DataDescription& d) {
  std::string text;
  const auto line = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("{:<14} {}\n", name, value);
  };
  line("people", fmt::format("{}{}", d.users,
                             d.users_without_comparisons == 0
                                 ? ""
                                 : fmt::format(" ({} without comparisons)", d.users_without_comparisons)));
  line("contexts", std::to_string(d.contexts));
  line("candidates", std::to_string(d.candidates));
  line("comparisons",
       fmt::format("{} ({} pairs, {} choices, {} rankings)", d.comparisons, d.pairs, d.choices, d.rankings));
  line("per person",
       fmt::format("{} least, {:g} median, {} most", d.least_per_user, d.median_per_user, d.most_per_user));
  line("features", fmt::format("{}: {}", d.features.size(), joined(d.features)));
  line("user features",
       d.user_features.empty() ? "none" : fmt::format("{}: {}", d.user_features.size(), joined(d.user_features)));
  line("repeats", d.repeat_pairs == 0 ? "none"
                                      : fmt::format("{} questions asked again, {:.1f} % of the answers the same",
                                                    d.repeated, 100 * share(d.consistent_pairs, d.repeat_pairs)));
  for (const AttributeDescription& attribute : d.attributes) {
    text += fmt::format("attribute {}\n", attribute.name);
    for (const GroupDescription& group : attribute.groups) {
      text += group_line(group);
    }
    if (attribute.unknown_users > 0) {
      text += fmt::format("    not known: {} people\n", attribute.unknown_users);
    }
    for (const Conflict& conflict : attribute.conflicts) {
      text += conflict_line(conflict);
    }
  }
  for (const auto& [key, value] : d.about) {
    line(key, first_line(value));
  }
  line("digest", d.digest);
  return text;
}

std::string describe_json(const DataDescription& d) {
  using Json = nlohmann::ordered_json;
  Json attributes = Json::array();
  for (const AttributeDescription& attribute : d.attributes) {
    Json groups = Json::array();
    for (const GroupDescription& group : attribute.groups) {
      Json shares = Json::object();
      for (const auto& [alternative, part] : group.choice_shares) {
        shares[alternative] = part;
      }
      groups.push_back({{"label", group.label},
                        {"users", group.users},
                        {"comparisons", group.comparisons},
                        {"choice_shares", shares},
                        {"ceiling", group.ceiling ? Json(*group.ceiling) : Json(nullptr)}});
    }
    Json conflicts = Json::array();
    for (const Conflict& conflict : attribute.conflicts) {
      conflicts.push_back({{"first", conflict.first},
                           {"second", conflict.second},
                           {"shared", conflict.shared},
                           {"opposite", conflict.opposite}});
    }
    attributes.push_back({{"name", attribute.name},
                          {"unknown_users", attribute.unknown_users},
                          {"groups", groups},
                          {"conflicts", conflicts}});
  }
  const Json json{{"digest", d.digest},
                  {"users", d.users},
                  {"users_without_comparisons", d.users_without_comparisons},
                  {"contexts", d.contexts},
                  {"candidates", d.candidates},
                  {"comparisons", d.comparisons},
                  {"pairs", d.pairs},
                  {"choices", d.choices},
                  {"rankings", d.rankings},
                  {"least_per_user", d.least_per_user},
                  {"median_per_user", d.median_per_user},
                  {"most_per_user", d.most_per_user},
                  {"repeated", d.repeated},
                  {"repeat_pairs", d.repeat_pairs},
                  {"consistent_pairs", d.consistent_pairs},
                  {"features", d.features},
                  {"user_features", d.user_features},
                  {"attributes", attributes},
                  {"about", d.about}};
  return json.dump(2);
}

}  // namespace fairsweep
