// The real fairsweep-trainer, driven through pipes as an agent drives it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <thread>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/array_bundle.hpp"
#include "tests/workers/trainer_session/small_data.hpp"
#include "tests/workers/trainer_session/temporary_folder.hpp"
#include "tests/workers/trainer_session/trainer_process.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_data::TrainerProcess;

const std::string k_trainer = std::string(FAIRSWEEP_BINARY_DIR) + "/bin/fairsweep-trainer";

Settings settings_with(std::int64_t epochs, double learning_rate) {
  return {{"model.head", std::string("mlp")},
          {"model.width", std::int64_t{8}},
          {"model.depth", std::int64_t{1}},
          {"model.user", std::string("features")},
          {"method.name", std::string("pooled")},
          {"training.epochs", epochs},
          {"training.batch", std::int64_t{32}},
          {"training.learning_rate", learning_rate},
          {"training.weight_decay", 0.0},
          {"training.schedule", std::string("cosine")},
          {"training.warmup", 0.1},
          {"training.clip_norm", 1.0},
          {"training.early_stopping.patience", std::int64_t{0}},
          {"training.early_stopping.watch", std::string("users")}};
}

TrainerAssignment pack_of(std::uint32_t trials, std::int64_t epochs) {
  TrainerAssignment message;
  message.assignment.lease = LeaseId{1};
  for (std::uint32_t trial = 0; trial < trials; ++trial) {
    message.assignment.trials.push_back({.trial = TrialId{trial},
                                         .configuration = ConfigurationId{trial},
                                         .replicate = 0,
                                         .attempt = 0,
                                         .settings = settings_with(epochs, 0.01 * (1 + trial))});
  }
  return message;
}

class TrainerProgram : public testing::Test {
 protected:
  void SetUp() override {
    write_data_file(folder_.path() / "data.h5", testing_data::small_data());
    setup_ = testing_data::small_setup();
    setup_.data_file = (folder_.path() / "data.h5").string();
    setup_.data_digest = digest_of(testing_data::small_data());
    setup_.run_directory = folder_.path().string();
    for (auto* directory : {&setup_.artefact_directory, &setup_.checkpoint_directory}) {
      *directory = (folder_.path() / (directory == &setup_.artefact_directory ? "artefacts" : "checkpoints")).string();
      std::filesystem::create_directory(*directory);
    }
  }

  /// Starts a trainer that is ready for packs.
  std::unique_ptr<TrainerProcess> ready_trainer() const {
    auto trainer =
        std::make_unique<TrainerProcess>(std::vector<std::string>{k_trainer, "--checkpoint-seconds", "0.02"});
    trainer->say(setup_);
    const auto first = trainer->answer();
    if (!first || !std::holds_alternative<TrainerReady>(*first)) {
      throw std::runtime_error("the trainer is not ready: " + trainer->log());
    }
    return trainer;
  }

  /// Reads until every trial has reported.
  static std::map<std::uint32_t, TrialReport> reports_of(TrainerProcess& trainer, std::size_t trials) {
    std::map<std::uint32_t, TrialReport> reports;
    while (reports.size() < trials) {
      const auto answer = trainer.answer();
      if (!answer) {
        throw std::runtime_error("the trainer ended early: " + trainer.log());
      }
      if (const auto* failure = std::get_if<TrialFailure>(&*answer)) {
        throw std::runtime_error("a trial failed: " + failure->message);
      }
      if (const auto* report = std::get_if<TrialReport>(&*answer)) {
        reports[report->trial.value] = *report;
      }
    }
    return reports;
  }

  /// Everything of a report but the time it took.
  static void expect_same_results(const std::map<std::uint32_t, TrialReport>& left,
                                  const std::map<std::uint32_t, TrialReport>& right) {
    ASSERT_EQ(left.size(), right.size());
    for (const auto& [trial, report] : left) {
      EXPECT_EQ(report.metrics, right.at(trial).metrics) << "trial " << trial;
      EXPECT_EQ(report.artefacts, right.at(trial).artefacts) << "trial " << trial;  // digests: every bit
      EXPECT_EQ(report.epochs, right.at(trial).epochs) << "trial " << trial;
    }
  }

  std::map<std::uint32_t, TrialReport> undisturbed(std::uint32_t trials, std::int64_t epochs) {
    const auto kept = setup_;
    setup_.checkpoint_directory.clear();
    const auto trainer = ready_trainer();
    setup_ = kept;
    trainer->say(pack_of(trials, epochs));
    auto reports = reports_of(*trainer, trials);
    trainer->close_input();
    EXPECT_EQ(trainer->wait(), 0);
    return reports;
  }

  std::size_t checkpoints() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(setup_.checkpoint_directory)) {
      count += entry.path().extension() == ".checkpoint" ? 1U : 0U;
    }
    return count;
  }

  /// Starts the pack, or goes on with it, and sends the signal once there is a checkpoint. Answers the first epoch
  /// told.
  std::uint32_t interrupt(const TrainerAssignment& pack, int signal, int expected_end) {
    const auto trainer = ready_trainer();
    trainer->say(pack);
    const auto first = trainer->answer();
    if (!first || !std::holds_alternative<TrialProgress>(*first)) {
      throw std::runtime_error("the pack ended before its first progress: " + trainer->log());
    }
    for (int waited = 0; checkpoints() == 0; ++waited) {
      if (waited == 15000) {
        throw std::runtime_error("no checkpoint in 30 seconds");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    trainer->kill(signal);
    EXPECT_EQ(trainer->wait(), expected_end) << trainer->log();
    EXPECT_EQ(checkpoints(), pack.assignment.trials.size());
    return std::get<TrialProgress>(*first).epoch;
  }

  /// What the trainer refuses with; it ends with `code`.
  static std::string refusal(TrainerProcess& trainer, ExitCode code) {
    const auto answer = trainer.answer();
    EXPECT_EQ(trainer.wait(), static_cast<int>(code));
    if (!answer || !std::holds_alternative<TrainerRefusal>(*answer)) {
      ADD_FAILURE() << "nothing was refused; log: " << trainer.log();
      return {};
    }
    return std::get<TrainerRefusal>(*answer).message;
  }

  testing_data::TemporaryFolder folder_;
  TrainerSetup setup_;
};

TEST_F(TrainerProgram, TwoTrainOnTwoDevicesOrOnOne) {
  std::size_t devices = 0;
  std::error_code none;
  for (std::filesystem::directory_iterator entry("/proc/driver/nvidia/gpus", none), end; !none && entry != end;
       entry.increment(none)) {
    ++devices;
  }
  const auto on_the_cpu = undisturbed(2, 3);
  setup_.device = "cuda";
  std::vector<std::unique_ptr<TrainerProcess>> trainers;
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string device = std::to_string(i % std::max<std::size_t>(devices, 1));
    trainers.push_back(std::make_unique<TrainerProcess>(std::vector<std::string>{k_trainer},
                                                        TrainerProcess::Environment{{"CUDA_VISIBLE_DEVICES", device}}));
    trainers.back()->say(setup_);
    const auto first = trainers.back()->answer();
    ASSERT_TRUE(first);
    if (const auto* refusal = std::get_if<TrainerRefusal>(&*first)) {
      ASSERT_THAT(refusal->message, HasSubstr("LibTorch finds none"));
      GTEST_SKIP() << refusal->message;
    }
    EXPECT_EQ(std::get<TrainerReady>(*first).provenance.at("device"), device);
    trainers.back()->say(pack_of(2, 3));
  }
  for (const auto& trainer : trainers) {
    const auto reports = reports_of(*trainer, 2);
    for (const auto& [trial, report] : reports) {
      ASSERT_EQ(report.metrics.size(), on_the_cpu.at(trial).metrics.size());
      for (std::size_t i = 0; i < report.metrics.size(); ++i)
        EXPECT_NEAR(report.metrics[i].value, on_the_cpu.at(trial).metrics[i].value, 0.03) << report.metrics[i].metric;
    }
    trainer->close_input();
    EXPECT_EQ(trainer->wait(), 0);
  }
}

TEST_F(TrainerProgram, SeveralOnOneMachineHoldTheDataOnce) {
  std::vector<std::unique_ptr<TrainerProcess>> trainers;
  for (int i = 0; i < 3; ++i) {
    trainers.push_back(std::make_unique<TrainerProcess>(std::vector<std::string>{k_trainer}));
    trainers.back()->say(setup_);
  }
  int prepared = 0;
  for (const auto& trainer : trainers) {
    const auto first = trainer->answer();
    ASSERT_TRUE(first && std::holds_alternative<TrainerReady>(*first));
    trainer->close_input();
    EXPECT_EQ(trainer->wait(), 0);
    prepared += trainer->log().find("data prepared") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(prepared, 1);
}

TEST_F(TrainerProgram, TrainsAPackAndStopsWhenTold) {
  const auto trainer = ready_trainer();
  trainer->say(pack_of(3, 60));
  const auto reports = reports_of(*trainer, 3);
  for (const auto& [trial, report] : reports) {
    EXPECT_EQ(report.metrics.size(), 12U);
    EXPECT_EQ(report.device, "cpu");
    for (const auto& artefact : report.artefacts) {
      EXPECT_NO_THROW((void)read_artefact(setup_.artefact_directory, artefact.digest)) << artefact.name;
    }
    for (const auto& value : report.metrics) {
      if (value.metric == "accuracy" && value.split == Split::test && value.group.empty()) {
        EXPECT_GT(value.value, 0.55) << "it has learned nothing";  // two or three candidates: chance is 0.42
      }
    }
  }
  trainer->say(TrainerStop{});
  EXPECT_EQ(trainer->wait(), 0);
  EXPECT_THAT(trainer->log(), HasSubstr("ready: "));
}

TEST_F(TrainerProgram, EndOfInputIsAStop) {
  const auto trainer = ready_trainer();
  trainer->close_input();
  EXPECT_EQ(trainer->wait(), 0);
}

TEST_F(TrainerProgram, EndOfInputInThePackIsAStopToo) {
  const auto trainer = ready_trainer();
  trainer->say(pack_of(1, 1'000'000));
  const auto first = trainer->answer();
  ASSERT_TRUE(first && std::holds_alternative<TrialProgress>(*first));
  trainer->close_input();
  EXPECT_EQ(trainer->wait(), 0);
}

TEST_F(TrainerProgram, ASignalWhileIdleIsAStop) {
  const auto trainer = ready_trainer();
  trainer->kill(SIGTERM);
  EXPECT_EQ(trainer->wait(), 0);
}

// One pack takes both signals: a start of the program costs more than the training does.
TEST_F(TrainerProgram, KilledThenTerminatedInThePackAndResumedGivesTheSameBits) {
  constexpr std::int64_t k_epochs = 700;  // about a second, to be well under way and far from the end at both signals
  const auto pack = pack_of(1, k_epochs);
  const auto expected = undisturbed(1, k_epochs);
  EXPECT_EQ(interrupt(pack, SIGKILL, -SIGKILL), 1U);
  EXPECT_GT(interrupt(pack, SIGTERM, static_cast<int>(ExitCode::resumable)), 1U) << "it began anew";
  const auto again = ready_trainer();
  again->say(pack);
  expect_same_results(expected, reports_of(*again, 1));
  again->close_input();
  EXPECT_EQ(again->wait(), 0);  // a checkpoint is removed only after its trial is reported
  EXPECT_EQ(checkpoints(), 0U);
}

TEST_F(TrainerProgram, PacksOfOneGiveTheSameBits) {
  const auto together = undisturbed(3, 40);
  const auto trainer = ready_trainer();
  std::map<std::uint32_t, TrialReport> alone;
  for (const auto& order : pack_of(3, 40).assignment.trials) {
    TrainerAssignment message;
    message.assignment.lease = LeaseId{2};
    message.assignment.trials = {order};
    trainer->say(message);
    alone.merge(reports_of(*trainer, 1));
  }
  expect_same_results(together, alone);
}

TEST_F(TrainerProgram, AnUnknownMethodFailsItsTrialAndTheNextPackIsTrained) {
  const auto trainer = ready_trainer();
  auto message = pack_of(1, 5);
  message.assignment.trials[0].settings["method.name"] = std::string("pool");
  trainer->say(message);
  const auto answer = trainer->answer();
  ASSERT_TRUE(answer && std::holds_alternative<TrialFailure>(*answer));
  const auto& failure = std::get<TrialFailure>(*answer);
  EXPECT_EQ(failure.trial, TrialId{0});
  EXPECT_EQ(failure.reason, "bad_setting");
  EXPECT_FALSE(failure.retryable);
  EXPECT_THAT(failure.message, HasSubstr("pool"));
  trainer->say(pack_of(1, 5));
  EXPECT_EQ(reports_of(*trainer, 1).size(), 1U);
}

TEST_F(TrainerProgram, RefusesALineThatIsNoJson) {
  TrainerProcess trainer({k_trainer});
  trainer.say("hello");
  EXPECT_THAT(refusal(trainer, ExitCode::configuration), HasSubstr("a line the trainer cannot read"));
}

TEST_F(TrainerProgram, RefusesALineThatIsNoJsonBetweenPacks) {
  const auto trainer = ready_trainer();
  trainer->say("{\"type\": \"nonsense\"}");
  EXPECT_THAT(refusal(*trainer, ExitCode::configuration), HasSubstr("nonsense"));
}

TEST_F(TrainerProgram, RefusesAnotherProtocol) {
  TrainerProcess trainer({k_trainer});
  setup_.protocol = 99;
  trainer.say(setup_);
  EXPECT_THAT(refusal(trainer, ExitCode::configuration), HasSubstr("99"));
}

TEST_F(TrainerProgram, RefusesDataThatAreNotThere) {
  TrainerProcess trainer({k_trainer});
  setup_.data_file = (folder_.path() / "gone.h5").string();
  trainer.say(setup_);
  EXPECT_THAT(refusal(trainer, ExitCode::file), HasSubstr("gone.h5"));
}

TEST_F(TrainerProgram, RefusesOtherData) {
  TrainerProcess trainer({k_trainer});
  setup_.data_digest = std::string(64, 'f');
  trainer.say(setup_);
  EXPECT_THAT(refusal(trainer, ExitCode::file), HasSubstr(setup_.data_digest));
}

TEST_F(TrainerProgram, AnswersQuestionsAboutItself) {
  TrainerProcess version({k_trainer, "--version"});
  EXPECT_THAT(version.line().value_or(""), HasSubstr("fairsweep-trainer "));
  EXPECT_EQ(version.wait(), 0);

  TrainerProcess help({k_trainer, "--help"});
  EXPECT_THAT(help.line().value_or(""), HasSubstr("fairsweep-trainer"));
  EXPECT_EQ(help.wait(), 0);

  TrainerProcess unknown({k_trainer, "--kernel-panic"});
  EXPECT_EQ(unknown.wait(), static_cast<int>(ExitCode::configuration));
  EXPECT_THAT(unknown.log(), HasSubstr("--kernel-panic"));
}

std::map<std::string, std::string> kernels(TrainerProcess& trainer) {
  std::map<std::string, std::string> facts;
  while (const auto line = trainer.line()) {
    const auto colon = line->find(": ");
    facts[line->substr(0, colon)] = line->substr(colon + 2);
  }
  EXPECT_EQ(trainer.wait(), 0);
  return facts;
}

TEST_F(TrainerProgram, KernelsFollowTheirPins) {
  TrainerProcess trainer({k_trainer, "--kernels"}, {{"ATEN_CPU_CAPABILITY", "default"}});
  const auto facts = kernels(trainer);
  EXPECT_EQ(facts.at("ATEN_CPU_CAPABILITY"), "default");
  EXPECT_THAT(facts.at("libtorch_cpu_capability"), testing::AnyOf("NO AVX", "DEFAULT"));
  EXPECT_NE(facts.at("libtorch"), "unknown");
  EXPECT_NE(facts.at("blas"), "unknown");
}

// Debian keeps the reference BLAS beside OpenBLAS; the loader is told to take it.
TEST_F(TrainerProgram, WarnsOfTheReferenceBlas) {
  const std::string folder = "/usr/lib/x86_64-linux-gnu/blas";
  if (!std::filesystem::exists(folder + "/libblas.so.3")) {
    GTEST_SKIP() << "no reference BLAS in " << folder;
  }
  TrainerProcess asked({k_trainer, "--kernels"}, {{"LD_LIBRARY_PATH", folder}});
  const auto facts = kernels(asked);
  EXPECT_THAT(facts.at("blas"), HasSubstr("reference BLAS"));
  EXPECT_THAT(facts.at("blas_warning"), HasSubstr("apt-get install libopenblas0-pthread"));

  TrainerProcess trainer({k_trainer}, {{"LD_LIBRARY_PATH", folder}});
  trainer.say(setup_);
  const auto ready = trainer.answer();
  ASSERT_TRUE(ready && std::holds_alternative<TrainerReady>(*ready));
  EXPECT_THAT(std::get<TrainerReady>(*ready).provenance.at("blas"), HasSubstr("reference BLAS"));
  trainer.close_input();
  EXPECT_EQ(trainer.wait(), 0);
  EXPECT_THAT(trainer.log(), HasSubstr("install that with: apt-get install libopenblas0-pthread"));
}

}  // namespace
}  // namespace fairsweep
