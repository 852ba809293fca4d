#include "results/pareto/contributions.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/box_union.hpp"
#include "results/pareto/check_points.hpp"
#include "results/pareto/contribution_sweeps.hpp"
#include "results/pareto/non_dominated.hpp"
#include "results/pareto/number_range.hpp"
#include "results/pareto/row_order.hpp"

namespace fairsweep::pareto {
namespace {

/// Where less than this share of a box is left, the difference is taken again with more digits.
constexpr double k_little_left = 1e-3;

/// Rows below the reference, and which of the given rows each is. A point with copies has none, and is there once,
/// except among three columns, whose sweep takes copies as they come.
struct Counted {
  static constexpr std::size_t k_several = static_cast<std::size_t>(-1);
  std::vector<double> values;          ///< [n, m], in the order of their sweep
  std::vector<std::size_t> given_row;  ///< [n], or `k_several`
  [[nodiscard]] std::size_t size() const { return given_row.size(); }
};

Counted counted(PointsView points, std::span<const double> reference) {
  Counted result;
  result.values.reserve(points.values.size());
  result.given_row.reserve(points.size());
  std::span<const double> previous;
  for (const std::uint32_t row : reference.size() == 3 ? ascending_order(points, 2) : lexicographic_order(points)) {
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

template <typename Real>
std::vector<Real> alone_in_many(const std::vector<Real>& rows, std::span<const std::size_t> asked,
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
std::vector<double> alone_in(const Counted& counted, std::span<const double> reference) {
  const std::vector<Real> rows(counted.values.begin(), counted.values.end());
  const std::vector<Real> end(reference.begin(), reference.end());
  std::vector<Real> volumes(counted.size(), 0);
  if (end.size() == 1)
    volumes[0] = (rows.size() > 1 ? rows[1] : end[0]) - rows[0];
  else if (end.size() == 2)
    areas_alone_of_ordered(rows.data(), counted.size(), end.data(), volumes.data());
  else if (end.size() == 3)
    volumes_alone_of_ascending(rows.data(), counted.size(), end.data(), volumes.data());
  else
    volumes = alone_in_many<Real>(rows, non_dominated({counted.values, end.size()}), end);
  return {volumes.begin(), volumes.end()};
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
  const std::vector<double> volumes = products_stay_in_range(rows.values, reference)
                                          ? alone_in<double>(rows, reference)
                                          : alone_in<long double>(rows, reference);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows.given_row[row] != Counted::k_several)
      result[rows.given_row[row]] = volumes[row];
  }
  return result;
}

}  // namespace fairsweep::pareto
