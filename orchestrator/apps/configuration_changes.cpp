#include "orchestrator/apps/configuration_changes.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "core/config/resolved_options.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::size_t k_most_lines = 10;
constexpr std::string_view k_resources = "resources.";

void judge(ConfigurationChange& change, const SweepConfiguration& before, const SweepConfiguration& now) {
  if (change.path == "search.configurations") {
    change.allowed = now.search.configurations > before.search.configurations;
    change.why_not = change.allowed ? "" : "only more can be asked for";
  } else {
    change.allowed = change.path == "data.file" || change.path.starts_with(k_resources);
  }
}

}  // namespace

std::vector<ConfigurationChange> changes_between(const SweepConfiguration& before, const SweepConfiguration& now) {
  std::map<std::string, std::pair<std::string, std::string>> values;
  for (const ResolvedOption& option : resolved_options(before)) {
    values[option.path].first = option.value;
  }
  for (const ResolvedOption& option : resolved_options(now)) {
    values[option.path].second = option.value;
  }
  std::vector<ConfigurationChange> changes;
  for (const auto& [path, pair] : values) {
    if (pair.first != pair.second) {
      changes.push_back({path, pair.first, pair.second, false, ""});
      judge(changes.back(), before, now);
    }
  }
  return changes;
}

std::string lines_of(const std::vector<ConfigurationChange>& changes) {
  const auto shown = [](const std::string& value) { return value.empty() ? std::string("(absent)") : value; };
  std::string text;
  for (std::size_t i = 0; i < std::min(changes.size(), k_most_lines); ++i) {
    const ConfigurationChange& each = changes[i];
    text += "\n  " + each.path + ": " + shown(each.before) + " -> " + shown(each.now);
    text += each.why_not.empty() ? "" : " (" + each.why_not + ")";
  }
  if (changes.size() > k_most_lines) {
    text += "\n  and " + std::to_string(changes.size() - k_most_lines) + " more";
  }
  return text;
}

std::vector<ConfigurationChange> forbidden_of(const std::vector<ConfigurationChange>& changes) {
  std::vector<ConfigurationChange> forbidden;
  std::copy_if(changes.begin(), changes.end(), std::back_inserter(forbidden),
               [](const ConfigurationChange& change) { return !change.allowed; });
  return forbidden;
}

void refuse_forbidden(const std::vector<ConfigurationChange>& changes, const std::string& run) {
  const std::vector<ConfigurationChange> forbidden = forbidden_of(changes);
  if (!forbidden.empty()) {
    throw UserError(ExitCode::configuration,
                    run + ": the run was begun with another configuration, and this would mix two kinds of trials:" +
                        lines_of(forbidden) +
                        "\nGive what it was begun with, or another place with --out. A run that goes on may have more "
                        "search.configurations, other resources.*, and its data elsewhere (data.file).");
  }
}

}  // namespace fairsweep::apps
