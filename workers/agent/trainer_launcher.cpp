#include "workers/agent/trainer_launcher.hpp"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string_view>
#include <utility>

namespace fairsweep {
namespace {

constexpr int k_cannot_start = 127;  // what shells answer for a command that cannot be run
constexpr std::array<std::string_view, 4> k_launcher_variables = {"OMPI_", "PMIX_", "PMI_", "PRTE_"};

void remove_launcher_variables() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    for (const std::string_view prefix : k_launcher_variables) {
      if (text.starts_with(prefix)) {
        names.emplace_back(text.substr(0, text.find('=')));
      }
    }
  }
  for (const std::string& name : names) {
    unsetenv(name.c_str());
  }
}

void bind_to(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) {
    CPU_SET(static_cast<std::size_t>(core), &set);
  }
  if (sched_setaffinity(0, sizeof set, &set) != 0) {  // slower perhaps, and no reason not to train
    std::cerr << "launch-trainer: cannot be bound to its cores: " << std::strerror(errno) << '\n';
  }
}

}  // namespace

std::vector<std::string> launcher_arguments(const TrainerLaunch& launch, std::int64_t parent) {
  std::vector<std::string> arguments = launch.launcher;
  arguments.insert(arguments.end(), {"--parent", std::to_string(parent), "--threads", std::to_string(launch.threads)});
  if (launch.devices) {
    arguments.push_back("--devices=" + *launch.devices);
  }
  if (!launch.cores.empty()) {
    std::string list = "--cores=";
    for (const int core : launch.cores) {
      list += (list.back() == '=' ? "" : ",") + std::to_string(core);
    }
    arguments.push_back(std::move(list));
  }
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), launch.command.begin(), launch.command.end());
  return arguments;
}

int run_trainer_launcher(std::int64_t parent, std::int64_t threads, const std::optional<std::string>& devices,
                         const std::vector<int>& cores, const std::vector<std::string>& command) {
  if (command.empty()) {
    std::cerr << "launch-trainer: there is no command to start\n";
    return k_cannot_start;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Slurm sends the signal that announces the end of a job to every process of a step: what it means for a trainer is
  // the agent's to say, which gets it, too.
  std::signal(SIGUSR1, SIG_IGN);
  if (getppid() != static_cast<pid_t>(parent)) {  // it died before the line above could take hold
    return k_cannot_start;
  }
  if (close_range(3, ~0U, 0) != 0) {
    const long most = sysconf(_SC_OPEN_MAX);
    for (int descriptor = 3; descriptor < most; ++descriptor) {
      close(descriptor);
    }
  }
  remove_launcher_variables();
  const std::string count = std::to_string(threads);
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}) {
    setenv(name, count.c_str(), 1);
  }
  if (devices) {
    setenv("CUDA_VISIBLE_DEVICES", devices->c_str(), 1);
  }
  if (!cores.empty()) {
    bind_to(cores);
  }
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  std::cerr << "cannot start the trainer \"" << command[0] << "\": " << std::strerror(errno) << '\n';
  return k_cannot_start;
}

}  // namespace fairsweep
