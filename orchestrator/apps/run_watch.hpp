#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "orchestrator/run_lease.hpp"

namespace fairsweep::apps {

/// Follows a run's lease file from the moment this is made: sessions that were there before do not count. Clocks of
/// two hosts are never compared; what counts is whether the beat moves.
class RunWatch {
 public:
  explicit RunWatch(std::filesystem::path lease);

  /// Reads the file again.
  void look();
  /// A session has begun since.
  [[nodiscard]] bool began() const { return began_; }
  /// How that session ended, or nothing while it has not.
  [[nodiscard]] std::optional<int> exit_code() const;
  /// Since this was made, the session began or its beat last moved.
  [[nodiscard]] double silent_seconds() const;
  /// The coordinator ran on this host and its process is gone, without having said how it ended.
  [[nodiscard]] bool process_is_gone() const;

 private:
  std::filesystem::path lease_;
  std::string session_before_;
  std::optional<RunLeaseRecord> record_;
  bool began_ = false;
  std::chrono::steady_clock::time_point moved_;
};

}  // namespace fairsweep::apps
