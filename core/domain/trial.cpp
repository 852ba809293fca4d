#include "core/domain/trial.hpp"

#include <string_view>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

std::string_view to_text(Split split) {
  switch (split) {
    case Split::train:
      return "train";
    case Split::validation:
      return "validation";
    case Split::test:
      return "test";
    case Split::history:
      return "history";
    case Split::unused:
      return "unused";
  }
  throw InternalError("this is a bug, please report it: a split of no known kind");
}

}  // namespace fairsweep
