#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// What is asked for. Empty: the first metric of the front; everybody.
struct FewShotRequest {
  std::string metric;
  std::string group;
  Split split = Split::test;
  bool every_configuration = false;  ///< else of each method, model of users and adaptation the best on validation
};

/// How well people nobody trained on are served by the first comparisons that are known of them.
struct FewShotPoint {
  std::int64_t shots = 0;
  double mean = 0;            ///< over replicates
  double standard_error = 0;  ///< over people, the mean over replicates
  double spread = 0;          ///< standard deviation over replicates; 0 of one
};

struct FewShotCurve {
  ConfigurationId configuration;
  std::string method;
  std::string user;              ///< model.user
  std::string adaptation;        ///< model.adaptation; empty where it has no part
  double parameters = 0;         ///< numbers trained, the mean over replicates; NaN: not known
  std::uint32_t replicates = 0;  ///< that have a curve
  double people = 0;             ///< each point is over, the mean over replicates
  std::vector<FewShotPoint> points;
};

struct FewShotCurves {
  FewShotRequest request;  ///< as it was answered
  Direction direction = Direction::maximise;
  std::vector<FewShotCurve> curves;
};

/// Read off the notes that trainers leave where data.split.few_shot is true (Evaluator::few_shot_notes). Configurations
/// are chosen by their validation value at the longest history. Failed trials have no curve.
/// @throws UserError (configuration) where the run has no curves, or no such metric or group.
[[nodiscard]] FewShotCurves few_shot_curves(const RunSummary& run, FewShotRequest request);

[[nodiscard]] std::string few_shot_text(const FewShotCurves& curves);
[[nodiscard]] nlohmann::json few_shot_json(const FewShotCurves& curves);

}  // namespace fairsweep::report
