#include "orchestrator/run_directory.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr std::uintmax_t k_least_free_bytes = std::uintmax_t{64} << 20U;

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw UserError(ExitCode::environment, folder.string() + ": the folder cannot be made: " + error.message() +
                                               "; give another place with --out");
  }
}

}  // namespace

bool RunDirectory::holds_a_run() const {
  std::error_code ignored;
  return std::filesystem::exists(sweep(), ignored) || std::filesystem::exists(events(), ignored);
}

void RunDirectory::prepare() const {
  for (const std::filesystem::path& folder : {path_, checkpoints(), artefacts(), logs()}) {
    make_folder(folder);
  }
  const std::filesystem::path probe = path_ / ".writable";
  {
    std::ofstream file(probe);
    file << "probe\n";
    file.flush();
    if (!file) {
      throw UserError(ExitCode::environment, path_.string() + ": cannot be written: " + std::strerror(errno) +
                                                 "; give another place with --out");
    }
  }
  std::error_code error;
  std::filesystem::remove(probe, error);
  const std::filesystem::space_info space = std::filesystem::space(path_, error);
  if (!error && space.available < k_least_free_bytes) {
    throw UserError(ExitCode::environment,
                    path_.string() + ": only " + std::to_string(space.available >> 20U) +
                        " MiB are free; make room (64 MiB at least) or give another place with --out");
  }
}

}  // namespace fairsweep
