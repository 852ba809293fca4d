#include "results/export/space_text.hpp"

#include <cstddef>
#include <variant>
#include <vector>

namespace fairsweep::exports {
namespace {

std::string list_of(const std::vector<Value>& values, const std::string& last) {
  std::string list;
  for (std::size_t i = 0; i < values.size(); ++i)
    list += (i == 0 ? "" : i + 1 == values.size() ? last : ", ") + to_text(values[i]);
  return list;
}

std::string range_text(double low, double high, bool integer, const std::string& kind) {
  const auto bound = [&](double value) {
    return integer ? to_text(Value(static_cast<std::int64_t>(value))) : to_text(Value(value));
  };
  return bound(low) + " to " + bound(high) + (integer ? ", whole numbers, " : ", ") + kind;
}

}  // namespace

std::string distribution_text(const Distribution& distribution) {
  if (const auto* choice = std::get_if<Choice>(&distribution))
    return "one of " + list_of(choice->values, ", ");
  if (const auto* uniform = std::get_if<Uniform>(&distribution))
    return range_text(uniform->low, uniform->high, uniform->integer, "uniform");
  const LogUniform& log = std::get<LogUniform>(distribution);
  return range_text(log.low, log.high, log.integer, "log-uniform");
}

std::string condition_text(const Parameter& parameter) {
  if (!parameter.condition)
    return "";
  return parameter.condition->path + " is " + list_of(parameter.condition->values, " or ");
}

}  // namespace fairsweep::exports
