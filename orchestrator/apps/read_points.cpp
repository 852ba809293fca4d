#include "orchestrator/apps/read_points.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <system_error>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::string_view k_blanks = " \t\r\v\f";

[[noreturn]] void refuse(const std::string& name, std::size_t line, const std::string& what) {
  throw UserError(ExitCode::file, name + ":" + std::to_string(line) + ": " + what);
}

/// Fields of a line: a comma parts two numbers, with any blanks around it, and so do blanks alone.
std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  bool after_comma = false;
  for (std::size_t i = line.find_first_not_of(k_blanks); i != std::string_view::npos;
       i = line.find_first_not_of(k_blanks, i)) {
    if (line[i] == ',') {
      if (fields.empty() || after_comma)
        fields.push_back({});
      after_comma = true;
      ++i;
      continue;
    }
    const std::size_t end = std::min(line.find_first_of(" \t\r\v\f,", i), line.size());
    fields.push_back(line.substr(i, end - i));
    after_comma = false;
    i = end;
  }
  if (after_comma)
    fields.push_back({});
  return fields;
}

}  // namespace

double read_number(std::string_view text) {
  if (text.empty())
    throw std::invalid_argument("a number is missing beside a comma");
  // A plus sign is fine for people; from_chars does not know it.
  std::string_view digits = text;
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-')
    digits.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const std::string quoted = '"' + std::string(text) + '"';
  if (error == std::errc::result_out_of_range)
    throw std::invalid_argument(quoted + " is beyond the range of a double");
  if (error != std::errc() || end != digits.data() + digits.size())
    throw std::invalid_argument(quoted + " is no number");
  if (!std::isfinite(value))
    throw std::invalid_argument(quoted + " cannot be ranked; points need finite numbers");
  return value;
}

PointTable read_points(std::istream& input, const std::string& name) {
  PointTable points;
  std::string line;
  for (std::size_t number = 1; std::getline(input, line); ++number) {
    const std::string_view content = std::string_view(line).substr(0, line.find('#'));
    const std::vector<std::string_view> fields = fields_of(content);
    if (fields.empty())
      continue;
    if (points.dimensions == 0)
      points.dimensions = fields.size();
    if (fields.size() != points.dimensions) {
      refuse(name, number,
             "has " + std::to_string(fields.size()) + " numbers, and the first point has " +
                 std::to_string(points.dimensions));
    }
    for (const std::string_view field : fields) {
      try {
        points.values.push_back(read_number(field));
      } catch (const std::invalid_argument& problem) {
        refuse(name, number, problem.what());
      }
    }
  }
  if (input.bad())
    throw UserError(ExitCode::environment, name + " could not be read to its end");
  return points;
}

}  // namespace fairsweep::apps
