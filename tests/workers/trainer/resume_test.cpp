#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

#include "tests/workers/trainer/method_cases.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "workers/trainer/checkpoint.hpp"

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

class Resume : public ::testing::Test {
 protected:
  Resume() : directory_(std::filesystem::temp_directory_path() / ("fairsweep_resume_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(directory_);
    options_ = seeded(21);
    options_.checkpoint_directory = directory_;
    options_.data_digest = "data";
  }
  ~Resume() override { std::filesystem::remove_all(directory_); }

  static std::vector<TrialOrder> trials() {
    return varied_trials(with(plain_settings(), {{"model.head", std::string("mlp")},
                                                 {"model.user", std::string("embedding")},
                                                 {"method.name", std::string("group_dro")},
                                                 {"method.group_dro.step_size", 0.2},
                                                 {"training.epochs", std::int64_t{6}}}),
                         4);
  }

  /// Trains until `epochs` epochs are done and stops there; no trial may have ended.
  void train_until(const std::vector<TrialOrder>& trials, const TrainingSet& data, int epochs) const {
    PackTrainingOptions options = options_;
    int asked = 0;
    options.should_stop = [&asked, epochs] { return ++asked >= epochs; };
    options.on_outcome = [](TrialOutcome&& outcome) {
      FAIL() << "trial " << outcome.trial.value << " ended early " << outcome.failure.message;
    };
    train_pack(trials, data, options);
  }

  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory_))
      ++count;
    return count;
  }

  std::filesystem::path directory_;
  PackTrainingOptions options_;
};

TEST_F(Resume, GoesOnExactlyWhateverThePackIsAfterwards) {
  const Synthetic made = make_synthetic({});
  const std::vector<TrialOrder> all = trials();
  const std::vector<TrialOutcome> undisturbed = outcomes_of(all, made.set, seeded(21));
  train_until({all[0], all[1], all[2]}, made.set, 2);
  train_until({all[2], all[3]}, made.set, 3);  // trial 2 goes on from epoch 2, trial 3 starts
  EXPECT_EQ(files(), 4U);
  const std::vector<TrialOutcome> resumed = outcomes_of({all[3], all[0], all[2], all[1]}, made.set, options_);
  for (const TrialOutcome& outcome : resumed) {
    expect_same_bits(outcome, undisturbed[outcome.trial.value], "trial " + std::to_string(outcome.trial.value));
  }
  EXPECT_EQ(files(), 0U) << "checkpoints of trials that ended are removed";
}

TEST_F(Resume, EveryMethodGoesOnExactly) {
  PackTrainingOptions undisturbed_options = options_;  // shared stages are keyed by the data's digest, too
  undisturbed_options.checkpoint_directory.clear();
  for (const testing::ObjectiveCase& one : testing::all_methods()) {
    SCOPED_TRACE(PrintToString(one));
    const Synthetic made = make_synthetic({.asked = one.asked});
    const std::vector<TrialOrder> all = varied_trials(
        with(with(plain_settings(), one.settings), {{"method.name", one.method}, {"training.epochs", std::int64_t{4}}}),
        3);
    const std::vector<TrialOutcome> undisturbed = outcomes_of(all, made.set, undisturbed_options);
    train_until(all, made.set, 2);
    for (const TrialOutcome& outcome : outcomes_of({all[2], all[0], all[1]}, made.set, options_))
      expect_same_bits(outcome, undisturbed[outcome.trial.value], PrintToString(one));
  }
}

TEST_F(Resume, EveryUserModelGoesOnExactly) {
  PackTrainingOptions undisturbed_options = options_;
  undisturbed_options.checkpoint_directory.clear();
  const Synthetic made = make_synthetic({.history = 30});
  for (const char* user :
       {"reward_features", "low_rank", "personas", "ideal_point", "offset", "variational", "linked"}) {
    const std::vector<TrialOrder> all = varied_trials(with(plain_settings(), {{"model.head", std::string("mlp")},
                                                                              {"model.user", std::string(user)},
                                                                              {"training.epochs", std::int64_t{4}}}),
                                                      3);
    const std::vector<TrialOutcome> undisturbed = outcomes_of(all, made.set, undisturbed_options);
    train_until(all, made.set, 2);
    for (const TrialOutcome& outcome : outcomes_of({all[2], all[0], all[1]}, made.set, options_))
      expect_same_bits(outcome, undisturbed[outcome.trial.value], user);
  }
}

TEST_F(Resume, DoesNotTrainTheEpochsThatAreDone) {
  const Synthetic made = make_synthetic({});
  train_until({trials()[0]}, made.set, 4);
  PackTrainingOptions options = options_;
  std::vector<std::uint32_t> epochs;
  options.on_progress = [&epochs](const TrialProgress& progress) { epochs.push_back(progress.epoch); };
  (void)outcomes_of({trials()[0]}, made.set, options);
  EXPECT_EQ(epochs, (std::vector<std::uint32_t>{5, 6}));
}

TEST_F(Resume, ADamagedCheckpointMeansTrainingFromTheStart) {
  const Synthetic made = make_synthetic({});
  const TrialOrder trial = trials()[0];
  const TrialOutcome undisturbed = outcomes_of({trial}, made.set, seeded(21)).front();
  train_until({trial}, made.set, 2);
  const std::filesystem::path file = std::filesystem::directory_iterator(directory_)->path();
  const auto size = std::filesystem::file_size(file);
  for (const std::uintmax_t kept : {size - 1, std::uintmax_t{70}, std::uintmax_t{10}, std::uintmax_t{0}}) {
    train_until({trial}, made.set, 2);
    std::filesystem::resize_file(file, kept);
    expect_same_bits(outcomes_of({trial}, made.set, options_).front(), undisturbed, "cut to " + std::to_string(kept));
  }
  train_until({trial}, made.set, 2);
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary)
      .seekp(static_cast<std::streamoff>(size / 2))
      .put('\x5a');
  expect_same_bits(outcomes_of({trial}, made.set, options_).front(), undisturbed, "one byte changed");
}

TEST_F(Resume, AnotherSettingSeedOrDataIsAnotherRun) {
  const Synthetic made = make_synthetic({});
  const TrialOrder trial = trials()[0];
  train_until({trial}, made.set, 2);
  TrialOrder other = trial;
  other.settings["training.learning_rate"] = 0.0123;
  train_until({other}, made.set, 2);
  EXPECT_EQ(files(), 2U);
  options_.data_digest = "other data";
  train_until({trial}, made.set, 2);
  EXPECT_EQ(files(), 3U);
  options_.seed = 22;
  train_until({trial}, made.set, 2);
  EXPECT_EQ(files(), 4U);
  other = trial;
  other.replicate = 1;
  train_until({other}, made.set, 2);
  EXPECT_EQ(files(), 5U);
}

TEST_F(Resume, CheckpointsAreWrittenWhileTraining) {
  const Synthetic made = make_synthetic({});
  PackTrainingOptions options = options_;
  options.checkpoint_seconds = 0;
  std::set<std::size_t> seen;
  options.on_progress = [&](const TrialProgress&) { seen.insert(files()); };
  (void)outcomes_of(trials(), made.set, options);
  EXPECT_EQ(seen, (std::set<std::size_t>{0, 4}));
}

}  // namespace
}  // namespace fairsweep
