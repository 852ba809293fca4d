#include "results/pareto/contributions.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/box_union.hpp"
#include "results/pareto/check_points.hpp"
#include "results/pareto/non_dominated.hpp"
#include "results/pareto/number_range.hpp"
#include "results/pareto/row_order.hpp"
#include "results/pareto/sweep_four.hpp"
#include "results/pareto/volume_sweeps.hpp"

namespace fairsweep::pareto {
namespace {

/// Where less than this share of a box is left, the difference is taken again with more digits.
constexpr double k_little_left = 1e-3;

/// Rows below the reference without copies, and which of the given rows each is; a point with copies has none.
struct Counted {
  static constexpr std::size_t k_several = static_cast<std::size_t>(-1);
  std::vector<double> values;          ///< [n, m], in lexicographic order
  std::vector<std::size_t> given_row;  ///< [n], or `k_several`
  [[nodiscard]] std::size_t size() const { return given_row.size(); }
};

Counted counted(PointsView points, std::span<const double> reference) {
  Counted result;
  std::span<const double> previous;
  for (const std::uint32_t row : lexicographic_order(points)) {
    const auto point = points[row];
    if (!std::ranges::equal(point, reference, std::less<>()))
      continue;
    if (!previous.empty() && std::ranges::equal(point, previous)) {
      result.given_row.back() = Counted::k_several;
      continue;
    }
    result.values.insert(result.values.end(), point.begin(), point.end());
    result.given_row.push_back(row);
    previous = point;
  }
  return result;
}

/// Two columns: each step of the front alone covers the box up to its neighbours, without the points that lie in it.
template <typename Real>
std::vector<Real> alone_in_two(const std::vector<Real>& rows, const Real* reference) {
  const std::size_t count = rows.size() / 2;
  std::vector<Real> volumes(count, 0);
  std::vector<std::size_t> steps;
  for (std::size_t row = 0; row < count; ++row) {
    if (steps.empty() || rows[2 * row + 1] < rows[2 * steps.back() + 1])
      steps.push_back(row);
  }
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const std::size_t row = steps[step];
    // In lexicographic order what lies right of the step and left of the next one follows it.
    const std::size_t next = step + 1 < steps.size() ? steps[step + 1] : count;
    const Real side = next < count ? rows[2 * next] : reference[0];
    const Real top = step > 0 ? rows[2 * steps[step - 1] + 1] : reference[1];
    Real from = rows[2 * row], lowest = top;
    for (std::size_t other = row + 1; other < next; ++other) {
      const Real first = rows[2 * other], second = rows[2 * other + 1];
      if (second >= lowest || first >= side)
        continue;
      volumes[row] += (first - from) * (lowest - rows[2 * row + 1]);
      from = first;
      lowest = second;
    }
    volumes[row] += (side - from) * (lowest - rows[2 * row + 1]);
  }
  return volumes;
}

template <typename Real>
std::vector<Real> alone_in_three(const std::vector<Real>& rows, const std::vector<std::size_t>& asked,
                                 const Real* reference) {
  const std::size_t count = rows.size() / 3;
  std::vector<std::size_t> order(count), place(count);
  for (std::size_t row = 0; row < count; ++row)
    order[row] = row;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return rows[3 * a + 2] < rows[3 * b + 2]; });
  SweepFour<Real> sweep;
  for (std::size_t i = 0; i < count; ++i) {
    sweep.append(rows.data() + 3 * order[i]);
    place[order[i]] = i;
  }
  std::vector<Real> volumes(count, 0);
  for (const std::size_t row : asked)
    volumes[row] = sweep.alone(rows.data() + 3 * row, reference, place[row]);
  return volumes;
}

template <typename Real>
std::vector<Real> alone_in_many(const std::vector<Real>& rows, const std::vector<std::size_t>& asked,
                                std::span<const Real> reference) {
  const std::size_t m = reference.size(), count = rows.size() / m;
  std::vector<Real> volumes(count, 0);
  BoxUnion<Real> boxes;
  std::unique_ptr<BoxUnion<long double>> wide;
  std::vector<long double> wide_rows, wide_reference;
  for (const std::size_t row : asked) {
    const Exclusive<Real> found = boxes.alone(rows.data() + row * m, rows.data(), count, m, reference.data(), row);
    volumes[row] = found.volume;
    if (sizeof(Real) == sizeof(long double) || found.volume > Real(k_little_left) * found.box)
      continue;
    if (!wide) {
      wide = std::make_unique<BoxUnion<long double>>();
      wide_rows.assign(rows.begin(), rows.end());
      wide_reference.assign(reference.begin(), reference.end());
    }
    volumes[row] = static_cast<Real>(
        wide->alone(wide_rows.data() + row * m, wide_rows.data(), count, m, wide_reference.data(), row).volume);
  }
  return volumes;
}

template <typename Real>
std::vector<double> alone_in(const Counted& counted, const std::vector<std::size_t>& asked,
                             std::span<const double> reference) {
  const std::vector<Real> rows(counted.values.begin(), counted.values.end());
  const std::vector<Real> end(reference.begin(), reference.end());
  std::vector<Real> volumes;
  if (end.size() == 1) {
    volumes.assign(rows.size(), 0);
    volumes[0] = (rows.size() > 1 ? rows[1] : end[0]) - rows[0];
  } else if (end.size() == 2) {
    volumes = alone_in_two(rows, end.data());
  } else if (end.size() == 3) {
    volumes = alone_in_three(rows, asked, end.data());
  } else {
    volumes = alone_in_many<Real>(rows, asked, end);
  }
  std::vector<double> result(volumes.size());
  std::ranges::transform(volumes, result.begin(), [](Real value) { return static_cast<double>(value); });
  return result;
}

}  // namespace

std::vector<double> contributions(PointsView points, std::span<const double> reference) {
  check_points(points);
  check_points({reference, reference.size()});
  check(points.values.empty() || points.dimensions == reference.size(),
        "points of " + std::to_string(points.dimensions) + " dimensions contribute nothing below a reference of " +
            std::to_string(reference.size()));
  std::vector<double> result(points.size(), 0.0);
  if (points.values.empty())
    return result;
  const Counted rows = counted(points, reference);
  if (rows.size() == 0)
    return result;
  const std::vector<std::size_t> asked = non_dominated({rows.values, reference.size()});
  const std::vector<double> volumes = products_stay_in_range(rows.values, reference)
                                          ? alone_in<double>(rows, asked, reference)
                                          : alone_in<long double>(rows, asked, reference);
  for (const std::size_t row : asked) {
    if (rows.given_row[row] != Counted::k_several)
      result[rows.given_row[row]] = volumes[row];
  }
  return result;
}

}  // namespace fairsweep::pareto
