#include "workers/trainer/likelihoods/plackett_luce.hpp"

namespace fairsweep {
namespace {

class PlackettLuce final : public Likelihood {
 public:
  [[nodiscard]] std::string_view name() const override { return "plackett_luce"; }
  [[nodiscard]] std::string_view source() const override { return "Plackett 1975; Luce 1959; Bradley and Terry 1952"; }
  [[nodiscard]] bool of_pairs() const override { return false; }
  [[nodiscard]] ChoiceOutcome outcome(const ModelAnswers& says, const ChoiceShape& shape) const override {
    return choice_likelihood(says.scores, shape);
  }
};

}  // namespace

std::unique_ptr<Likelihood> make_plackett_luce() { return std::make_unique<PlackettLuce>(); }

}  // namespace fairsweep
