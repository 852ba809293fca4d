#include "workers/data/importers/json_mistake.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace fairsweep {

namespace {

/// Takes everything and keeps nothing but where it went wrong.
struct MistakeFinder final : nlohmann::json_sax<nlohmann::json> {
  std::optional<std::size_t> byte;

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*elements*/) override { return true; }
  bool key(string_t& /*value*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t /*elements*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    byte = position == 0 ? 0 : position - 1;
    return false;
  }
};

}  // namespace

std::optional<std::size_t> first_json_mistake(std::string_view text) {
  MistakeFinder finder;
  (void)nlohmann::json::sax_parse(text, &finder);
  if (!finder.byte) {
    return std::nullopt;
  }
  return std::min(*finder.byte, text.size());
}

}  // namespace fairsweep
