#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/domain/people_settings.hpp"
#include "core/domain/search_space.hpp"
#include "core/domain/value.hpp"

namespace fairsweep {

/// What the author of a sweep declares about it; copied into every result file.
struct Declaration {
  std::string use_case;
  std::string population;
  std::string groups;    ///< who is in a group, and who decided
  std::string fairness;  ///< pareto, max_min, min_max_regret, weighted_regret, accuracy_gap
};

struct DataSection {
  std::string file;  ///< as written; relative to the working directory
  GroupSettings groups;
  SplitSettings split;
  LabelSettings labels;
};

/// One line of `front`: a metric, one axis for every group ("group") or one over everybody ("all").
struct FrontLine {
  std::string metric;
  std::string each;
};

struct SearchSection {
  std::string strategy;             ///< grid, random, sobol, listed
  std::int64_t configurations = 0;  ///< grid, listed: 0 means all points
  std::int64_t grid_points = 5;     ///< levels of a continuous parameter in a grid
  std::int64_t replicates = 1;
  std::int64_t seed = 0;
  std::vector<Settings> listed;          ///< strategy listed: the configurations
  std::int64_t first_replicate = 0;      ///< number of the first replicate
  std::string confirms_run;              ///< the run whose front is trained again; empty: none
  std::string confirms_digest;           ///< of its resolved configuration
  std::vector<std::string> confirms_as;  ///< numbers of the listed configurations there
};

struct ResourceSection {
  std::int64_t trials_per_pack = 0;      ///< 0: auto
  std::int64_t threads_per_trainer = 1;  ///< 0: as many as Slurm gives a task
  std::int64_t agents_per_device = 1;
  std::string staging_directory;  ///< of each node; empty: none
  double heartbeat_seconds = 1;
  double lease_seconds = 60;
  double trial_timeout_seconds = 0;  ///< a trainer silent for longer is killed; 0: auto, as is usual for its shape
  double stop_seconds = 60;          ///< that trainers have to leave a checkpoint, and kept before a deadline
  std::int64_t retries = 2;          ///< further tries of a trial after a failure that may pass
};

/// A sweep, read and checked. Everything a user may write is in here or in `settings` and `space`.
struct SweepConfiguration {
  std::string name;
  Declaration declaration;
  DataSection data;
  Settings settings;  ///< model.*, method.*, training.*: the fixed ones, defaults included
  SearchSpace space;  ///< model.*, method.*, training.*: those given as a distribution
  std::vector<FrontLine> front;
  SearchSection search;
  std::string scheduler = "none";
  ResourceSection resources;
  std::vector<std::string> trainer_command;  ///< empty: fairsweep-trainer beside fairsweep

  std::string resolved;                        ///< YAML text with every value written out; reads back to the same sweep
  std::string digest;                          ///< SHA-256 of `resolved`
  std::map<std::string, std::string> origins;  ///< path -> "default", "file:line:column" or "--set"
};

/// Fixed and sampled settings of one configuration, and only those that are active: the settings of a method that is
/// not the chosen one are left out.
[[nodiscard]] Settings trial_settings(const SweepConfiguration& sweep, const Settings& sampled);

/// The part of a trial's settings that decides its shape, as canonical text: trials with equal keys may share a pack.
/// Settings the schema marks as stackable (learning rate, weight decay, strengths) are left out.
[[nodiscard]] std::string shape_key(const Settings& settings);

}  // namespace fairsweep
