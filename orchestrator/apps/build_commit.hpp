#pragma once

#include <string_view>

namespace fairsweep::apps {

/// The commit this program was built from, "-modified" after it where files had been changed; "unknown" outside git.
/// Its source is written anew at each build by cmake/WriteCommit.cmake.
[[nodiscard]] std::string_view build_commit();

}  // namespace fairsweep::apps
