#include "objectives/training/mgda.hpp"

#include "objectives/gradient_weights/mgda.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/combined_gradients.hpp"

namespace fairsweep {
namespace {

/// The shortest vector in the hull of the unit gradients, as weights of the gradients themselves.
std::vector<double> mgda_weights_of_unit_gradients(const Gramian& gramian) {
  return gramian.weigh([](const Gradients& gradients) {
    std::vector<double> cosines;
    cosines.reserve(gradients.count() * gradients.count());
    for (std::size_t i = 0; i < gradients.count(); ++i)
      cosines.insert(cosines.end(), gradients.cosines.row(i).begin(), gradients.cosines.row(i).end());
    std::vector<double> weights = mgda_weights(Gramian(cosines, gradients.count()));
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] /= gradients.lengths[i];
    return weights;
  });
}

class Mgda final : public CombinedGradients {
 public:
  [[nodiscard]] std::string_view name() const override { return "mgda"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "the shortest step in the hull of the groups' gradients: no group's loss rises";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Desideri, Comptes Rendus Mathematique 350, 2012; Sener, Koltun, NeurIPS 2018";
  }

 protected:
  [[nodiscard]] std::vector<double> numbers(const Settings& settings, const TrainingFacts& /*facts*/) const override {
    return {word_is(settings, "method.mgda.normalise", "length", "none") ? 1.0 : 0.0};
  }
  [[nodiscard]] std::vector<double> weights(const GroupGradients& gradients) const override {
    const bool of_unit_length = gradients.numbers.front() > 0;
    return of_unit_length ? mgda_weights_of_unit_gradients(gradients.gramian) : mgda_weights(gradients.gramian);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_mgda() { return std::make_unique<Mgda>(); }

}  // namespace fairsweep
