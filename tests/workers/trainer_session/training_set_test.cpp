#include "workers/trainer/training_set.hpp"
#include "workers/data/people/resolve_people.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer_session/small_data.hpp"
#include "workers/data/generators/generate_personal_llm.hpp"
#include "workers/data/groups/support_rate.hpp"
#include "workers/data/people/resolve_people.hpp"
#include "workers/data/splits/split.hpp"
#include "workers/trainer/standardise.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_data::small_data;
using testing_data::small_setup;

std::vector<float> floats(const at::Tensor& tensor) {
  const auto whole = tensor.contiguous();
  return {whole.data_ptr<float>(), whole.data_ptr<float>() + whole.numel()};
}

std::vector<Split> parts_of(const PreferenceData& data, const TrainerSetup& setup) {
  return deal_comparisons(
      data,
      {setup.split.by, setup.split.train, setup.split.validation, setup.split.test, setup.split.history, setup.seed},
      data.user_attributes.at(setup.grouping.attribute).codes);
}

/// The sentence of the UserError that `action` throws.
std::string refusal(const std::function<void()>& action, ExitCode code) {
  try {
    action();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

std::string refusal(const PreferenceData& data, const TrainerSetup& setup, ExitCode code = ExitCode::configuration) {
  return refusal([&] { (void)make_training_set(data, setup, at::kCPU); }, code);
}

TEST(Standardise, MeanNoughtAndDeviationOneOverTheChosenRows) {
  const std::vector<float> values = {1, 10, 5, 3, 10, 5, 99, 11, 5};
  const std::vector<std::int64_t> among = {0, 1};
  const auto out = standardise(values, 3, among);
  EXPECT_THAT(out, testing::ElementsAre(-1, 0, 0, 1, 0, 0, 97, 1, 0));
}

TEST(Standardise, AConstantColumnOfAnAwkwardNumberStaysFinite) {
  const std::vector<float> values(1000, 0.1F);
  std::vector<std::int64_t> among(1000);
  for (std::size_t i = 0; i < among.size(); ++i) {
    among[i] = static_cast<std::int64_t>(i);
  }
  EXPECT_THAT(standardise(values, 1, among), testing::Each(0.0F));
}

TEST(Standardise, NothingIsNothingAndBadRowsAreABug) {
  EXPECT_TRUE(standardise({}, 0, {}).empty());
  const std::vector<float> values = {1, 2};
  const std::vector<std::int64_t> beyond = {2};
  EXPECT_THROW((void)standardise(values, 1, {}), InternalError);
  EXPECT_THROW((void)standardise(values, 1, beyond), InternalError);
  EXPECT_THROW((void)standardise(values, 3, beyond), InternalError);
}

TEST(TrainingSet, HoldsEveryComparisonOfEveryPartInTheUsersOrder) {
  const auto data = small_data();
  const auto setup = small_setup();
  const auto set = make_training_set(data, setup, at::kCPU);
  const auto parts = parts_of(data, setup);
  std::set<std::int64_t> seen;
  const auto check_part = [&](const ComparisonTensors& tensors, Split part) {
    ASSERT_EQ(tensors.candidates.sizes(), (at::IntArrayRef{tensors.count(), 3}));
    ASSERT_EQ(tensors.present.scalar_type(), at::kBool);
    for (std::int64_t i = 0; i < tensors.count(); ++i) {
      const auto row = static_cast<std::size_t>(tensors.source[static_cast<std::size_t>(i)]);
      EXPECT_TRUE(seen.insert(static_cast<std::int64_t>(row)).second);
      EXPECT_EQ(parts[row], part);
      const auto begin = data.comparison_offset[row];
      const auto n = data.comparison_offset[row + 1] - begin;
      for (std::int64_t slot = 0; slot < 3; ++slot) {
        EXPECT_EQ(tensors.present[i][slot].item<bool>(), slot < n);
        const auto expected = slot < n ? data.comparison_candidate[static_cast<std::size_t>(begin + slot)] : 0;
        EXPECT_EQ(tensors.candidates[i][slot].item<std::int64_t>(), expected);
      }
      const auto user = data.comparison_user[row];
      EXPECT_EQ(tensors.user[i].item<std::int64_t>(), user);
      EXPECT_EQ(tensors.group[i].item<std::int64_t>(), set.user_group[static_cast<std::size_t>(user)]);
      EXPECT_EQ(tensors.ranked[i].item<std::int64_t>(), 1);
      EXPECT_EQ(tensors.weight[i].item<float>(), data.comparison_weight[row]);
    }
  };
  check_part(set.train, Split::train);
  check_part(set.validation, Split::validation);
  check_part(set.test, Split::test);
  EXPECT_EQ(seen.size(), data.comparison_user.size());
  EXPECT_EQ(set.groups, setup.groups);
}

TEST(TrainingSet, FeaturesAreStandardisedOverCandidatesOfTrainingComparisons) {
  const auto set = make_training_set(small_data(), small_setup(), at::kCPU);
  const auto rows = set.train.candidates.masked_select(set.train.present);
  const auto used = set.features.index_select(0, rows).to(at::kDouble);
  const auto mean = used.mean(0);
  const auto deviation = used.std(0, /*unbiased=*/false);
  for (std::int64_t column = 0; column < 2; ++column) {
    EXPECT_NEAR(mean[column].item<double>(), 0, 1e-6);
    EXPECT_NEAR(deviation[column].item<double>(), 1, 1e-6);
  }
  EXPECT_EQ(set.features.select(1, 2).abs().max().item<float>(), 0);  // the constant column
}

TEST(TrainingSet, UserFeaturesAreStandardisedOverTrainingUsers) {
  const auto set = make_training_set(small_data(), small_setup(), at::kCPU);
  double sum = 0, squares = 0, n = 0;
  for (std::int64_t user = 0; user < set.users; ++user) {
    if (set.user_trained[static_cast<std::size_t>(user)]) {
      const double value = set.user_features[user][0].item<float>();
      sum += value;
      squares += value * value;
      ++n;
    }
  }
  EXPECT_LT(n, static_cast<double>(set.users));
  EXPECT_NEAR(sum / n, 0, 1e-6);
  EXPECT_NEAR(squares / n, 1, 1e-6);
}

TEST(TrainingSet, HistoryIsBestMinusOthersOverTrainingAndHistoryComparisons) {
  const auto data = small_data();
  auto setup = small_setup();
  setup.split.history = 3;
  const auto set = make_training_set(data, setup, at::kCPU);
  const auto parts = parts_of(data, setup);
  const auto features = floats(set.features);
  std::size_t with_history = 0;
  for (std::int64_t user = 0; user < set.users; ++user) {
    for (std::size_t column = 0; column < 3; ++column) {
      double sum = 0, total = 0;
      for (std::size_t row = 0; row < parts.size(); ++row) {
        if (data.comparison_user[row] != user || (parts[row] != Split::train && parts[row] != Split::history)) {
          continue;
        }
        const auto begin = static_cast<std::size_t>(data.comparison_offset[row]);
        const auto end = static_cast<std::size_t>(data.comparison_offset[row + 1]);
        const auto value = [&](std::size_t at) {
          return static_cast<double>(features[static_cast<std::size_t>(data.comparison_candidate[at]) * 3 + column]);
        };
        double others = 0;
        for (auto at = begin + 1; at < end; ++at) {
          others += value(at);
        }
        sum += data.comparison_weight[row] * (value(begin) - others / static_cast<double>(end - begin - 1));
        total += data.comparison_weight[row];
      }
      with_history += total > 0 && column == 0 ? 1U : 0U;
      EXPECT_NEAR(set.user_history[user][static_cast<std::int64_t>(column)].item<float>(), total > 0 ? sum / total : 0,
                  1e-5)
          << "user " << user;
    }
  }
  EXPECT_EQ(with_history, 30U);  // held-out users too, by the comparisons they show
  EXPECT_EQ(set.test.count() % 5, 0) << "three of eight comparisons of a test user are history and not scored";
}

TEST(TrainingSet, UsersWithoutTrainingComparisonsHaveNoHistory) {
  const auto set = make_training_set(small_data(), small_setup(), at::kCPU);
  for (std::int64_t user = 0; user < set.users; ++user) {
    const bool none = set.user_history[user].abs().max().item<float>() == 0;
    EXPECT_EQ(none, !set.user_trained[static_cast<std::size_t>(user)]) << "user " << user;
  }
}

// What held-out people look like, are offered and do must not reach anything a model is trained on.
TEST(TrainingSet, NothingOfTheHeldOutPartsLeaksIntoTraining) {
  const auto setup = small_setup();
  auto data = small_data();
  const auto before = make_training_set(data, setup, at::kCPU);
  const auto parts = parts_of(data, setup);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == Split::train) {
      continue;
    }
    const auto begin = static_cast<std::size_t>(data.comparison_offset[row]);
    const auto end = static_cast<std::size_t>(data.comparison_offset[row + 1]);
    std::swap(data.comparison_candidate[begin], data.comparison_candidate[end - 1]);
    data.comparison_weight[row] *= 50;
    for (auto at = begin; at < end; ++at) {
      const auto candidate = static_cast<std::size_t>(data.comparison_candidate[at]);
      for (std::size_t column = 0; column < 3; ++column) {
        data.features[candidate * 3 + column] = 1e6F * static_cast<float>(column + 1);
      }
    }
    data.user_features[static_cast<std::size_t>(data.comparison_user[row]) * 2] = -1e6F;
  }
  ASSERT_THAT(problems_of(data), testing::IsEmpty());
  const auto after = make_training_set(data, setup, at::kCPU);
  EXPECT_TRUE(before.train.candidates.equal(after.train.candidates));
  EXPECT_TRUE(before.train.weight.equal(after.train.weight));
  const auto rows = before.train.candidates.masked_select(before.train.present);
  EXPECT_TRUE(before.features.index_select(0, rows).equal(after.features.index_select(0, rows)));
  EXPECT_TRUE(before.user_history.equal(after.user_history));
  for (std::int64_t user = 0; user < before.users; ++user) {
    if (before.user_trained[static_cast<std::size_t>(user)]) {
      EXPECT_TRUE(before.user_features[user].equal(after.user_features[user])) << "user " << user;
    }
  }
  EXPECT_FALSE(before.features.equal(after.features));  // the change did arrive
}

TEST(TrainingSet, UsersOfNoGroupAreTrainedOnAndBelongToNone) {
  auto data = small_data();
  data.user_attributes["taste"].codes[1] = -1;
  auto& taste = data.user_attributes["taste"];
  taste.labels.emplace_back("unasked");
  taste.codes[2] = 2;
  const auto set = make_training_set(data, small_setup(), at::kCPU);
  EXPECT_EQ(set.user_group[1], -1);
  EXPECT_EQ(set.user_group[2], -1);
  EXPECT_EQ(set.user_group[3], 1);
}

TEST(TrainingSet, GroupsFollowTheSetupsOrder) {
  auto setup = small_setup();
  setup.groups = {"rare", "common"};
  const auto set = make_training_set(small_data(), setup, at::kCPU);
  EXPECT_EQ(set.user_group[0], 0);
  EXPECT_EQ(set.user_group[1], 1);
  setup.groups.clear();
  EXPECT_THAT(make_training_set(small_data(), setup, at::kCPU).groups, testing::ElementsAre("common", "rare"));
}

/// Everybody is asked the first question again; every fifth turns the answer around.
PreferenceData asked_again() {
  auto data = small_data();
  for (std::int32_t user = 0; user < data.user_count(); ++user) {
    const auto row = static_cast<std::size_t>(
        std::find(data.comparison_user.begin(), data.comparison_user.end(), user) - data.comparison_user.begin());
    std::vector<std::int64_t> answer(data.comparison_candidate.begin() + data.comparison_offset[row],
                                     data.comparison_candidate.begin() + data.comparison_offset[row + 1]);
    if (user % 5 == 1) {
      std::reverse(answer.begin(), answer.end());
    }
    data.comparison_candidate.insert(data.comparison_candidate.end(), answer.begin(), answer.end());
    data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
    data.comparison_user.push_back(user);
    data.comparison_context.push_back(data.comparison_context[row]);
    data.comparison_ranked.push_back(1);
    data.comparison_weight.push_back(1);
    data.comparison_repeat.push_back(-1);
  }
  return data;
}

TEST(TrainingSet, MistrustsOrWeighsTheAnswersOfTheInconsistent) {
  auto setup = small_setup();
  const TrainingSet plain = make_training_set(asked_again(), setup, at::kCPU);
  EXPECT_FALSE(plain.train.noise_keep.defined());
  for (const std::string policy : {"noise_aware", "weight"}) {
    setup.labels.policy = policy;
    const TrainingSet set = make_training_set(asked_again(), setup, at::kCPU);
    auto data = asked_again();
    const People people = resolve_people(data, setup.grouping, setup.split, setup.seed, setup.groups, setup.labels);
    ASSERT_EQ(set.train.source, plain.train.source);
    ASSERT_EQ(set.train.noise_keep.defined(), policy == "noise_aware");
    for (std::int64_t i = 0; i < set.train.count(); ++i) {
      const auto user = static_cast<std::size_t>(set.train.user[i].item<std::int64_t>());
      if (policy == "weight") {
        EXPECT_FLOAT_EQ(set.train.weight[i].item<float>(),
                        plain.train.weight[i].item<float>() * static_cast<float>(people.label_weight[user]));
      } else {
        const double flip = people.label_flip[user];
        const double answers = set.train.present[i].sum().item<double>();  // one of so many is put first
        EXPECT_NEAR(set.train.noise_keep[i].item<float>(), std::log(1 - 2 * flip), 1e-5);
        EXPECT_NEAR(set.train.noise_floor[i].item<float>(), std::log(2 * flip / answers), 1e-5);
      }
    }
    EXPECT_FALSE(set.validation.noise_keep.defined()) << "what is tested on stays as people answered";
    EXPECT_TRUE(set.validation.weight.equal(plain.validation.weight));
  }
}

TEST(TrainingSet, WorksWithoutUserFeatures) {
  auto data = small_data();
  data.user_features.clear();
  data.user_feature_names.clear();
  data.user_feature_count = 0;
  const auto set = make_training_set(data, small_setup(), at::kCPU);
  EXPECT_EQ(set.user_features.sizes(), (at::IntArrayRef{30, 0}));
}

TEST(TrainingSet, GroupsBySupportRateAreThoseOfTheTrainingComparisons) {
  PersonalLlmRecipe recipe;
  recipe.users = 60;
  recipe.contexts = 10;
  recipe.comparisons_per_user = 40;
  recipe.minority_share = 0.3;
  recipe.conflict = 0.9;
  const PreferenceData data = generate_personal_llm(recipe).data;
  auto setup = small_setup();
  setup.grouping.by = "support_rate";
  setup.grouping.attribute.clear();
  setup.grouping.quantile = 0.3;
  setup.groups = {"majority", "minority"};
  setup.split.by = "comparison";
  const auto set = make_training_set(data, setup, at::kCPU);
  EXPECT_EQ(set.groups, setup.groups);
  EXPECT_EQ(set.user_support, support_rates(data, set.train.source, set.train.source));
  EXPECT_EQ(std::count(set.user_group.begin(), set.user_group.end(), 1), 18);
  // The support rate finds most of those whom the generator gave rare tastes.
  const auto& taste = data.user_attributes.at("taste");
  int found = 0;
  for (std::size_t user = 0; user < set.user_group.size(); ++user)
    found += set.user_group[user] == 1 && taste.labels[static_cast<std::size_t>(taste.codes[user])] == "minority";
  EXPECT_GE(found, 12) << "of 18, of whom 5.4 would be found by chance";
}

TEST(TrainingSetErrors, SupportRateNeedsPairsThatSeveralPeopleAnswered) {
  auto setup = small_setup();
  setup.grouping.by = "support_rate";
  setup.grouping.quantile = 0.3;
  EXPECT_EQ(refusal(small_data(), setup),
            "data.groups.by is support_rate, but no two people compared the same two candidates in the training part, "
            "so nobody's agreement with others is known; set data.groups.similarity: clusters, which compares what "
            "people chose by its features, or use data.groups.by: attribute");
}

TEST(TrainingSetErrors, SupportRateNeedsSomethingToReadOfHeldOutUsers) {
  PersonalLlmRecipe recipe;
  recipe.users = 60;
  recipe.contexts = 10;
  recipe.comparisons_per_user = 40;
  auto setup = small_setup();
  setup.grouping.by = "support_rate";
  setup.grouping.quantile = 0.3;
  setup.groups = {"majority", "minority"};
  EXPECT_EQ(refusal(generate_personal_llm(recipe).data, setup),
            "data.groups.by is support_rate, but nothing may be read of the users whose validation comparisons are "
            "scored; set data.split.history, or data.split.by: comparison");
  setup.split.history = 10;
  EXPECT_NO_THROW((void)make_training_set(generate_personal_llm(recipe).data, setup, at::kCPU));
}

TEST(TrainingSetErrors, UnknownAttribute) {
  auto setup = small_setup();
  setup.grouping.attribute = "tast";
  EXPECT_EQ(refusal(small_data(), setup),
            "data.groups.attribute: the users have no attribute \"tast\"; did you mean \"taste\"?; they have: taste");
}

TEST(TrainingSetErrors, UnknownGroup) {
  auto setup = small_setup();
  setup.groups = {"common", "rar"};
  EXPECT_EQ(refusal(small_data(), setup),
            "no user has \"rar\" as \"taste\"; did you mean \"rare\"?; the data know: common, rare");
}

TEST(TrainingSetErrors, AnotherDigestSaysBoth) {
  auto setup = small_setup();
  setup.data_file = "small.h5";
  setup.data_digest = std::string(64, 'a');
  const auto sentence = refusal(small_data(), setup, ExitCode::file);
  EXPECT_THAT(sentence, HasSubstr("small.h5 is not the data this sweep was started with"));
  EXPECT_THAT(sentence, HasSubstr(digest_of(small_data())));
  EXPECT_THAT(sentence, HasSubstr(setup.data_digest));
  setup.data_digest = digest_of(small_data());
  EXPECT_NO_THROW((void)make_training_set(small_data(), setup, at::kCPU));
}

TEST(TrainingSetErrors, AGroupWithoutComparisonsInAPart) {
  auto data = small_data();
  auto& codes = data.user_attributes["taste"].codes;
  for (std::size_t user = 1; user < codes.size(); ++user) {
    codes[user] = 0;  // one user is rare: the group can be in one part only
  }
  const auto sentence = refusal(data, small_setup());
  EXPECT_THAT(sentence, HasSubstr("group \"rare\" has no "));
  EXPECT_THAT(sentence, HasSubstr("1 of 30 users are in the group"));
}

TEST(TrainingSetErrors, ASplitThatLeavesAPartEmpty) {
  auto setup = small_setup();
  setup.split.test = 0;
  EXPECT_THAT(refusal(small_data(), setup), HasSubstr("data.split"));
}

}  // namespace
}  // namespace fairsweep
