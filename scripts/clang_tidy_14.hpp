// Read before every source by clang-tidy alone (scripts/check_tidy). Version 14 lacks the builtin behind
// std::source_location, so libstdc++ 12 hides that type from it; this stands in for what the project uses of it.
#pragma once
#include <cstdint>
#if defined(__clang__) && !__has_builtin(__builtin_source_location)
namespace std {
struct source_location {
  static constexpr source_location current(const char* file = __builtin_FILE(),
                                           uint_least32_t line = __builtin_LINE()) {
    return {file, line};
  }
  [[nodiscard]] constexpr const char* file_name() const { return file_name_; }
  [[nodiscard]] constexpr uint_least32_t line() const { return line_; }
  const char* file_name_ = "";
  uint_least32_t line_ = 0;
};
}  // namespace std
#endif
