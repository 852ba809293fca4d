#include "results/store/stored_value.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/diagnostics/errors.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep::store {

std::string values_to_json(const std::vector<Value>& values) {
  nlohmann::json array = nlohmann::json::array();
  for (const Value& value : values) {
    std::visit(
        [&](const auto& held) {
          using Held = std::decay_t<decltype(held)>;
          if constexpr (std::is_same_v<Held, std::string>) {
            array.push_back(storable(std::string_view(held)));
          } else {
            if constexpr (std::is_same_v<Held, double>)
              check(std::isfinite(held), "a setting is a finite number");
            array.push_back(held);
          }
        },
        value);
  }
  return array.dump();
}

std::vector<Value> values_from_json(std::string_view json) {
  const nlohmann::json array = nlohmann::json::parse(json, nullptr, false);
  if (!array.is_array())
    throw std::invalid_argument("is no JSON array");
  std::vector<Value> values;
  for (const nlohmann::json& item : array) {
    if (item.is_boolean()) {
      values.emplace_back(item.get<bool>());
    } else if (item.is_number_unsigned() && item.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
      throw std::invalid_argument("holds a number that is too large");
    } else if (item.is_number_integer()) {
      values.emplace_back(item.get<std::int64_t>());
    } else if (item.is_number_float()) {
      values.emplace_back(item.get<double>());
    } else if (item.is_string()) {
      values.emplace_back(item.get<std::string>());
    } else {
      throw std::invalid_argument("holds something that is no setting");
    }
  }
  return values;
}

}  // namespace fairsweep::store
