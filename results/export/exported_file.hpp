#pragma once

#include <functional>
#include <ostream>
#include <string>

namespace fairsweep::exports {

/// A file of an export; its bytes are made when it is written.
struct ExportedFile {
  std::string name;  ///< within the folder of the export
  std::function<void(std::ostream&)> write;
};

}  // namespace fairsweep::exports
