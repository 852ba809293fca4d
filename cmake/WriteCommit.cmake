# Writes a source file that says which commit is being built. Run at each build: cmake -DSOURCE=... -DTARGET=... -P this
execute_process(COMMAND git -C "${SOURCE}" rev-parse HEAD
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(commit "unknown")
else()
  execute_process(COMMAND git --no-optional-locks -C "${SOURCE}" status --porcelain --untracked-files=no
                  OUTPUT_VARIABLE changes OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(changes)
    string(APPEND commit "-modified")
  endif()
endif()
file(CONFIGURE OUTPUT "${TARGET}" CONTENT [[
#include "orchestrator/apps/build_commit.hpp"

namespace fairsweep::apps {

std::string_view build_commit() { return "@commit@"; }

}  // namespace fairsweep::apps
]] @ONLY)
