#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// Deadlines of the open leases of this session, on a clock that never goes back (seconds). Which trials a lease
/// holds is the TrialTable's; a deadline is nothing a log needs to know.
class Leases {
 public:
  explicit Leases(double seconds) : seconds_(seconds) {}

  void open(LeaseId lease, std::uint32_t worker, double now) { open_[lease] = {worker, now + seconds_}; }
  void close(LeaseId lease) { open_.erase(lease); }
  /// Moves the deadline. False where the lease is not open or belongs to another worker.
  [[nodiscard]] bool renew(LeaseId lease, std::uint32_t worker, double now);
  /// Open leases whose deadline has passed, by number. O(open leases).
  [[nodiscard]] std::vector<LeaseId> expired(double now) const;
  [[nodiscard]] std::vector<LeaseId> of(std::uint32_t worker) const;

 private:
  struct Entry {
    std::uint32_t worker = 0;
    double deadline = 0;
  };
  double seconds_;
  std::map<LeaseId, Entry> open_;
};

}  // namespace fairsweep
