#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace fairsweep {

/// Whole lines from a file descriptor, waited for or looked at in passing. One thread.
class LineInput {
 public:
  /// A longer line is no message of ours (docs/trainer_protocol.md).
  static constexpr std::size_t k_longest_line = 16U << 20U;

  /// @param descriptor  read from, not closed
  explicit LineInput(int descriptor) : descriptor_(descriptor) {}

  /// The next line without its newline; nothing at the end of input, or as soon as `wake` (a descriptor, -1: none)
  /// can be read. Waits. @throws UserError (configuration) on a line that is too long.
  [[nodiscard]] std::optional<std::string> next(int wake = -1);

  /// Takes in what is there, without waiting. Same errors.
  void look();

  /// The other side has closed; a torn last line without a newline is dropped.
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  void take();

  int descriptor_;
  std::string partial_;
  std::deque<std::string> lines_;
  bool closed_ = false;
};

/// Whole lines to a file descriptor.
class LineOutput {
 public:
  /// @param descriptor  written to, not closed
  explicit LineOutput(int descriptor) : descriptor_(descriptor) {}

  /// Writes the line and a newline, all of it. Does nothing once the other side has gone.
  void send(std::string_view line);
  /// Nobody reads any more.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  int descriptor_;
  bool broken_ = false;
};

}  // namespace fairsweep
