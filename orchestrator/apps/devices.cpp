#include "orchestrator/apps/devices.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "orchestrator/apps/child_program.hpp"

namespace fairsweep::apps {
namespace {

/// What the driver's own tool lists: the devices that this process may open, numbered as CUDA does by default within
/// one kind of GPU.
std::string listing_of_driver() {
  return answer_of({"timeout", "20", "nvidia-smi", "-L"}, Errors::hidden).value_or("");
}

std::vector<std::string> named_devices() {
  std::vector<std::string> devices;
  if (const char* visible = std::getenv("CUDA_VISIBLE_DEVICES")) {
    std::istringstream stream(visible);
    for (std::string device; std::getline(stream, device, ',');) {
      if (device == "-1") {  // as CUDA reads it: this one and all after it are hidden
        break;
      }
      if (!device.empty()) {
        devices.push_back(device);
      }
    }
    return devices;
  }
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/driver/nvidia/gpus", error), end; !error && entry != end;
       entry.increment(error)) {
    devices.push_back(std::to_string(devices.size()));
  }
  return devices;
}

std::int64_t number_in(const char* file) {
  std::ifstream stream(file);
  std::int64_t number = 0;
  return stream >> number ? number : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::vector<std::string> visible_devices() {
  std::vector<std::string> devices = named_devices();
  const bool numbered = std::any_of(devices.begin(), devices.end(), [](const std::string& device) {
    return device.find_first_not_of("0123456789") == std::string::npos;
  });
  if (!numbered) {
    return devices;
  }
  static const std::vector<std::string> uuids = uuids_in(listing_of_driver());  // of this process, asked once
  return with_uuids(std::move(devices), uuids);
}

std::vector<std::string> uuids_in(const std::string& listing) {
  std::vector<std::string> uuids;
  std::istringstream lines(listing);
  bool parts = false;  // of the last GPU have been seen
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view k_key = "UUID: ";
    const std::size_t key = line.find(k_key);
    const std::size_t end = line.find(')', key);
    if (key == std::string::npos || end == std::string::npos) {
      continue;
    }
    const std::string uuid = line.substr(key + k_key.size(), end - key - k_key.size());
    const bool part = uuid.starts_with("MIG");
    if (part && !parts && !uuids.empty()) {
      uuids.pop_back();
    }
    parts = part;
    uuids.push_back(uuid);
  }
  return uuids;
}

std::vector<std::string> with_uuids(std::vector<std::string> devices, const std::vector<std::string>& uuids) {
  for (std::string& device : devices) {
    std::size_t number = 0;
    const auto answer = std::from_chars(device.data(), device.data() + device.size(), number);
    if (answer.ec == std::errc() && answer.ptr == device.data() + device.size() && number < uuids.size()) {
      device = uuids[number];
    }
  }
  return devices;
}

std::int64_t usable_memory_mib() {
  constexpr std::int64_t k_mebibyte = std::int64_t{1} << 20U;
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  const std::int64_t host = pages > 0 && page > 0 ? static_cast<std::int64_t>(pages) * page : 0;
  return std::min(host, number_in("/sys/fs/cgroup/memory.max")) / k_mebibyte;
}

bool own_trainer_knows_cuda() { return FAIRSWEEP_TRAINER_KNOWS_CUDA != 0; }

std::vector<std::string> trainer_devices(const std::vector<std::string>& command) {
  return command.empty() && !own_trainer_knows_cuda() ? std::vector<std::string>() : visible_devices();
}

std::optional<std::string> device_of(std::size_t index, const std::vector<std::string>& devices) {
  if (devices.empty()) {
    return std::nullopt;
  }
  return devices[index % devices.size()];
}

std::size_t rank_on_host() {
  for (const char* name : {"OMPI_COMM_WORLD_LOCAL_RANK", "PMIX_LOCAL_RANK", "SLURM_LOCALID", "MPI_LOCALRANKID"}) {
    if (const char* text = std::getenv(name)) {
      std::size_t rank = 0;
      if (std::from_chars(text, text + std::strlen(text), rank).ec == std::errc()) {
        return rank;
      }
    }
  }
  return 0;
}

}  // namespace fairsweep::apps
