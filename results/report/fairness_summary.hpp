#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "objectives/metrics/calibration/reliability.hpp"
#include "objectives/metrics/chance/binomial_floor.hpp"
#include "objectives/metrics/chance/people_bootstrap.hpp"
#include "objectives/metrics/support/support_curve.hpp"
#include "results/report/fairness_measures.hpp"
#include "results/report/run_summary.hpp"
#include "results/store/comparison_results.hpp"
#include "results/store/person_results.hpp"

namespace fairsweep::report {

/// A number with what chance makes of it; NaN in the interval or floor: not known.
struct Measured {
  double value = std::numeric_limits<double>::quiet_NaN();
  fairness::ChanceInterval interval;  ///< 95 %, over people
  fairness::NoiseFloor floor;         ///< the number where all are served alike
};

/// One group, or everybody.
struct GroupFairness {
  std::string group;  ///< empty: everybody
  std::size_t people = 0;
  std::uint64_t comparisons = 0;  ///< that were scored; 0: not known
  Measured value;
  Measured calibration;                        ///< expected calibration error, averaged over replicates
  std::vector<fairness::ReliabilityBin> bins;  ///< of the first replicate
  Measured regret;                             ///< beside the configuration that serves the group best
  std::optional<ConfigurationId> best;         ///< that configuration: the best mean of the group on validation
  Measured teacher_regret;                     ///< beside its own teacher; see fairness_of()
  double gain_left = std::numeric_limits<double>::quiet_NaN();  ///< nats of log-likelihood; likewise
  Measured model_as_borda, people_as_borda;  ///< share of pairs ordered as the normalised Borda count orders them
};

/// How unequally one configuration, or one trial, serves people.
struct FairnessOfPoint {
  ConfigurationId configuration;
  std::optional<TrialId> trial;  ///< nothing: measured of each replicate, and averaged
  std::string method;
  std::optional<std::size_t> member;  ///< place on the front
  std::size_t replicates = 0;
  std::size_t people = 0;
  std::vector<Measured> over_people, over_groups;  ///< by k_index_names; over groups empty for fewer than two groups
  Measured deviation_without_chance;
  Measured relative_gap, majority_gap, largest_regret;
  Measured slope, pearson, spearman;
  fairness::SupportCurve curve;
  std::vector<GroupFairness> groups;  ///< everybody first
};

struct FairnessSummary {
  std::string metric;
  Direction direction = Direction::maximise;
  Split split = Split::test;
  fairness::ChanceOptions chance;
  std::vector<FairnessOfPoint> points;
  std::vector<std::string> missing;  ///< what cannot be said and why, a sentence each
};

struct FairnessRequest {
  std::string metric;  ///< empty: the first of the front that people have values of
  Split split = Split::test;
  std::optional<TrialId> trial;  ///< nothing: the front's members and the best pooled configuration
  fairness::ChanceOptions chance;
};

/// What is measured: the metric that `request` asks for. @throws UserError (configuration) where the run has none such.
[[nodiscard]] std::string metric_of_fairness(const RunSummary& run, const FairnessRequest& request);

/// Trials whose values of people are needed: those shown, and those of the configurations that serve each group best.
/// @throws UserError (configuration) where the trial asked for is not there or has no results.
[[nodiscard]] std::vector<TrialId> trials_of_fairness(const RunSummary& run, const FairnessRequest& request);

/// Configurations are chosen on validation; the numbers are of the split asked for, measured of each replicate and
/// averaged. Noise floors are of accuracy alone, and of one model. What a group loses beside its own teacher is, in the
/// metric and on the split, of what the trials left of single people, or where they left none what their notes say,
/// "oracle <split> <metric> <group>", without an interval. gain_left, in nats of log-likelihood on validation, is
/// teacher_gain - student_gain of the notes: below the target of the certificate, which need not be the teacher.
/// Averaged over replicates.
/// @param people       of trials_of_fairness()    @param comparisons  the same trials
/// @param borda_lead   [comparisons of the data] normalised Borda count of the chosen minus that of the other
///                     candidate; NaN where it is not known or the comparison is no pair; empty: not known
/// Cost: points x draws x (people log people + stored margins).
[[nodiscard]] FairnessSummary fairness_of(const RunSummary& run, const PersonResults& people,
                                          const ComparisonResults& comparisons, const std::vector<double>& borda_lead,
                                          const FairnessRequest& request);

}  // namespace fairsweep::report
