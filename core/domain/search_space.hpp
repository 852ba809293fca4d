#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/domain/value.hpp"

namespace fairsweep {

/// One of a list, each as likely; order is kept, grids walk it.
struct Choice {
  std::vector<Value> values;
  bool operator==(const Choice&) const = default;
};
/// Uniform over [low, high]. Integers: both ends included.
struct Uniform {
  double low = 0;
  double high = 1;
  bool integer = false;
  bool operator==(const Uniform&) const = default;
};
/// Uniform in the logarithm over [low, high], low > 0. Integers: rounded, both ends included.
struct LogUniform {
  double low = 1;
  double high = 10;
  bool integer = false;
  bool operator==(const LogUniform&) const = default;
};
using Distribution = std::variant<Choice, Uniform, LogUniform>;

/// The parameter exists only where another parameter of the space has one of these values.
struct Condition {
  std::string path;
  std::vector<Value> values;
  bool operator==(const Condition&) const = default;
};

struct Parameter {
  std::string path;  ///< full path in the configuration, for example "method.group_dro.step_size"
  Distribution distribution;
  std::optional<Condition> condition;  ///< the named parameter comes earlier in the space
  bool operator==(const Parameter&) const = default;
};

/// Parameters in the order of the schema; a condition refers to an earlier parameter only.
struct SearchSpace {
  std::vector<Parameter> parameters;
  bool operator==(const SearchSpace&) const = default;
};

/// The value at `quantile` in [0, 1): Choice picks floor(quantile * n); integers are spread evenly.
[[nodiscard]] Value value_at(const Distribution& distribution, double quantile);

/// Does `condition` hold under the values chosen so far? A condition on an absent parameter does not hold.
[[nodiscard]] bool holds(const Condition& condition, const Settings& chosen);

}  // namespace fairsweep
