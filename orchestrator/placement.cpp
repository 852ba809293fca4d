#include "orchestrator/placement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace fairsweep {
namespace {

std::string device_text(const WorkerPlace& place) { return place.device.empty() ? "cpu" : place.device; }

}  // namespace

std::string placement_table(const Placement& workers) {
  std::size_t host = 4, device = 6;  // as wide as their titles
  for (const auto& [rank, worker] : workers) {
    host = std::max(host, worker.host.size());
    device = std::max(device, device_text(worker.place).size());
  }
  std::string text = fmt::format("{:>5}  {:<{}}  {:<{}}  {:>5}  {:>7}  {:>7}", "rank", "host", host, "device", device,
                                 "cores", "threads", "memory");
  for (const auto& [rank, worker] : workers) {
    const WorkerPlace& place = worker.place;
    text += fmt::format("\n{:>5}  {:<{}}  {:<{}}  {:>5}  {:>7}  {:>3} GiB", rank, worker.host, host, device_text(place),
                        device, place.cores, place.threads, (place.memory_mib + 512) / 1024);
  }
  return text;
}

std::optional<std::string> placement_clash(const Placement& workers, std::int64_t agents_per_device) {
  std::map<std::pair<std::string, std::string>, std::vector<std::uint32_t>> sharers;
  for (const auto& [rank, worker] : workers) {
    if (!worker.place.device.empty()) {
      sharers[{worker.host, worker.place.device}].push_back(rank);
    }
  }
  for (const auto& [where, ranks] : sharers) {
    if (static_cast<std::int64_t>(ranks.size()) > agents_per_device) {
      return fmt::format(
          "ranks {} on host {} have the same device, {}, and resources.agents_per_device is {}; start a worker for "
          "each "
          "device (with mpirun one more for the coordinator), see that each may use a device of its own, or set "
          "resources.agents_per_device={}",
          fmt::join(ranks, ", "), where.first, where.second, agents_per_device, ranks.size());
    }
  }
  return std::nullopt;
}

}  // namespace fairsweep
