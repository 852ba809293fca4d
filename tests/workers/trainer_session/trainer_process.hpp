#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/protocol/codec.hpp"

namespace fairsweep::testing_data {

/// A trainer as a child process with pipes at its three ends. Killed and reaped with the object.
class TrainerProcess {
 public:
  using Environment = std::map<std::string, std::string>;

  /// @param command  program (a path) and its arguments; @param more  added to this process's environment
  explicit TrainerProcess(const std::vector<std::string>& command, const Environment& more = {});
  ~TrainerProcess();
  TrainerProcess(const TrainerProcess&) = delete;
  TrainerProcess& operator=(const TrainerProcess&) = delete;

  void say(const std::string& line);
  void say(const ToTrainer& message) { say(to_line(message)); }
  void close_input();
  void kill(int signal) const;

  /// The next line of its standard output; nothing at its end. @throws std::runtime_error after 60 s of silence.
  [[nodiscard]] std::optional<std::string> line();
  /// The same as a message: a line that is no protocol line throws BadMessage.
  [[nodiscard]] std::optional<FromTrainer> answer();

  /// How it ended: exit code, or minus the signal. Waits; what it logged is in `log()` afterwards.
  int wait();
  [[nodiscard]] const std::string& log() const { return log_; }

 private:
  pid_t process_ = -1;
  int input_ = -1, output_ = -1, error_ = -1;
  std::string partial_, log_;
};

}  // namespace fairsweep::testing_data
