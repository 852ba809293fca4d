#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

#include "core/config/read_sweep.hpp"
#include "tests/core/config/random_sweep.hpp"

namespace fairsweep {
namespace {

constexpr std::uint64_t k_seed = 4711;
constexpr int k_sweeps = 500;

void expect_same(const SweepConfiguration& a, const SweepConfiguration& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.declaration.use_case, b.declaration.use_case);
  EXPECT_EQ(a.declaration.population, b.declaration.population);
  EXPECT_EQ(a.declaration.groups, b.declaration.groups);
  EXPECT_EQ(a.declaration.fairness, b.declaration.fairness);
  EXPECT_EQ(a.data.file, b.data.file);
  EXPECT_EQ(a.data.groups, b.data.groups);
  EXPECT_EQ(a.data.split, b.data.split);
  EXPECT_EQ(a.settings, b.settings);
  EXPECT_EQ(a.space, b.space);
  ASSERT_EQ(a.front.size(), b.front.size());
  for (std::size_t i = 0; i < a.front.size(); ++i) {
    EXPECT_EQ(a.front[i].metric, b.front[i].metric);
    EXPECT_EQ(a.front[i].each, b.front[i].each);
  }
  EXPECT_EQ(a.search.strategy, b.search.strategy);
  EXPECT_EQ(a.search.configurations, b.search.configurations);
  EXPECT_EQ(a.search.grid_points, b.search.grid_points);
  EXPECT_EQ(a.search.replicates, b.search.replicates);
  EXPECT_EQ(a.search.seed, b.search.seed);
  EXPECT_EQ(a.scheduler, b.scheduler);
  EXPECT_EQ(a.resources.trials_per_pack, b.resources.trials_per_pack);
  EXPECT_EQ(a.resources.threads_per_trainer, b.resources.threads_per_trainer);
  EXPECT_EQ(a.resources.heartbeat_seconds, b.resources.heartbeat_seconds);
  EXPECT_EQ(a.resources.lease_seconds, b.resources.lease_seconds);
  EXPECT_EQ(a.resources.trial_timeout_seconds, b.resources.trial_timeout_seconds);
  EXPECT_EQ(a.resources.retries, b.resources.retries);
  EXPECT_EQ(a.trainer_command, b.trainer_command);
  EXPECT_EQ(a.resolved, b.resolved);
  EXPECT_EQ(a.digest, b.digest);
}

TEST(RoundTrip, ResolvedSweepsReadBackToThemselves) {
  std::mt19937_64 random(k_seed);
  std::size_t searched = 0;
  std::size_t conditional = 0;
  for (int i = 0; i < k_sweeps; ++i) {
    const std::string text = samples::random_sweep(random);
    const ReadResult first = read_sweep_text(text, "random.yaml");
    ASSERT_TRUE(first.ok()) << first.issues.at(0).text() << "\nseed " << k_seed << ", sweep " << i << "\n" << text;
    const ReadResult again = read_sweep_text(first.sweep.resolved, "resolved.yaml");
    ASSERT_TRUE(again.ok()) << again.issues.at(0).text() << "\nseed " << k_seed << ", sweep " << i << "\n"
                            << first.sweep.resolved;
    expect_same(first.sweep, again.sweep);
    ASSERT_FALSE(HasFailure()) << "seed " << k_seed << ", sweep " << i << "\n" << text;
    searched += first.sweep.space.parameters.size();
    for (const Parameter& parameter : first.sweep.space.parameters)
      conditional += parameter.condition ? 1 : 0;
  }
  EXPECT_GT(searched, std::size_t{2 * k_sweeps}) << "the generator makes hardly any search space";
  EXPECT_GT(conditional, std::size_t{k_sweeps / 10}) << "the generator makes hardly any condition";
}

}  // namespace
}  // namespace fairsweep
