#include "results/pareto/small_matrix.hpp"

#include <algorithm>
#include <cmath>

namespace fairsweep::pareto {
namespace {

/// Lower triangle of Bartlett's decomposition of a Wishart with unit scale.
SmallMatrix bartlett(std::size_t size, double degrees, RandomSource& random) {
  SmallMatrix lower(size);
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column < row; ++column)
      lower(row, column) = random.normal();
    lower(row, row) = std::sqrt(2 * random.gamma((degrees - static_cast<double>(row)) / 2));
  }
  return lower;
}

/// M M'.
SmallMatrix with_its_transpose(const SmallMatrix& matrix) {
  const std::size_t size = matrix.size();
  SmallMatrix product(size);
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = 0;
      for (std::size_t k = 0; k < size; ++k)
        sum += matrix(row, k) * matrix(column, k);
      product(row, column) = product(column, row) = sum;
    }
  }
  return product;
}

}  // namespace

SmallMatrix::SmallMatrix(std::size_t size, double diagonal) : size_(size), values_(size * size, 0.0) {
  for (std::size_t i = 0; i < size; ++i)
    (*this)(i, i) = diagonal;
}

void SmallMatrix::add_outer(std::span<const double> vector, double factor) {
  for (std::size_t row = 0; row < size_; ++row) {
    for (std::size_t column = 0; column < size_; ++column)
      (*this)(row, column) += factor * vector[row] * vector[column];
  }
}

void SmallMatrix::add(const SmallMatrix& other, double factor) {
  for (std::size_t i = 0; i < values_.size(); ++i)
    values_[i] += factor * other.values_[i];
}

void factor(SmallMatrix& matrix) {
  const std::size_t size = matrix.size();
  for (std::size_t column = 0; column < size; ++column) {
    const double diagonal = matrix(column, column);
    double pivot = diagonal;
    for (std::size_t k = 0; k < column; ++k)
      pivot -= matrix(column, k) * matrix(column, k);
    matrix(column, column) = std::sqrt(std::max({pivot, 1e-14 * diagonal, 1e-300}));
    for (std::size_t row = column + 1; row < size; ++row) {
      double sum = matrix(row, column);
      for (std::size_t k = 0; k < column; ++k)
        sum -= matrix(row, k) * matrix(column, k);
      matrix(row, column) = sum / matrix(column, column);
    }
  }
}

SmallMatrix cholesky(const SmallMatrix& matrix) {
  SmallMatrix lower = matrix;
  factor(lower);
  for (std::size_t row = 0; row < lower.size(); ++row) {
    for (std::size_t column = row + 1; column < lower.size(); ++column)
      lower(row, column) = 0;
  }
  return lower;
}

void solve_lower(const SmallMatrix& lower, std::span<double> vector) {
  for (std::size_t row = 0; row < vector.size(); ++row) {
    for (std::size_t column = 0; column < row; ++column)
      vector[row] -= lower(row, column) * vector[column];
    vector[row] /= lower(row, row);
  }
}

void solve_upper(const SmallMatrix& lower, std::span<double> vector) {
  for (std::size_t row = vector.size(); row-- > 0;) {
    for (std::size_t column = row + 1; column < vector.size(); ++column)
      vector[row] -= lower(column, row) * vector[column];
    vector[row] /= lower(row, row);
  }
}

SmallMatrix inverse_of_factored(const SmallMatrix& lower) {
  const std::size_t size = lower.size();
  SmallMatrix inverse(size);
  std::vector<double> column(size);
  for (std::size_t j = 0; j < size; ++j) {
    std::ranges::fill(column, 0.0);
    column[j] = 1;
    solve_lower(lower, column);
    solve_upper(lower, column);
    for (std::size_t i = 0; i < size; ++i)
      inverse(i, j) = column[i];
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < i; ++j)
      inverse(i, j) = inverse(j, i) = (inverse(i, j) + inverse(j, i)) / 2;
  }
  return inverse;
}

double log_diagonal(const SmallMatrix& lower) {
  double sum = 0;
  for (std::size_t i = 0; i < lower.size(); ++i)
    sum += std::log(lower(i, i));
  return sum;
}

double quadratic_form(const SmallMatrix& matrix, std::span<const double> vector) {
  double sum = 0;
  for (std::size_t row = 0; row < vector.size(); ++row) {
    double product = 0;
    for (std::size_t column = 0; column < vector.size(); ++column)
      product += matrix(row, column) * vector[column];
    sum += vector[row] * product;
  }
  return sum;
}

SmallMatrix draw_wishart(const SmallMatrix& scale, double degrees, RandomSource& random) {
  const std::size_t size = scale.size();
  const SmallMatrix left = cholesky(scale), right = bartlett(size, degrees, random);
  SmallMatrix product(size);
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      for (std::size_t k = column; k <= row; ++k)
        product(row, column) += left(row, k) * right(k, column);
    }
  }
  return with_its_transpose(product);
}

SmallMatrix draw_inverse_wishart(const SmallMatrix& scale, double degrees, RandomSource& random) {
  const std::size_t size = scale.size();
  const SmallMatrix left = cholesky(scale), unit = bartlett(size, degrees, random);
  // scale = L L' and W = A A' give inverse(inverse(L)' W inverse(L)) = M M' with M = L inverse(A)'.
  SmallMatrix product(size);
  std::vector<double> row_of(size);
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t column = 0; column < size; ++column)
      row_of[column] = left(row, column);
    solve_lower(unit, row_of);  // a row of M is inverse(A) times that row of L
    for (std::size_t column = 0; column < size; ++column)
      product(row, column) = row_of[column];
  }
  return with_its_transpose(product);
}

}  // namespace fairsweep::pareto
