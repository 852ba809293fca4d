#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

// Fields as the parts of the schema declare them. An option has one value in a sweep; a setting belongs to trials and
// may be searched.

using Words = std::vector<std::string>;

/// Where the option at `path` is one of these words.
[[nodiscard]] Condition where(const char* path, const Words& words);

[[nodiscard]] Field number_option(const char* path, double fallback, Range range, const char* unit, const char* help,
                                  std::optional<Condition> only_with = {});
[[nodiscard]] Field count_option(const char* path, std::int64_t fallback, Range range, const char* unit,
                                 const char* help, std::optional<Condition> only_with = {});
/// One of some words, the first of which is the default.
[[nodiscard]] Field word_option(const char* path, const Words& words, const char* help,
                                std::optional<Condition> only_with = {});

/// A number in which trials of one pack may differ.
[[nodiscard]] Field number_setting(const char* path, double fallback, Range range, const char* unit, const char* help,
                                   std::optional<Condition> only_with = {});
[[nodiscard]] Field count_setting(const char* path, std::int64_t fallback, Range range, const char* unit,
                                  const char* help, std::optional<Condition> only_with = {});
[[nodiscard]] Field word_setting(const char* path, const Words& words, const char* help,
                                 std::optional<Condition> only_with = {});

}  // namespace fairsweep
