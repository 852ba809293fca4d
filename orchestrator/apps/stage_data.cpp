#include "orchestrator/apps/stage_data.hpp"

#include <chrono>
#include <cstdlib>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/file_claim.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::size_t k_digits = 16;
constexpr std::chrono::milliseconds k_rest{100};

/// A copy of the same size is whole, since it got its name when it was; its digest is the trainer's to check.
bool is_there(const std::filesystem::path& copy, std::uintmax_t size) {
  std::error_code error;
  return std::filesystem::file_size(copy, error) == size && !error;
}

void copy_whole(const std::filesystem::path& from, const std::filesystem::path& to) {
  replace_file(to, [&from, &to](const std::filesystem::path& fresh) {
    std::error_code error;
    std::filesystem::copy_file(from, fresh, std::filesystem::copy_options::overwrite_existing, error);
    if (error) {
      throw UserError(ExitCode::environment, to.string() + ": cannot be written: " + error.message());
    }
  });
}

}  // namespace

std::filesystem::path staging_folder(const std::string& option) {
  if (!option.starts_with('$')) {
    return option;
  }
  const std::size_t slash = option.find('/');
  const char* value = std::getenv(option.substr(1, slash - 1).c_str());
  if (value == nullptr || *value == '\0') {
    return {};
  }
  return slash == std::string::npos ? std::string(value) : value + option.substr(slash);
}

std::filesystem::path stage_data(const std::filesystem::path& file, const std::string& digest,
                                 const std::filesystem::path& folder, const std::function<bool()>& stop,
                                 spdlog::logger& logger) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) {
    logger.warn("{}: is not staged ({}); it is read where it is", file.string(), error.message());
    return file;
  }
  std::filesystem::path copy = folder / ("fairsweep-" + digest.substr(0, k_digits) + file.extension().string());
  try {
    while (!is_there(copy, size)) {
      if (const std::optional<FileClaim> claim = claim_file(copy.string() + ".claim")) {
        if (!is_there(copy, size)) {  // or another had made it before our claim
          copy_whole(file, copy);
        }
      } else if (stop()) {
        return file;
      } else {
        std::this_thread::sleep_for(k_rest);
      }
    }
    return copy;
  } catch (const UserError& problem) {
    logger.warn("the data are not staged: {}; they are read where they are", problem.what());
    return file;
  }
}

}  // namespace fairsweep::apps
