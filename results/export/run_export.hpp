#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "results/export/against_reference.hpp"
#include "results/report/run_summary.hpp"
#include "results/store/person_results.hpp"
#include "results/store/run_timeline.hpp"

namespace fairsweep::exports {

/// Whose single values leave the file: those that trials of the front and of the reference left, everybody's, nobody's.
enum class PeopleShown { front, every, none };

/// What the user says beside the run; nothing of it is ever guessed.
struct ExportOptions {
  PeopleShown people = PeopleShown::front;
  std::string against = "pooled";               ///< method whose best configuration is the reference
  std::string licence;                          ///< of the results; empty: not said
  std::string data_licence;                     ///< of the data; empty: as the data say
  std::vector<std::string> authors;             ///< of the results
  std::filesystem::path data_file;              ///< empty: not at hand
  std::string data_file_digest;                 ///< SHA-256 of the bytes of data_file
  std::string fairsweep_version;                ///< that exports
  bool confidence = true;                       ///< find out how sure the front is, where a format says it
  std::map<std::string, std::string> resolved;  ///< every option of the sweep, as text; empty: they cannot be read
};

/// All that writers see: plain data, read once.
struct RunExport {
  ExportOptions options;
  std::filesystem::path result_file;
  report::RunSummary run;
  RunTimeline timeline;               ///< empty where the run was read without its events
  std::vector<PersonResults> people;  ///< one a metric
  std::set<TrialId> people_trials;    ///< those whose values in `people` leave the file, as options.people asks
  ReferenceComparison reference;
};

/// Reads what the summary does not hold, and finds out how sure the front is (front_confidence) where that is asked
/// for. Cost: the stored values of the people of these trials.
/// @param run  of that file; with its events, where a format says what the time went into
/// @throws UserError (configuration) where `against` is a method the sweep does not have, and is not the default;
///         (file) where the file is damaged.
[[nodiscard]] RunExport gather_export(const std::filesystem::path& result_file, report::RunSummary run,
                                      ExportOptions options);

/// Trials of this run, and how many of them have ended. A trial that another run trains (a shard's) is none of this
/// run.
struct TrialCounts {
  std::size_t ended = 0, all = 0;
};
[[nodiscard]] TrialCounts count_trials(const RunRecord& record);

/// An option of the sweep as text; "not known" where its configuration cannot be read any more.
[[nodiscard]] std::string option_of(const RunExport& run, const std::string& path);

/// Unit of a metric, as the front's objectives say it; empty where none of them is of this metric.
[[nodiscard]] std::string unit_of(const RunRecord& record, const std::string& metric);

}  // namespace fairsweep::exports
