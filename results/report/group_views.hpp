#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/front.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep::report {

/// What one configuration is to the groups together. Raw, in the metric's own direction; of regrets and gaps less is
/// better. A regret on test may be below 0: the best on validation need not be the best there.
struct GroupView {
  double worst = 0;            ///< the value of the worst-off group
  double tail = 0;             ///< mean over the worst-off share of people (CVaR), everybody with their group's value
  double mean = 0;             ///< over people, everybody with their group's value
  double gap = 0;              ///< best-off group minus worst-off, as a distance
  double regret = 0;           ///< the largest loss of a group against the best that group has anywhere in the run
  double weighted_regret = 0;  ///< mean of that loss over people
};

/// Views of the values per group of one metric; nothing is stored for them.
struct GroupViews {
  std::string metric;
  std::vector<std::size_t> axes;  ///< in front.objectives, one a group
  std::vector<double> weights;    ///< [axes] share of the people of the validation split; they sum to 1
  bool weights_known = false;     ///< false: no report says how many people there are, and groups count alike
  double tail_share = 0;          ///< of `tail`
  std::vector<double> best;       ///< [axes] best validation mean of a competing configuration
  std::vector<std::optional<GroupView>> validation,
      test;  ///< by point; nothing: a mean is missing, or does not compete
};

/// Of the first metric of the front that has an axis for each of several groups; nothing where there is none.
/// Losses on test are against the values on test of the configurations that are best on validation. O(points x axes).
[[nodiscard]] std::optional<GroupViews> group_views(const RunRecord& record, const Front& front);

/// The point of the front that a notion of fairness takes.
struct Recommendation {
  std::string fairness;
  std::optional<std::size_t> point;  ///< in front.points; nothing: the notion takes none
  std::string reason;                ///< a sentence
};

/// max_min: the best worst-off group; min_max_regret, weighted_regret: the smallest such regret; accuracy_gap: the
/// smallest gap; all on validation and among the front's members, ties broken by the better mean over people, then by
/// number. pareto takes none: it says that no weight between the groups is right. @param fairness  as declared
[[nodiscard]] Recommendation recommend(const Front& front, const GroupViews& views, std::string_view fairness);

}  // namespace fairsweep::report
