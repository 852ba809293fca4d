#include "objectives/ensemble_weights/max_min.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "objectives/ensemble_weights/min_max.hpp"

namespace fairsweep {

EnsembleWeights max_min(const ValueTable& worth) {
  double greatest = worth.best(0);
  for (std::size_t row = 1; row < worth.rows(); ++row)
    greatest = std::max(greatest, worth.best(row));
  std::vector<double>
      cost;  // what each entry lacks of the greatest: none is below 0, so the 0 of min_max decides nothing
  cost.reserve(worth.rows() * worth.columns());
  for (std::size_t row = 0; row < worth.rows(); ++row) {
    for (const double value : worth.row(row))
      cost.push_back(greatest - value);
  }
  EnsembleWeights answer = min_max({worth.columns(), std::move(cost)});
  answer.value = worth.mixed(0, answer.weights);
  for (std::size_t row = 1; row < worth.rows(); ++row)
    answer.value = std::min(answer.value, worth.mixed(row, answer.weights));
  return answer;
}

}  // namespace fairsweep
