#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairsweep {

/// How a trainer is to be started.
struct TrainerLaunch {
  std::vector<std::string> launcher;   ///< program that ends in run_trainer_launcher(), "/proc/self/exe launch-trainer"
  std::vector<std::string> command;    ///< the trainer and its arguments; found along PATH
  std::int64_t threads = 1;            ///< OMP_NUM_THREADS and its like
  std::optional<std::string> devices;  ///< CUDA_VISIBLE_DEVICES; nothing: as it is
  std::vector<int> cores;              ///< it is bound to these; empty: it runs where the agent may
  std::string log_file;                ///< its stderr is appended here
};

/// The arguments for the launcher: --parent PID --threads N [--devices=LIST] [--cores=LIST] -- COMMAND...
[[nodiscard]] std::vector<std::string> launcher_arguments(const TrainerLaunch& launch, std::int64_t parent);

/// Between spawn and exec, in a process of its own, because little is safe to do between fork and exec inside MPI:
/// dies with its parent from here on, closes what it inherited beyond stdin, stdout and stderr, removes the variables
/// by which an MPI library would take it for a rank, sets threads, cores and devices, and becomes `command`. Kernel
/// choices (OPENBLAS_CORETYPE, ATEN_CPU_CAPABILITY) are left as they are; the trainer records them. Returns only where
/// that fails: 127, with a sentence on stderr.
[[nodiscard]] int run_trainer_launcher(std::int64_t parent, std::int64_t threads,
                                       const std::optional<std::string>& devices, const std::vector<int>& cores,
                                       const std::vector<std::string>& command);

}  // namespace fairsweep
