#include "objectives/training/pafo_dvao.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/context_advantages.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/group_membership.hpp"
#include "objectives/training/margin_supervision.hpp"
#include "objectives/training/score_scale.hpp"
#include "objectives/training/teacher_scales.hpp"
#include "objectives/training/teacher_stages.hpp"

namespace fairsweep {
namespace {

/// Share of the running mean square that a step leaves.
constexpr double k_memory = 0.99;
/// Where the method's options are.
constexpr std::string_view k_options = "method.pafo_dvao";

}  // namespace

at::Tensor running_scale_margins(const at::Tensor& margin, const at::Tensor& membership, const at::Tensor& scale) {
  const at::Tensor sum = (margin * membership.unsqueeze(2)).sum(1);     // [K, r, B]
  const at::Tensor spread = (membership * scale.unsqueeze(-1)).sum(1);  // [K, B]
  const at::Tensor some = spread.gt(k_least_deviation);
  const at::Tensor safe = at::where(some, spread, at::ones({}, spread.options()));
  return at::where(some.unsqueeze(1), sum / safe.unsqueeze(1), at::zeros({}, sum.options()));
}

namespace {

/// Target margins of one trial before they are cut, and what the batch form needs to make them again in a step.
struct Targets {
  at::Tensor training, validation;              ///< [M, n], [V, n] double, on the scale of log-odds
  at::Tensor margins, membership, mean_square;  ///< batch form: [G, n - 1, M], [G, M], [G]
  double scale = 1;                             ///< from combined to log-odds
};

/// Notes are on validation comparisons alone, of which there are fewer.
enum class Wanted { validation, both };

at::Tensor cut(const at::Tensor& margins) { return margins.clamp(-k_largest_margin, k_largest_margin); }

/// One factor for all groups that makes the choices on validation comparisons likeliest; groups count equally.
double log_odds_scale(const TrainingFacts& facts, const at::Tensor& margins) {
  const ComparisonFacts& held_out = facts.validation;
  const std::vector<double> equal(facts.groups.size(), 1.0 / static_cast<double>(facts.groups.size()));
  const at::Tensor everybody = at::ones({margins.size(0)}, at::kBool);
  return likeliest_scale(margins, held_out.present,
                         weights_by_group_and_user(held_out, everybody, equal).to(margins.device()));
}

/// DVAO's deviations over the candidates of a context.
Targets context_targets(const Settings& settings, const TrainingFacts& facts, const std::vector<StageSaid>& teachers,
                        const std::vector<double>& scales, Wanted wanted) {
  const CombineRule rule = combine_rule_named(word_of(settings, "method.pafo_dvao.rule"));
  std::vector<at::Tensor> training;
  std::vector<at::Tensor> validation;
  for (const StageSaid& teacher : teachers) {
    training.push_back(teacher.training_contexts);
    validation.push_back(teacher.validation_contexts);
  }
  const auto margins_of = [&](const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores) {
    return advantage_margins(rule, comparisons, context_rewards(comparisons, scores, scales),
                             group_membership(k_options, settings, facts, comparisons));
  };
  const at::Tensor held_out = margins_of(facts.validation, validation);
  Targets targets;
  targets.scale = log_odds_scale(facts, held_out);
  targets.validation = held_out * targets.scale;
  if (wanted == Wanted::both)
    targets.training = margins_of(facts.training, training) * targets.scale;
  return targets;
}

/// Margins of all teachers, [M, n - 1, G] to [G, n - 1, M] with K = 1 in front.
at::Tensor teacher_margins(const ComparisonFacts& comparisons, const std::vector<at::Tensor>& scores,
                           const std::vector<double>& scales) {
  std::vector<at::Tensor> margins;
  for (std::size_t g = 0; g < scores.size(); ++g) {
    const at::Tensor all = margins_to_best(scores[g], comparisons.present) * scales[g];
    margins.push_back(all.narrow(1, 1, all.size(1) - 1).transpose(0, 1));
  }
  return at::stack(margins).unsqueeze(0);
}

/// Mean over the real comparisons of the mean square margin of the candidates that were not chosen, [K, G].
at::Tensor mean_squares(const at::Tensor& margin, const at::Tensor& rivals, const at::Tensor& weight) {
  const at::Tensor square = margin.square().sum(2) / rivals.unsqueeze(1);  // [K, G, B]
  return (square * weight.unsqueeze(1)).sum(-1) / weight.sum(-1, true);
}

/// A running scale in place of the deviation, for comparisons of pairs.
Targets batch_targets(const Settings& settings, const TrainingFacts& facts, const std::vector<StageSaid>& teachers,
                      const std::vector<double>& scales, Wanted wanted) {
  std::vector<at::Tensor> training;
  std::vector<at::Tensor> validation;
  for (const StageSaid& teacher : teachers) {
    training.push_back(teacher.training);
    validation.push_back(teacher.validation);
  }
  const at::Tensor margins = teacher_margins(facts.training, training, scales);
  const at::Tensor rivals = (facts.training.present.sum(1) - 1).clamp_min(1).to(at::kDouble).unsqueeze(0);
  const at::Tensor mean_square = mean_squares(margins, rivals, facts.training.weight.to(at::kDouble).unsqueeze(0));
  const auto with_best = [](const at::Tensor& rest) {  // [1, n - 1, M] to [M, n]
    const at::Tensor rows = rest.squeeze(0).transpose(0, 1);
    return at::cat({at::zeros({rows.size(0), 1}, rows.options()), rows}, 1);
  };
  const at::Tensor held_out = with_best(running_scale_margins(
      teacher_margins(facts.validation, validation, scales),
      group_membership(k_options, settings, facts, facts.validation).transpose(0, 1).unsqueeze(0), mean_square.sqrt()));
  Targets targets;
  targets.scale = log_odds_scale(facts, held_out);
  targets.validation = held_out * targets.scale;
  if (wanted == Wanted::validation)
    return targets;
  const at::Tensor membership =
      group_membership(k_options, settings, facts, facts.training).transpose(0, 1).unsqueeze(0);
  targets.training = with_best(running_scale_margins(margins, membership, mean_square.sqrt())) * targets.scale;
  targets.margins = margins.squeeze(0);
  targets.membership = membership.squeeze(0);
  targets.mean_square = mean_square.squeeze(0);
  return targets;
}

class PafoDvao final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "pafo_dvao"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "one student that follows the teachers' margins combined by DVAO (PAFO-style, reconstructed; our "
           "adaptation)";
  }
  [[nodiscard]] Reads reads() const override { return Reads::scores; }
  [[nodiscard]] std::string_view source() const override {
    return "PAFO-style, reconstructed from the abstract of arXiv 2606.07988, with the weights of Jiang et al., DVAO, "
           "arXiv 2605.25604, adapted to reward models";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    // Whose margins are followed is this method's membership; pafo's other conditions would change them again.
    (void)word_is(settings, "method.pafo.condition", "group_and_correct", "group");
    std::vector<Stage> stages = teacher_and_student_stages(name(), settings, facts);
    if (over_contexts(settings)) {
      const at::Tensor& size = facts.training.context_size;
      if (size.numel() == 0 || size.max().item<std::int64_t>() < 3) {
        throw UserError(ExitCode::configuration,
                        "method.pafo_dvao.scale_over is context, but no context has more than two candidates, where a "
                        "deviation leaves only the sign of a margin; set method.pafo_dvao.scale_over: batch");
      }
      stages.back().reads_contexts = true;
    }
    (void)group_membership(k_options, settings, facts,
                           facts.validation);  // refuses what the data cannot give, before training
    return stages;
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    std::vector<at::Tensor> training;
    std::vector<at::Tensor> margins;
    std::vector<at::Tensor> membership;
    std::vector<at::Tensor> mean_square;
    std::vector<double> scale;
    for (std::size_t k = 0; k < trials.size(); ++k) {
      const Targets targets = targets_of(trials[k], facts, earlier, k, Wanted::both);
      training.push_back(cut(targets.training));
      margins.push_back(targets.margins);
      membership.push_back(targets.membership);
      mean_square.push_back(targets.mean_square);
      scale.push_back(targets.scale);
    }
    ObjectiveConstants constants = supervision_constants(trials, facts, training, options);
    if (over_contexts(trials.front()))
      return constants;
    const auto stacked = [&options](const std::vector<at::Tensor>& rows) {
      return at::stack(rows).to(options.device(), c10::typeMetaToScalarType(options.dtype()));
    };
    const std::int64_t rivals = training.front().size(1) - 1;
    constants["margins"] = stacked(margins).flatten(1, 2);  // [K, G * (n - 1), M]
    constants["membership"] = stacked(membership);          // [K, G, M]
    constants["first_mean_square"] = stacked(mean_square);  // [K, G]
    constants["scale"] = at::tensor(at::ArrayRef<double>(scale), at::kDouble)
                             .to(options.device(), c10::typeMetaToScalarType(options.dtype()));
    constants["rivals"] = (facts.training.present.sum(1) - 1)
                              .clamp(1, rivals)
                              .to(c10::typeMetaToScalarType(options.dtype()))
                              .unsqueeze(0)
                              .expand({static_cast<std::int64_t>(trials.size()), -1});
    return constants;
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& /*trials*/, const TrainingFacts& /*facts*/,
                                             const ObjectiveConstants& constants,
                                             const at::TensorOptions& /*options*/) const override {
    const auto first = constants.find("first_mean_square");
    return first == constants.end() ? ObjectiveState{} : ObjectiveState{{"mean_square", first->second.clone()}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    const auto found = state.find("mean_square");
    if (found == state.end())
      return supervised_loss(batch, constants);
    const at::Tensor membership = at_comparisons(constants.at("membership"), batch);
    const at::Tensor margin =
        at_comparisons(constants.at("margins"), batch)
            .view({batch.index.size(0), membership.size(1), batch.scores.size(2) - 1, batch.index.size(1)});
    const at::Tensor rivals = at_comparisons(constants.at("rivals"), batch);
    found->second = k_memory * found->second + (1 - k_memory) * mean_squares(margin, rivals, batch.weight);
    const at::Tensor target =
        running_scale_margins(margin, membership, found->second.sqrt()) * constants.at("scale").view({-1, 1, 1});
    return supervised_loss_towards(batch, constants, cut(target));
  }
  [[nodiscard]] std::map<std::string, double> notes(const Settings& settings, const TrainingFacts& facts,
                                                    const StageScores& earlier,
                                                    const at::Tensor& scores) const override {
    const at::Tensor& present = facts.validation.present;
    const at::Tensor pooled = said_by(earlier, std::string(k_pooled_stage), 0).validation;
    return transfer_certificate(facts, cut(targets_of(settings, facts, earlier, 0, Wanted::validation).validation),
                                margins_to_best(pooled, present), margins_to_best(scores, present));
  }

 private:
  [[nodiscard]] static bool over_contexts(const Settings& settings) {
    return word_is(settings, "method.pafo_dvao.scale_over", "context", "batch");
  }
  [[nodiscard]] static Targets targets_of(const Settings& settings, const TrainingFacts& facts,
                                          const StageScores& earlier, std::size_t k, Wanted wanted) {
    const std::vector<StageSaid> teachers = said_by_teachers(earlier, facts, k);
    const std::vector<double> scales = teacher_scales(facts, teachers, true);
    return over_contexts(settings) ? context_targets(settings, facts, teachers, scales, wanted)
                                   : batch_targets(settings, facts, teachers, scales, wanted);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_pafo_dvao() { return std::make_unique<PafoDvao>(); }

}  // namespace fairsweep
