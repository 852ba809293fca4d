#include "workers/trainer/low_rank.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep {
namespace {

using testing::expect_same_bits;
using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::supervised;
using testing::Synthetic;
using testing::varied_trials;
using testing::with;

/// A network of two hidden layers of 6 units on 5 features and a learned vector of 3 for each of 7 users.
ParameterLayout small_network() {
  ModelSettings model;
  model.head = Head::mlp;
  model.width = 6;
  model.depth = 2;
  model.user = UserInput::embedding;
  model.embedding_size = 3;
  return make_layout(model, 5, 7, 0);
}

at::Tensor stacked_starts(const ParameterLayout& layout, std::uint32_t trials) {
  std::vector<at::Tensor> rows;
  for (std::uint32_t k = 0; k < trials; ++k)
    rows.push_back(start_values(layout, {9, k, 0}, at::kDouble));
  return at::stack(rows);
}

/// Numbers as they may be after some steps: B is no longer zero.
at::Tensor moved_numbers(const LowRank& low_rank, const at::Tensor& base) {
  std::vector<at::Tensor> rows;
  for (std::int64_t k = 0; k < base.size(0); ++k) {
    const at::Tensor row = low_rank.start(base[k], {5, static_cast<std::uint32_t>(k), 0});
    rows.push_back(row + 0.3 * (at::arange(row.numel(), at::kDouble) * (1.7 + static_cast<double>(k))).sin());
  }
  return at::stack(rows);
}

TEST(LowRank, BeginsAtExactlyTheModelItStartsFrom) {
  const ParameterLayout layout = small_network();
  const LowRank low_rank(layout, 2);
  const at::Tensor base = stacked_starts(layout, 3).to(at::kFloat);
  std::vector<at::Tensor> rows;
  for (std::uint32_t k = 0; k < 3; ++k)
    rows.push_back(low_rank.start(base[k], {5, k, 0}));
  const at::Tensor made = at::full_like(base, 0.0);
  low_rank.build(base, at::stack(rows), made);
  EXPECT_TRUE(made.equal(base));
  EXPECT_FALSE(rows[0].equal(rows[1])) << "factors are drawn by the key";
}

TEST(LowRank, HasNumbersForTheFactorsOfWeightMatricesAlone) {
  const ParameterLayout layout = small_network();
  // user [4, 32], input [5, 32] and hidden.1 [32, 32] become factors of rank 2, each padded to a multiple of 32; the
  // embedding [7, 3], bias.1 [1, 32] and output [32, 1] stay: 32 + 32 + 32.
  EXPECT_EQ(LowRank(layout, 2).size(), 32 + (32 + 64) + (32 + 64) + (64 + 64) + 32 + 32);
  // Of rank 4 the user block, whose side is 4, stays too; of rank 6 all do.
  EXPECT_EQ(LowRank(layout, 4).size(), 32 + 128 + (32 + 128) + (128 + 128) + 32 + 32);
  EXPECT_EQ(LowRank(layout, 6).size(), layout.size);
}

TEST(LowRank, MovesWeightMatricesByNoMoreThanItsRank) {
  const ParameterLayout layout = small_network();
  const at::Tensor base = stacked_starts(layout, 2);
  for (const std::int64_t rank : {1, 2, 3}) {
    const LowRank low_rank(layout, rank);
    at::Tensor made = at::zeros_like(base);
    low_rank.build(base, moved_numbers(low_rank, base), made);
    const std::vector<at::Tensor> moved = block_views(layout, made - base);
    for (const char* name : {"user", "input", "hidden.1"}) {
      const at::Tensor& block = moved[static_cast<std::size_t>(layout.find(name))];
      // The first rank + 1 by rank + 1 minors of a matrix of that rank are 0; its entries are not.
      EXPECT_GT(block.abs().max().item<double>(), 0.01) << name;
      const at::Tensor minors = block.narrow(1, 0, rank + 1).narrow(2, 0, rank + 1);
      EXPECT_LT(at::det(minors).abs().max().item<double>(), 1e-12) << name << " rank " << rank;
    }
  }
}

TEST(LowRank, GradientsAreThoseOfFiniteDifferences) {
  const ParameterLayout layout = small_network();
  const at::Tensor base = stacked_starts(layout, 2);
  // The padding between a block and the next is no parameter: a loss does not read it.
  at::Tensor used = at::zeros_like(base);
  for (const at::Tensor& view : block_views(layout, used))
    view.fill_(1);
  const at::Tensor goal = (at::arange(base.numel(), at::kDouble) * 0.37).cos().view(base.sizes());
  for (const std::int64_t rank : {1, 2, 6}) {
    const LowRank low_rank(layout, rank);
    const at::Tensor numbers = moved_numbers(low_rank, base);
    const auto model_of = [&](const at::Tensor& of) {
      at::Tensor made = at::zeros_like(base);
      low_rank.build(base, of, made);
      return made;
    };
    const auto loss = [&](const at::Tensor& of) {  // any smooth function of the parameters
      const at::Tensor apart = (model_of(of) - goal) * used;
      return (apart.square() / 2 + apart.pow(4) / 8).sum().item<double>();
    };
    const at::Tensor apart = (model_of(numbers) - goal) * used;
    const at::Tensor dense = apart + apart.pow(3) / 2;
    at::Tensor gradient = at::zeros_like(numbers);
    low_rank.pull_back(dense, numbers, gradient);
    for (std::int64_t i = 0; i < numbers.numel(); i += 5) {
      constexpr double k_step = 1e-5;
      at::Tensor up = numbers.clone();
      at::Tensor down = numbers.clone();
      up.view({-1})[i] += k_step;
      down.view({-1})[i] -= k_step;
      EXPECT_NEAR(gradient.view({-1})[i].item<double>(), (loss(up) - loss(down)) / (2 * k_step), 1e-7)
          << "rank " << rank << ", number " << i;
    }
  }
}

TEST(LowRank, OfFullRankTheNumbersAreTheParameters) {
  const ParameterLayout layout = small_network();
  const LowRank low_rank(layout, 6);
  const at::Tensor base = stacked_starts(layout, 2);
  EXPECT_TRUE(low_rank.start(base[1], {5, 1, 0}).equal(base[1]));
  const at::Tensor numbers = moved_numbers(low_rank, base);
  at::Tensor made = at::zeros_like(base);
  low_rank.build(base, numbers, made);
  const std::vector<at::Tensor> left = block_views(layout, made), right = block_views(layout, numbers);
  for (std::size_t i = 0; i < left.size(); ++i)
    EXPECT_TRUE(left[i].equal(right[i])) << layout.blocks[i].name;
}

/// A pooled model, and the trial itself, which starts from it with updates of the rank that the settings say; 0: dense.
class Adapter final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "adapter"; }
  [[nodiscard]] std::string_view sentence() const override { return "a pooled model, adapted"; }
  [[nodiscard]] std::string_view source() const override { return "this test"; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& /*facts*/) const override {
    Settings plain = settings;
    plain.erase("method.adapter.rank");
    Stage pooled;
    pooled.name = "pooled";
    pooled.objective = "pooled";
    pooled.settings = plain;
    Stage own;
    own.name = "train";
    own.objective = "pooled";
    own.settings = plain;
    own.warm_start = "pooled";
    own.low_rank = std::get<std::int64_t>(settings.at("method.adapter.rank"));
    return {pooled, own};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& /*batch*/, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    return {};
  }
};

std::vector<TrialOrder> adapted(std::int64_t rank, std::uint32_t count) {
  return varied_trials(with(plain_settings(), {{"method.name", std::string("adapter")},
                                               {"method.adapter.rank", rank},
                                               {"model.head", std::string("mlp")},
                                               {"model.user", std::string("embedding")}}),
                       count);
}

TEST(LowRank, OfFullRankAStageTrainsAsTheDenseOneBitForBit) {
  const Synthetic made = make_synthetic({});
  const Adapter adapter;
  PackTrainingOptions options = seeded(3);
  options.find_method = [&adapter](std::string_view name) -> const TrainingObjective* {
    return name == "adapter" ? &adapter : find_objective(name);
  };
  const std::vector<TrialOutcome> dense = outcomes_of(adapted(0, 3), made.set, options);
  const std::vector<TrialOutcome> full = outcomes_of(adapted(4096, 3), made.set, options);
  const std::vector<TrialOutcome> thin = outcomes_of(adapted(1, 3), made.set, options);
  for (std::size_t i = 0; i < dense.size(); ++i) {
    ASSERT_FALSE(full[i].failed) << full[i].failure.message;
    ASSERT_FALSE(thin[i].failed) << thin[i].failure.message;
    expect_same_bits(full[i], dense[i], "trial " + std::to_string(i));
    EXPECT_NE(thin[i].validation.margin, dense[i].validation.margin) << "of rank 1 it is another model";
  }
}

TEST(LowRank, StagesStopAndGoOnWithTheSameBits) {
  const Synthetic made = make_synthetic({});
  const Settings settings =
      with(with(plain_settings(), supervised({{"method.pafo.scale", std::string("temperature")},
                                              {"method.pafo.teacher.epochs", std::int64_t{3}},
                                              {"method.pafo.teacher.patience", std::int64_t{1}},
                                              {"method.pafo.teacher.update", std::string("low_rank")},
                                              {"method.pafo.teacher.rank", std::int64_t{1}}})),
           {{"method.name", std::string("pafo")},
            {"model.head", std::string("mlp")},
            {"model.user", std::string("features")}});
  const std::vector<TrialOrder> all = varied_trials(settings, 3);
  PackTrainingOptions options = seeded(8);
  options.data_digest = "data";
  const std::vector<TrialOutcome> undisturbed = outcomes_of(all, made.set, options);
  const std::filesystem::path directory =
      std::filesystem::temp_directory_path() / ("fairsweep_low_rank_" + std::to_string(::getpid()));
  for (int stop = 1; stop <= 9; ++stop) {
    const std::filesystem::path here = directory / std::to_string(stop);
    std::filesystem::create_directories(here);
    PackTrainingOptions cut = options;
    cut.checkpoint_directory = here;
    cut.artefact_directory = here;
    int asked = 0;
    cut.should_stop = [&asked, stop] { return ++asked >= stop; };
    cut.on_outcome = [](TrialOutcome&&) {};
    train_pack(all, made.set, cut);
    cut.should_stop = nullptr;
    for (const TrialOutcome& outcome : outcomes_of(all, made.set, cut)) {
      EXPECT_FALSE(outcome.failed) << outcome.failure.message;
      expect_same_bits(outcome, undisturbed[outcome.trial.value], "stopped at " + std::to_string(stop));
    }
  }
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace fairsweep
