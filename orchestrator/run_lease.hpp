#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

/// What coordinator.json in a run's directory says: who coordinates the run, or who did last and how that ended.
struct RunLeaseRecord {
  std::string session;  ///< 32 hexadecimal digits, new for each session
  std::string host;     ///< for people
  std::string place;    ///< host, boot and process namespace: where `process` means something
  std::int64_t process = 0;
  std::string process_began;  ///< as the kernel counts it: a later process of the same number is another one
  double began = 0;           ///< seconds since the epoch, for people
  std::uint64_t beat = 0;     ///< grows while the coordinator lives
  bool ended = false;
  int exit_code = 0;    ///< where it has ended
  std::string message;  ///< one sentence on how it ended; empty: nothing to add
  bool operator==(const RunLeaseRecord&) const = default;
};

/// Nothing where there is no such file, or none that can be read.
[[nodiscard]] std::optional<RunLeaseRecord> read_run_lease(const std::filesystem::path& file);

/// Whether the session goes on as far as this host can know: it has not ended, and its process lives here, or was
/// elsewhere, where only its beat tells.
[[nodiscard]] bool holder_lives(const RunLeaseRecord& record);

struct RunLeaseTimes {
  double beat_seconds = 2;
  double takeover_seconds = 20;  ///< a coordinator elsewhere whose beat stands still for so long is dead
};

/// The right to coordinate a run, held by one process at a time. The lock of events.log says the same where locks work;
/// this says it on every file system, names the holder, and shows those who watch that the coordinator lives and how
/// its session ended. Clocks of two machines are never compared: what counts is whether the beat moves.
///
/// A thread of this class replaces the file at every beat, but only when touch() was called since the last: what
/// shows as alive is the coordinator's loop, not the thread.
class RunLease {
 public:
  /// Takes the run. Where another session holds it: at once when that one ended or its process on this host is gone,
  /// after `takeover_seconds` without a beat when it was elsewhere.
  /// @throws UserError (environment) where another coordinator lives, naming it, or the file cannot be written.
  explicit RunLease(std::filesystem::path file, RunLeaseTimes times = {});
  /// A session that did not say how it ended ends with exit code 70.
  ~RunLease();
  RunLease(const RunLease&) = delete;
  RunLease& operator=(const RunLease&) = delete;

  [[nodiscard]] const RunLeaseRecord& record() const { return mine_; }
  /// The session before this one that did not end by itself; nothing where there was none.
  [[nodiscard]] const std::optional<RunLeaseRecord>& taken_from() const { return taken_from_; }
  /// The coordinator's loop has turned. Never waits.
  void touch() { touched_.store(true, std::memory_order_relaxed); }
  /// Whether the file still names this session. Reads it: some microseconds.
  [[nodiscard]] bool is_mine() const;
  /// @throws UserError (environment) where another coordinator has taken the run in the meantime.
  void check_is_mine() const;
  /// The session is over. A file that cannot be written is left as it is; a file of another session, too.
  void end(ExitCode code, const std::string& message) noexcept;

 private:
  void take();
  void beat();
  void stop_beating();

  std::filesystem::path file_;
  RunLeaseTimes times_;
  RunLeaseRecord mine_;
  std::optional<RunLeaseRecord> taken_from_;
  std::atomic<bool> touched_{false};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace fairsweep
