#include "tests/contract/training_objective_contract.hpp"

#include <gmock/gmock.h>

#include <set>

namespace fairsweep::testing {
namespace {

/// Numbers of PAFO-style training; varied_trials multiplies them by 0.5 to 1.9.
Settings supervised(const Settings& more) {
  return with({{"method.pafo.teacher.epochs", std::int64_t{2}},
               {"method.pafo.teacher.learning_rate", 0.02},
               {"method.pafo.teacher.weight_decay", 0.01},
               {"method.pafo.teacher.patience", std::int64_t{0}},
               {"method.pafo.distillation", 0.5},
               {"method.pafo.minority_share", 0.4},
               {"method.pafo.condition", std::string("group_and_correct")},
               {"method.pafo.gate", 0.01},
               {"method.pafo.form", std::string("soft_label")},
               {"method.pafo.temperature", 1.5}},
              more);
}

std::vector<ObjectiveCase> all_methods() {
  return {{"pooled", {}},
          {"reweighted", {{"method.reweighted.strength", 0.7}}},
          {"group_dro", {{"method.group_dro.step_size", 0.1}}},
          {"pafo", supervised({{"method.pafo.scale", std::string("temperature")}})},
          {"pafo",
           supervised({{"method.pafo.scale", std::string("root_mean_square")},
                       {"method.pafo.form", std::string("smooth_l1")},
                       {"method.pafo.condition", std::string("group")}}),
           "_smooth"},
          {"pafo_dvao", supervised({{"method.pafo_dvao.scale_over", std::string("batch")},
                                    {"method.pafo_dvao.membership", std::string("own_group")}})},
          {"pafo_dvao",
           supervised({{"method.pafo_dvao.scale_over", std::string("context")},
                       {"method.pafo_dvao.rule", std::string("dvao")},
                       {"method.pafo_dvao.membership", std::string("shared")},
                       {"method.pafo_dvao.minority_weight", 0.4}}),
           "_contexts"}};
}

INSTANTIATE_TEST_SUITE_P(Catalogue, TrainingObjectiveContract,
                         ::testing::Combine(::testing::ValuesIn(all_methods()), ::testing::Values("linear", "mlp"),
                                            ::testing::Values("none", "features", "embedding", "history")),
                         case_name);

TEST(TrainingObjectiveCatalogue, EveryMethodJoinsTheContractSuite) {
  std::set<std::string> in_suite;
  std::vector<std::string> in_catalogue;
  for (const ObjectiveCase& one : all_methods())
    in_suite.insert(one.method);
  for (const auto& method : objective_catalogue()) {
    in_catalogue.emplace_back(method->name());
    EXPECT_EQ(find_objective(method->name()), method.get());
    EXPECT_FALSE(method->sentence().empty());
    EXPECT_FALSE(method->source().empty());
  }
  EXPECT_THAT(in_suite, ::testing::UnorderedElementsAreArray(in_catalogue));
  EXPECT_EQ(find_objective("no such method"), nullptr);
}

}  // namespace
}  // namespace fairsweep::testing
