#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "results/store/run_record.hpp"

namespace fairsweep {

/// A mean over replicates, raw, in the objective's own direction.
struct Estimate {
  double mean = std::numeric_limits<double>::quiet_NaN();            ///< NaN: no replicate says it
  double standard_error = std::numeric_limits<double>::quiet_NaN();  ///< sd / sqrt(n); NaN for fewer than two
  std::uint32_t replicates = 0;
};

/// A configuration over its replicates. A replicate counts where it is reported with a finite validation value of
/// every objective.
struct FrontPoint {
  ConfigurationId configuration;
  std::uint32_t replicates = 0;  ///< that count
  std::uint32_t failed = 0;      ///< finally failed, or reported without a value of every objective
  std::uint32_t open = 0;        ///< still pending or running
  bool competes = false;         ///< at least one counts and none is open
  bool on_front = false;
  std::vector<Estimate> validation;  ///< by objective; what the front is chosen by
  std::vector<Estimate> test;        ///< by objective, of the same replicates; reported, never used to choose
};

/// The front of a run.
///
/// Rule: a configuration competes once each of its wanted replicates is reported or has finally failed and at least
/// one counts, so that an unlucky half-finished mean neither enters nor blocks the front. The front is the
/// non-dominated set of the validation means; equal means all stay. Test values are never read to choose.
struct Front {
  std::vector<Objective> objectives;
  std::vector<FrontPoint> points;    ///< every configuration with a trial, by id
  std::vector<std::size_t> members;  ///< indices into `points`, best first objective first, then by id
  std::vector<double> reference;     ///< raw; see front_reference; empty where nothing competes
  double hypervolume = 0;            ///< of the members' validation means; 0 where nothing competes
};

/// The trial's raw validation values by objective; nothing where one is missing or not finite.
[[nodiscard]] std::optional<std::vector<double>> validation_values(const TrialRecord& trial,
                                                                   const std::vector<Objective>& objectives);

/// O(trials + n log n) for two objectives. @throws InternalError where the record has no objective.
[[nodiscard]] Front select_front(const RunRecord& record);

/// The reference point of the hypervolume, raw: 0 for accuracy, which makes it the same in every run; for any other
/// metric the worst validation mean of the competing points. @param points at least one that competes.
[[nodiscard]] std::vector<double> front_reference(const std::vector<Objective>& objectives,
                                                  const std::vector<FrontPoint>& points);

/// Exact hypervolume of the members' validation means with respect to `reference` (raw, one value an objective).
[[nodiscard]] double front_hypervolume(const Front& front, const std::vector<double>& reference);

}  // namespace fairsweep
