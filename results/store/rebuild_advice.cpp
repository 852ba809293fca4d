#include "results/store/rebuild_advice.hpp"

#include <string>
#include <system_error>

namespace fairsweep::store {

void refuse_with_advice(const std::filesystem::path& file, const UserError& error) {
  const std::filesystem::path run = file.has_parent_path() ? file.parent_path() : ".";
  std::error_code ignored;
  if (error.code() != ExitCode::file || !std::filesystem::is_regular_file(run / "events.log", ignored))
    throw error;
  throw UserError(ExitCode::file, std::string(error.what()) +
                                      "; the run's events.log is beside it: \"fairsweep rebuild " + run.string() +
                                      "\" makes the file again");
}

}  // namespace fairsweep::store
