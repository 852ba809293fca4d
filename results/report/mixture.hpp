#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/store/run_record.hpp"

namespace fairsweep::report {

/// What a trial, or the trials of a configuration, mix that trained nothing of their own: as its `words` and notes say
/// (docs/result_format.md).
struct Mixture {
  std::string joined;                    ///< "mixture of probabilities"
  std::vector<std::string> models;       ///< digests of the stages that left the models, one a trial
  std::map<std::string, double> weight;  ///< of each model, by its name; the mean over trials
  /// Where people weigh the models differently: the mean over the training people of their largest weight, 1 where
  /// everybody has the model of one; the mean over trials.
  std::optional<double> largest = std::nullopt;
};

/// Nothing for trials that trained something.
[[nodiscard]] std::optional<Mixture> mixture_of(const TrialRecord& trial);
/// Of all reported trials of a configuration; nothing where none, or not every one, is a mixture.
[[nodiscard]] std::optional<Mixture> mixture_of(const RunRecord& record, ConfigurationId configuration);

/// "mixes few 0.3, many 0.7 (mixture of probabilities)"; of people's own mixtures the means, and their largest weight
[[nodiscard]] std::string mixture_text(const Mixture& mixture);
/// {"trained": "nothing", "joined": ..., "models": [...], "weights": {...}}, or null.
[[nodiscard]] nlohmann::json mixture_json(const std::optional<Mixture>& mixture);

}  // namespace fairsweep::report
