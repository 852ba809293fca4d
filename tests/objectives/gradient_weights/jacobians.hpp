#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/random/philox.hpp"
#include "objectives/gradient_weights/gramian.hpp"

namespace fairsweep::gradient_cases {

enum class Nasty {
  plain,           ///< more coordinates than losses
  dependent,       ///< fewer coordinates than losses
  copies,          ///< some rows again, also doubled
  near_copies,     ///< some rows again, 1e-7 away
  opposed,         ///< some rows again with the other sign
  nearly_opposed,  ///< the same 1e-5 away
  cancelling,      ///< the rows sum to 0
  tiny,            ///< squares of 1e-150
  huge,            ///< squares of 1e150
  mixed,           ///< lengths from 1e-4 to 1e4
  far_mixed,       ///< lengths from 1e-40 to 1e40
  some_zero,       ///< some rows are 0
  whole,           ///< small whole numbers, many ties
};
inline constexpr std::array k_every_kind = {
    Nasty::plain,          Nasty::dependent,  Nasty::copies, Nasty::near_copies, Nasty::opposed,
    Nasty::nearly_opposed, Nasty::cancelling, Nasty::tiny,   Nasty::huge,        Nasty::mixed,
    Nasty::far_mixed,      Nasty::some_zero,  Nasty::whole};

/// Gradients written out, one row a loss.
struct Jacobian {
  std::string name;
  std::vector<std::vector<double>> rows;
  Nasty kind = Nasty::plain;

  [[nodiscard]] std::size_t losses() const { return rows.size(); }
};

inline double inner(const std::vector<double>& left, const std::vector<double>& right) {
  double sum = 0;
  for (std::size_t k = 0; k < left.size(); ++k) {
    sum += left[k] * right[k];
  }
  return sum;
}
inline double length(const std::vector<double>& vector) { return std::sqrt(inner(vector, vector)); }

/// [L * L]
inline std::vector<double> gramian_values(const Jacobian& jacobian) {
  std::vector<double> values;
  values.reserve(jacobian.losses() * jacobian.losses());
  for (const auto& left : jacobian.rows) {
    for (const auto& right : jacobian.rows) {
      values.push_back(inner(left, right));
    }
  }
  return values;
}
inline Gramian gramian_of(const Jacobian& jacobian) { return {gramian_values(jacobian), jacobian.losses()}; }

/// J^T w
inline std::vector<double> step_of(const Jacobian& jacobian, const std::vector<double>& weights) {
  std::vector<double> step(jacobian.rows.front().size(), 0.0);
  for (std::size_t i = 0; i < jacobian.losses(); ++i) {
    for (std::size_t k = 0; k < step.size(); ++k) {
      step[k] += weights[i] * jacobian.rows[i][k];
    }
  }
  return step;
}

inline double greatest_length(const Jacobian& jacobian) {
  double greatest = 0;
  for (const auto& row : jacobian.rows) {
    greatest = std::max(greatest, length(row));
  }
  return greatest;
}

inline double distance(const std::vector<double>& left, const std::vector<double>& right) {
  double sum = 0;
  for (std::size_t k = 0; k < left.size(); ++k) {
    sum += (left[k] - right[k]) * (left[k] - right[k]);
  }
  return std::sqrt(sum);
}

/// The worst harm the step does to a loss, <g_i, d> / |g_i| below 0.
inline double worst_conflict(const Jacobian& jacobian, const std::vector<double>& step) {
  double worst = 0;
  for (const auto& row : jacobian.rows) {
    if (length(row) > 0) {
      worst = std::min(worst, inner(row, step) / length(row));
    }
  }
  return -worst;
}

inline Jacobian random_jacobian(Nasty kind, std::size_t losses, std::uint32_t seed) {
  RandomStream random(seed, static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(losses), Purpose::bootstrap);
  const std::size_t columns = kind == Nasty::dependent ? 1 + random.below(losses) : losses + 3;
  Jacobian jacobian{.name = "kind " + std::to_string(static_cast<int>(kind)) + ", " + std::to_string(losses) +
                            " losses, seed " + std::to_string(seed),
                    .rows = std::vector(losses, std::vector<double>(columns)),
                    .kind = kind};
  auto& rows = jacobian.rows;
  // A drift along the first coordinate, stronger for some seeds, so that hulls with and without 0 occur.
  const double drift = 0.5 * static_cast<double>(seed % 4);
  for (auto& row : rows) {
    for (double& value : row) {
      value = kind == Nasty::whole ? static_cast<double>(random.below(5)) - 2 : random.normal();
    }
    row[0] += kind == Nasty::whole ? 0 : drift;
  }
  const auto scale = [&](std::size_t row, double factor) {
    for (double& value : rows[row]) {
      value *= factor;
    }
  };
  for (std::size_t i = 0; i < losses; ++i) {
    const std::size_t other = random.below(losses);
    switch (kind) {
      case Nasty::copies:
      case Nasty::near_copies:
      case Nasty::opposed:
      case Nasty::nearly_opposed:
        if (i % 2 == 1) {
          rows[i] = rows[other];
          const bool against = kind == Nasty::opposed || kind == Nasty::nearly_opposed;
          scale(i, (against ? -1 : 1) * (i % 4 == 1 ? 1.0 : 2.0));
          const double blur = kind == Nasty::near_copies ? 1e-7 : kind == Nasty::nearly_opposed ? 1e-5 : 0;
          for (double& value : rows[i]) {
            value += blur * random.normal();
          }
        }
        break;
      case Nasty::tiny:
        scale(i, 1e-75);
        break;
      case Nasty::huge:
        scale(i, 1e75);
        break;
      case Nasty::mixed:
        scale(i, std::pow(10.0, 8 * random.uniform() - 4));
        break;
      case Nasty::far_mixed:
        scale(i, std::pow(10.0, 80 * random.uniform() - 40));
        break;
      case Nasty::some_zero:
        if (random.below(3) == 0) {
          scale(i, 0);
        }
        break;
      default:
        break;
    }
  }
  if (kind == Nasty::cancelling) {
    rows.back().assign(columns, 0.0);
    for (std::size_t i = 0; i + 1 < losses; ++i) {
      for (std::size_t k = 0; k < columns; ++k) {
        rows.back()[k] -= rows[i][k];
      }
    }
  }
  return jacobian;
}

/// A Gramian tells squares of lengths to 1e-16. Where the hull of the gradients comes as near to 0 as 1e-5, that is
/// 1e-6 of the square that decides, and weights are of the order of 1e5.
inline double tolerance_for(const Jacobian& jacobian, double usual) {
  return jacobian.kind == Nasty::nearly_opposed ? 100 * usual : usual;
}

/// Every kind, 1 to `most` losses, several seeds.
inline std::vector<Jacobian> random_jacobians(std::size_t most, std::uint32_t seeds) {
  std::vector<Jacobian> result;
  result.reserve(k_every_kind.size() * most * seeds);
  for (const Nasty kind : k_every_kind) {
    for (std::size_t losses = 1; losses <= most; ++losses) {
      for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
        result.push_back(random_jacobian(kind, losses, seed));
      }
    }
  }
  return result;
}

}  // namespace fairsweep::gradient_cases
