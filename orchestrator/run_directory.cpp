#include "orchestrator/run_directory.hpp"

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <system_error>

#include "core/diagnostics/disk_advice.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr std::uintmax_t k_least_free_bytes = std::uintmax_t{64} << 20U;

constexpr std::chrono::minutes k_leftover_age{10};  // nothing that is being written stands still for so long

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw UserError(ExitCode::environment, folder.string() + ": the folder cannot be made: " + error.message() + "; " +
                                               disk_advice(error.value()) + ", or give another place with --out");
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
      const int reason = errno;
      std::error_code ignored;
      std::filesystem::remove(probe, ignored);
      throw UserError(ExitCode::environment, path_.string() +
                                                 ": cannot be written: " + std::generic_category().message(reason) +
                                                 "; " + disk_advice(reason) + ", or give another place with --out");
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

void RunDirectory::remove_leftovers() const {
  const auto oldest = std::filesystem::file_time_type::clock::now() - k_leftover_age;
  for (const std::filesystem::path& folder : {path_, artefacts()}) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), last; !error && entry != last;
         entry.increment(error)) {
      std::error_code unknown;
      const auto written = entry->last_write_time(unknown);
      if (!unknown && entry->path().extension() == ".tmp" && written < oldest) {
        std::filesystem::remove(entry->path(), unknown);
      }
    }
  }
}

}  // namespace fairsweep
