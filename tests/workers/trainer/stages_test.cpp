#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include "objectives/training/batch_tools.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep {
namespace {

using testing::expect_same_bits;
using testing::make_synthetic;
using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::Synthetic;
using testing::varied_trials;
using testing::with;

/// A method of two kinds of teachers and a student, as distillation methods are: a pooled model, one teacher for each
/// group that starts from it, and a student that starts from it too and copies the margins of the own group's teacher.
class Apprentice final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "apprentice"; }
  [[nodiscard]] std::string_view sentence() const override { return "a student of two teachers"; }
  [[nodiscard]] std::string_view source() const override { return "this test"; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    Settings plain = settings;
    plain.erase("method.apprentice.share");  // teachers do not depend on it, so trials share them
    plain["training.learning_rate"] = 0.01;
    plain["training.weight_decay"] = 0.0;
    plain["training.warmup"] = 0.0;
    plain["training.clip_norm"] = 0.0;
    plain["training.epochs"] = std::int64_t{3};
    std::vector<Stage> stages = {{"pooled", "pooled", plain, {}, "", {}, false}};
    Stage student{"student", "apprentice", settings, {}, "pooled", {}, false};
    for (std::int64_t g = 0; g < static_cast<std::int64_t>(facts.groups.size()); ++g) {
      const std::string teacher = "teacher " + std::to_string(g);
      stages.push_back({teacher, "pooled", plain, g, "pooled", {}, false});
      student.reads.push_back(teacher);
    }
    stages.push_back(student);
    return stages;
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    EXPECT_EQ(earlier.size(), facts.groups.size());
    at::Tensor target = at::zeros({static_cast<std::int64_t>(trials.size()), facts.comparisons}, options);
    for (std::size_t g = 0; g < facts.groups.size(); ++g) {
      const StageOutput& teacher = earlier.at("teacher " + std::to_string(g));
      EXPECT_EQ(teacher.training.sizes(),
                (std::vector<std::int64_t>{static_cast<std::int64_t>(trials.size()), facts.comparisons, 3}));
      EXPECT_EQ(teacher.validation.size(1), facts.validation.user.size(0));
      EXPECT_FALSE(teacher.training.requires_grad());
      EXPECT_FALSE(teacher.training_contexts.defined());
      target = at::where(facts.training.group.eq(static_cast<std::int64_t>(g)).unsqueeze(0),
                         teacher.training.select(2, 0) - teacher.training.select(2, 1), target);
    }
    return {{"target", target}, {"share", numbers_of(trials, "method.apprentice.share", options)}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    const at::Tensor error =
        (batch.scores.select(2, 0) - batch.scores.select(2, 1)) - at_comparisons(constants.at("target"), batch);
    const at::Tensor share = constants.at("share").unsqueeze(-1);
    return weighted_mean(batch.weight, share * error * error + (1 - share) * batch.loss);
  }
};

class Stages : public ::testing::Test {
 protected:
  Stages() : directory_(std::filesystem::temp_directory_path() / ("fairsweep_stages_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    options_.seed = 4;
    options_.data_digest = "data";
    options_.find_method = [this](std::string_view name) {
      return name == "apprentice" ? &apprentice_ : find_objective(name);
    };
    options_.on_progress = [this](const TrialProgress& progress) { progress_.push_back(progress); };
  }
  ~Stages() override { std::filesystem::remove_all(directory_); }

  static std::vector<TrialOrder> trials(const std::string& user, std::uint32_t count) {
    return varied_trials(with(plain_settings(), {{"method.name", std::string("apprentice")},
                                                 {"method.apprentice.share", 0.4},
                                                 {"model.head", std::string("mlp")},
                                                 {"model.user", user}}),
                         count);
  }

  /// Epochs told of trial 0, in order.
  [[nodiscard]] std::vector<std::uint32_t> epochs_of_first() const {
    std::vector<std::uint32_t> epochs;
    for (const TrialProgress& progress : progress_) {
      if (progress.trial.value == 0)
        epochs.push_back(progress.epoch);
    }
    return epochs;
  }

  [[nodiscard]] std::size_t stage_files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory_ / "stages"))
      ++count;
    return count;
  }

  Apprentice apprentice_;
  std::filesystem::path directory_;
  PackTrainingOptions options_;
  std::vector<TrialProgress> progress_;
};

TEST_F(Stages, GiveTheSameBitsInEveryPackAndFromTheCache) {
  for (const std::string user : {"none", "embedding"}) {
    const Synthetic made = make_synthetic({});
    const std::vector<TrialOrder> all = trials(user, 6);
    const std::vector<TrialOutcome> together = outcomes_of(all, made.set, options_);
    for (const TrialOutcome& outcome : together)
      EXPECT_FALSE(outcome.failed) << outcome.failure.message;
    for (const std::size_t one : {0U, 5U}) {
      expect_same_bits(outcomes_of({all[one]}, made.set, options_).front(), together[one], user + " alone");
    }
    PackTrainingOptions cached = options_;
    cached.artefact_directory = directory_;
    for (int time = 0; time < 2; ++time) {
      for (const TrialOutcome& outcome : outcomes_of({all[4], all[1], all[2]}, made.set, cached)) {
        expect_same_bits(outcome, together[outcome.trial.value], user + " cached");
      }
    }
  }
}

TEST_F(Stages, SharedStagesAreTrainedOnceAndKept) {
  const Synthetic made = make_synthetic({});
  options_.artefact_directory = directory_;
  (void)outcomes_of(trials("none", 4), made.set, options_);
  // Three stages of 3 epochs and the student's 2; two replicates, so two of each stage for the four trials.
  EXPECT_EQ(epochs_of_first(), (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(progress_.front().epochs, 11U);
  EXPECT_EQ(stage_files(), 6U);
  progress_.clear();
  (void)outcomes_of(trials("none", 4), made.set, options_);
  EXPECT_EQ(epochs_of_first(), (std::vector<std::uint32_t>{10, 11})) << "nothing is trained but the student";
  EXPECT_EQ(stage_files(), 6U);
}

TEST_F(Stages, ADamagedStageIsTrainedAgain) {
  const Synthetic made = make_synthetic({});
  options_.artefact_directory = directory_;
  const TrialOutcome before = outcomes_of(trials("none", 1), made.set, options_).front();
  for (const auto& entry : std::filesystem::directory_iterator(directory_ / "stages")) {
    std::filesystem::resize_file(entry.path(), std::filesystem::file_size(entry.path()) / 2);
  }
  progress_.clear();
  expect_same_bits(outcomes_of(trials("none", 1), made.set, options_).front(), before, "after damage");
  EXPECT_EQ(progress_.size(), 11U);
}

TEST_F(Stages, StopAndGoOnInAnyStage) {
  const Synthetic made = make_synthetic({});
  const std::vector<TrialOrder> all = trials("embedding", 3);
  const std::vector<TrialOutcome> undisturbed = outcomes_of(all, made.set, options_);
  for (int stop = 1; stop <= 10; ++stop) {
    const std::filesystem::path here = directory_ / std::to_string(stop);
    std::filesystem::create_directories(here);
    PackTrainingOptions options = options_;
    options.checkpoint_directory = here;
    options.artefact_directory = here;
    int asked = 0;
    options.should_stop = [&asked, stop] { return ++asked >= stop; };
    options.on_outcome = [](TrialOutcome&&) {};
    train_pack(all, made.set, options);
    options.should_stop = nullptr;
    for (const TrialOutcome& outcome : outcomes_of(all, made.set, options)) {
      expect_same_bits(outcome, undisturbed[outcome.trial.value], "stopped at " + std::to_string(stop));
    }
  }
}

TEST_F(Stages, ATeacherThatDivergesFailsItsTrialsWithItsName) {
  Synthetic made = make_synthetic({});
  std::vector<TrialOrder> all = trials("none", 2);
  made.set.features[made.set.train.candidates[0][0]].fill_(NAN);
  const std::vector<TrialOutcome> outcomes = outcomes_of(all, made.set, options_);
  for (const TrialOutcome& outcome : outcomes) {
    ASSERT_TRUE(outcome.failed);
    EXPECT_EQ(outcome.failure.reason, "non_finite_loss");
    EXPECT_EQ(outcome.failure.message.substr(0, 44), "in stage \"pooled\" the loss was not finite in");
  }
}

TEST_F(Stages, AGroupWithoutComparisonsIsAnError) {
  Synthetic made = make_synthetic({});
  made.set.groups.push_back("nobody");
  const TrialOutcome outcome = outcomes_of(trials("none", 1), made.set, options_).front();
  ASSERT_TRUE(outcome.failed);
  EXPECT_EQ(outcome.failure.reason, "bad_setting");
  EXPECT_EQ(outcome.failure.message,
            "group \"nobody\" has no training comparisons, which stage \"teacher 2\" needs; use "
            "another split, grouping or method");
}

}  // namespace
}  // namespace fairsweep
