#include "objectives/training/first_order.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "objectives/training/answer_probability.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/joint_likelihood.hpp"
#include "objectives/training/stage_settings.hpp"

namespace fairsweep {

at::Tensor corrected_probability(const at::Tensor& loss, const at::Tensor& variance, const at::Tensor& alpha,
                                 const at::Tensor& clip) {
  const at::Tensor s = loss.neg().exp();
  const at::Tensor rest = loss.neg().expm1().neg();  // 1 - s
  const at::Tensor correction = (rest - s) * (0.5 * variance) / (s * rest).clamp_min(k_least_slope);
  const at::Tensor limit = clip.unsqueeze(-1);
  const at::Tensor cut = at::minimum(at::maximum(correction, -limit), limit);
  return (s + alpha.unsqueeze(-1) * cut).clamp_min(k_least_probability);
}

namespace {

constexpr const char* k_types_stage = "types";

/// What the stage trains with that the variance comes from.
Settings types_settings(const Settings& settings, const std::string& method) {
  static constexpr std::array<OwnSetting, 3> k_own = {
      {{"method.first_order.types.epochs", "training.epochs"},
       {"method.first_order.types.learning_rate", "training.learning_rate"},
       {"method.first_order.types.weight_decay", "training.weight_decay"}}};
  Settings types = settings_of_stage(settings, method, k_own);
  for (const auto& [path, value] : settings) {
    if (path.starts_with("method.joint_likelihood."))
      types[path] = value;
  }
  if (method == "typewise_average")
    types["method.typewise_average.weights"] = std::string("people");
  return types;
}

bool by_latent_types(const Settings& settings) {
  return word_is(settings, "method.first_order.variance", "joint_likelihood", "groups");
}

/// Shares of the types, [K, L].
at::Tensor shares_of(const StageOutput& types) {
  const auto share = types.learned.find("share");
  if (share != types.learned.end())
    return share->second.to(at::kDouble);
  return type_shares(types.learned.at("omega").to(at::kDouble), types.training.dim() == 4 ? types.training.size(1) : 1);
}

class FirstOrder final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "first_order"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the likelihood corrected to first order for how much people's rewards differ";
  }
  [[nodiscard]] Reads reads() const override { return Reads::scores; }
  [[nodiscard]] std::string_view source() const override {
    return "Shirali et al., Direct Alignment with Heterogeneous Preferences, arXiv 2502.16320, section 5";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    const std::string method = by_latent_types(settings) ? "joint_likelihood" : "typewise_average";
    Stage types = find_objective(method)->stages(types_settings(settings, method), facts).back();
    types.name = k_types_stage;
    Stage trained = TrainingObjective::stages(settings, facts).back();
    trained.reads = {types.name};
    trained.keeps_last = true;
    return {types, trained};
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    const StageOutput& types = earlier.at(k_types_stage);
    at::Tensor first = at::empty({static_cast<std::int64_t>(trials.size())}, at::kDouble);
    for (std::size_t k = 0; k < trials.size(); ++k)
      first.data_ptr<double>()[k] = first_corrected_step(trials[k], facts);
    const auto number = [&](const char* path) { return numbers_of(trials, path, options); };
    return {{"variance", variance_of(types, types.training, facts.training).to(options)},
            {"first_corrected", first.to(options)},
            {"alpha", number("method.first_order.alpha")},
            {"clip", number("method.first_order.clip")}};
  }
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    return {{"steps", at::zeros({static_cast<std::int64_t>(trials.size())}, options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& state) const override {
    at::Tensor& steps = state.at("steps");
    const at::Tensor active = steps.ge(constants.at("first_corrected")).unsqueeze(-1);
    steps = steps + 1;
    const at::Tensor variance = at_comparisons(constants.at("variance"), batch);
    const at::Tensor corrected =
        corrected_probability(batch.loss, variance, constants.at("alpha"), constants.at("clip")).log().neg();
    return weighted_mean(batch.weight, at::where(active, corrected, batch.loss));
  }
  [[nodiscard]] std::map<std::string, double> notes(const Settings& /*settings*/, const TrainingFacts& facts,
                                                    const StageScores& earlier,
                                                    const at::Tensor& /*scores*/) const override {
    const StageOutput& types = earlier.at(k_types_stage);
    std::map<std::string, double> notes;
    const at::Tensor share = shares_of(types).cpu();
    for (std::int64_t type = 0; type < share.size(1); ++type)
      notes["share of type " + std::to_string(type)] = share[0][type].item<double>();
    const at::Tensor variance = variance_of(types, types.validation, facts.validation);
    if (variance.numel() > 0)
      notes["variance of probabilities over types"] = variance.mean().item<double>();
    return notes;
  }

 private:
  /// [K, M] or [K, V], in double.
  [[nodiscard]] static at::Tensor variance_of(const StageOutput& types, const at::Tensor& scores,
                                              const ComparisonFacts& comparisons) {
    const at::Tensor with_types = scores.dim() == 3 ? scores.unsqueeze(1) : scores;
    return variance_over_types(shares_of(types), log_probability_of_answers(with_types, comparisons).exp());
  }

  /// How many of the trial's steps are plain.
  [[nodiscard]] static double first_corrected_step(const Settings& settings, const TrainingFacts& facts) {
    const double batch = std::min(number_of(settings, "training.batch"), static_cast<double>(facts.comparisons));
    const double steps =
        std::ceil(static_cast<double>(facts.comparisons) / batch) * number_of(settings, "training.epochs");
    return std::round(number_of(settings, "method.first_order.warmup") * steps);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_first_order() { return std::make_unique<FirstOrder>(); }

}  // namespace fairsweep
