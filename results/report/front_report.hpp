#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

enum class Shown { front, every_configuration };

/// What `fairsweep front` prints: the front with means ± standard errors over replicates on validation and test, the
/// settings behind each point, the plot, the hypervolume, and the best configuration of each method.
[[nodiscard]] std::string front_text(const RunSummary& run, Shown shown);

/// The plot alone: one for two objectives, one a pair for up to four, none for one or for more.
[[nodiscard]] std::string front_plots(const RunSummary& run);

/// The same for programs. Numbers keep all their digits; what there is not is null.
[[nodiscard]] nlohmann::json front_json(const RunSummary& run, Shown shown);

/// {"mean": ..., "standard_error": ..., "replicates": n}
[[nodiscard]] nlohmann::json to_json(const Estimate& estimate);
/// The value with its type; null where it is not finite.
[[nodiscard]] nlohmann::json to_json(const Value& value);
[[nodiscard]] nlohmann::json to_json(const Settings& settings);
[[nodiscard]] nlohmann::json to_json(const Objective& objective);
/// Null where it is not finite.
[[nodiscard]] nlohmann::json number_json(double value);

}  // namespace fairsweep::report
