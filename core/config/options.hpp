#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/config/place.hpp"
#include "core/domain/search_space.hpp"
#include "core/domain/value.hpp"

namespace fairsweep {

/// One record of a list, by the names of its columns.
using Record = std::map<std::string, std::string>;

/// What an option of any kind can hold.
using OptionValue =
    std::variant<Value, Distribution, std::vector<std::string>, std::vector<Record>, std::vector<Settings>>;

/// One option of the schema as it stands in a sweep.
struct Option {
  OptionValue value;
  Place place;
  std::string origin;  ///< "default", "file:line:column" or "--set"
  bool given = false;
};

/// Path -> option: the active ones, defaults included.
using Options = std::map<std::string, Option, std::less<>>;

/// The fixed value, or the values of a choice; nothing for ranges and lists.
[[nodiscard]] std::vector<Value> possible_values(const OptionValue& value);

/// Where a mistake is that several options make together: of these, the first that somebody wrote.
[[nodiscard]] Place place_of(const Options& options, std::initializer_list<std::string_view> paths);

}  // namespace fairsweep
