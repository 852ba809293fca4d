#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "results/report/run_summary.hpp"

namespace fairsweep::report {

/// How far the configurations on and near the front differ from all in one setting.
struct SettingImportance {
  std::string path;
  std::vector<std::string> bins;     ///< what each bin of the setting is called: a choice, or "0.1 to 0.2"
  std::vector<double> share_all;     ///< [bins] of the configurations that compete and in which the setting is active
  std::vector<double> share_chosen;  ///< [bins] of those of them that are on or near the front
  std::size_t all = 0;
  std::size_t chosen = 0;
  double divergence = 0;   ///< Pearson's: sum over the bins of (chosen - all)² / all
  double by_chance = 0;    ///< its mean, were as many chosen blindly; exact
  double chance_high = 0;  ///< 95 % of 1,000 blind choices stay below
};

/// Importance of each setting that varies, the most important first.
struct FrontImportance {
  std::size_t all = 0;                      ///< configurations that compete
  std::size_t chosen = 0;                   ///< of them, on or near the front
  std::size_t ranks = 0;                    ///< whole non-dominated ranks that were taken, the front being the first
  std::vector<SettingImportance> settings;  ///< empty where every configuration was chosen
};

/// Chosen are whole non-dominated ranks of the validation means, until they hold at least a tenth of the configurations
/// that compete, and at least five. Choices are their own bins; ranges are cut into `range_bins` parts of equal
/// probability under the search space, so a logarithmic range is cut in its logarithm. A setting that is not always
/// active is looked at among the configurations in which it is: what decides whether it is active is a setting of its
/// own.
///
/// After the idea of PED-ANOVA (Watanabe, Bansal, Hutter, IJCAI 2023), which compares kernel densities; histograms are
/// used here. One setting at a time: settings that matter only together are not seen, and settings that the strategy
/// sampled together share what they show.
/// Cost: the ranks, and 1,000 x chosen per setting. Blind choices are Philox streams of a fixed key.
[[nodiscard]] FrontImportance front_importance(const RunSummary& run, std::size_t range_bins = 6);

}  // namespace fairsweep::report
