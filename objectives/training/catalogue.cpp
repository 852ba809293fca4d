#include "objectives/training/agreement.hpp"
#include "objectives/training/average.hpp"
#include "objectives/training/cagrad.hpp"
#include "objectives/training/dual_proj.hpp"
#include "objectives/training/dvao_gradient.hpp"
#include "objectives/training/dvao_listwise.hpp"
#include "objectives/training/dvao_weighted.hpp"
#include "objectives/training/epo.hpp"
#include "objectives/training/famo.hpp"
#include "objectives/training/first_order.hpp"
#include "objectives/training/group_dro.hpp"
#include "objectives/training/group_robust.hpp"
#include "objectives/training/joint_likelihood.hpp"
#include "objectives/training/linear.hpp"
#include "objectives/training/max_min.hpp"
#include "objectives/training/max_min_types.hpp"
#include "objectives/training/mgda.hpp"
#include "objectives/training/min_max_regret.hpp"
#include "objectives/training/minimax_users.hpp"
#include "objectives/training/nash_mtl.hpp"
#include "objectives/training/oversampled.hpp"
#include "objectives/training/pafo.hpp"
#include "objectives/training/pafo_dvao.hpp"
#include "objectives/training/pcgrad.hpp"
#include "objectives/training/personal_soup.hpp"
#include "objectives/training/pooled.hpp"
#include "objectives/training/reward_fairness.hpp"
#include "objectives/training/reweighted.hpp"
#include "objectives/training/smooth_tchebycheff.hpp"
#include "objectives/training/soup.hpp"
#include "objectives/training/training_objective.hpp"
#include "objectives/training/type_search.hpp"
#include "objectives/training/types.hpp"
#include "objectives/training/typewise_average.hpp"
#include "objectives/training/upgrad.hpp"

namespace fairsweep {

const std::vector<std::unique_ptr<TrainingObjective>>& objective_catalogue() {
  static const auto catalogue = [] {
    std::vector<std::unique_ptr<TrainingObjective>> methods;
    methods.push_back(make_pooled());
    methods.push_back(make_reweighted());
    methods.push_back(make_oversampled());
    methods.push_back(make_linear());
    methods.push_back(make_smooth_tchebycheff());
    methods.push_back(make_famo());
    methods.push_back(make_group_dro());
    methods.push_back(make_group_robust());
    methods.push_back(make_minimax_users());
    methods.push_back(make_reward_fairness());
    methods.push_back(make_mgda());
    methods.push_back(make_pcgrad());
    methods.push_back(make_cagrad());
    methods.push_back(make_nash_mtl());
    methods.push_back(make_upgrad());
    methods.push_back(make_dual_proj());
    methods.push_back(make_epo());
    methods.push_back(make_pafo());
    methods.push_back(make_pafo_dvao());
    methods.push_back(make_dvao_listwise());
    methods.push_back(make_dvao_weighted());
    methods.push_back(make_dvao_gradient());
    methods.push_back(make_typewise_average());
    methods.push_back(make_joint_likelihood());
    methods.push_back(make_first_order());
    methods.push_back(make_agreement());
    methods.push_back(make_average());
    methods.push_back(make_max_min());
    methods.push_back(make_min_max_regret());
    methods.push_back(make_soup());
    methods.push_back(make_personal_soup());
    methods.push_back(make_types());
    methods.push_back(make_max_min_types());
    return methods;
  }();
  return catalogue;
}

const std::vector<std::unique_ptr<TrainingObjective>>& stage_catalogue() {
  static const auto catalogue = [] {
    std::vector<std::unique_ptr<TrainingObjective>> losses;
    losses.push_back(make_type_search());
    return losses;
  }();
  return catalogue;
}

const TrainingObjective* find_objective(std::string_view name) {
  for (const auto* catalogue : {&objective_catalogue(), &stage_catalogue()}) {
    for (const auto& objective : *catalogue) {
      if (objective->name() == name)
        return objective.get();
    }
  }
  return nullptr;
}

}  // namespace fairsweep
