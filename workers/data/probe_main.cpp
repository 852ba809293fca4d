// fairsweep-probe data|embeddings FILE: reads a foreign file whole and answers with the exit code, its message on
// stdout. Started by read_data_file() and read_embeddings(), never by people: where a damaged file crashes the HDF5
// library, only this process dies.

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <iostream>
#include <new>
#include <string_view>
#include <system_error>

#include "core/diagnostics/errors.hpp"
#include "workers/data/data_file_format.hpp"
#include "workers/data/features/embeddings_file.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FAIRSWEEP_SHADOW_MEMORY 1  // sanitizers reserve terabytes of addresses
#else
#define FAIRSWEEP_SHADOW_MEMORY 0
#endif

namespace {

void limit(int resource, rlim_t most) {
  const rlimit bound{most, most};
  setrlimit(static_cast<decltype(RLIMIT_AS)>(resource), &bound);  // best effort: an older, lower limit stays
}

// Addresses for everything a file of this size can hold when unpacked, but never more than the machine has.
void limit_memory(const std::filesystem::path& file) {
  std::error_code problem;
  const std::uintmax_t bytes = std::filesystem::file_size(file, problem);
  if (problem || FAIRSWEEP_SHADOW_MEMORY == 1) {
    return;
  }
  constexpr std::uintmax_t k_base = std::uintmax_t{1} << 30U;
  constexpr std::uintmax_t k_highest_compression = 1100;
  const auto machine =
      static_cast<std::uintmax_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uintmax_t>(sysconf(_SC_PAGESIZE));
  limit(RLIMIT_AS, std::min(k_base + std::min(bytes, machine) * k_highest_compression, std::max(machine, k_base)));
}

int answer(fairsweep::ExitCode code) { return static_cast<int>(code); }

}  // namespace

int main(int argc, char** argv) {
  using fairsweep::ExitCode;
  const std::string_view kind = argc == 3 ? argv[1] : "";
  if (kind != "data" && kind != "embeddings") {
    std::cout << "usage: fairsweep-probe data|embeddings FILE";
    return answer(ExitCode::configuration);
  }
  const std::filesystem::path file = argv[2];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  limit_memory(file);
  try {
    if (kind == "data") {
      (void)fairsweep::data_file::read_here(file);
    } else {
      (void)fairsweep::embeddings_file::read_here(file);
    }
    return answer(ExitCode::done);
  } catch (const fairsweep::UserError& error) {
    std::cout << error.what();
    return answer(error.code());
  } catch (const std::bad_alloc&) {
    std::cout << file.string() << ": reading it needs more memory than this machine has; the file may be damaged";
    return answer(ExitCode::file);
  } catch (const std::exception& error) {
    std::cout << error.what();
    return answer(ExitCode::internal);
  }
}
