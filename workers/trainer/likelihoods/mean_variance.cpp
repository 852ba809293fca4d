#include "workers/trainer/likelihoods/mean_variance.hpp"

#include <cmath>
#include <numbers>

#include "workers/trainer/likelihoods/pair_answers.hpp"

namespace fairsweep {

at::Tensor normal_loss(const at::Tensor& z) {
  // The slope of log Phi is phi / Phi = sqrt(2 / pi) / erfcx(-z / sqrt 2); LibTorch's own divides two numbers that
  // both vanish. So the value is taken without gradient, and the slope put back.
  const at::Tensor fixed = z.detach();
  const at::Tensor slope =
      std::sqrt(2 / std::numbers::pi) / at::special_erfcx(fixed / -std::numbers::sqrt2);  // 0 where erfcx overflows
  return at::special_log_ndtr(fixed).neg() - slope * (z - fixed);
}

namespace {

constexpr double k_largest_log = 10;  // of a deviation

class MeanVariance final : public Likelihood {
 public:
  [[nodiscard]] std::string_view name() const override { return "mean_variance"; }
  [[nodiscard]] std::string_view source() const override {
    return "Siththaranjan, Laidlaw, Hadfield-Menell, Distributional Preference Learning, ICLR 2024, arXiv 2312.08358";
  }
  [[nodiscard]] bool has_spread() const override { return true; }
  [[nodiscard]] ChoiceOutcome outcome(const ModelAnswers& says, const ChoiceShape& shape) const override {
    const std::vector<at::Tensor> log = says.spread.clamp(-k_largest_log, k_largest_log).unbind(1);
    const at::Tensor variance = (log[0] * 2).exp() + (log[1] * 2).exp();
    const at::Tensor z = difference(says.scores) * variance.rsqrt();
    const at::Tensor first = normal_loss(z);
    return {with_noise(first, shape), normal_loss(z.neg()) - first};
  }
  /// How much hidden context there is: the mean deviation of candidates in units of the deviation of their scores, and
  /// the share of the variance of worths that scores explain, Var(m) / (Var(m) + mean d^2), over the candidates of
  /// validation comparisons. The second is ours, after the paper's idea.
  [[nodiscard]] std::map<std::string, double> notes(const at::Tensor& /*learned*/,
                                                    const ModelAnswers& says) const override {
    if (!says.spread.defined() || says.scores.numel() == 0)
      return {};
    const at::Tensor mean = says.scores.to(at::kDouble).reshape({-1});
    const at::Tensor deviation = says.spread.to(at::kDouble).clamp(-k_largest_log, k_largest_log).exp().reshape({-1});
    const double spread = mean.var(false).item<double>();
    const double hidden = deviation.square().mean().item<double>();
    std::map<std::string, double> notes = {{"likelihood explained variance", spread / (spread + hidden)}};
    if (spread > 0)
      notes["likelihood mean deviation"] = deviation.mean().item<double>() / std::sqrt(spread);
    return notes;
  }
};

}  // namespace

std::unique_ptr<Likelihood> make_mean_variance() { return std::make_unique<MeanVariance>(); }

}  // namespace fairsweep
