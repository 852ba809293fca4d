#include "orchestrator/apps/run_provenance.hpp"

#include <fmt/core.h>
#include <gnu/libc-version.h>
#include <spdlog/version.h>
#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/diagnostics/host.hpp"
#include "orchestrator/apps/build_commit.hpp"
#include "orchestrator/apps/cores.hpp"

namespace fairsweep::apps {
namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) {
      const std::size_t begin = line.find(':');
      return begin == std::string::npos ? line : line.substr(line.find_first_not_of(' ', begin + 1));
    }
  }
  return "unknown";
}

}  // namespace

std::map<std::string, std::string> run_provenance(const std::string& transport, int workers) {
  std::map<std::string, std::string> facts = {
      {"fairsweep", FAIRSWEEP_VERSION},
      {"fairsweep.commit", std::string(build_commit())},
      {"fairsweep.compiler", FAIRSWEEP_COMPILER},
      {"fairsweep.flags", FAIRSWEEP_FLAGS},
      {"library.glibc", gnu_get_libc_version()},
      {"library.fmt", std::to_string(FMT_VERSION)},
      {"library.spdlog", fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH)},
      {"library.nlohmann_json",
       fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH)},
      {"library.hdf5", FAIRSWEEP_HDF5_VERSION},
      {"library.yaml_cpp", FAIRSWEEP_YAML_VERSION},
      {"library.mpi", FAIRSWEEP_MPI_VERSION},
      {"host", host_name()},
      {"processor", processor()},
      {"cores", std::to_string(usable_cores().size())},
      {"transport", transport},
      {"workers", std::to_string(workers)},
  };
  utsname system{};
  if (uname(&system) == 0) {
    facts["system"] = fmt::format("{} {} {}", system.sysname, system.release, system.machine);
  }
  for (const char* name : {"SLURM_JOB_ID", "SLURM_JOB_NODELIST", "SLURM_RESTART_COUNT", "CUDA_VISIBLE_DEVICES",
                           "OPENBLAS_CORETYPE", "ATEN_CPU_CAPABILITY"}) {
    if (const char* value = std::getenv(name)) {
      facts[std::string("environment.") + name] = value;
    }
  }
  return facts;
}

}  // namespace fairsweep::apps
