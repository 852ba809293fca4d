#include "tests/contract/training_objective_contract.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>
#include <vector>

namespace fairsweep::testing {
namespace {

INSTANTIATE_TEST_SUITE_P(Catalogue, TrainingObjectiveContract,
                         ::testing::Combine(::testing::ValuesIn(all_methods()), ::testing::Values("linear", "mlp"),
                                            ::testing::Values("none", "features", "embedding", "history")),
                         case_name);

INSTANTIATE_TEST_SUITE_P(Catalogue, TrainingObjectivePairs,
                         ::testing::Combine(::testing::ValuesIn(all_methods()), ::testing::Values("linear", "mlp"),
                                            ::testing::Values("none", "embedding")),
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
