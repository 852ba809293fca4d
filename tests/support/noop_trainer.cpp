// A trainer that trains nothing: it speaks the protocol of docs/trainer_protocol.md and answers every trial at once
// with metrics that are a function of the trial's settings, the sweep's seed and the replicate. For tests and
// benchmarks. Faults are asked for on its command line: --fault KIND [--trial N] [--attempts N].
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "core/diagnostics/digest.hpp"
#include "core/protocol/codec.hpp"
#include "core/random/philox.hpp"
#include "workers/agent/trainer_launcher.hpp"

namespace {

using namespace fairsweep;

struct Faults {
  std::string kind;                    ///< empty: none
  std::optional<std::uint32_t> trial;  ///< which trial; nothing: any
  std::uint32_t attempts = 1;          ///< attempts 0 .. attempts-1 of it are struck
  double seconds_per_trial = 0;
  double start_seconds = 0;
  bool progress = false;
  bool ignore_stop = false;
};

void say(const FromTrainer& message) { std::cout << to_line(message) << '\n' << std::flush; }

void sleep_for(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

/// Numbers that depend on nothing but what must decide a result.
TrialReport report_of(const TrialOrder& order, const TrainerSetup& setup) {
  std::string text;
  for (const auto& [path, value] : order.settings) {
    text += path + "=" + to_text(value) + "\n";
  }
  const std::uint32_t digest = crc32c(std::as_bytes(std::span(text)));
  RandomStream stream(setup.seed + digest, order.configuration.value, order.replicate, Purpose::initialisation);
  TrialReport report;
  report.trial = order.trial;
  report.epochs = 1;
  report.device = "cpu";
  std::vector<std::string> groups = setup.groups;
  groups.emplace_back();
  for (const std::string& metric : setup.metrics) {
    for (const Split split : {Split::validation, Split::test}) {
      for (const std::string& group : groups) {
        report.metrics.push_back({metric, split, group, stream.uniform(), 0.01, 10, 100});
      }
    }
  }
  return report;
}

/// What the fault does when its trial comes. True: the trial has been answered.
bool strike(const Faults& faults, const TrialOrder& order) {
  if (faults.kind.empty() || order.attempt >= faults.attempts || (faults.trial && *faults.trial != order.trial.value)) {
    return false;
  }
  if (faults.kind == "crash") {
    std::cerr << "about to crash at trial " << order.trial.value << std::endl;
    std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would turn it into an exit
    raise(SIGSEGV);
  } else if (faults.kind == "kill") {
    raise(SIGKILL);
  } else if (faults.kind == "exit") {
    std::cerr << "leaving early\n";
    std::_Exit(9);
  } else if (faults.kind == "terminated") {
    raise(SIGTERM);
  } else if (faults.kind == "stopped_by_signal") {
    std::_Exit(75);
  } else if (faults.kind == "user_signal") {
    raise(SIGUSR1);
  } else if (faults.kind == "hang") {
    sleep_for(3600);
  } else if (faults.kind == "stop") {
    raise(SIGSTOP);
  } else if (faults.kind == "garbage") {
    std::cout << "Epoch 1/10 \x01\xff [====>      ]\n" << std::flush;
  } else if (faults.kind == "endless_line") {
    const std::string piece(1U << 20U, 'x');
    while (true) {
      std::cout << piece << std::flush;
    }
  } else if (faults.kind == "close_output") {
    close(STDOUT_FILENO);
    sleep_for(3600);
  } else if (faults.kind == "wrong_trial") {
    TrialReport report;
    report.trial = {order.trial.value + 100000};
    say(report);
  } else if (faults.kind == "no_metrics") {
    TrialReport report;
    report.trial = order.trial;
    say(report);
    return true;
  } else if (faults.kind == "fail" || faults.kind == "fail_for_good") {
    TrialFailure failure;
    failure.trial = order.trial;
    failure.stage = "training";
    failure.reason = "non_finite_loss";
    failure.message = "the loss is not a number";
    failure.retryable = faults.kind == "fail";
    say(failure);
    return true;
  }
  return false;
}

int converse(const Faults& faults) {
  if (faults.kind == "refuse") {
    say(TrainerRefusal{"this trainer has no data"});
    return 4;
  }
  if (faults.kind == "die_at_start") {
    std::cerr << "a library is missing\n";
    return 1;
  }
  if (faults.kind == "wrong_protocol") {
    TrainerReady ready;
    ready.protocol = 999;
    say(ready);
    sleep_for(3600);
  }
  sleep_for(faults.start_seconds);
  TrainerSetup setup;
  for (std::string line; std::getline(std::cin, line);) {
    const ToTrainer message = parse_to_trainer(line);
    if (const auto* given = std::get_if<TrainerSetup>(&message)) {
      setup = *given;
      TrainerReady ready;
      ready.name = "noop";
      const char* threads = std::getenv("OMP_NUM_THREADS");
      ready.provenance["threads"] = threads == nullptr ? "" : threads;
      say(ready);
    } else if (const auto* assigned = std::get_if<TrainerAssignment>(&message)) {
      std::string answer;
      for (const TrialOrder& order : assigned->assignment.trials) {
        if (faults.progress) {
          say(TrialProgress{order.trial, 0, 1, 0.5});
        }
        if (faults.seconds_per_trial > 0) {
          sleep_for(faults.seconds_per_trial);
        }
        if (!strike(faults, order)) {
          answer += to_line(FromTrainer{report_of(order, setup)}) + '\n';
        }
        if (faults.seconds_per_trial > 0 || !faults.kind.empty()) {
          std::cout << answer << std::flush;
          answer.clear();
        }
      }
      std::cout << answer << std::flush;
    } else if (!faults.ignore_stop) {
      return 0;
    }
  }
  while (faults.ignore_stop) {
    sleep_for(3600);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  std::ios::sync_with_stdio(false);
  if (!words.empty() && words[0] == "launch-trainer") {  // stands in for fairsweep itself
    const auto end = std::find(words.begin(), words.end(), "--");
    std::optional<std::string> devices;
    std::vector<int> cores;
    for (auto word = words.begin() + 5; word < end; ++word) {
      const std::string value = word->substr(word->find('=') + 1);
      if (word->starts_with("--devices=")) {
        devices = value;
      } else if (word->starts_with("--cores=")) {
        std::istringstream list(value);
        for (std::string core; std::getline(list, core, ',');) {
          cores.push_back(std::stoi(core));
        }
      }
    }
    return run_trainer_launcher(std::stoll(words.at(2)), std::stoll(words.at(4)), devices, cores,
                                {end + 1, words.end()});
  }
  Faults faults;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = words[i];
    if (word == "--progress") {
      faults.progress = true;
    } else if (word == "--ignore-stop") {
      faults.ignore_stop = true;
    } else if (word == "--fault") {
      faults.kind = words.at(++i);
    } else if (word == "--trial") {
      faults.trial = static_cast<std::uint32_t>(std::stoul(words.at(++i)));
    } else if (word == "--attempts") {
      faults.attempts = static_cast<std::uint32_t>(std::stoul(words.at(++i)));
    } else if (word == "--seconds") {
      faults.seconds_per_trial = std::stod(words.at(++i));
    } else if (word == "--start-seconds") {
      faults.start_seconds = std::stod(words.at(++i));
    } else {
      std::cerr << "noop_trainer: there is no " << word << '\n';
      return 2;
    }
  }
  return converse(faults);
}
