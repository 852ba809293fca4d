#include <string>
#include <vector>

#include "tests/contract/training_objective_contract.hpp"

namespace fairsweep::testing {
namespace {

/// One method of every kind with every model of users: a loss, several gradients, members; and with one head alone,
/// which none of them knows, weights of groups, teachers, whole contexts, a low-rank stage.
std::vector<ContractCase> kinds_of_methods() {
  const std::vector<std::pair<std::string, std::vector<std::string>>> heads_of = {
      {"pooled", {"linear", "mlp"}}, {"mgda", {"linear", "mlp"}}, {"joint_likelihood", {"linear", "mlp"}},
      {"group_dro", {"linear"}},     {"pafo_dvao", {"mlp"}},      {"dvao_listwise", {"linear"}},
      {"pafo_low_rank", {"mlp"}}};
  std::vector<ContractCase> cases;
  for (const auto& [name, heads] : heads_of) {
    for (const ObjectiveCase& one : all_methods()) {
      if (PrintToString(one) != name)
        continue;
      for (const std::string& head : heads) {
        for (const char* user :
             {"reward_features", "low_rank", "personas", "ideal_point", "offset", "variational", "linked"})
          cases.emplace_back(one, head, user);
      }
    }
  }
  return cases;
}

INSTANTIATE_TEST_SUITE_P(UserModels, TrainingObjectiveContract, ::testing::ValuesIn(kinds_of_methods()), case_name);
INSTANTIATE_TEST_SUITE_P(UserModels, TrainingObjectivePairs, ::testing::ValuesIn(kinds_of_methods()), case_name);

TEST(UserModelContract, EveryKindOfMethodIsThere) { EXPECT_EQ(kinds_of_methods().size(), (3U * 2 + 4) * 7); }

}  // namespace
}  // namespace fairsweep::testing
