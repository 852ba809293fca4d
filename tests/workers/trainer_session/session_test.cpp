#include "workers/trainer/trainer_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/logging.hpp"
#include "core/protocol/array_bundle.hpp"
#include "core/protocol/codec.hpp"
#include "tests/workers/trainer_session/small_data.hpp"
#include "tests/workers/trainer_session/temporary_folder.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;

/// An outcome whose every margin is `margin`.
TrialOutcome outcome_of(TrialId trial, const TrainingSet& data, float margin = 1) {
  const auto scores = [margin](std::int64_t count) {
    const auto n = static_cast<std::size_t>(count);
    return SplitScores{std::vector<float>(n, margin), std::vector<float>(n, -0.5F)};
  };
  TrialOutcome outcome;
  outcome.trial = trial;
  outcome.epochs = 3;
  outcome.seconds = 0.25;
  outcome.validation = scores(data.validation.count());
  outcome.test = scores(data.test.count());
  return outcome;
}

/// A session over pipes, with a stand-in for train_pack.
class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::pipe(in_.data()), 0);
    ASSERT_EQ(::pipe(out_.data()), 0);
    write_data_file(folder_.path() / "data.h5", testing_data::small_data());
    setup_ = testing_data::small_setup();
    setup_.data_file = (folder_.path() / "data.h5").string();
    setup_.data_digest = digest_of(testing_data::small_data());
    setup_.run_directory = folder_.path().string();
    setup_.artefact_directory = folder_.path().string();
  }
  void TearDown() override {
    for (const int end : {in_[0], in_[1], out_[0], out_[1]}) {
      if (end >= 0) {
        ::close(end);
      }
    }
  }

  void say(const std::string& line) { LineOutput(in_[1]).send(line); }
  void say(const ToTrainer& message) { say(to_line(message)); }
  void say_pack(std::initializer_list<std::uint32_t> trials) {
    TrainerAssignment message;
    message.assignment.lease = LeaseId{1};
    for (const auto trial : trials) {
      TrialOrder order;
      order.trial = TrialId{trial};
      message.assignment.trials.push_back(order);
    }
    say(message);
  }

  /// Runs the session to its end; what it said, in order.
  std::vector<FromTrainer> run(const PackTrainer& train_pack, ExitCode expected = ExitCode::done) {
    LineInput input(in_[0]);
    LineOutput output(out_[1]);
    EXPECT_EQ(TrainerSession(input, output, train_pack, 60, make_logger("test", LogLevel::error)).run(), expected);
    ::close(out_[1]);
    out_[1] = -1;
    std::vector<FromTrainer> answers;
    LineInput reader(out_[0]);
    while (const auto line = reader.next()) {
      answers.push_back(parse_from_trainer(*line));
    }
    return answers;
  }

  std::string refusal(ExitCode code) {
    const auto answers = run(nobody_trains, code);
    if (answers.empty() || !std::holds_alternative<TrainerRefusal>(answers.back())) {
      ADD_FAILURE() << "nothing was refused";
      return {};
    }
    return std::get<TrainerRefusal>(answers.back()).message;
  }

  /// The failure of trial 5, the only one of its pack, when training throws.
  template <typename Error>
  TrialFailure failure_of(const Error& error) {
    say(setup_);
    say_pack({5});
    say(TrainerStop{});
    const auto answers = run([&](const auto&, const auto&, const auto&) { throw error; });
    if (answers.size() != 2 || !std::holds_alternative<TrialFailure>(answers[1])) {
      ADD_FAILURE() << "no failure was reported";
      return {};
    }
    const auto failure = std::get<TrialFailure>(answers[1]);
    EXPECT_EQ(failure.trial, TrialId{5});
    EXPECT_EQ(failure.stage, "training");
    return failure;
  }

  static void nobody_trains(const std::vector<TrialOrder>&, const TrainingSet&, const PackTrainingOptions&) {
    ADD_FAILURE() << "nothing is to be trained here";
  }
  static void all_well(const std::vector<TrialOrder>& trials, const TrainingSet& data,
                       const PackTrainingOptions& options) {
    for (const auto& order : trials) {
      options.on_progress({order.trial, 1, 3, 0.5});
      options.on_outcome(outcome_of(order.trial, data));
    }
  }

  testing_data::TemporaryFolder folder_;
  TrainerSetup setup_;
  std::array<int, 2> in_{-1, -1}, out_{-1, -1};
};

TEST_F(SessionTest, ReadyProgressReportsStop) {
  say(setup_);
  say_pack({4, 9});
  say_pack({11});
  say(TrainerStop{});
  const auto answers = run(all_well);
  const auto& ready = std::get<TrainerReady>(answers.at(0));
  EXPECT_EQ(ready.protocol, k_trainer_protocol);
  EXPECT_EQ(ready.name, "fairsweep-trainer");
  for (const auto* fact : {"libtorch", "blas", "libtorch_cpu_capability", "ATEN_CPU_CAPABILITY", "OPENBLAS_CORETYPE",
                           "threads", "compiler", "flags", "build_type", "commit", "device"}) {
    EXPECT_TRUE(ready.provenance.contains(fact) && !ready.provenance.at(fact).empty()) << fact;
  }
  EXPECT_EQ(ready.provenance.at("threads"), "1");
  std::vector<std::uint32_t> reported;
  std::size_t progress = 0;
  for (const auto& answer : answers) {
    progress += std::holds_alternative<TrialProgress>(answer) ? 1U : 0U;
    if (const auto* report = std::get_if<TrialReport>(&answer)) {
      reported.push_back(report->trial.value);
      EXPECT_EQ(report->epochs, 3U);
      EXPECT_EQ(report->seconds, 0.25);
      EXPECT_EQ(report->device, "cpu");
      EXPECT_EQ(report->metrics.size(), 12U);
      ASSERT_EQ(report->artefacts.size(), 2U);
      EXPECT_EQ(report->artefacts[0].name, "users");
      EXPECT_EQ(report->artefacts[1].name, "margins");
      const auto margins = read_artefact(folder_.path(), report->artefacts[1].digest);
      EXPECT_EQ(margins.attributes.at("data"), setup_.data_digest);
      EXPECT_TRUE(margins.arrays.contains("test/margin"));
    }
  }
  EXPECT_EQ(reported, (std::vector<std::uint32_t>{4, 9, 11}));
  EXPECT_GE(progress, 2U);  // each pack speaks at once; how soon again is a matter of time
}

TEST_F(SessionTest, OptionsCarryTheSetup) {
  setup_.seed = 0xFFFFFFFFFFFFFFFFULL;
  setup_.checkpoint_directory = folder_.path().string();
  say(setup_);
  say_pack({0});
  say(TrainerStop{});
  (void)run([&](const auto& trials, const auto& data, const auto& options) {
    EXPECT_EQ(options.seed, 0xFFFFFFFFFFFFFFFFULL);
    EXPECT_EQ(options.checkpoint_directory, folder_.path());
    EXPECT_EQ(options.artefact_directory, folder_.path());
    EXPECT_EQ(options.data_digest, setup_.data_digest);
    EXPECT_EQ(options.checkpoint_seconds, 60);
    EXPECT_FALSE(options.should_stop());
    all_well(trials, data, options);
  });
}

TEST_F(SessionTest, EndOfInputBeforeAnythingIsNoError) {
  ::close(in_[1]);
  in_[1] = -1;
  EXPECT_TRUE(run(nobody_trains).empty());
}

TEST_F(SessionTest, EndOfInputStopsThePackAtWork) {
  say(setup_);
  say_pack({1, 2});
  const auto answers = run([&](const auto& trials, const auto& data, const auto& options) {
    options.on_outcome(outcome_of(trials[0].trial, data));
    EXPECT_FALSE(options.should_stop());
    ::close(in_[1]);
    in_[1] = -1;
    EXPECT_TRUE(options.should_stop());
  });
  ASSERT_EQ(answers.size(), 2U);  // ready and one report; the other trial is somebody else's
  EXPECT_EQ(std::get<TrialReport>(answers[1]).trial, TrialId{1});
}

TEST_F(SessionTest, ATrialThatFailsTakesNoOtherWithIt) {
  say(setup_);
  say_pack({1, 2, 3});
  say(TrainerStop{});
  const auto answers = run([](const auto& trials, const auto& data, const auto& options) {
    auto failed = outcome_of(trials[0].trial, data);
    failed.failed = true;
    failed.failure = {.trial = {},
                      .stage = "training",
                      .reason = "non_finite_loss",
                      .message = "NaN in epoch 2",
                      .signal = 0,
                      .exit_code = 0,
                      .retryable = false,
                      .log_tail = ""};
    options.on_outcome(std::move(failed));
    options.on_outcome(outcome_of(trials[1].trial, data, std::nanf("")));
    options.on_outcome(outcome_of(trials[2].trial, data));
  });
  ASSERT_EQ(answers.size(), 4U);
  const auto& first = std::get<TrialFailure>(answers[1]);
  EXPECT_EQ(first.trial, TrialId{1});
  EXPECT_EQ(first.reason, "non_finite_loss");
  EXPECT_FALSE(first.retryable);
  const auto& second = std::get<TrialFailure>(answers[2]);
  EXPECT_EQ(second.trial, TrialId{2});
  EXPECT_EQ(second.reason, "non_finite_objective");
  EXPECT_FALSE(second.retryable);
  EXPECT_EQ(std::get<TrialReport>(answers[3]).trial, TrialId{3});
}

TEST_F(SessionTest, AnExceptionFailsTheUnfinishedTrialsAndTheNextPackIsTrained) {
  say(setup_);
  say_pack({1, 2, 3});
  say_pack({4});
  say(TrainerStop{});
  bool first = true;
  const auto answers = run([&](const auto& trials, const auto& data, const auto& options) {
    if (std::exchange(first, false)) {
      options.on_outcome(outcome_of(trials[1].trial, data));
      throw std::runtime_error("boom");
    }
    all_well(trials, data, options);
  });
  std::vector<std::uint32_t> failed, reported;
  for (const auto& answer : answers) {
    if (const auto* failure = std::get_if<TrialFailure>(&answer)) {
      failed.push_back(failure->trial.value);
      EXPECT_EQ(failure->reason, "internal");
      EXPECT_EQ(failure->message, "boom");
    } else if (const auto* report = std::get_if<TrialReport>(&answer)) {
      reported.push_back(report->trial.value);
    }
  }
  EXPECT_EQ(failed, (std::vector<std::uint32_t>{1, 3}));
  EXPECT_EQ(reported, (std::vector<std::uint32_t>{2, 4}));
}

TEST_F(SessionTest, BadSettings) {
  const auto failure = failure_of(UserError(ExitCode::configuration, "no such method"));
  EXPECT_EQ(failure.reason, "bad_setting");
  EXPECT_EQ(failure.message, "no such method");
  EXPECT_FALSE(failure.retryable);
}

TEST_F(SessionTest, AFullDisk) {
  const auto failure = failure_of(UserError(ExitCode::environment, "no space left"));
  EXPECT_EQ(failure.reason, "environment");
  EXPECT_TRUE(failure.retryable);
}

TEST_F(SessionTest, OutOfMemory) {
  const auto failure = failure_of(std::bad_alloc());
  EXPECT_EQ(failure.reason, "out_of_memory");
  EXPECT_EQ(failure.message, "there was not enough memory");
  EXPECT_TRUE(failure.retryable);
}

TEST_F(SessionTest, OutOfMemoryInsideATensorOperation) {
  say(setup_);
  say_pack({5});
  say(TrainerStop{});
  const auto answers = run([](const auto&, const auto&, const auto&) { (void)at::empty({std::int64_t{1} << 60}); });
  const auto& failure = std::get<TrialFailure>(answers.at(1));
  EXPECT_EQ(failure.reason, "out_of_memory");
  EXPECT_EQ(failure.message.find("Exception raised from"), std::string::npos) << "stack frames are not for people";
}

TEST_F(SessionTest, ABrokenInvariantIsNotTriedAgain) {
  const auto failure = failure_of(InternalError("this is a bug"));
  EXPECT_EQ(failure.reason, "internal");
  EXPECT_FALSE(failure.retryable);
}

TEST_F(SessionTest, ATrialWithoutOutcomeFails) {
  say(setup_);
  say_pack({5});
  say(TrainerStop{});
  const auto answers = run([](const auto&, const auto&, const auto&) {});
  EXPECT_EQ(std::get<TrialFailure>(answers.at(1)).message, "the pack ended without this trial's outcome");
}

TEST_F(SessionTest, AnArtefactThatCannotBeWrittenFailsItsTrial) {
  say(setup_);
  say_pack({5});
  say(TrainerStop{});
  const auto answers = run([&](const auto& trials, const auto& data, const auto& options) {
    std::filesystem::remove_all(folder_.path());
    all_well(trials, data, options);
  });
  const auto& failure = std::get<TrialFailure>(answers.at(2));
  EXPECT_EQ(failure.stage, "report");
  EXPECT_EQ(failure.reason, "environment");
}

TEST_F(SessionTest, RefusesALineThatIsNoMessage) {
  say("{\"type\": \"setup\", ");
  EXPECT_THAT(refusal(ExitCode::configuration), HasSubstr("a line the trainer cannot read: "));
}

TEST_F(SessionTest, RefusesAnAssignmentBeforeTheSetup) {
  say_pack({1});
  EXPECT_EQ(refusal(ExitCode::configuration), "a line the trainer cannot read: the first line must be the setup");
}

TEST_F(SessionTest, RefusesASecondSetup) {
  say(setup_);
  say(setup_);
  EXPECT_EQ(refusal(ExitCode::configuration), "a line the trainer cannot read: the setup may come only once");
}

TEST_F(SessionTest, RefusesAnotherProtocol) {
  setup_.protocol = 2;
  say(setup_);
  EXPECT_THAT(refusal(ExitCode::configuration), HasSubstr("protocol"));
}

TEST_F(SessionTest, RefusesAnUnknownDevice) {
  setup_.device = "gpu";
  say(setup_);
  EXPECT_EQ(refusal(ExitCode::configuration), "there is no device \"gpu\"; write cpu or cuda");
}

TEST_F(SessionTest, RefusesCudaWhereThereIsNone) {
  if (at::hasCUDA()) {
    GTEST_SKIP() << "this machine has a CUDA device";
  }
  setup_.device = "cuda";
  say(setup_);
  EXPECT_THAT(refusal(ExitCode::environment), HasSubstr("LibTorch finds none"));
}

TEST_F(SessionTest, RefusesThreadsOutOfRange) {
  setup_.threads = 0;
  say(setup_);
  EXPECT_EQ(refusal(ExitCode::configuration), "resources.threads_per_trainer is 0; it must be from 1 to 1024");
}

TEST_F(SessionTest, RefusesAFolderThatIsNotThere) {
  setup_.artefact_directory = (folder_.path() / "gone").string();
  say(setup_);
  EXPECT_THAT(refusal(ExitCode::environment), HasSubstr("artefact_directory \""));
}

TEST_F(SessionTest, RefusesToWorkWithoutData) {
  setup_.data_file.clear();
  say(setup_);
  EXPECT_EQ(refusal(ExitCode::configuration), "the setup names no data file; fairsweep-trainer needs one (data.file)");
}

TEST_F(SessionTest, RefusesOtherData) {
  setup_.data_digest = std::string(64, '0');
  say(setup_);
  EXPECT_THAT(refusal(ExitCode::file), HasSubstr("is not the data this sweep was started with"));
}

TEST_F(SessionTest, RefusesAnUnknownMetric) {
  setup_.metrics = {"log_los"};
  say(setup_);
  EXPECT_EQ(refusal(ExitCode::configuration), "there is no metric \"log_los\"; did you mean \"log_loss\"?");
}

}  // namespace
}  // namespace fairsweep
