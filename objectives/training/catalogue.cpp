#include "objectives/training/group_dro.hpp"
#include "objectives/training/pafo.hpp"
#include "objectives/training/pafo_dvao.hpp"
#include "objectives/training/pooled.hpp"
#include "objectives/training/reweighted.hpp"
#include "objectives/training/training_objective.hpp"

namespace fairsweep {

const std::vector<std::unique_ptr<TrainingObjective>>& objective_catalogue() {
  static const auto catalogue = [] {
    std::vector<std::unique_ptr<TrainingObjective>> methods;
    methods.push_back(make_pooled());
    methods.push_back(make_reweighted());
    methods.push_back(make_group_dro());
    methods.push_back(make_pafo());
    methods.push_back(make_pafo_dvao());
    return methods;
  }();
  return catalogue;
}

const TrainingObjective* find_objective(std::string_view name) {
  for (const auto& method : objective_catalogue()) {
    if (method->name() == name)
      return method.get();
  }
  return nullptr;
}

}  // namespace fairsweep
