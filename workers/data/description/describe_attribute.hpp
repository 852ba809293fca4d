#pragma once

#include <string>
#include <vector>

#include "workers/data/description/describe_data.hpp"
#include "workers/data/description/pair_votes.hpp"

namespace fairsweep {

/// Everything that describe_data() says of one attribute.
/// @param of_comparisons  the codes are of comparisons, else of users
/// @param classes  of each user
/// Cost: O(answers + comparisons + users groups).
[[nodiscard]] AttributeDescription describe_attribute(const PreferenceData& data, const std::string& name,
                                                      const Attribute& attribute, bool of_comparisons,
                                                      const PairVotes& votes, const SupportSummary& support,
                                                      const std::vector<UserLabels>& classes,
                                                      const DescribeOptions& options);

}  // namespace fairsweep
