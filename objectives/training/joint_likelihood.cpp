#include "objectives/training/joint_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"

namespace fairsweep {
namespace {

constexpr double k_no_type = -1e30;  // omega of the padding: a share of 0, and no infinity to subtract
constexpr double k_beta_first = 0.9;
constexpr double k_beta_second = 0.999;
constexpr double k_epsilon = 1e-8;

/// What each type says of the two answers of every pair, and what it says of "not": [K, L, B] each.
struct PairAnswers {
  at::Tensor first, second, not_first, not_second;
};

PairAnswers answers_of(const at::Tensor& loss, const PersonPairs& pairs) {
  const at::Tensor yes = loss.neg().exp();
  const at::Tensor no = loss.neg().expm1().neg();  // exact where an answer is nearly certain
  const auto at_pairs = [&](const at::Tensor& values, const at::Tensor& places) {
    return values.gather(2, places.unsqueeze(1).expand(values.sizes()));
  };
  return {at_pairs(yes, pairs.first), at_pairs(yes, pairs.second), at_pairs(no, pairs.first),
          at_pairs(no, pairs.second)};
}

/// The four probabilities whose logarithms the loss takes, of each type: J of both as given, and 1 - J of the other
/// three orders, as sums of positive terms, so that none is lost near 0.
std::vector<at::Tensor> logged_terms(const PairAnswers& a) {
  return {a.first * a.second, a.not_first + a.first * a.second, a.first + a.not_first * a.not_second,
          a.first + a.not_first * a.second};
}

/// Sum over the types of share * value, [K, B].
at::Tensor over_types(const at::Tensor& share, const at::Tensor& value) {
  return sum_over_members(share.unsqueeze(-1) * value);
}

/// 1 / sum of the pairs' weights, and 0 where there is no pair. [K]
at::Tensor per_pair(const PersonPairs& pairs) {
  const at::Tensor total = pairs.weight.sum(-1);
  return at::where(total.gt(0), total.reciprocal(), at::zeros({}, total.options()));
}

/// Smallest number that is still divided by.
at::Tensor kept_from_zero(const at::Tensor& values) { return values.clamp_min(1e-30); }

}  // namespace

PersonPairs next_of_same_person(const at::Tensor& user, const at::Tensor& weight) {
  const std::int64_t batch = user.size(1);
  // Ordered by person, then by place: all keys differ, so there is one order. Nobody is a person of the padding.
  const at::Tensor person = at::where(weight.gt(0), user + 1, at::zeros({}, user.options()));
  const at::Tensor key = person * batch + at::arange(batch, user.options()).unsqueeze(0);
  const at::Tensor sorted = std::get<0>(key.sort(1));
  PersonPairs pairs;
  pairs.first = sorted.remainder(batch);
  pairs.second = pairs.first.roll(-1, 1);
  const at::Tensor of_first = sorted.div(batch, "floor");
  const at::Tensor last = at::arange(batch, user.options()).eq(batch - 1).unsqueeze(0);
  const at::Tensor same = of_first.eq(of_first.roll(-1, 1)).logical_and(of_first.gt(0)).logical_and(last.logical_not());
  const at::Tensor product = weight.gather(1, pairs.first) * weight.gather(1, pairs.second);
  pairs.weight = at::where(same, product, at::zeros({}, product.options()));
  return pairs;
}

JointProbabilities joint_probabilities(const at::Tensor& share, const at::Tensor& first, const at::Tensor& second) {
  return {over_types(share, first * second), over_types(share, first * (1 - second)),
          over_types(share, (1 - first) * second), over_types(share, (1 - first) * (1 - second))};
}

at::Tensor joint_loss(const at::Tensor& loss, const PersonPairs& pairs, const at::Tensor& share) {
  at::Tensor sum;
  for (const at::Tensor& term : logged_terms(answers_of(loss, pairs))) {
    const at::Tensor log = kept_from_zero(over_types(share, term)).log();
    sum = sum.defined() ? sum + log : log;
  }
  return weighted_sum(pairs.weight, sum) * per_pair(pairs) / -4.0;
}

at::Tensor joint_weight_gradient(const at::Tensor& loss, const PersonPairs& pairs, const at::Tensor& share) {
  const at::Tensor fixed = loss.detach();
  at::Tensor sum;  // [K, L, B] of (term - mixture) / mixture
  for (const at::Tensor& term : logged_terms(answers_of(fixed, pairs))) {
    const at::Tensor ratio = term / kept_from_zero(over_types(share, term)).unsqueeze(1) - 1;
    sum = sum.defined() ? sum + ratio : ratio;
  }
  const at::Tensor per_type = (pairs.weight.unsqueeze(1) * sum).sum(-1) * per_pair(pairs).unsqueeze(-1);
  return share * per_type / -4.0;
}

at::Tensor type_shares(const at::Tensor& omega, std::int64_t types) {
  const at::Tensor raised = (omega - omega.amax(-1, true)).exp();
  return (raised / raised.sum(-1, true)).narrow(1, 0, types);
}

at::Tensor variance_over_types(const at::Tensor& share, const at::Tensor& probability) {
  const JointProbabilities joint = joint_probabilities(share, probability, probability);
  const at::Tensor mean = joint.both + joint.first_only;
  return (joint.both - mean * mean).clamp_min(0);
}

namespace {

/// Expected number of pairs in a batch: of every person one fewer than the comparisons that a batch holds of them.
double expected_pairs(const Settings& settings, const TrainingFacts& facts) {
  const double batch = number_of(settings, "training.batch");
  const double share = std::min(1.0, batch / static_cast<double>(std::max<std::int64_t>(1, facts.comparisons)));
  const at::Tensor count = at::bincount(facts.training.user.cpu(), {}, facts.users).to(at::kDouble);
  const at::Tensor present = 1 - at::pow(1 - share, count);
  return (count * share - present).sum().item<double>();
}

class JointLikelihood final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "joint_likelihood"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "latent types of people, from pairs of answers of one person, scored as their average";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Shirali et al., Direct Alignment with Heterogeneous Preferences, arXiv 2502.16320, lemma 5.3 and code";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    if (expected_pairs(settings, facts) < 1) {
      throw UserError(ExitCode::configuration,
                      "method joint_likelihood learns from two comparisons of one person in a batch, and batches of "
                      "training.batch comparisons hold hardly any; raise training.batch, or choose another method "
                      "(first_order has variance: groups)");
    }
    std::vector<Stage> stages = TrainingObjective::stages(settings, facts);
    stages.back().members = static_cast<std::int64_t>(number_of(settings, "method.joint_likelihood.types"));
    stages.back().starts_apart = true;
    stages.back().keeps_last = true;
    return stages;
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const auto count = static_cast<std::int64_t>(trials.size());
    const auto types = static_cast<std::int64_t>(number_of(trials.front(), "method.joint_likelihood.types"));
    at::Tensor omega = at::full({count, padded(types)}, k_no_type, options);
    omega.narrow(1, 0, types).fill_(0.0);
    return {{"omega", omega},
            {"omega_first", at::zeros_like(omega)},
            {"omega_second", at::zeros_like(omega)},
            {"omega_steps", at::zeros({count}, options)},
            {"omega_rate", numbers_of(trials, "method.joint_likelihood.weight_learning_rate", options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& state) const override {
    const at::Tensor of_types = of_members(batch.loss);
    const at::Tensor share = type_shares(state.at("omega"), of_types.size(1));
    const PersonPairs pairs = next_of_same_person(batch.user, batch.weight);
    step_weights(state, joint_weight_gradient(of_types, pairs, share));
    return joint_loss(of_types, pairs, share);
  }
  [[nodiscard]] std::vector<std::string> learned() const override { return {"omega"}; }
  [[nodiscard]] at::Tensor member_weights(std::int64_t /*trials*/, std::int64_t members, const ObjectiveState& learned,
                                          const at::TensorOptions& /*options*/) const override {
    return type_shares(learned.at("omega"), members).contiguous();
  }
  /// The mixture's likelihood of single answers.
  [[nodiscard]] at::Tensor watched_loss(const at::Tensor& loss, const ComparisonFacts& /*validation*/,
                                        const ObjectiveState& state) const override {
    const at::Tensor share = type_shares(state.at("omega"), loss.size(1)).to(at::kDouble);
    return kept_from_zero(over_types(share, loss.to(at::kDouble).neg().exp())).log().neg();
  }

 private:
  /// Adam on omega, as in the authors' code: it has nothing to do with how the models are stepped.
  static void step_weights(ObjectiveState& state, const at::Tensor& narrow_gradient) {
    const at::Tensor& omega = state.at("omega");
    const at::Tensor gradient = at::constant_pad_nd(narrow_gradient, {0, omega.size(1) - narrow_gradient.size(1)});
    at::Tensor& first = state.at("omega_first");
    at::Tensor& second = state.at("omega_second");
    at::Tensor& steps = state.at("omega_steps");
    steps = steps + 1;
    first = first * k_beta_first + gradient * (1 - k_beta_first);
    second = second * k_beta_second + gradient * gradient * (1 - k_beta_second);
    const at::Tensor correct_first = 1 - power(k_beta_first, steps);
    const at::Tensor correct_second = 1 - power(k_beta_second, steps);
    const at::Tensor step = first / correct_first / ((second / correct_second).sqrt() + k_epsilon);
    state.at("omega") = omega - state.at("omega_rate").unsqueeze(-1) * step;
  }

  /// base^steps, [K, 1]: one number a trial, in the padded blocks that keep its bits whatever the pack.
  static at::Tensor power(double base, const at::Tensor& steps) {
    const at::Tensor exponent = (steps * std::log(base)).unsqueeze(-1).expand({steps.size(0), k_block}).contiguous();
    return exponent.exp().narrow(1, 0, 1);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_joint_likelihood() { return std::make_unique<JointLikelihood>(); }

}  // namespace fairsweep
