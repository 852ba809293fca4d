#include "objectives/gradient_weights/simplex_program.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

constexpr double k_zero = 1e-11;      ///< of coefficients of the order of 1
constexpr double k_feasible = 1e-9;   ///< how much of total^T x = 1 may be missing
constexpr int k_most_pivots = 5'000;  ///< Bland's rule ends by itself; rounding could make it not

/// Each basic variable as a constant plus a combination of the others, which are 0; and so the gain.
class Dictionary {
 public:
  Dictionary(std::size_t others, std::size_t basics)
      : others_(others), basics_(basics), table_((basics + 1) * (others + 1), 0.0), basic_(basics), other_(others) {
    for (std::size_t j = 0; j < others; ++j) {
      other_[j] = j;
    }
    for (std::size_t i = 0; i < basics; ++i) {
      basic_[i] = others + i;
    }
  }

  [[nodiscard]] double& at(std::size_t row, std::size_t column) { return table_[row * (others_ + 1) + column]; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const { return table_[row * (others_ + 1) + column]; }
  [[nodiscard]] double constant(std::size_t row) const { return at(row, others_); }
  [[nodiscard]] std::size_t others() const { return others_; }
  [[nodiscard]] std::size_t basics() const { return basics_; }
  [[nodiscard]] std::size_t gain_row() const { return basics_; }
  [[nodiscard]] std::size_t basic(std::size_t row) const { return basic_[row]; }
  [[nodiscard]] std::size_t other(std::size_t column) const { return other_[column]; }

  /// The row that first stops the growth of this column; of several `preferred`, else that of the least variable.
  [[nodiscard]] std::optional<std::size_t> stopping(std::size_t column, std::size_t preferred) const {
    std::optional<std::size_t> result;
    double least = 0;
    for (std::size_t i = 0; i < basics_; ++i) {
      if (at(i, column) >= -k_zero) {
        continue;
      }
      const double reach = std::max(0.0, constant(i)) / -at(i, column);
      const bool earlier = result && reach == least && basic_[*result] != preferred &&
                           (basic_[i] == preferred || basic_[i] < basic_[*result]);
      if (!result || reach < least || earlier) {
        result = i;
        least = reach;
      }
    }
    return result;
  }

  void pivot(std::size_t row, std::size_t column) {
    const double inverse = 1 / at(row, column);
    for (std::size_t j = 0; j <= others_; ++j) {
      at(row, j) *= -inverse;
    }
    at(row, column) = inverse;
    for (std::size_t i = 0; i <= basics_; ++i) {
      const double factor = at(i, column);
      if (i == row || factor == 0) {
        continue;
      }
      at(i, column) = 0;
      for (std::size_t j = 0; j <= others_; ++j) {
        at(i, j) += factor * at(row, j);
      }
    }
    std::swap(basic_[row], other_[column]);
  }

 private:
  std::size_t others_;
  std::size_t basics_;
  std::vector<double> table_;  ///< [basics + 1, others + 1]; last row the gain, last column the constants
  std::vector<std::size_t> basic_;
  std::vector<std::size_t> other_;
};

/// The column of the least variable for which `helps`, `banned` aside.
template <typename Helps>
std::optional<std::size_t> entering(const Dictionary& dictionary, std::size_t banned, Helps helps) {
  std::optional<std::size_t> result;
  for (std::size_t j = 0; j < dictionary.others(); ++j) {
    const bool first = !result || dictionary.other(j) < dictionary.other(*result);
    if (dictionary.other(j) != banned && first && helps(j)) {
      result = j;
    }
  }
  return result;
}

/// From x = 0 to total^T x = 1, which takes the missing share, the basic variable of the last row, out of the basis.
bool reach_total(Dictionary& dictionary, std::size_t missing) {
  const std::size_t row = dictionary.basics() - 1;
  for (int count = 0; count < k_most_pivots && dictionary.basic(row) == missing; ++count) {
    const auto column = entering(dictionary, missing, [&](std::size_t j) { return dictionary.at(row, j) < -k_zero; });
    if (!column) {
      break;
    }
    const auto stop = dictionary.stopping(*column, missing);
    check(stop.has_value(), "the missing share stops every column that lessens it");
    dictionary.pivot(*stop, *column);
  }
  if (dictionary.basic(row) != missing) {
    return true;
  }
  if (dictionary.constant(row) > k_feasible) {
    return false;
  }
  // Only rounding is missing, as where a single x fulfils the rows: the share leaves the basis as it is.
  std::size_t column = 0;
  for (std::size_t j = 1; j < dictionary.others(); ++j) {
    column = std::abs(dictionary.at(row, j)) > std::abs(dictionary.at(row, column)) ? j : column;
  }
  if (std::abs(dictionary.at(row, column)) > k_zero) {
    dictionary.pivot(row, column);
  }
  return true;
}

}  // namespace

SimplexProgram::SimplexProgram(std::span<const double> gain, std::span<const double> total)
    : gain_(gain.begin(), gain.end()), total_(total.begin(), total.end()) {
  check(gain.size() == total.size() && !gain.empty(), "a gain and a total for each variable");
}

void SimplexProgram::require(std::span<const double> coefficients, double least) {
  check(coefficients.size() == gain_.size(), "a coefficient for each variable");
  check(least <= 0, "a bound is not above 0");
  rows_.insert(rows_.end(), coefficients.begin(), coefficients.end());
  least_.push_back(least);
}

std::optional<std::vector<double>> SimplexProgram::solve() const {
  const std::size_t count = gain_.size();
  const std::size_t rows = least_.size();
  Dictionary dictionary(count, rows + 1);
  const std::size_t missing = count + rows;  // the variable of the last row, 1 - total^T x
  double unit = 0;
  for (const double gain : gain_) {
    unit = std::max(unit, std::abs(gain));
  }
  for (std::size_t j = 0; j < count; ++j) {
    for (std::size_t i = 0; i < rows; ++i) {
      dictionary.at(i, j) = rows_[i * count + j];
    }
    dictionary.at(rows, j) = -total_[j];
    dictionary.at(dictionary.gain_row(), j) = unit > 0 ? gain_[j] / unit : 0;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    dictionary.at(i, count) = -least_[i];
  }
  dictionary.at(rows, count) = 1;

  if (!reach_total(dictionary, missing)) {
    return std::nullopt;
  }
  for (int pivots = 0; pivots < k_most_pivots; ++pivots) {
    const auto column =
        entering(dictionary, missing, [&](std::size_t j) { return dictionary.at(dictionary.gain_row(), j) > k_zero; });
    const auto stop = column ? dictionary.stopping(*column, missing) : std::nullopt;
    if (!stop) {
      break;  // the greatest gain; without a limit only as far as rounding goes, since x lies in a simplex
    }
    dictionary.pivot(*stop, *column);
  }

  std::vector<double> result(count, 0.0);
  double total = 0;
  for (std::size_t i = 0; i < dictionary.basics(); ++i) {
    if (dictionary.basic(i) < count) {
      result[dictionary.basic(i)] = std::max(0.0, dictionary.constant(i));
      total += total_[dictionary.basic(i)] * result[dictionary.basic(i)];
    }
  }
  if (!(total > 0)) {
    return std::nullopt;
  }
  for (double& value : result) {
    value /= total;
  }
  return result;
}

}  // namespace fairsweep
