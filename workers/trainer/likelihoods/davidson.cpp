#include "workers/trainer/likelihoods/davidson.hpp"

#include "workers/trainer/likelihoods/pair_answers.hpp"

namespace fairsweep {
namespace {

class Davidson final : public Likelihood {
 public:
  [[nodiscard]] std::string_view name() const override { return "davidson"; }
  [[nodiscard]] std::string_view source() const override {
    return "Davidson, On Extending the Bradley-Terry Model to Accommodate Ties, JASA 65, 1970";
  }
  [[nodiscard]] bool has_ties() const override { return true; }
  [[nodiscard]] std::vector<std::string> numbers() const override { return {"nu"}; }
  [[nodiscard]] at::Tensor meaning(const at::Tensor& learned) const override { return learned.to(at::kDouble).exp(); }
  [[nodiscard]] ChoiceOutcome outcome(const ModelAnswers& says, const ChoiceShape& shape) const override {
    // Divided by sqrt(w_i w_j): exp(m / 2), exp(-m / 2) and nu.
    const at::Tensor margin = difference(says.scores);
    const at::Tensor half = margin / 2;
    const at::Tensor log_nu = number(says, 0);
    const at::Tensor log_sum = at::logaddexp(at::logaddexp(half, half.neg()), log_nu);
    return {with_noise(of_tie_or_order(shape, log_sum - log_nu, log_sum - half), shape), margin};
  }
};

}  // namespace

std::unique_ptr<Likelihood> make_davidson() { return std::make_unique<Davidson>(); }

}  // namespace fairsweep
