#include "objectives/gradient_weights/mgda.hpp"

#include "objectives/gradient_weights/shortest_combination.hpp"

namespace fairsweep {

std::vector<double> mgda_weights(const Gramian& gramian) { return gramian.weigh(shortest_combination); }

}  // namespace fairsweep
