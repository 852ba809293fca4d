#pragma once

#include <spdlog/logger.h>

#include <future>
#include <memory>

#include "orchestrator/run_directory.hpp"

namespace fairsweep::apps {

/// Keeps results.h5 young while a run goes on, on a thread of its own that reads the log like anybody else: at most
/// `oldest_seconds` old, or 1 % of the running time, or ten times what writing it takes, whichever is larger.
class ResultPublisher {
 public:
  ResultPublisher(RunDirectory run, std::shared_ptr<spdlog::logger> logger, double oldest_seconds = 30);
  /// Begins to write if it is time and nobody is writing. A failure is logged, not thrown: the log is the truth, and
  /// the last writing tells.
  void turn();
  /// The final file; the log must be on the disk. @throws UserError where it cannot be written.
  void finish();

 private:
  [[nodiscard]] static double now();

  RunDirectory run_;
  std::shared_ptr<spdlog::logger> logger_;
  double oldest_seconds_;
  std::future<double> writing_;  ///< seconds it took
  double began_;
  double next_;
};

}  // namespace fairsweep::apps
