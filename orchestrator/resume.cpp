#include "orchestrator/resume.hpp"

#include <map>
#include <optional>
#include <sstream>
#include <utility>
#include <variant>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// Shows an event to a strategy. False where it would now suggest something else.
bool show(const Event& event, const TrialTable& table, SearchStrategy& strategy) {
  if (const auto* suggested = std::get_if<events::Suggested>(&event)) {
    return strategy.suggest(suggested->configuration.id.value) == suggested->configuration.values;
  }
  if (const auto* reported = std::get_if<events::Reported>(&event)) {
    if (table.trials()[reported->report.trial.value].state == TableTrial::State::reported) {
      strategy.ingest(table.trials()[reported->report.trial.value].configuration, reported->report);
    }
  }
  return true;
}

/// Path -> value of block YAML with two-space steps; lists are numbered. Enough for text of our own making.
std::map<std::string, std::string> lines_by_path(const std::string& text) {
  std::map<std::string, std::string> values;
  std::vector<std::pair<std::size_t, std::string>> parents;  // indent, name
  std::map<std::string, int> items;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == std::string::npos || line[indent] == '#') {
      continue;
    }
    while (!parents.empty() && parents.back().first >= indent) {
      parents.pop_back();
    }
    std::string parent;
    for (const auto& [at, name] : parents) {
      parent += name + ".";
    }
    const std::string body = line.substr(indent);
    const std::size_t colon = body.starts_with("- ") ? std::string::npos : body.find(':');
    const std::string name = colon == std::string::npos ? std::to_string(items[parent]++) : body.substr(0, colon);
    const std::string value = colon == std::string::npos ? body : body.substr(colon + 1);
    const std::size_t begin = value.find_first_not_of(' ');
    if (begin == std::string::npos) {
      parents.emplace_back(indent, name);
    } else {
      values[parent + name] = value.substr(begin);
    }
  }
  return values;
}

}  // namespace

std::size_t replay(const std::vector<Event>& events, const std::string& source, TrialTable& table,
                   SearchStrategy* strategy) {
  std::size_t other = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    try {
      (void)table.apply(events[i]);
    } catch (const InternalError& error) {
      throw UserError(ExitCode::file, source + ": event " + std::to_string(i + 1) +
                                          " cannot follow the ones before it, so the log was changed by hand or mixed "
                                          "with another; restore it from a copy (" + error.what() + ")");
    }
    if (strategy != nullptr && !show(events[i], table, *strategy)) {
      ++other;
    }
  }
  return other;
}

void begin_session(const EventSink& sink, TrialTable& table, events::Started started) {
  const auto record = [&](const Event& event) {
    (void)table.apply(event);
    sink.append(event);
  };
  started.resumed = table.started().has_value();
  if (started.resumed) {
    if (table.started()->configuration_digest != started.configuration_digest) {
      throw UserError(ExitCode::configuration,
                      "the run was begun with another configuration; give the same one, or another place with --out");
    }
    if (table.started()->data_digest != started.data_digest) {
      throw UserError(ExitCode::file,
                      "the run was begun with other data (digest " + table.started()->data_digest.substr(0, 12) +
                          ", now " + started.data_digest.substr(0, 12) +
                          "); restore the data file, or give another place with --out");
    }
  }
  const double time = started.time;
  record(std::move(started));
  while (!table.leases().empty()) {
    record(events::LeaseExpired{time, table.leases().begin()->first, "resumed"});
  }
}

std::string difference(const std::string& old_text, const std::string& new_text, std::size_t most) {
  const std::map<std::string, std::string> before = lines_by_path(old_text);
  const std::map<std::string, std::string> after = lines_by_path(new_text);
  std::map<std::string, std::string> changes;
  for (const auto& [path, value] : before) {
    const auto now = after.find(path);
    if (now == after.end()) {
      changes[path] = value + " -> (absent)";
    } else if (now->second != value) {
      changes[path] = value + " -> " + now->second;
    }
  }
  for (const auto& [path, value] : after) {
    if (!before.contains(path)) {
      changes[path] = "(absent) -> " + value;
    }
  }
  std::string text;
  std::size_t shown = 0;
  for (const auto& [path, change] : changes) {
    if (shown++ == most) {
      text += "\n  and " + std::to_string(changes.size() - most) + " more";
      break;
    }
    text += (text.empty() ? "  " : "\n  ") + path + ": " + change;
  }
  return text;
}

}  // namespace fairsweep
