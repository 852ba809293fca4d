#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/random/philox.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// Who answers a comparison of a population of equally common types.
enum class TypeLabels {
  one,     ///< one person: what is asked of people of whom nobody knows the type
  all,     ///< a person of every type, each for himself
  agreed,  ///< a person of every type, all the same: one answer drawn as their agreement is distributed, which is what
           ///< would be left of a far larger number of comparisons labelled by all
};
/// By its name on the command line. @throws UserError (configuration) where there is none of that name.
[[nodiscard]] TypeLabels type_labels_named(std::string_view name);
[[nodiscard]] std::string_view name_of(TypeLabels labels);

/// People of types that differ in nothing but their reward for a candidate.
struct TypedPopulation {
  std::vector<std::string> types;            ///< labels of the attribute "type"
  std::vector<std::vector<double>> rewards;  ///< [types][candidates]
  std::int64_t users = 0;                    ///< a multiple of the number of types; person u is of type u % types
  std::int64_t comparisons = 0;              ///< that are drawn; each is as many answers as `labels` says
  TypeLabels labels = TypeLabels::one;
  std::uint64_t seed = 0;
};

/// A context and two different candidates of it, drawn from the stream.
struct DrawnPair {
  std::int64_t context = 0;
  std::int64_t first = 0, second = 0;  ///< rows of candidates
};

/// Adds the people and their answers to data that have candidates and no people. Somebody of type t prefers a to b with
/// probability 1 / (1 + exp(r_t(b) - r_t(a))) (Bradley and Terry 1952); all agree on a with probability
/// 1 / (1 + exp(sum_t r_t(b) - r_t(a))). Comparison i is answered by person i, modulo their number, so that everybody
/// answers equally often. The attribute "type" has the labels; its ceiling is the mean of max(p, 1 - p), exactly.
/// O(comparisons).
void add_typed_answers(PreferenceData& data, const TypedPopulation& population,
                       const std::function<DrawnPair(RandomStream&)>& draw);

/// @throws UserError (configuration) where the numbers are out of range, naming the option.
void check_typed_counts(std::int64_t comparisons, std::int64_t users, std::int64_t types);

}  // namespace fairsweep
