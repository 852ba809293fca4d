#pragma once

#include <filesystem>

#include "results/store/probe.hpp"
#include "results/store/rebuild_advice.hpp"

namespace fairsweep::store {

/// What `read` answers, which reads a result file that may be damaged: first in a child process, then here; what it
/// refuses is refused with the advice to make the file again. @throws UserError as `read` and `probe`.
template <typename Read>
auto guarded_read(const std::filesystem::path& file, Read read) {
  return read_or_advise(file, [&] {
    probe(file, [&] {
      static decltype(read()) kept;  // the child ends without giving memory back, a tenth of a large file's time
      kept = read();
    });
    return read();
  });
}

}  // namespace fairsweep::store
