#include "objectives/training/max_min.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "objectives/ensemble_weights/max_min.hpp"
#include "objectives/training/ensemble.hpp"

namespace fairsweep {
namespace {

class MaxMin final : public Ensemble {
 public:
  [[nodiscard]] std::string_view name() const override { return "max_min"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "models of the kinds of people, mixed so that the worst-off kind is as well off as it can be";
  }
  [[nodiscard]] std::string_view source() const override {
    return "after Chakraborty et al., MaxMin-RLHF, ICML 2024, arXiv 2402.08925";
  }

 protected:
  [[nodiscard]] EnsembleWeights decide(const Settings& /*settings*/, const EnsembleFacts& facts) const override {
    return max_min(facts.worth);
  }
  [[nodiscard]] std::map<std::string, double> more_notes(const Settings& /*settings*/, const EnsembleFacts& /*facts*/,
                                                         const EnsembleWeights& decided,
                                                         const std::vector<double>& mixed) const override {
    return {{"worst log-likelihood (linear programme)", decided.value},
            {"worst log-likelihood (measured)", *std::min_element(mixed.begin(), mixed.end())}};
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_max_min() { return std::make_unique<MaxMin>(); }

}  // namespace fairsweep
