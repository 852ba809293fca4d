#include "core/config/field_builders.hpp"

#include <utility>

namespace fairsweep {
namespace {

Field searched(Field field) {
  field.tunable = true;
  return field;
}

}  // namespace

Condition where(const char* path, const Words& words) { return {path, {words.begin(), words.end()}}; }

Field number_option(const char* path, double fallback, Range range, const char* unit, const char* help,
                    std::optional<Condition> only_with) {
  return {.path = path,
          .kind = FieldKind::real,
          .fallback = fallback,
          .range = range,
          .unit = unit,
          .help = help,
          .only_with = std::move(only_with)};
}

Field count_option(const char* path, std::int64_t fallback, Range range, const char* unit, const char* help,
                   std::optional<Condition> only_with) {
  return {.path = path,
          .kind = FieldKind::integer,
          .fallback = fallback,
          .range = range,
          .unit = unit,
          .help = help,
          .only_with = std::move(only_with)};
}

Field word_option(const char* path, const Words& words, const char* help, std::optional<Condition> only_with) {
  return {.path = path,
          .kind = FieldKind::enumeration,
          .fallback = Value(words.front()),
          .words = words,
          .help = help,
          .only_with = std::move(only_with)};
}

Field number_setting(const char* path, double fallback, Range range, const char* unit, const char* help,
                     std::optional<Condition> only_with) {
  Field field = searched(number_option(path, fallback, range, unit, help, std::move(only_with)));
  field.stackable = true;
  return field;
}

Field count_setting(const char* path, std::int64_t fallback, Range range, const char* unit, const char* help,
                    std::optional<Condition> only_with) {
  return searched(count_option(path, fallback, range, unit, help, std::move(only_with)));
}

Field word_setting(const char* path, const Words& words, const char* help, std::optional<Condition> only_with) {
  return searched(word_option(path, words, help, std::move(only_with)));
}

}  // namespace fairsweep
