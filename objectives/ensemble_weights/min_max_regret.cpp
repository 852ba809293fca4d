#include "objectives/ensemble_weights/min_max_regret.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/ensemble_weights/min_max.hpp"

namespace fairsweep {

ValueTable regrets_of(const ValueTable& worth, std::span<const double> rho, RegretAgainst against) {
  check(rho.size() == worth.rows(), "a weight for each kind of people");
  check(std::all_of(rho.begin(), rho.end(), [](double value) { return std::isfinite(value) && value >= 0; }),
        "weights of regrets are finite and not negative");
  check(against == RegretAgainst::best_model || worth.rows() == worth.columns(), "a model of its own for each kind");
  std::vector<double> regrets;
  regrets.reserve(worth.rows() * worth.columns());
  for (std::size_t row = 0; row < worth.rows(); ++row) {
    const double reference = against == RegretAgainst::own_model ? worth.at(row, row) : worth.best(row);
    for (const double value : worth.row(row))
      regrets.push_back(rho[row] * (reference - value));
  }
  return {worth.columns(), std::move(regrets)};
}

EnsembleWeights min_max_regret(const ValueTable& worth, std::span<const double> rho, RegretAgainst against) {
  return min_max(regrets_of(worth, rho, against));
}

}  // namespace fairsweep
