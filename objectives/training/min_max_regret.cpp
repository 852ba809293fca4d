#include "objectives/training/min_max_regret.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/ensemble_weights/min_max_regret.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/ensemble.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_emphasis = "method.min_max_regret.emphasis";
constexpr const char* k_emphasised = "method.min_max_regret.emphasised";

/// rho: 1 for all kinds of people but one. [L]
std::vector<double> regret_weights(const Settings& settings, const EnsembleFacts& facts) {
  std::vector<double> rho(facts.order.size(), 1.0);
  const std::size_t kind = facts.order.at(static_cast<std::size_t>(number_of(settings, k_emphasised)) - 1);
  rho[kind] = number_of(settings, k_emphasis);
  return rho;
}

RegretAgainst against_of(const Settings& settings) {
  return word_is(settings, "method.min_max_regret.against", "own", "best") ? RegretAgainst::own_model
                                                                           : RegretAgainst::best_model;
}

class MinMaxRegret final : public Ensemble {
 public:
  [[nodiscard]] std::string_view name() const override { return "min_max_regret"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "models of the kinds of people, mixed so that the largest weighted regret is as small as it can be";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Chidambaram, Seetharaman, Syrgkanis, Direct Preference Optimization With Unobserved Preference "
           "Heterogeneity, AISTATS 2026, arXiv 2510.15716";
  }

 protected:
  void require_fit(const Settings& settings, const std::vector<std::string>& kinds) const override {
    const double emphasised = number_of(settings, k_emphasised);
    if (emphasised > static_cast<double>(kinds.size())) {
      throw UserError(ExitCode::configuration,
                      std::string(k_emphasised) + " is " + std::to_string(static_cast<int>(emphasised)) +
                          ", and there are models for " + std::to_string(kinds.size()) +
                          " kinds of people; write a number from 1 to " + std::to_string(kinds.size()));
    }
  }
  [[nodiscard]] EnsembleWeights decide(const Settings& settings, const EnsembleFacts& facts) const override {
    return min_max_regret(facts.worth, regret_weights(settings, facts), against_of(settings));
  }
  /// The regret of the mixture as it is joined, beside what the programme promises.
  [[nodiscard]] std::map<std::string, double> more_notes(const Settings& settings, const EnsembleFacts& facts,
                                                         const EnsembleWeights& decided,
                                                         const std::vector<double>& mixed) const override {
    const std::vector<double> rho = regret_weights(settings, facts);
    double measured = 0;
    for (std::size_t kind = 0; kind < mixed.size(); ++kind) {
      const double reference =
          against_of(settings) == RegretAgainst::own_model ? facts.worth.at(kind, kind) : facts.worth.best(kind);
      measured = std::max(measured, rho[kind] * (reference - mixed[kind]));
    }
    return {{"largest regret (linear programme)", decided.value}, {"largest regret (measured)", measured}};
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_min_max_regret() { return std::make_unique<MinMaxRegret>(); }

}  // namespace fairsweep
