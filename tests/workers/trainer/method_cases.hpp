#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep::testing {

/// A method as tests that cover all of them train it.
struct ObjectiveCase {
  std::string method;
  Settings settings;         ///< its own numbers
  std::string variant = "";  ///< tells cases of one method apart
  std::int64_t asked = 1;    ///< people who must have been asked the same (SyntheticRecipe::asked)
  [[nodiscard]] friend std::string PrintToString(const ObjectiveCase& one) { return one.method + one.variant; }
};

/// Method, head, user conditioning.
using ContractCase = std::tuple<ObjectiveCase, std::string, std::string>;

inline std::string case_name(const ::testing::TestParamInfo<ContractCase>& info) {
  return PrintToString(std::get<0>(info.param)) + "_" + std::get<1>(info.param) + "_" + std::get<2>(info.param);
}

/// Numbers of PAFO-style training; varied_trials multiplies them by 0.5 to 1.9.
inline Settings supervised(const Settings& more) {
  return with({{"method.pafo.teacher.epochs", std::int64_t{2}},
               {"method.pafo.teacher.learning_rate", 0.02},
               {"method.pafo.teacher.weight_decay", 0.01},
               {"method.pafo.teacher.patience", std::int64_t{0}},
               {"method.pafo.distillation", 0.5},
               {"method.pafo.minority_share", 0.4},
               {"method.pafo.condition", std::string("group_and_correct")},
               {"method.pafo.gate", 0.01},
               {"method.pafo.form", std::string("soft_label")},
               {"method.pafo.temperature", 1.5},
               {"method.pafo.teacher.start", std::string("pooled")},
               {"method.pafo.teacher.update", std::string("dense")}},
              more);
}

/// Numbers of latent types; two of them, as there are groups in the synthetic data.
inline Settings latent_types(const Settings& more) {
  return with(
      {{"method.joint_likelihood.types", std::int64_t{2}}, {"method.joint_likelihood.weight_learning_rate", 0.02}},
      more);
}

/// Numbers of a search for two types in two rounds.
inline Settings searched_types(const std::string& assignment, const Settings& more = {}) {
  return with({{"method.types.number", std::int64_t{2}},
               {"method.types.assignment", assignment},
               {"method.types.search.start", std::string("tastes")},
               {"method.types.search.restarts", std::int64_t{2}},
               {"method.types.search.rounds", std::int64_t{2}},
               {"method.types.search.round_epochs", std::int64_t{1}},
               {"method.types.search.evidence", std::string("held_out")},
               {"method.types.search.learning_rate", 0.02},
               {"method.types.search.weight_decay", 0.01}},
              more);
}

/// The correction, for the last half of the steps or so.
inline Settings first_order(const std::string& variance) {
  return latent_types({{"method.first_order.alpha", 1.0},
                       {"method.first_order.clip", 0.1},
                       {"method.first_order.warmup", 0.5},
                       {"method.first_order.variance", variance},
                       {"method.first_order.types.epochs", std::int64_t{2}},
                       {"method.first_order.types.learning_rate", 0.02},
                       {"method.first_order.types.weight_decay", 0.01}});
}

/// Models that are there, mixed.
inline Settings ensemble(const std::string& of, const Settings& more) {
  return with(latent_types({{"method.ensemble.of", of},
                            {"method.ensemble.types", std::int64_t{2}},
                            {"method.ensemble.join", std::string("probabilities")}}),
              more);
}

inline Settings min_max_regret(const std::string& against) {
  return {{"method.min_max_regret.emphasis", 2.0},
          {"method.min_max_regret.emphasised", std::int64_t{2}},
          {"method.min_max_regret.against", against}};
}

/// Every method of the catalogue, those with several forms several times.
inline std::vector<ObjectiveCase> all_methods() {
  return {
      {"pooled", {}},
      {"reweighted", {{"method.reweighted.strength", 0.7}}},
      {"oversampled", {{"method.oversampled.strength", 0.5}, {"method.oversampled.by", std::string("group")}}},
      {"oversampled", {{"method.oversampled.strength", 0.5}, {"method.oversampled.by", std::string("user")}}, "_users"},
      {"linear", {{"method.linear.minority_weight", 0.6}}},
      {"smooth_tchebycheff",
       {{"method.smooth_tchebycheff.minority_weight", 0.4}, {"method.smooth_tchebycheff.smoothness", 0.2}}},
      {"famo", {{"method.famo.step_size", 0.05}, {"method.famo.decay", 0.01}}},
      {"group_dro", {{"method.group_dro.step_size", 0.1}}},
      {"group_dro",
       {{"method.group_dro.rule", std::string("worst_share")},
        {"method.group_dro.worst_share", 0.3},
        {"method.group_dro.averaging", 0.1},
        {"method.group_dro.size_adjustment", 0.5}},
       "_worst_share"},
      {"group_robust", {{"method.group_robust.step_size", 0.1}}},
      {"minimax_users", {{"method.minimax_users.step_size", 0.05}, {"method.minimax_users.worst_share", 0.0}}},
      {"minimax_users",
       {{"method.minimax_users.step_size", 0.05}, {"method.minimax_users.worst_share", 0.4}},
       "_worst_share"},
      {"reward_fairness",
       {{"method.reward_fairness.form", std::string("regularisation")},
        {"method.reward_fairness.beta", -1.0},
        {"method.reward_fairness.weight", 0.1}}},
      {"reward_fairness",
       {{"method.reward_fairness.form", std::string("coefficient")},
        {"method.reward_fairness.beta", -1.0},
        {"method.reward_fairness.exponent", 0.5}},
       "_coefficient"},
      {"mgda", {{"method.mgda.normalise", std::string("length")}}},
      {"mgda", {{"method.mgda.normalise", std::string("none")}}, "_shortest"},
      {"pcgrad", {}},
      {"cagrad", {{"method.cagrad.radius", 0.4}}},
      {"nash_mtl", {{"method.nash_mtl.length", 1.0}}},
      {"upgrad", {}},
      {"dual_proj", {}},
      {"epo", {{"method.epo.minority_weight", 0.4}}},
      {"pafo", supervised({{"method.pafo.scale", std::string("temperature")}})},
      {"pafo",
       supervised({{"method.pafo.scale", std::string("root_mean_square")},
                   {"method.pafo.form", std::string("smooth_l1")},
                   {"method.pafo.condition", std::string("group")}}),
       "_smooth"},
      {"pafo",
       supervised({{"method.pafo.scale", std::string("temperature")},
                   {"method.pafo.form", std::string("hard_label")},
                   {"method.pafo.condition", std::string("agreement")},
                   {"method.pafo.teacher.update", std::string("low_rank")},
                   {"method.pafo.teacher.rank", std::int64_t{2}}}),
       "_low_rank"},
      {"pafo",
       supervised({{"method.pafo.scale", std::string("temperature")},
                   {"method.pafo.condition", std::string("average")},
                   {"method.pafo.teacher.start", std::string("scratch")}}),
       "_scratch"},
      {"pafo_dvao", supervised({{"method.pafo_dvao.scale_over", std::string("batch")},
                                {"method.pafo_dvao.membership", std::string("own_group")}})},
      {"pafo_dvao",
       supervised({{"method.pafo_dvao.scale_over", std::string("context")},
                   {"method.pafo_dvao.rule", std::string("dvao")},
                   {"method.pafo_dvao.membership", std::string("shared")},
                   {"method.pafo_dvao.minority_weight", 0.4}}),
       "_contexts"},
      {"dvao_listwise", supervised({{"method.dvao_listwise.rule", std::string("dvao")},
                                    {"method.dvao_listwise.membership", std::string("own_group")},
                                    {"method.dvao_listwise.temperature", 1.2}})},
      {"dvao_weighted",
       {{"method.dvao_weighted.minority_share", 0.4}, {"method.dvao_weighted.utility", std::string("probability")}}},
      {"dvao_gradient", {{"method.dvao_gradient.minority_weight", 0.4}}},
      {"typewise_average", {{"method.typewise_average.weights", std::string("people")}}},
      {"joint_likelihood", latent_types({})},
      {"first_order", first_order("joint_likelihood")},
      {"first_order", first_order("groups"), "_groups"},
      {"agreement", {}, "", 3},
      {"average", ensemble("groups", {{"method.average.weights", std::string("people")}})},
      {"average",
       with(ensemble("joint_likelihood", {{"method.average.weights", std::string("equal")}}),
            {{"method.ensemble.join", std::string("scores")}}),
       "_of_types"},
      {"max_min", ensemble("groups", {})},
      {"max_min", ensemble("joint_likelihood", {}), "_of_types"},
      {"min_max_regret", ensemble("groups", min_max_regret("own"))},
      {"min_max_regret", with(searched_types("soft"), ensemble("types", min_max_regret("own"))), "_of_hidden_types"},
      {"min_max_regret", ensemble("joint_likelihood", min_max_regret("best")), "_of_types"},
      {"soup",
       {{"method.soup.share", 0.4},
        {"method.soup.models.epochs", std::int64_t{2}},
        {"method.soup.models.learning_rate", 0.02},
        {"method.soup.models.weight_decay", 0.01}}},
      {"personal_soup",
       {{"method.personal_soup.sharpness", 0.7},
        {"method.soup.models.epochs", std::int64_t{2}},
        {"method.soup.models.learning_rate", 0.02},
        {"method.soup.models.weight_decay", 0.01}}},
      {"types", searched_types("soft")},
      {"types",
       searched_types("hard", {{"method.types.number", std::int64_t{1}},
                               {"method.types.search.restarts", std::int64_t{1}},
                               {"method.types.search.evidence", std::string("in_sample")}}),
       "_one"},
      {"max_min_types", searched_types("hard", {{"method.max_min_types.step_size", 0.1}})}};
}

}  // namespace fairsweep::testing
