#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/config/sweep_configuration.hpp"
#include "core/domain/objective.hpp"
#include "core/domain/people.hpp"
#include "core/domain/shard.hpp"
#include "core/protocol/messages.hpp"
#include "orchestrator/run_directory.hpp"
#include "orchestrator/search/catalogue.hpp"
#include "workers/data/people/group_counts.hpp"

namespace fairsweep::apps {

/// A sweep with everything found out that the configuration alone does not say.
struct SweepPlan {
  SweepConfiguration sweep;
  RunDirectory run{""};
  std::string data_digest;
  std::string data_description;     ///< JSON, as "fairsweep describe --json" gives it; empty where it was not asked for
  People people;                    ///< who is in which group; not known in plans that are made without data
  std::vector<GroupCounts> counts;  ///< how much there is of each group
  std::vector<std::string> advice;  ///< what the data make of the settings and nobody may have meant
  std::string people_file;          ///< people_text() of them; empty where they are not known
  std::string people_file_digest;   ///< its SHA-256
  std::vector<std::string> groups;
  std::vector<Objective> objectives;
  std::uint32_t configurations = 0;               ///< wanted
  std::map<std::string, std::string> provenance;  ///< facts for the record of the run, beside those of any run
  std::string announcement;                       ///< logged when trials are about to be trained; may be empty
  std::optional<double> job_end;                  ///< seconds since the epoch; this process is ended then
  Shard shard;                                    ///< what of it this run trains
  std::vector<Settings> recorded;  ///< by configuration, of a run of which this one repeats a part; else empty
  /// Of this run's shard.
  [[nodiscard]] std::size_t trials() const {
    return shard.size(static_cast<std::size_t>(configurations) * static_cast<std::size_t>(sweep.search.replicates));
  }
};

/// Reads the data for its digest and groups, and counts the configurations.
/// @param describe  also finds out what is in the data, for the record of the run
/// @param expected_digest  of the data; empty: any
/// @throws UserError (configuration, file): no such data or attribute, data of another digest, a search that cannot be,
///         or settings that our trainer refuses on these data for every trial.
[[nodiscard]] SweepPlan make_plan(SweepConfiguration sweep, RunDirectory run, bool describe = false,
                                  const std::string& expected_digest = {});

/// What the catalogue of strategies needs of a sweep.
[[nodiscard]] SearchOptions search_options(const SearchSection& search);

/// The axes of the front: each line over its groups, in the order of the configuration.
/// @throws UserError (configuration) where there is no such metric.
[[nodiscard]] std::vector<Objective> objectives_of(const std::vector<FrontLine>& front,
                                                   const std::vector<std::string>& groups);

/// What every trainer of the run is told. A trainer of the user's is asked for the metrics of the front, ours for all.
[[nodiscard]] TrainerSetup setup_of(const SweepPlan& plan);

/// The trainer of a sweep: its command, or fairsweep-trainer beside this program.
/// @throws UserError (environment) where that is not there.
[[nodiscard]] std::vector<std::string> trainer_command(const SweepConfiguration& sweep);

/// Absolute path of this program.
[[nodiscard]] std::string this_program();

}  // namespace fairsweep::apps
