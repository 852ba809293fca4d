#pragma once

#include <cstdint>

namespace fairsweep::fairness {

// What a bootstrap stream of this folder draws; takes the place of the configuration in its key. Frozen.
inline constexpr std::uint32_t k_people_stream = 0;   ///< people, with replacement
inline constexpr std::uint32_t k_answers_stream = 1;  ///< right answers of people who are all served alike
inline constexpr std::uint32_t k_choices_stream = 2;  ///< choices of people of whom the model is right to be so sure

}  // namespace fairsweep::fairness
