#include "workers/data/generators/recipe_checks.hpp"

#include <array>
#include <charconv>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::recipe_checks {

namespace {

void require_text(bool holds, std::string_view option, const std::string& value, std::string_view range) {
  if (!holds) {
    throw UserError(ExitCode::configuration,
                    "--" + std::string(option) + " is " + value + "; it must be " + std::string(range));
  }
}

}  // namespace

std::string decimal(double value) {
  std::array<char, 32> text{};
  const auto [end, problem] = std::to_chars(text.data(), text.data() + text.size(), value);
  check(problem == std::errc(), "a double has a shortest decimal");
  return {text.data(), end};
}

void require(bool holds, std::string_view option, std::int64_t value, std::string_view range) {
  require_text(holds, option, std::to_string(value), range);
}

void require(bool holds, std::string_view option, double value, std::string_view range) {
  require_text(holds, option, decimal(value), range);
}

}  // namespace fairsweep::recipe_checks
