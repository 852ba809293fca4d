#include "core/domain/value.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace fairsweep {
namespace {

/// Always with a point: 3.0 stays apart from the integer 3, and readers that follow YAML 1.1 take "1e-05" for a text.
std::string real_text(double value) {
  if (std::isnan(value))
    return ".nan";
  if (std::isinf(value))
    return value < 0 ? "-.inf" : ".inf";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string text(buffer.data(), end);
  if (text.find('.') != std::string::npos)
    return text;
  const auto exponent = text.find('e');
  return exponent == std::string::npos ? text + ".0" : text.insert(exponent, ".0");
}

}  // namespace

std::string to_text(const Value& value) {
  struct {
    std::string operator()(bool truth) const { return truth ? "true" : "false"; }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const { return real_text(number); }
    std::string operator()(const std::string& text) const { return text; }
  } const write;
  return std::visit(write, value);
}

}  // namespace fairsweep
