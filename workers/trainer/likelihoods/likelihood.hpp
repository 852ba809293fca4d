#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/training/training_objective.hpp"
#include "workers/trainer/choice_likelihood.hpp"
#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// What models say of comparisons, of which a likelihood makes the probability of an answer. Candidates best first.
struct ModelAnswers {
  at::Tensor scores = {};  ///< [K, n, B]
  at::Tensor spread = {};  ///< [K, n, B] logarithm of each candidate's deviation; undefined unless has_spread
  /// [K, p, B] the likelihood's learned numbers, the same for all comparisons of a trial and dense, so that exp and log
  /// see whole blocks; undefined where it learns none
  at::Tensor numbers = {};
};

/// How answers follow from scores. Stacked over K trials; nothing mixes them. Learned numbers are any reals, 0 at the
/// start, and part of the model's parameters (block "likelihood"); `meaning` says what they stand for.
class Likelihood {
 public:
  virtual ~Likelihood() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// The paper, or "standard".
  [[nodiscard]] virtual std::string_view source() const = 0;
  /// Loss and margin of answers, [K, B] each, with gradients for all of `says`. The margin is the logarithm of the odds
  /// of the answer against its opposite; of Plackett-Luce the score of the best minus the best of the others. Above 0:
  /// the model prefers what the user did. Of a tie it means nothing, but it is finite. Noise of the shape is in the
  /// loss alone. Cost: O(n * K * B) times a constant.
  [[nodiscard]] virtual ChoiceOutcome outcome(const ModelAnswers& says, const ChoiceShape& shape) const = 0;
  /// Is it of two candidates alone?
  [[nodiscard]] virtual bool of_pairs() const { return true; }
  /// Is a tie an answer?
  [[nodiscard]] virtual bool has_ties() const { return false; }
  /// Does it read a spread beside each score?
  [[nodiscard]] virtual bool has_spread() const { return false; }
  /// Names of the learned numbers, p of them.
  [[nodiscard]] virtual std::vector<std::string> numbers() const { return {}; }
  /// What learned numbers [p] stand for, in the order of `numbers`, in double.
  [[nodiscard]] virtual at::Tensor meaning(const at::Tensor& learned) const { return learned.to(at::kDouble); }
  /// What a trained model's numbers and validation comparisons say of people, by name. @param learned [p]
  /// @param says of the V validation comparisons, K = 1
  [[nodiscard]] virtual std::map<std::string, double> notes(const at::Tensor& learned, const ModelAnswers& says) const;
};

/// Every likelihood, by its place in LikelihoodKind.
[[nodiscard]] const std::vector<std::unique_ptr<Likelihood>>& likelihood_catalogue();
[[nodiscard]] const Likelihood& likelihood_of(LikelihoodKind kind);

/// The learned numbers of K models for B comparisons, [K, p, B]; undefined for p = 0. @param block [K, 1, p]
[[nodiscard]] at::Tensor numbers_for(const at::Tensor& block, std::int64_t batch);

/// @throws UserError (configuration) where the method takes something for log-odds that is none under the likelihood.
void require_method_reads(const TrainingObjective& method, const Likelihood& likelihood);

}  // namespace fairsweep
