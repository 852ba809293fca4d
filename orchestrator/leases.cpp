#include "orchestrator/leases.hpp"

namespace fairsweep {

bool Leases::renew(LeaseId lease, std::uint32_t worker, double now) {
  const auto found = open_.find(lease);
  if (found == open_.end() || found->second.worker != worker) {
    return false;
  }
  found->second.deadline = now + seconds_;
  return true;
}

std::vector<LeaseId> Leases::expired(double now) const {
  std::vector<LeaseId> late;
  for (const auto& [lease, entry] : open_) {
    if (entry.deadline < now) {
      late.push_back(lease);
    }
  }
  return late;
}

std::vector<LeaseId> Leases::of(std::uint32_t worker) const {
  std::vector<LeaseId> held;
  for (const auto& [lease, entry] : open_) {
    if (entry.worker == worker) {
      held.push_back(lease);
    }
  }
  return held;
}

}  // namespace fairsweep
