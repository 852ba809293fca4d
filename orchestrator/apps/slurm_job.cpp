#include "orchestrator/apps/slurm_job.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/child_program.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::size_t k_most_digits = 9;  // of a number that is meant

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool digits = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (text.empty() || text.size() > k_most_digits || !digits || error != std::errc() ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// Numbers between colons; nothing where one is none.
std::optional<std::vector<std::int64_t>> numbers(std::string_view text) {
  std::vector<std::int64_t> found;
  while (true) {
    const std::size_t colon = text.find(':');
    const auto value = number(text.substr(0, colon));
    if (!value) {
      return std::nullopt;
    }
    found.push_back(*value);
    if (colon == std::string_view::npos) {
      return found;
    }
    text.remove_prefix(colon + 1);
  }
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) {
    words.push_back(word);
  }
  return words;
}

std::vector<std::string> names_of(const std::string& node_list) {
  return words_of(answer_of({"scontrol", "show", "hostnames", node_list}).value_or(""));
}

/// Down, failed, or silent: Slurm marks with an asterisk those that do not answer.
bool lost(const std::string& state) {
  return state.find('*') != std::string::npos || state.starts_with("down") || state.starts_with("fail") ||
         state.starts_with("unk");
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::optional<std::int64_t> slurm_seconds(std::string_view text) {
  constexpr std::int64_t k_minute = 60;
  constexpr std::int64_t k_hour = 60 * k_minute;
  constexpr std::int64_t k_day = 24 * k_hour;
  const std::size_t dash = text.find('-');
  if (dash != std::string_view::npos) {
    const auto days = number(text.substr(0, dash));
    const auto parts = numbers(text.substr(dash + 1));
    if (!days || !parts || parts->size() > 3) {
      return std::nullopt;
    }
    const std::int64_t minutes = parts->size() > 1 ? (*parts)[1] : 0;
    const std::int64_t seconds = parts->size() > 2 ? (*parts)[2] : 0;
    return *days * k_day + (*parts)[0] * k_hour + minutes * k_minute + seconds;
  }
  const auto parts = numbers(text);
  if (!parts || parts->size() > 3) {
    return std::nullopt;
  }
  if (parts->size() == 3) {
    return (*parts)[0] * k_hour + (*parts)[1] * k_minute + (*parts)[2];
  }
  return (*parts)[0] * k_minute + (parts->size() == 2 ? (*parts)[1] : 0);
}

std::optional<SlurmJob> SlurmJob::current() {
  SlurmJob job;
  job.id_ = variable("SLURM_JOB_ID");
  job.node_list_ = variable("SLURM_JOB_NODELIST");
  if (!number(job.id_) || job.node_list_.empty()) {
    return std::nullopt;
  }
  return job;
}

std::optional<std::int64_t> SlurmJob::seconds_left() const {
  const auto answer = answer_of({"squeue", "--noheader", "--jobs", id_, "--format", "%L"});
  const std::vector<std::string> words = words_of(answer.value_or(""));
  return words.empty() ? std::nullopt : slurm_seconds(words[0]);
}

std::set<std::string> SlurmJob::present_hosts() const {
  std::set<std::string> present;
  if (const auto lists = answer_of({"squeue", "--noheader", "--jobs", id_, "--format", "%N"})) {
    for (const std::string& list : words_of(*lists)) {
      const std::vector<std::string> names = names_of(list);
      present.insert(names.begin(), names.end());
    }
  }
  return present;
}

std::vector<std::string> SlurmJob::hosts() const {
  const std::vector<std::string> all = names_of(node_list_);
  if (all.empty()) {
    throw UserError(ExitCode::environment, "scontrol does not say which hosts " + node_list_ +
                                               " are; is Slurm's scontrol in PATH on this node?");
  }
  std::set<std::string> up = present_hosts();
  if (up.empty()) {
    up.insert(all.begin(), all.end());
  }
  if (const auto states = answer_of({"sinfo", "--noheader", "--Node", "--nodes", node_list_, "--format", "%N %t"})) {
    const std::vector<std::string> words = words_of(*states);
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
      if (lost(words[i + 1])) {
        up.erase(words[i]);
      }
    }
  }
  std::vector<std::string> hosts;
  std::copy_if(all.begin(), all.end(), std::back_inserter(hosts),
               [&up](const std::string& host) { return up.contains(host); });
  if (hosts.empty()) {
    throw UserError(ExitCode::environment, "Slurm says that all hosts of this job (" + node_list_ + ") are down");
  }
  return hosts;
}

RankLayout lay_out(const std::vector<std::string>& hosts, int agents_per_node, bool coordinator_alone) {
  RankLayout layout;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const int agents = i == 0 && coordinator_alone ? 0 : agents_per_node;
    const int ranks = agents + (i == 0 ? 1 : 0);
    layout.hosts += (i == 0 ? "" : ",") + hosts[i] + ":" + std::to_string(ranks);
    layout.ranks += ranks;
  }
  return layout;
}

}  // namespace fairsweep::apps
