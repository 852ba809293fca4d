#include "orchestrator/apps/devices.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <system_error>

namespace fairsweep::apps {

std::vector<std::string> visible_devices() {
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

std::size_t usable_cores() {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) {
    return 1;
  }
  return static_cast<std::size_t>(std::max(1, CPU_COUNT(&cores)));
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace fairsweep::apps
