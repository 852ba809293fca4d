// What a device computes beside what the CPU computes. Skipped, with the reason, where LibTorch finds no device.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/shared_training_set.hpp"

namespace fairsweep::testing {
namespace {

// Documented in docs/gpu.md: sums run in another order there, and training adds it up over the steps.
constexpr double k_tolerance = 2e-3;

/// The largest difference of margins, relative to the deviation of the first's.
double apart(const SplitScores& left, const SplitScores& right) {
  EXPECT_EQ(left.margin.size(), right.margin.size());
  double square = 0;
  double most = 0;
  for (std::size_t i = 0; i < std::min(left.margin.size(), right.margin.size()); ++i) {
    square += static_cast<double>(left.margin[i]) * left.margin[i];
    most = std::max(most, std::abs(static_cast<double>(left.margin[i]) - right.margin[i]));
  }
  return most / std::sqrt(square / static_cast<double>(std::max<std::size_t>(left.margin.size(), 1)));
}

class Gpu : public ::testing::TestWithParam<ContractCase> {
 protected:
  void SetUp() override {
    if (!at::hasCUDA())
      GTEST_SKIP() << "LibTorch finds no CUDA device: it was built without CUDA, or none is visible here";
    std::tie(case_, head_, user_) = GetParam();
  }

  std::vector<TrialOrder> trials(std::uint32_t count) const {
    return varied_trials(with(with(plain_settings(), case_.settings), {{"method.name", case_.method},
                                                                       {"model.head", head_},
                                                                       {"model.user", user_},
                                                                       {"training.epochs", std::int64_t{3}}}),
                         count);
  }

  ObjectiveCase case_;
  std::string head_, user_;
  const Synthetic synthetic_ = make_synthetic({});
};

TEST_P(Gpu, AgreesWithTheCpu) {
  const TrainingSet there = on_device(synthetic_.set, at::kCUDA);
  const auto ours = outcomes_of(trials(5), synthetic_.set, seeded(3));
  const auto theirs = outcomes_of(trials(5), there, seeded(3));
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ASSERT_FALSE(ours[i].failed) << ours[i].failure.message;
    ASSERT_FALSE(theirs[i].failed) << theirs[i].failure.message;
    EXPECT_LT(apart(ours[i].validation, theirs[i].validation), k_tolerance) << "trial " << i;
    EXPECT_LT(apart(ours[i].test, theirs[i].test), k_tolerance) << "trial " << i;
    for (const auto& [name, values] : theirs[i].parameters)
      EXPECT_TRUE(values.is_cpu()) << name;
  }
}

TEST_P(Gpu, APackIsItsTrials) {
  const TrainingSet there = on_device(synthetic_.set, at::kCUDA);
  const auto together = outcomes_of(trials(5), there, seeded(3));
  PackTrainingOptions alone = seeded(3);
  alone.trials_per_stack = 1;
  const auto one_by_one = outcomes_of(trials(5), there, alone);
  for (std::size_t i = 0; i < together.size(); ++i)
    EXPECT_LT(apart(together[i].validation, one_by_one[i].validation), k_tolerance) << "trial " << i;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Gpu,
                         ::testing::Combine(::testing::ValuesIn(all_methods()), ::testing::Values("linear", "mlp"),
                                            ::testing::Values("none", "features", "embedding", "history")),
                         case_name);

}  // namespace
}  // namespace fairsweep::testing
