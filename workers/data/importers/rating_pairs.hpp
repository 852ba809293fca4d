#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace fairsweep {

/// One rating of a user, for pairs with the others of the same context.
struct Rating {
  std::int32_t candidate = 0;
  std::string_view name;    ///< of the candidate
  double value = 0;         ///< higher is better
  bool chosen = false;      ///< the user took it; decides between equal ratings
  std::int64_t number = 0;  ///< of the caller's own
};

/// Which pairs are made of ratings.
struct RatingPairRule {
  double tie_within = 0;  ///< differences up to this, and a millionth of the values for rounding, are ties
  bool keep_ties = true;
  bool adjacent = false;   ///< each rating with the next lower one alone
  std::int64_t most = -1;  ///< at most so many pairs of a user in a context, by chance; negative: all
  std::uint64_t seed = 0;  ///< of that chance
};

/// Makes pairs of one user's ratings in one context. They do not depend on the order of the ratings, nor on anybody
/// else's: ratings are put in order by value and name, and chance is drawn from counters under a key made of `owner`.
/// @param ratings  at least one; put in order
/// @param owner  tells the user and the context from others
/// @param add  receives the better, the worse (either where they are a tie), and whether they are a tie
/// @return ties that were not kept
/// Cost: O(n log n) for adjacent ones, otherwise O(n^2).
std::int64_t pairs_of(std::vector<Rating>& ratings, const RatingPairRule& rule, std::string_view owner,
                      const std::function<void(const Rating&, const Rating&, bool tie)>& add);

}  // namespace fairsweep
