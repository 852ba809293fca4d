#include <cmath>

#include "workers/trainer/likelihoods/averaged_scale.hpp"
#include "workers/trainer/likelihoods/pair_answers.hpp"

namespace fairsweep {

std::vector<double> series_weights(std::size_t count) {
  const auto terms = static_cast<double>(count);
  const double power = std::pow(3 + std::sqrt(8.0), terms);
  const double divisor = (power + 1 / power) / 2;
  std::vector<double> weights;
  weights.reserve(count);
  double step = -1;
  double sum = -divisor;
  for (std::size_t j = 0; j < count; ++j) {
    const auto place = static_cast<double>(j);
    sum = step - sum;
    weights.push_back(sum / divisor);
    step *= (place + terms) * (place - terms) / ((place + 0.5) * (place + 1));
  }
  return weights;
}

namespace {

constexpr std::size_t k_terms = 16;
constexpr double k_first_shape = 4;

class AveragedGamma final : public Likelihood {
 public:
  AveragedGamma() : weights_(series_weights(k_terms)) {
    for (std::size_t j = 0; j < k_terms; ++j)
      multiples_.push_back(static_cast<double>(j + 1));
  }
  [[nodiscard]] std::string_view name() const override { return "averaged_gamma"; }
  [[nodiscard]] std::string_view source() const override {
    return "Imai, Heydari and others, MixDPO, arXiv 2601.06180";
  }
  [[nodiscard]] std::vector<std::string> numbers() const override { return {"k", "theta"}; }
  [[nodiscard]] at::Tensor meaning(const at::Tensor& learned) const override {
    const at::Tensor raised = learned.to(at::kDouble).exp();
    const at::Tensor shape = raised[0] * k_first_shape;
    return at::stack({shape, raised[1] / shape});
  }
  [[nodiscard]] ChoiceOutcome outcome(const ModelAnswers& says, const ChoiceShape& shape) const override {
    const at::Tensor gap = difference(says.scores);
    const at::Tensor against = gap.lt(0);
    const at::Tensor size = at::where(against, gap.neg(), gap);
    const at::Tensor k = number(says, 0).exp() * k_first_shape;
    const at::Tensor unit = number(says, 1).exp() * size / k;  // theta |m|
    const auto constants = [&](const std::vector<double>& values) {
      return at::tensor(values, at::kDouble).to(gap.options()).view({1, -1, 1});
    };
    // The less likely answer: the first term times a sum in (1/2, 1], so that nothing is lost however small it is.
    const at::Tensor logs = at::log1p(unit.unsqueeze(1) * constants(multiples_));  // [K, terms, B]
    const at::Tensor least = logs.select(1, 0);
    const at::Tensor ratios = (k.unsqueeze(1) * (least.unsqueeze(1) - logs)).exp();
    const at::Tensor unlikely = (ratios * constants(weights_)).sum(1).log() - k * least;
    const at::Tensor likely = at::log1p(unlikely.exp().neg());
    // Rounding must not turn the sign of a margin near 0.
    const at::Tensor margin = (likely - unlikely).clamp_min(0) * gap.sign();
    return {with_noise(at::where(against, unlikely, likely).neg(), shape), margin};
  }
  [[nodiscard]] std::map<std::string, double> notes(const at::Tensor& learned,
                                                    const ModelAnswers& says) const override {
    std::map<std::string, double> notes = Likelihood::notes(learned, says);
    notes["likelihood scale deviation"] = 1 / std::sqrt(notes.at("likelihood k"));
    return notes;
  }

 private:
  std::vector<double> weights_, multiples_;
};

}  // namespace

std::unique_ptr<Likelihood> make_averaged_gamma() { return std::make_unique<AveragedGamma>(); }

}  // namespace fairsweep
