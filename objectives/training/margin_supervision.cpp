#include "objectives/training/margin_supervision.hpp"

#include <cmath>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/distillation_mix.hpp"
#include "objectives/training/fair_weights.hpp"

namespace fairsweep {
namespace {

/// Far enough below any score that its exponential is 0, near enough that nothing becomes infinite.
constexpr double k_absent = -1e4;

/// Places of the candidates after the first that are empty, [K, n - 1, B].
at::Tensor absent_rivals(const PackBatch& batch) {
  return batch.present.narrow(2, 1, batch.present.size(2) - 1).transpose(1, 2).logical_not();
}

/// Margins of the candidates after the first, [K, n - 1, B], with gradients.
at::Tensor rival_margins(const PackBatch& batch) {
  if (batch.scores.size(2) == 2)
    return batch.margin.neg().unsqueeze(1);  // the same number to the bit, and its gradient has a shorter way back
  const at::Tensor scores = batch.scores.transpose(1, 2);
  return scores.narrow(1, 1, scores.size(1) - 1) - scores.narrow(1, 0, 1);
}

/// log(1 + sum_j exp u_j) over dimension 1.
at::Tensor log_partition(const at::Tensor& logits) {
  if (logits.size(1) == 1)
    return at::softplus(logits.select(1, 0));
  return at::logsumexp(at::cat({at::zeros_like(logits.narrow(1, 0, 1)), logits}, 1), 1);
}

at::Tensor sum_over_rivals(const at::Tensor& values) {
  return values.size(1) == 1 ? values.select(1, 0) : values.sum(1);
}

/// softmax of (0, target / T) without its first entry. [K, n - 1, ...] and T broadcast; absent undefined: none.
at::Tensor soft_labels(const at::Tensor& target, const at::Tensor& temperature, const at::Tensor& absent) {
  at::Tensor logits = target / temperature;
  if (absent.defined())
    logits = logits.masked_fill(absent, k_absent);
  return (logits - log_partition(logits).unsqueeze(1)).exp();
}

/// The same where the temperature goes to 0: the best of (0, target), in equal parts where several are best.
at::Tensor hard_labels(const at::Tensor& target, const at::Tensor& absent) {
  const at::Tensor rivals = absent.defined() ? target.masked_fill(absent, -HUGE_VAL) : target;
  const at::Tensor best = rivals.amax(1, true).clamp_min(0);
  const at::Tensor label = rivals.eq(best).to(target.scalar_type());
  return label / (label.sum(1, true) + best.eq(0));
}

/// [K, B]. @param label [K, n - 1, B] probabilities of the candidates after the first
at::Tensor soft_label_distance(const at::Tensor& margin, const at::Tensor& label, const at::Tensor& temperature,
                               const at::Tensor& absent) {
  at::Tensor logits = margin / temperature.view({-1, 1, 1});
  if (absent.defined())
    logits = logits.masked_fill(absent, k_absent);
  const at::Tensor cross_entropy = log_partition(logits) - sum_over_rivals(label * logits);
  return cross_entropy * temperature.square().unsqueeze(-1);
}

at::Tensor smooth_l1_distance(const at::Tensor& margin, const at::Tensor& target, const at::Tensor& absent) {
  at::Tensor distance = at::smooth_l1_loss(margin, target, at::Reduction::None, k_smooth_l1_beta);
  if (!absent.defined())
    return sum_over_rivals(distance) / static_cast<double>(margin.size(1));
  distance = distance.masked_fill(absent, 0.0);
  const at::Tensor rivals = absent.logical_not().sum(1).clamp_min(1);
  return sum_over_rivals(distance) / rivals;
}

at::Tensor absent_of(const PackBatch& batch, const ObjectiveConstants& constants) {
  return constants.count("absent") > 0 ? absent_rivals(batch) : at::Tensor();
}

/// Mean log-likelihood of the best-ranked candidate in each comparison, [V] double.
at::Tensor log_likelihoods(const at::Tensor& margins, const at::Tensor& present) {
  return margins.masked_fill(present.logical_not(), k_absent).logsumexp(1).neg();
}

}  // namespace

at::Tensor margins_to_best(const at::Tensor& scores, const at::Tensor& present) {
  const at::Tensor margins = scores.to(at::kDouble) - scores.to(at::kDouble).narrow(-1, 0, 1);
  return at::where(present, margins, at::zeros({}, margins.options()));
}

at::Tensor gated(const Settings& settings, const ComparisonFacts& comparisons, const at::Tensor& target) {
  if (word_of(settings, "method.pafo.condition") != "group_and_correct")
    return at::ones({target.size(0)}, target.options().dtype(at::kBool));
  const double gate = number_of(settings, "method.pafo.gate");
  const std::int64_t rivals = target.size(1) - 1;
  const at::Tensor best = target.narrow(1, 1, rivals)
                              .masked_fill(comparisons.present.narrow(1, 1, rivals).logical_not(), -HUGE_VAL)
                              .amax(1);
  return best.neg().gt(gate);
}

ObjectiveConstants supervision_constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                         const std::vector<at::Tensor>& targets, const at::TensorOptions& options) {
  const std::string& form = word_among(trials.front(), "method.pafo.form", {"soft_label", "hard_label", "smooth_l1"});
  const bool soft = form == "soft_label";
  const bool hard = form == "hard_label";
  const at::Tensor absent = facts.training.present.logical_not().transpose(0, 1);  // [n, M]
  const std::int64_t rivals = absent.size(0) - 1;
  const bool some_absent = absent.any().item<bool>();
  const at::Tensor no_rival = some_absent ? absent.narrow(0, 1, rivals).unsqueeze(0) : at::Tensor();
  std::vector<at::Tensor> among;
  std::vector<at::Tensor> tables;
  among.reserve(trials.size());
  tables.reserve(trials.size());
  for (std::size_t k = 0; k < trials.size(); ++k) {
    among.push_back(gated(trials[k], facts.training, targets[k]));
    at::Tensor table = targets[k].transpose(0, 1).narrow(0, 1, rivals).contiguous();  // [n - 1, M]
    if (soft) {
      const at::Tensor temperature = at::full({}, number_of(trials[k], "method.pafo.temperature"), table.options());
      table = soft_labels(table.unsqueeze(0), temperature, no_rival).squeeze(0);
    } else if (hard) {
      table = hard_labels(table.unsqueeze(0), no_rival).squeeze(0);
    }
    tables.push_back(table);
  }
  const at::Tensor ones = at::ones({static_cast<std::int64_t>(trials.size())}, options);
  ObjectiveConstants constants = mix_constants(trials, facts, among, options);
  constants[soft || hard ? "label" : "target"] =
      at::stack(tables).to(options.device(), c10::typeMetaToScalarType(options.dtype()));
  if (soft)
    constants["temperature"] = numbers_of(trials, "method.pafo.temperature", options);
  if (hard) {
    constants["temperature"] = ones;
    constants["hard"] = ones;
  }
  if (some_absent)
    constants["absent"] = ones;
  return constants;
}

at::Tensor supervised_loss(const PackBatch& batch, const ObjectiveConstants& constants) {
  const at::Tensor absent = absent_of(batch, constants);
  const auto label = constants.find("label");
  if (label == constants.end()) {
    return mixed_loss(batch, constants,
                      smooth_l1_distance(rival_margins(batch), at_comparisons(constants.at("target"), batch), absent));
  }
  return mixed_loss(batch, constants,
                    soft_label_distance(rival_margins(batch), at_comparisons(label->second, batch),
                                        constants.at("temperature"), absent));
}

at::Tensor supervised_loss_towards(const PackBatch& batch, const ObjectiveConstants& constants,
                                   const at::Tensor& target) {
  const at::Tensor absent = absent_of(batch, constants);
  if (constants.count("label") == 0)
    return mixed_loss(batch, constants, smooth_l1_distance(rival_margins(batch), target, absent));
  const at::Tensor& temperature = constants.at("temperature");
  const at::Tensor label = constants.count("hard") > 0 ? hard_labels(target, absent)
                                                       : soft_labels(target, temperature.view({-1, 1, 1}), absent);
  return mixed_loss(batch, constants, soft_label_distance(rival_margins(batch), label, temperature, absent));
}

std::map<std::string, double> transfer_certificate(const TrainingFacts& facts, const at::Tensor& target,
                                                   const at::Tensor& pooled, const at::Tensor& student) {
  const ComparisonFacts& held_out = facts.validation;
  const at::Tensor everybody = at::ones({target.size(0)}, at::kBool);
  const at::Tensor gain = (log_likelihoods(target, held_out.present) - log_likelihoods(pooled, held_out.present)).cpu();
  const at::Tensor reached =
      (log_likelihoods(student, held_out.present) - log_likelihoods(pooled, held_out.present)).cpu();
  const at::Tensor error = (student - target).abs().amax(1).cpu();
  std::map<std::string, double> notes;
  bool proven = true;
  for (std::size_t g = 0; g < facts.groups.size(); ++g) {
    std::vector<double> only(facts.groups.size(), 0);
    only[g] = 1;
    const at::Tensor weight = weights_by_group_and_user(held_out, everybody, only);
    const double left = (weight * error).sum().item<double>();
    const double right = (weight * gain).sum().item<double>();
    proven = proven && left < right;
    notes["distillation_error " + facts.groups[g]] = left;
    notes["teacher_gain " + facts.groups[g]] = right;
    notes["student_gain " + facts.groups[g]] = (weight * reached).sum().item<double>();
  }
  notes["certificate"] = proven ? 1 : 0;
  return notes;
}

}  // namespace fairsweep
