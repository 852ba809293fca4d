#include "workers/data/groups/user_agreement.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/diagnostics/errors.hpp"
#include "workers/data/groups/answered_pairs.hpp"

namespace fairsweep {

std::vector<double> user_agreement(const PreferenceData& data, std::span<const std::int64_t> shown,
                                   const std::vector<std::int32_t>& users) {
  const auto n = static_cast<std::size_t>(1 + *std::max_element(users.begin(), users.end()));
  std::vector<double> agreement(n * n, 0);
  std::vector<double> pairs(n * n, 0);
  double total = 0;
  double count = 0;
  const std::vector<Answer> answers = answered_pairs(data, shown);
  for (std::size_t begin = 0; begin < answers.size();) {
    std::size_t end = begin;
    while (end < answers.size() && answers[end].same_pair(answers[begin]))
      ++end;
    for (std::size_t i = begin; i < end; ++i) {
      const std::int32_t u = users[static_cast<std::size_t>(answers[i].user)];
      for (std::size_t j = begin; j < i && u >= 0; ++j) {
        const std::int32_t v = users[static_cast<std::size_t>(answers[j].user)];
        if (v < 0)
          continue;
        const double mu = answers[i].prefers_low;
        const double mv = answers[j].prefers_low;
        const double agree = mu * mv + (1 - mu) * (1 - mv);
        const std::size_t cell =
            static_cast<std::size_t>(std::max(u, v)) * n + static_cast<std::size_t>(std::min(u, v));
        agreement[cell] += agree;
        pairs[cell] += 1;
        total += agree;
        count += 1;
      }
    }
    begin = end;
  }
  const double mean = count > 0 ? total / count : 0.5;
  for (std::size_t u = 0; u < n; ++u) {
    for (std::size_t v = 0; v < u; ++v) {
      const std::size_t cell = u * n + v;
      agreement[cell] = (agreement[cell] + k_shrinking_pairs * mean) / (pairs[cell] + k_shrinking_pairs);
      agreement[v * n + u] = agreement[cell];
    }
    agreement[u * n + u] = 1;
  }
  return agreement;
}

std::vector<double> spectral_embedding(const std::vector<double>& similarity, std::size_t n, std::size_t dimensions) {
  check(similarity.size() == n * n && dimensions > 0 && dimensions <= n, "a similarity is square");
  const auto size = static_cast<Eigen::Index>(n);
  Eigen::MatrixXd w = Eigen::Map<const Eigen::MatrixXd>(similarity.data(), size, size);
  w.diagonal().setZero();
  const Eigen::VectorXd degree = w.rowwise().sum();
  const Eigen::VectorXd scale = degree.unaryExpr([](double d) { return d > 0 ? 1 / std::sqrt(d) : 0.0; });
  w = scale.asDiagonal() * w * scale.asDiagonal();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(w);
  check(solver.info() == Eigen::Success, "the eigenvectors of the agreement of users were not found");
  std::vector<double> rows(n * dimensions);
  for (std::size_t column = 0; column < dimensions; ++column) {
    const Eigen::VectorXd vector = solver.eigenvectors().col(size - 1 - static_cast<Eigen::Index>(column));
    Eigen::Index largest = 0;
    vector.cwiseAbs().maxCoeff(&largest);
    const double sign = vector(largest) < 0 ? -1 : 1;
    for (std::size_t row = 0; row < n; ++row)
      rows[row * dimensions + column] = sign * vector(static_cast<Eigen::Index>(row));
  }
  for (std::size_t row = 0; row < n; ++row) {
    double squares = 0;
    for (std::size_t column = 0; column < dimensions; ++column)
      squares += rows[row * dimensions + column] * rows[row * dimensions + column];
    for (std::size_t column = 0; column < dimensions && squares > 0; ++column)
      rows[row * dimensions + column] /= std::sqrt(squares);
  }
  return rows;
}

}  // namespace fairsweep
