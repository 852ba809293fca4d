#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <fstream>
#include <optional>
#include <string>

#include "workers/agent/trainer_launcher.hpp"

namespace fairsweep {

/// How a child ended: by a signal, or with an exit code.
struct TrainerExit {
  std::int32_t signal = 0;
  std::int32_t exit_code = 0;
};

/// The longest line a trainer may write.
inline constexpr std::size_t k_longest_line = std::size_t{16} << 20U;

/// A running trainer and the three pipes to it. Nothing here blocks except wait(). The thread that makes the object
/// must outlive the trainer: the kernel kills the child when that thread ends.
class TrainerProcess {
 public:
  /// @throws UserError (environment) where the system cannot start a process or its log cannot be written.
  explicit TrainerProcess(const TrainerLaunch& launch);
  ~TrainerProcess();  ///< kills it if it lives
  TrainerProcess(const TrainerProcess&) = delete;
  TrainerProcess& operator=(const TrainerProcess&) = delete;

  /// Queues a line (without its newline) and writes what the pipe takes.
  void send(const std::string& line);
  /// End of input: the trainer may finish. Lines already queued are written first.
  void close_input();
  void kill();

  /// Reads and writes what is ready; waits at most `milliseconds` until something is.
  void wait(int milliseconds);
  /// The oldest complete line, without its newline.
  [[nodiscard]] std::optional<std::string> next_line();
  /// It wrote more than k_longest_line without a newline: not a trainer.
  [[nodiscard]] bool line_too_long() const { return partial_.size() > k_longest_line; }
  /// Set once it is dead and everything it wrote has been read.
  [[nodiscard]] const std::optional<TrainerExit>& ended() const { return ended_; }
  /// It closed its output without ending.
  [[nodiscard]] bool output_closed() const { return output_ < 0; }
  /// The last lines of its stderr, at most 4 KiB.
  [[nodiscard]] std::string log_tail() const;
  [[nodiscard]] pid_t process() const { return process_; }

 private:
  void write_input();
  void read_output();
  void read_errors();
  void reap();
  void lose_log_if_broken();

  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  int errors_ = -1;
  bool close_input_when_written_ = false;
  std::string unwritten_;
  std::size_t written_ = 0;  ///< bytes of unwritten_ that are gone
  std::string partial_;      ///< of the line being read
  std::deque<std::string> lines_;
  std::ofstream log_;
  std::string log_file_;
  bool log_lost_ = false;
  std::string tail_;
  std::optional<TrainerExit> ended_;
};

}  // namespace fairsweep
