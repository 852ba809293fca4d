#include "objectives/training/average.hpp"

#include <string>
#include <vector>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/ensemble.hpp"

namespace fairsweep {
namespace {

class Average final : public Ensemble {
 public:
  [[nodiscard]] std::string_view name() const override { return "average"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "models of the kinds of people, mixed in equal parts or by how many people there are of each";
  }
  [[nodiscard]] std::string_view source() const override { return "standard"; }

 protected:
  [[nodiscard]] EnsembleWeights decide(const Settings& settings, const EnsembleFacts& facts) const override {
    if (word_is(settings, "method.average.weights", "people", "equal"))
      return {facts.share, 0};
    return {std::vector<double>(facts.share.size(), 1.0 / static_cast<double>(facts.share.size())), 0};
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_average() { return std::make_unique<Average>(); }

}  // namespace fairsweep
