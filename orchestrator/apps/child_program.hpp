#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace fairsweep::apps {

/// A program that this process starts and answers for: nothing of it is left behind, whatever its own children did
/// about process groups. One at a time; this process becomes the parent of orphans.
class ChildProgram {
 public:
  /// Starts it in a process group of its own, with nothing to read, and told to end (SIGTERM) should this process die.
  /// @param words  program, looked up in PATH, and its arguments
  /// @throws UserError (environment) where it cannot be started.
  explicit ChildProgram(const std::vector<std::string>& words);
  /// Kills what is left of it.
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  /// Its exit code, 128 + signal as a shell counts, or nothing while it runs. Never waits.
  [[nodiscard]] std::optional<int> exit_code();
  /// To the program alone: mpirun passes signals on, and its helpers must not get them twice.
  void signal(int number) const;
  /// SIGTERM, and after `patience_seconds` SIGKILL to it and all its descendants on this host.
  void end(double patience_seconds);

 private:
  void kill_descendants();

  pid_t process_ = -1;
  std::optional<int> code_;
};

/// What a program wrote on stdout, and how it ended.
struct ProgramOutput {
  int exit_code = 0;
  std::string text;
};

/// What becomes of a program's stderr: it is ours, or nobody's.
enum class Errors { shown, hidden };

/// Runs a program to its end, also where MPI is in use. @throws UserError (environment) where it cannot be started.
[[nodiscard]] ProgramOutput output_of(const std::vector<std::string>& words, Errors errors = Errors::shown);
/// What it says, or nothing where it fails or is not there.
[[nodiscard]] std::optional<std::string> answer_of(const std::vector<std::string>& words,
                                                   Errors errors = Errors::shown);

/// Whether PATH has a program of this name.
[[nodiscard]] bool in_path(const std::string& program);

}  // namespace fairsweep::apps
