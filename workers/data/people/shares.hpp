#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep {

/// "a,b,c" at its commas; an empty list is one empty part.
[[nodiscard]] std::vector<std::string> parts_of(const std::string& list);

/// The value of the option --shares: `count` numbers above 0 between commas, which need not sum to 1.
/// @param shared_by  what has the shares, such as "domains"
/// @throws UserError (configuration) where it is anything else
[[nodiscard]] std::vector<double> shares_in(const std::string& list, std::size_t count, std::string_view shared_by);

/// How many of `people` each share gets: quotas rounded by largest remainder, so that they sum to `people`.
/// @param shares  at least one, all above 0
[[nodiscard]] std::vector<std::int64_t> allotted(std::int64_t people, const std::vector<double>& shares);

}  // namespace fairsweep
