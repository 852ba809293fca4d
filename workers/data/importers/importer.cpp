#include "workers/data/importers/importer.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/people_table.hpp"

namespace fairsweep {

double ImporterArguments::number(const std::string& name, double least, double most) const {
  double value = 0;
  if (!parses_as_number(option(name), value) || value < least || value > most) {
    throw UserError(ExitCode::configuration, fmt::format("--{} is \"{}\"; it must be a number from {:g} to {:g}", name,
                                                         option(name), least, most));
  }
  return value;
}

std::int64_t ImporterArguments::whole(const std::string& name, std::int64_t least, std::int64_t most) const {
  const double value = number(name, static_cast<double>(least), static_cast<double>(most));
  if (value != std::floor(value)) {
    throw UserError(ExitCode::configuration, fmt::format("--{} is \"{}\"; it must be whole", name, option(name)));
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace fairsweep
