#include "core/config/resolved_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "core/config/schema.hpp"
#include "core/config/utf8_text.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// A word that no reader takes for anything but a text.
bool is_plain(std::string_view text) {
  constexpr std::array<std::string_view, 9> k_other_meaning = {"true", "false", "yes", "no",  "on",
                                                               "off",  "y",     "n",   "null"};
  if (text.empty() || !is_letter(text[0]))
    return false;
  std::string low;
  for (const char c : text) {
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '_')
      return false;
    low += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return std::find(k_other_meaning.begin(), k_other_meaning.end(), low) == k_other_meaning.end();
}

void append_escape(std::string& out, std::uint32_t code) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  out += "\\u";
  for (unsigned shift = 16; shift > 0; shift -= 4)
    out += k_digits[(code >> (shift - 4)) & 15U];
}

/// Invisible characters that readers fold, strip or refuse.
bool needs_escape(std::uint32_t code) {
  return is_control(code) || code == 0x2028 || code == 0x2029 || code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
}

std::string scalar_text(const std::string& text) {
  if (is_plain(text))
    return text;
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto character = character_at(text, i);
    check(character.has_value(), "a text of a sweep is no UTF-8");
    const std::uint32_t code = character->code;
    if (code == '"' || code == '\\') {
      out += '\\';
      out += static_cast<char>(code);
    } else if (code == '\n') {
      out += "\\n";
    } else if (code == '\t') {
      out += "\\t";
    } else if (needs_escape(code)) {
      append_escape(out, code);
    } else {
      out += text.substr(i, character->bytes);
    }
    i += character->bytes;
  }
  return out + "\"";
}

std::string value_text(const Field& field, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value))
    return scalar_text(*text);
  if (!field.word_for_zero.empty() && (value == Value(std::int64_t{0}) || value == Value(0.0)))
    return field.word_for_zero;
  return to_text(value);
}

std::string bounds_text(const char* name, double low, double high, bool integer) {
  const auto bound = [&](double number) {
    return integer ? to_text(static_cast<std::int64_t>(number)) : to_text(number);
  };
  return std::string("{") + name + ": [" + bound(low) + ", " + bound(high) + "]}";
}

struct OptionText {
  const Field& field;

  std::string operator()(const Value& value) const { return value_text(field, value); }
  std::string operator()(const Distribution& distribution) const { return std::visit(*this, distribution); }
  std::string operator()(const Choice& choice) const {
    std::string text;
    for (const Value& value : choice.values)
      text += (text.empty() ? "" : ", ") + value_text(field, value);
    return "{choice: [" + text + "]}";
  }
  std::string operator()(const Uniform& range) const {
    return bounds_text("uniform", range.low, range.high, range.integer);
  }
  std::string operator()(const LogUniform& range) const {
    return bounds_text("log_uniform", range.low, range.high, range.integer);
  }
  std::string operator()(const std::vector<std::string>& texts) const {
    std::string text;
    for (const std::string& item : texts)
      text += (text.empty() ? "" : ", ") + scalar_text(item);
    return "[" + text + "]";
  }
  std::string operator()(const std::vector<Record>& records) const {
    std::string text;
    for (const Record& record : records) {
      std::string columns;
      for (const Field& column : field.columns) {
        const std::string name = leaf_name(column.path);
        columns += (columns.empty() ? "" : ", ") + name + ": " + scalar_text(record.at(name));
      }
      text += (text.empty() ? "{" : ", {") + columns + "}";
    }
    return "[" + text + "]";
  }
  std::string operator()(const std::vector<Settings>& list) const {
    std::string text;
    for (const Settings& settings : list) {
      std::string values;
      for (const auto& [path, value] : settings) {
        const Field* setting = find_field(path);
        check(setting != nullptr, "a setting that the schema does not have");
        values += (values.empty() ? "" : ", ") + path + ": " + value_text(*setting, value);
      }
      text += (text.empty() ? "{" : ", {") + values + "}";
    }
    return "[" + text + "]";
  }
};

}  // namespace

std::string option_text(const std::string& path, const OptionValue& value) {
  const Field* field = find_field(path);
  check(field != nullptr, "an option that the schema does not have");
  return std::visit(OptionText{*field}, value);
}

std::string resolved_text(const Options& options) {
  std::string text;
  std::vector<std::string> open;  // sections that the last line was in
  for (const Field& field : sweep_schema()) {
    const auto option = options.find(field.path);
    if (option == options.end())
      continue;
    std::vector<std::string> parts;
    std::string_view rest = field.path;
    for (auto dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
      parts.emplace_back(rest.substr(0, dot));
      rest.remove_prefix(dot + 1);
    }
    std::size_t shared = 0;
    while (shared < parts.size() && shared < open.size() && parts[shared] == open[shared])
      ++shared;
    for (std::size_t level = shared; level < parts.size(); ++level) {
      text += std::string(2 * level, ' ') + parts[level] + ":\n";
    }
    text += std::string(2 * parts.size(), ' ') + std::string(rest) + ": " +
            option_text(field.path, option->second.value) + "\n";
    open = std::move(parts);
  }
  return text;
}

}  // namespace fairsweep
