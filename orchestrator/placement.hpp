#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/protocol/messages.hpp"

namespace fairsweep {

/// Where each worker is, by rank.
struct PlacedWorker {
  std::string host;
  WorkerPlace place;
};
using Placement = std::map<std::uint32_t, PlacedWorker>;

/// A line a rank: host, device, cores, threads, memory. For people.
[[nodiscard]] std::string placement_table(const Placement& workers);

/// What is wrong with it: more than `agents_per_device` workers have one device, in one sentence that names them and
/// what to do. Nothing where every worker has a device of its own, or trains on the CPU.
[[nodiscard]] std::optional<std::string> placement_clash(const Placement& workers, std::int64_t agents_per_device);

}  // namespace fairsweep
