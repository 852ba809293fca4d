#pragma once

#include <cstddef>
#include <string>

#include "orchestrator/trial_table.hpp"

namespace fairsweep::apps {

/// "12 of 144 trials, 2 running, 1 failed, 3.1 a second, about 40 s left"
[[nodiscard]] std::string progress_text(const TrialTable::Counts& counts, std::size_t wanted, double rate);

/// "40 s", "12 min", "3 h 20 min"
[[nodiscard]] std::string duration_text(double seconds);

/// How far a run is, on stderr: one line that is written over on a terminal, a new line now and then elsewhere.
class ProgressLine {
 public:
  enum class Mode { quiet, lines, terminal };
  /// @param wanted  trials in all
  ProgressLine(Mode mode, std::size_t wanted);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  /// terminal where stderr is one, else lines.
  [[nodiscard]] static Mode mode_of_stderr();
  void show(const TrialTable::Counts& counts);

 private:
  Mode mode_;
  std::size_t wanted_;
  double began_;
  double shown_at_;
  std::size_t ended_before_ = 0;
  bool first_ = true;
  bool line_open_ = false;
};

}  // namespace fairsweep::apps
