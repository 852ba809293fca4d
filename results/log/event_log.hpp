#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/domain/event.hpp"

namespace fairsweep {

/// events.log: the truth of a run. A header line, then for each event: length (4 bytes, little-endian), CRC-32C of
/// the JSON (4 bytes, little-endian), JSON. Appended by one thread of this class, fdatasync'ed in groups: at once where
/// the run is idle, after a rest of at most 100 ms under load. Locked (flock) against a second writer.
class EventLog {
 public:
  /// What opening found.
  struct Recovery {
    std::vector<Event> events;
    std::uint64_t cut_bytes = 0;  ///< torn tail that was cut off
  };
  /// Creates the log, or opens it, replays it and cuts a torn tail.
  /// @param may_write  asked by the writing thread before each group; what it throws ends the writing as a refusing
  ///                   disk does: nothing of that group is written. Empty: always
  /// @throws UserError (file) where it is not a log, of a newer version, or damaged before its tail;
  ///         UserError (environment) where another process has it open for writing, or the disk refuses.
  EventLog(const std::filesystem::path& file, Recovery& recovery, std::function<void()> may_write = {});
  ~EventLog();  ///< everything appended is on the disk, unless a write failed: sync() first tells
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Queues the event and returns its number, from 1. Never waits for the disk.
  /// @throws UserError (environment) where an earlier write failed: the run must end.
  std::uint64_t append(const Event& event);
  /// The number of the last event known to be on the disk.
  [[nodiscard]] std::uint64_t durable() const;
  /// Waits until everything appended is on the disk.
  /// @throws UserError (environment) where a write failed.
  void sync();

 private:
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

/// Reads a log without changing it; a torn tail is left out. Works while another process writes.
/// @throws UserError (file) as the constructor of EventLog does, or where the file cannot be read.
[[nodiscard]] EventLog::Recovery read_event_log(const std::filesystem::path& file);

}  // namespace fairsweep
