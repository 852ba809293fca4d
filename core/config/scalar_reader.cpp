#include "core/config/scalar_reader.hpp"

#include <algorithm>
#include <utility>

#include "core/config/config_errors.hpp"
#include "core/config/number_text.hpp"
#include "core/config/utf8_text.hpp"
#include "core/config/value_reader.hpp"

namespace fairsweep {
namespace {

namespace errors = config_errors;

/// A value, or what is wrong with it.
using Answer = std::variant<Value, Mistake>;

template <typename T>
Answer checked(const Field& field, const YamlNode& node, Reading<T> reading) {
  if (!reading.value && !reading.beyond) {
    return errors::wrong_type(field, found_text(node), std::move(reading.hint));
  }
  if (reading.beyond || !field.range.contains(static_cast<double>(*reading.value))) {
    return errors::out_of_range(field, node.text);
  }
  return Value(*reading.value);
}

Answer number(const Field& field, const YamlNode& node) {
  const bool integer = field.kind == FieldKind::integer;
  if (!field.word_for_zero.empty() && node.text == field.word_for_zero)
    return integer ? Value(std::int64_t{0}) : Value(0.0);
  if (!node.plain) {
    const bool would_do = integer ? read_integer(node.text).value.has_value() : read_real(node.text).value.has_value();
    return errors::wrong_type(field, "the text " + found_text(node), would_do ? "remove the quotes" : "");
  }
  return integer ? checked(field, node, read_integer(node.text)) : checked(field, node, read_real(node.text));
}

Answer boolean(const Field& field, const YamlNode& node) {
  Reading<bool> reading = read_boolean(node.text);
  if (reading.value && node.plain)
    return Value(*reading.value);
  if (reading.value)
    reading.hint = "remove the quotes";
  return errors::wrong_type(field, found_text(node), std::move(reading.hint));
}

bool is_name(std::string_view text) {
  const auto letter_or_digit = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !text.empty() && text.size() <= 64 && letter_or_digit(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter_or_digit(c) || c == '_' || c == '-'; });
}

Answer text(const Field& field, const YamlNode& node) {
  for (std::size_t i = 0; i < node.text.size();) {
    const auto character = character_at(node.text, i);
    if (!character || is_control(character->code))
      return errors::control_in_text(field);
    i += character->bytes;
  }
  if (node.text.find_first_not_of(" \t\n") == std::string::npos && field.fallback != Value(node.text))
    return errors::empty_text(field);
  if (field.kind == FieldKind::name && !is_name(node.text))
    return errors::bad_name(field, node.text);
  return Value(node.text);
}

Answer word(const Field& field, const YamlNode& node) {
  if (std::find(field.words.begin(), field.words.end(), node.text) == field.words.end()) {
    return errors::not_one_of(field, node.text);
  }
  return Value(node.text);
}

Answer answer(const Field& field, const YamlNode& node) {
  if (node.kind == YamlNode::Kind::nothing)
    return errors::no_value(field);
  if (node.kind != YamlNode::Kind::scalar) {
    const std::string found =
        field.kind == FieldKind::texts ? "a list with " + found_text(node) + " in it" : found_text(node);
    return errors::wrong_type(field, found);
  }
  switch (field.kind) {
    case FieldKind::boolean:
      return boolean(field, node);
    case FieldKind::integer:
    case FieldKind::real:
      return number(field, node);
    case FieldKind::enumeration:
      return word(field, node);
    default:
      return text(field, node);
  }
}

}  // namespace

std::optional<Value> read_scalar(const Field& field, const YamlNode& node, MistakeList& mistakes) {
  Answer given = answer(field, node);
  if (auto* value = std::get_if<Value>(&given))
    return std::move(*value);
  mistakes.add(node.place, std::move(std::get<Mistake>(given)));
  return std::nullopt;
}

}  // namespace fairsweep
