#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/report/front_confidence.hpp"
#include "results/store/front.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep::report {

/// Every active setting of a configuration, fixed ones and defaults included.
using AllSettings = std::function<Settings(const Configuration&)>;

/// A run as reports see it.
struct RunSummary {
  std::string name;  ///< as the user called it
  RunRecord record;
  Front front;
  Settings fixed;  ///< settings that every configuration shares; empty where they are not known
  AllSettings all_settings;
  std::optional<FrontConfidence> confidence;  ///< how sure the front is, where that was asked for
};

/// @param all_settings  null: the fixed settings with the sampled ones over them
[[nodiscard]] RunSummary summarise_run(std::string name, RunRecord record, Settings fixed,
                                       AllSettings all_settings = nullptr);

/// The configuration of that id. @throws InternalError where there is none.
[[nodiscard]] const Configuration& configuration_of(const RunRecord& record, ConfigurationId id);

/// The setting of a configuration, sampled or fixed, as text; "" where it has none.
[[nodiscard]] std::string setting_text(const RunSummary& run, const Configuration& configuration,
                                       const std::string& path);

/// Name of the training method of a configuration; "-" where it is not known.
[[nodiscard]] std::string method_of(const RunSummary& run, const Configuration& configuration);

/// Names of the methods of all configurations, each once, in alphabetical order.
[[nodiscard]] std::vector<std::string> methods_of(const RunSummary& run);

/// Searched parameters that differ between at least two configurations of the run, in the order of the space.
[[nodiscard]] std::vector<std::string> varying_settings(const RunRecord& record);

/// The shortest ends of the paths that still tell them apart: "learning_rate" for "training.learning_rate".
[[nodiscard]] std::vector<std::string> short_names(const std::vector<std::string>& paths);

/// How the front's members are called in tables and plots: a to z, A to Z, then '#' for the rest.
[[nodiscard]] char key_of(std::size_t member);

/// For each method the point that competes with the best mean over the objectives on validation (ties: the earlier
/// configuration), as indices into front.points, methods in alphabetical order. Test values are not read.
[[nodiscard]] std::vector<std::size_t> best_of_methods(const RunSummary& run);

}  // namespace fairsweep::report
