#include "results/export/checklist.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "results/export/markdown_text.hpp"
#include "results/export/method_sources.hpp"
#include "results/export/space_text.hpp"
#include "results/report/confidence_text.hpp"
#include "results/report/number_text.hpp"

namespace fairsweep::exports {
namespace {

using report::duration_text;

struct Counts {
  std::size_t reported = 0, failed = 0, open = 0, attempts = 0, failed_attempts = 0;
  double seconds = 0;  ///< of the reported trials
  std::map<std::string, std::size_t> reasons;
};

Counts count(const RunRecord& record) {
  Counts counts;
  for (const TrialRecord& trial : record.trials) {
    counts.reported += trial.state == TrialState::reported ? 1 : 0;
    counts.failed += trial.state == TrialState::failed ? 1 : 0;
    counts.open += trial.state == TrialState::pending || trial.state == TrialState::running ? 1 : 0;
    counts.attempts += trial.attempts;
    counts.failed_attempts += trial.failures.size();
    counts.seconds += trial.state == TrialState::reported ? trial.seconds : 0;
    for (const TrialFailure& failure : trial.failures)
      ++counts.reasons[failure.reason];
  }
  return counts;
}

std::string hours_text(double seconds) { return fmt::format("{} ({:.3g} h)", duration_text(seconds), seconds / 3600); }

void write_declaration(const RunExport& run, MarkdownPage& page) {
  page.heading("What was studied");
  for (const auto& [key, value] : run.run.record.declaration)
    page.fact(key, value);
}

void write_space(const RunExport& run, MarkdownPage& page) {
  const RunRecord& record = run.run.record;
  page.heading("Bounds of every hyperparameter searched");
  page.fact("search strategy", option_of(run, "search.strategy"));
  page.fact("settings searched", std::to_string(record.space.parameters.size()));
  page.table({"setting", "values", "only where"});
  for (const Parameter& parameter : record.space.parameters)
    page.row({parameter.path, distribution_text(parameter.distribution), condition_text(parameter)});
  page.paragraph("Settings that were the same in every trial:");
  page.table({"setting", "value"});
  for (const auto& [path, value] : run.run.fixed)
    page.row({path, to_text(value)});
}

void write_methods(const RunExport& run, MarkdownPage& page) {
  page.heading("Methods");
  page.table({"method", "configurations on the front", "note"});
  for (const std::string& method : methods_used(run)) {
    const auto on_front = std::ranges::count_if(run.run.front.members, [&](std::size_t member) {
      const ConfigurationId id = run.run.front.points[member].configuration;
      return report::method_of(run.run, report::configuration_of(run.run.record, id)) == method;
    });
    page.row({method, std::to_string(on_front), std::string(method_note(method))});
  }
}

void write_runs(const RunExport& run, MarkdownPage& page) {
  const RunRecord& record = run.run.record;
  const Counts counts = count(record);
  page.heading("Number of runs");
  page.fact("configurations asked for", std::to_string(record.wanted_configurations));
  page.fact("configurations tried", std::to_string(record.configurations.size()));
  page.fact("replicates (seeds) of each", std::to_string(record.replicates));
  page.fact("trials reported", std::to_string(counts.reported));
  page.fact("trials failed for good", std::to_string(counts.failed));
  page.fact("trials not ended", std::to_string(counts.open));
  page.fact("times a trial was started", std::to_string(counts.attempts));
  page.fact("attempts that failed", std::to_string(counts.failed_attempts));
  for (const auto& [reason, times] : counts.reasons)
    page.fact("failed for the reason " + reason, std::to_string(times));
  page.fact("the sweep is complete", record.complete ? "yes" : "no");
}

void write_compute(const RunExport& run, MarkdownPage& page) {
  const RunRecord& record = run.run.record;
  page.heading("Compute, failed runs included");
  page.fact("wall time of the sweep, over all sessions", hours_text(record.seconds));
  page.fact("training time of the reported trials, added up", hours_text(count(record).seconds));
  const std::map<std::string, double> spent = worker_seconds(run.timeline);
  double all = 0, lost = 0;
  for (const auto& [cause, seconds] : spent) {
    all += seconds;
    lost += cause == "reported" ? 0 : seconds;
  }
  page.fact("time that workers had trials, failed ones included", hours_text(all));
  page.fact("of which without a result", hours_text(lost));
  for (const auto& [cause, seconds] : spent)
    page.fact("time of workers: " + cause, hours_text(seconds));
  page.fact("threads of a worker", option_of(run, "resources.threads_per_trainer"));
  page.paragraph("What was tried before this sweep, and is not in its file, has to be added.");
}

void write_selection(const RunExport& run, MarkdownPage& page) {
  const Front& front = run.run.front;
  page.heading("Criterion by which points were chosen");
  std::string axes;
  for (const Objective& objective : front.objectives) {
    axes += (axes.empty() ? "" : "; ") + objective.label() + ", " +
            (objective.direction == Direction::maximise ? "higher" : "lower") + " is better";
  }
  page.fact("objectives", axes);
  page.fact("rule",
            "the non-dominated means over replicates on validation, of configurations whose replicates are all "
            "reported or finally failed; no test value is read to choose");
  page.fact("configurations on the front", std::to_string(front.members.size()));
  page.fact("reported numbers",
            "mean and standard error (sd / sqrt(n)) over replicates, on test, of the same replicates");
  if (!front.members.empty())
    page.fact("how sure the front is", report::confidence_sentence(run.run));
  if (run.run.confidence)
    page.fact("probability of a configuration", report::probability_meaning(run.run));
  if (run.reference.reference) {
    page.fact("reference of the significance tests",
              fmt::format("configuration {}, the best of {} by its mean over the objectives on validation",
                          front.points[*run.reference.reference].configuration.value, run.reference.method));
    page.fact("significance tests",
              fmt::format("paired bootstrap over the people of the test split, {} draws, two-sided, {} comparisons, "
                          "adjusted by Holm, level {}; other seeds and splits are not in it",
                          k_bootstrap_draws, run.reference.differences.size(), k_significance_level));
  }
  if (!run.reference.note.empty())
    page.fact("not compared", run.reference.note);
}

void write_data(const RunExport& run, MarkdownPage& page) {
  const RunRecord& record = run.run.record;
  const nlohmann::json data = nlohmann::json::parse(record.data_description, nullptr, false);
  page.heading("Data and splits");
  page.fact("file", option_of(run, "data.file"));
  page.fact("SHA-256 of the data", record.data_digest);
  if (data.is_object()) {
    for (const char* key : {"users", "contexts", "candidates", "comparisons"}) {
      if (data.contains(key))
        page.fact(key, data[key].dump());
    }
    if (data.contains("about") && data["about"].is_object()) {
      for (const auto& [key, value] : data["about"].items())
        page.fact("the data say of themselves: " + key, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  for (const auto& [path, value] : run.options.resolved) {
    if (path.starts_with("data.split") || path.starts_with("data.groups") || path.starts_with("data.labels"))
      page.fact(path, value);
  }
  const People& people = run.people.front().people;
  std::array<std::size_t, 5> comparisons{};
  for (const Split split : people.split)
    ++comparisons[static_cast<std::size_t>(split)];
  if (!people.split.empty()) {
    for (const Split split : {Split::train, Split::validation, Split::test, Split::history, Split::unused})
      page.fact("comparisons: " + std::string(to_text(split)),
                std::to_string(comparisons[static_cast<std::size_t>(split)]));
  }
  for (std::size_t group = 0; group < people.groups.size(); ++group) {
    const auto members = std::ranges::count(people.group, static_cast<std::int32_t>(group));
    page.fact("people of the group " + people.groups[group], std::to_string(members));
  }
}

void write_environment(const RunExport& run, MarkdownPage& page) {
  const RunRecord& record = run.run.record;
  page.heading("Seeds");
  page.fact("seed of the sweep", option_of(run, "search.seed"));
  page.fact("seeds of trials", fmt::format("counter-based streams keyed by the sweep's seed, the configuration and the "
                                           "replicate (0 to {})",
                                           record.replicates > 0 ? record.replicates - 1 : 0));
  page.heading("Hardware and versions");
  std::set<std::string> hosts, devices;
  for (const TrialRecord& trial : record.trials) {
    if (!trial.host.empty())
      hosts.insert(trial.host);
    if (!trial.device.empty())
      devices.insert(trial.device);
  }
  page.fact("hosts", fmt::format("{}", fmt::join(hosts, ", ")));
  page.fact("devices", fmt::format("{}", fmt::join(devices, ", ")));
  for (const auto& [key, value] : record.provenance)
    page.fact(key, value);
  page.fact("SHA-256 of the configuration", record.configuration_digest);
}

void write_open_questions(const RunExport& run, MarkdownPage& page) {
  page.heading("What only the authors can say");
  const auto said = [](const std::string& value) { return value.empty() ? "not said; give --licence" : value; };
  page.fact("licence of the results", said(run.options.licence));
  page.fact("licence of the data for this use",
            run.options.data_licence.empty() ? "not said; give --data-licence" : run.options.data_licence);
  page.paragraph(
      "Consent and pay of the people who answered, the use the data were collected for, risks and intended use of the "
      "models, and experiments before this sweep are in no file.");
}

void write_checklist(const RunExport& run, std::ostream& out) {
  MarkdownPage page(out, "Checklist facts of the sweep " + run.run.record.sweep);
  page.paragraph(
      "For the Responsible NLP checklist of ACL: C1 is under Compute, Hardware and versions; C2 under Bounds, Methods "
      "and Criterion; C3 under Criterion and Number of runs; C4 under Hardware and versions; B6 under Data and splits. "
      "For NeurIPS: experimental setting and details under Bounds, Data and splits, Seeds; statistical significance "
      "under Criterion; compute resources under Compute, Hardware and versions.");
  write_declaration(run, page);
  write_methods(run, page);
  write_space(run, page);
  write_runs(run, page);
  write_compute(run, page);
  write_selection(run, page);
  write_data(run, page);
  write_environment(run, page);
  write_open_questions(run, page);
}

}  // namespace

std::map<std::string, double> worker_seconds(const RunTimeline& timeline) {
  std::map<std::string, double> spent;
  for (const LeaseSpan& lease : timeline.leases) {
    for (const auto& [cause, share] : lease.shares)
      spent[cause] += share * (lease.end - lease.begin);
  }
  return spent;
}

std::vector<ExportedFile> checklist_files(const RunExport& run) {
  return {{"checklist.md", [&run](std::ostream& out) { write_checklist(run, out); }}};
}

}  // namespace fairsweep::exports
