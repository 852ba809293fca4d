#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "results/report/run_summary.hpp"

namespace fairsweep::apps {

/// The model of one trial, trained again and found to be the recorded one.
struct ExportedModel {
  TrialId trial;
  std::filesystem::path file;     ///< TorchScript; the recipe is beside it, ending in .json
  bool bit_for_bit = false;       ///< every margin of validation and test has the recorded bits
  double largest_difference = 0;  ///< of a metric from the recorded one
};

/// How far a metric of a model trained again may be from the recorded one where the bits are not the same: other
/// kernels, another LibTorch, a device.
inline constexpr double k_metric_tolerance = 0.005;

/// A run keeps no weights, so the models of the front are trained again, from the configuration, the seed and the data
/// that the file names, and compared with what it says of them. They are on the CPU. Writes folder/trial-N.pt and .json
/// for every replicate of every configuration on the front, and folder/models.json, which lists them.
/// @param data_file  where the data are now; empty: where the sweep says
/// @throws UserError (configuration) where another trainer trained them, or nothing is on the front; (file) where the
///         data are others, or a model comes out otherwise than recorded; (environment) where the trainer fails.
std::vector<ExportedModel> export_models(const report::RunSummary& run, const std::filesystem::path& folder,
                                         const std::string& data_file);

}  // namespace fairsweep::apps
