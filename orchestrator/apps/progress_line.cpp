#include "orchestrator/apps/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>

namespace fairsweep::apps {
namespace {

constexpr double k_terminal_seconds = 0.2;
constexpr double k_line_seconds = 10;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 100) {
    return fmt::format("{} s", whole);
  }
  const long minutes = (whole + 30) / 60;
  return minutes < 100 ? fmt::format("{} min", minutes) : fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string progress_text(const TrialTable::Counts& counts, std::size_t wanted, double rate) {
  const std::size_t ended = counts.reported + counts.failed;
  std::string text = fmt::format("{} of {} trials, {} running", ended, wanted, counts.running);
  if (counts.failed > 0) {
    text += fmt::format(", {} failed", counts.failed);
  }
  if (rate > 0 && ended < wanted) {
    text += fmt::format(", {:.3g} a second, about {} left", rate,
                        duration_text(static_cast<double>(wanted - ended) / rate));
  }
  return text;
}

ProgressLine::ProgressLine(Mode mode, std::size_t wanted)
    : mode_(mode), wanted_(wanted), began_(now()), shown_at_(began_) {}

ProgressLine::~ProgressLine() {
  if (line_open_) {
    std::fputc('\n', stderr);
  }
}

ProgressLine::Mode ProgressLine::mode_of_stderr() { return isatty(STDERR_FILENO) == 1 ? Mode::terminal : Mode::lines; }

void ProgressLine::show(const TrialTable::Counts& counts) {
  const std::size_t ended = counts.reported + counts.failed;
  if (first_) {
    first_ = false;
    ended_before_ = ended;
  }
  const double time = now();
  const double pause = mode_ == Mode::terminal ? k_terminal_seconds : k_line_seconds;
  if (mode_ == Mode::quiet || time - shown_at_ < pause) {
    return;
  }
  shown_at_ = time;
  const double rate = time > began_ ? static_cast<double>(ended - ended_before_) / (time - began_) : 0;
  const std::string text = progress_text(counts, wanted_, rate);
  if (mode_ == Mode::terminal) {
    fmt::print(stderr, "\r{}\033[K", text);
    line_open_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

}  // namespace fairsweep::apps
