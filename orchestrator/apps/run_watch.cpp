#include "orchestrator/apps/run_watch.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace fairsweep::apps {
namespace {

using Clock = std::chrono::steady_clock;

/// A process number of the record means the same here: this host, and the same namespace of process numbers.
bool same_place(const RunLeaseRecord& record) {
  std::array<char, 256> name{};
  std::error_code error;
  const std::string names = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
  return !error && gethostname(name.data(), name.size() - 1) == 0 && record.host == name.data() &&
         record.place.ends_with(" " + names);
}

}  // namespace

RunWatch::RunWatch(std::filesystem::path lease) : lease_(std::move(lease)), moved_(Clock::now()) {
  if (const auto record = read_run_lease(lease_)) {
    session_before_ = record->session;
  }
}

void RunWatch::look() {
  const std::optional<RunLeaseRecord> found = read_run_lease(lease_);
  if (!found || found->session == session_before_) {
    return;  // a file system may hide it for a moment while it is replaced
  }
  began_ = true;
  if (!record_ || record_->session != found->session || record_->beat != found->beat ||
      record_->ended != found->ended) {
    record_ = found;
    moved_ = Clock::now();
  }
}

std::optional<int> RunWatch::exit_code() const {
  return record_ && record_->ended ? std::optional(record_->exit_code) : std::nullopt;
}

double RunWatch::silent_seconds() const { return std::chrono::duration<double>(Clock::now() - moved_).count(); }

bool RunWatch::process_is_gone() const {
  return record_ && !record_->ended && same_place(*record_) && kill(static_cast<pid_t>(record_->process), 0) != 0 &&
         errno == ESRCH;
}

}  // namespace fairsweep::apps
