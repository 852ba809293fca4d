#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/search_space.hpp"
#include "core/domain/value.hpp"

namespace fairsweep {

/// Is the setting of this path a number of hidden types of people? Those that are belong to a method and are called
/// "types", or "number" of something called "types"; a test holds the schema to it.
[[nodiscard]] bool asks_for_types(std::string_view path);

/// The largest number of hidden types that is asked for.
struct TypesAsked {
  std::string path;         ///< of the setting; empty: none is
  std::int64_t number = 0;  ///< 1 is one type for all, of which nothing need be told apart
  bool operator==(const TypesAsked&) const = default;
};

/// What trials can ask for: fixed settings, and the largest value that the search space has.
[[nodiscard]] TypesAsked most_types_asked(const Settings& fixed, const SearchSpace& space);
/// What trials did ask for, by their settings.
[[nodiscard]] TypesAsked most_types_asked(std::span<const Settings> trials);

/// What the answers of people allow; of `fairsweep describe`.
struct AnswersAPerson {
  double median = 0;            ///< comparisons that say an order, over people with comparisons
  bool pairs_only = false;      ///< none of them orders more than two candidates
  std::int64_t most_types = 0;  ///< the largest K with 2 K - 1 <= median
};

/// Why these answers cannot show so many types, a sentence each; none where nothing is to be said.
///
/// m answers a person show the first m mixed moments of what types would choose, so fewer than two show nothing of
/// types, and 2 K - 1 are a rule of thumb of this project for K. Binary comparisons identify no types from finitely
/// many answers a person; rankings of three or more can (Chidambaram, Seetharaman, Syrgkanis, arXiv 2510.15716).
[[nodiscard]] std::vector<std::string> warnings_on_types(const TypesAsked& asked, const AnswersAPerson& answers);

}  // namespace fairsweep
