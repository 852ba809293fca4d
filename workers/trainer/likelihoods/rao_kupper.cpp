#include "workers/trainer/likelihoods/rao_kupper.hpp"

#include <cmath>

#include "workers/trainer/likelihoods/pair_answers.hpp"

namespace fairsweep {
namespace {

class RaoKupper final : public Likelihood {
 public:
  [[nodiscard]] std::string_view name() const override { return "rao_kupper"; }
  [[nodiscard]] std::string_view source() const override {
    return "Rao, Kupper, Ties in Paired-Comparison Experiments: A Generalization of the Bradley-Terry Model, JASA 62, "
           "1967";
  }
  [[nodiscard]] bool has_ties() const override { return true; }
  [[nodiscard]] std::vector<std::string> numbers() const override { return {"theta"}; }
  [[nodiscard]] at::Tensor meaning(const at::Tensor& learned) const override {
    return learned.to(at::kDouble).exp() + 1;
  }
  [[nodiscard]] ChoiceOutcome outcome(const ModelAnswers& says, const ChoiceShape& shape) const override {
    const at::Tensor gap = difference(says.scores);
    const at::Tensor learned = number(says, 0);
    const at::Tensor log_theta = at::softplus(learned);
    const at::Tensor first = at::softplus(log_theta - gap);   // loss of the first
    const at::Tensor second = at::softplus(log_theta + gap);  // and of the second
    // theta^2 - 1 = (theta - 1) (theta + 1), the first factor being what is learned
    const at::Tensor log_two = at::full_like(learned, std::log(2.0));
    const at::Tensor tie = first + second - learned - at::logaddexp(log_two, learned);
    return {with_noise(of_tie_or_order(shape, tie, first), shape), second - first};
  }
};

}  // namespace

std::unique_ptr<Likelihood> make_rao_kupper() { return std::make_unique<RaoKupper>(); }

}  // namespace fairsweep
