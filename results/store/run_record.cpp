#include "results/store/run_record.hpp"

#include <string_view>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::string_view to_text(TrialState state) {
  switch (state) {
    case TrialState::pending:
      return "pending";
    case TrialState::running:
      return "running";
    case TrialState::reported:
      return "reported";
    case TrialState::failed:
      return "failed";
    case TrialState::elsewhere:
      return "elsewhere";
  }
  throw InternalError("this is a bug, please report it: a trial state without a name");
}

}  // namespace fairsweep
