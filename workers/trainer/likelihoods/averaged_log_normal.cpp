#include <cmath>
#include <numbers>

#include "workers/trainer/likelihoods/averaged_scale.hpp"
#include "workers/trainer/likelihoods/pair_answers.hpp"

namespace fairsweep {

NormalQuadrature normal_quadrature(std::size_t count) {
  NormalQuadrature rule{std::vector<double>(count, 0.0), std::vector<double>(count, 0.0)};
  const auto degree = static_cast<double>(count);
  // Of the orthonormal polynomials for exp(-x^2): value at x, and the slope by h_n' = sqrt(2 n) h_{n-1}.
  const auto at_point = [&](double x) {
    double before = 0;
    double now = std::pow(std::numbers::pi, -0.25);
    for (std::size_t n = 0; n < count; ++n) {
      const auto order = static_cast<double>(n + 1);
      const double next = x * std::sqrt(2 / order) * now - std::sqrt((order - 1) / order) * before;
      before = now;
      now = next;
    }
    return std::pair(now, std::sqrt(2 * degree) * before);
  };
  // Roots from the largest down: between two tested points where the sign changes, bisected, then polished.
  std::size_t found = 0;
  const double end = std::sqrt(2 * degree + 1);
  constexpr int k_steps = 4001;  // odd: 0, a root of every odd degree, is no tested point
  double right = end;
  for (int step = 1; step <= k_steps && found < count; ++step) {
    const double left = end - 2 * end * step / k_steps;
    if (at_point(left).first * at_point(right).first <= 0) {
      double x = (left + right) / 2;
      for (int turn = 0; turn < 60; ++turn) {
        const auto [value, slope] = at_point(x);
        const double move = value / slope;
        x -= move;
        if (std::fabs(move) < 1e-15)
          break;
      }
      const double slope = at_point(x).second;
      rule.point[found] = x * std::numbers::sqrt2;
      rule.weight[found] = 2 / (slope * slope) / std::sqrt(std::numbers::pi);
      ++found;
    }
    right = left;
  }
  return rule;
}

namespace {

constexpr std::size_t k_points = 16;
constexpr double k_first_deviation = 0.5;
constexpr double k_largest_exponent = 30;  // of the scale: b m stays finite in single precision

class AveragedLogNormal final : public Likelihood {
 public:
  AveragedLogNormal() : rule_(normal_quadrature(k_points)) {
    for (double& weight : rule_.weight)
      weight = std::log(weight);
  }
  [[nodiscard]] std::string_view name() const override { return "averaged_log_normal"; }
  [[nodiscard]] std::string_view source() const override {
    return "Imai, Heydari and others, MixDPO, arXiv 2601.06180";
  }
  [[nodiscard]] std::vector<std::string> numbers() const override { return {"mu", "sigma"}; }
  [[nodiscard]] at::Tensor meaning(const at::Tensor& learned) const override {
    const at::Tensor exact = learned.to(at::kDouble);
    return at::stack({exact[0], exact[1].exp() * k_first_deviation});
  }
  [[nodiscard]] ChoiceOutcome outcome(const ModelAnswers& says, const ChoiceShape& shape) const override {
    const at::Tensor gap = difference(says.scores).unsqueeze(1);  // [K, 1, B]
    const auto points = [&](const std::vector<double>& values) {
      return at::tensor(values, at::kDouble).to(gap.options()).view({1, -1, 1});
    };
    const at::Tensor sigma = number(says, 1).exp().unsqueeze(1) * k_first_deviation;
    const at::Tensor exponent = number(says, 0).unsqueeze(1) + sigma * points(rule_.point);
    const at::Tensor scaled = exponent.clamp(-k_largest_exponent, k_largest_exponent).exp() * gap;  // [K, points, B]
    const at::Tensor log_weight = points(rule_.weight);
    const at::Tensor first = at::logsumexp(log_weight - at::softplus(scaled.neg()), 1);
    const at::Tensor second = at::logsumexp(log_weight - at::softplus(scaled), 1);
    return {with_noise(first.neg(), shape), first - second};
  }
  /// Beside mu and sigma the deviation of the scale in units of its mean, which does not depend on that of the scores.
  [[nodiscard]] std::map<std::string, double> notes(const at::Tensor& learned,
                                                    const ModelAnswers& says) const override {
    std::map<std::string, double> notes = Likelihood::notes(learned, says);
    const double sigma = notes.at("likelihood sigma");
    notes["likelihood scale deviation"] = std::sqrt(std::expm1(sigma * sigma));
    return notes;
  }

 private:
  NormalQuadrature rule_;  ///< with logarithms of the weights
};

}  // namespace

std::unique_ptr<Likelihood> make_averaged_log_normal() { return std::make_unique<AveragedLogNormal>(); }

}  // namespace fairsweep
