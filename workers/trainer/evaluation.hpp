#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "core/protocol/array_bundle.hpp"
#include "objectives/metrics/metric.hpp"
#include "workers/trainer/pack_training.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// What a trained model is worth: numbers for the report, arrays for the artefacts.
struct Evaluation {
  std::vector<MetricValue> metrics;  ///< split, then metric, then group; "" (all users) first

  /// Artefact "users": for both splits and every metric of people an array "<split>/<metric>", [users] double, the
  /// user's own value, NaN where the user has no comparison in the split. Of models of personas also "<split>/persona"
  /// and "<split>/persona_share" as PersonaUse, and of methods with a teacher for each group
  /// (OracleTeachers) "<split>/own_teacher_<metric>", what the user has of their own group's.
  ArrayBundle users;

  /// Artefact "margins": for both splits "<split>/comparison" [m] int64 rows of the data's comparisons,
  /// "<split>/margin" and "<split>/log_probability" [m] float. Ties, which have no margin, are not among them; where
  /// ties are answers, the probability is of the answer given that it is no tie.
  ArrayBundle margins;
};

/// Turns scores into metrics, on the host and in double. Made once a trainer; holds the users and weights of the
/// validation and test comparisons.
class Evaluator {
 public:
  /// @throws UserError (configuration) where there is no metric of a name, or none at all is asked for.
  Evaluator(const TrainingSet& data, const std::vector<std::string>& metrics);

  /// @throws InternalError where the scores are not as many as the comparisons. O(metrics x comparisons).
  [[nodiscard]] Evaluation evaluate(const TrialOutcome& outcome) const;

  /// Notes on what each group's own model reaches with the group's own comparisons, for every split, metric and group
  /// that has one: "oracle validation accuracy <group>", "oracle test accuracy <group>". With them "oracle deployable"
  /// is 0: whoever asks must know the group. No axis of the front and read by no selection.
  [[nodiscard]] std::map<std::string, double> oracle_notes(const OracleScores& oracle) const;

  /// Notes on people who are not trained on, at every step of the curves, by name:
  ///   "few-shot <split> <metric> <shots>" and "few-shot error <split> <metric> <shots>", the standard error over
  ///   people, of everybody, and followed by " <group>" of each group; "few-shot people <split>", likewise
  /// Of the metrics of people, over the people with the longest history, who are the same at every step.
  [[nodiscard]] std::map<std::string, double> few_shot_notes(const std::vector<FewShotScores>& curve) const;

 private:
  struct Part {
    Split split;
    std::vector<std::int32_t> user;
    std::vector<float> weight;
    std::vector<std::int64_t> source;
    std::vector<std::uint8_t> first_choice;  ///< 1: a pair, or one chosen of several; 0: an order of several
    std::vector<std::uint8_t> tied;          ///< 1: a tie; empty: there are none
  };
  /// A split's comparisons with what a model said of them.
  struct ScoredPart {
    Part part;
    SplitScores scores;
    [[nodiscard]] ScoredComparisons view() const {
      return {scores.margin, scores.log_probability, part.weight, part.user, part.first_choice};
    }
  };
  /// Those that are no ties, with the probability of each answer given that it is none.
  [[nodiscard]] static ScoredPart without_ties(const Part& part, const SplitScores& scores);
  void add_part(Evaluation& evaluation, const Part& part, const SplitScores& scores) const;
  /// @param scores of the own group's model
  void add_own_teacher(Evaluation& evaluation, const Part& part, const SplitScores& scores) const;

  std::vector<const Metric*> metrics_;
  std::vector<std::string> groups_;
  std::vector<std::int32_t> user_group_;
  std::vector<bool> newcomer_;  ///< [users] with the longest history
  Part validation_, test_;
};

/// Is every margin and log-probability a number?
[[nodiscard]] bool all_finite(const SplitScores& scores);

}  // namespace fairsweep
