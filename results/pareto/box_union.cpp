#include "results/pareto/box_union.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/volume_sweeps.hpp"

namespace fairsweep::pareto {
namespace {

using ColumnSet = std::uint32_t;  // one bit a column
constexpr std::size_t k_most_columns = 32;

template <typename Real>
Real box(const Real* point, std::size_t columns, const Real* reference) {
  Real volume = 1;
  for (std::size_t column = 0; column < columns; ++column)
    volume *= reference[column] - point[column];
  return volume;
}

template <typename Real>
Real common_box(const Real* a, const Real* b, std::size_t columns, const Real* reference) {
  Real volume = 1;
  for (std::size_t column = 0; column < columns; ++column)
    volume *= reference[column] - std::max(a[column], b[column]);
  return volume;
}

}  // namespace

template <typename Real>
struct BoxUnion<Real>::Level {
  std::vector<std::uint32_t> before;  // walked rows, ascending in the last column but one
  std::vector<Real> overlaps;         // [overlap_count, width]
  std::vector<ColumnSet> above;       // where each overlap differs from the point
  std::vector<Real> reference;        // of the shortened box
  std::vector<Real> sorted;           // rows in the order of their last column
};

template <typename Real>
BoxUnion<Real>::BoxUnion() = default;
template <typename Real>
BoxUnion<Real>::~BoxUnion() = default;

template <typename Real>
typename BoxUnion<Real>::Level& BoxUnion<Real>::level_of(std::size_t columns) {
  if (levels_.size() <= columns)
    levels_.resize(columns + 1);
  if (!levels_[columns])
    levels_[columns] = std::make_unique<Level>();
  return *levels_[columns];
}

template <typename Real>
Real BoxUnion<Real>::volume(const Real* rows, std::size_t count, std::size_t columns, const Real* reference) {
  check(columns <= k_most_columns, "a volume has at most " + std::to_string(k_most_columns) + " dimensions");
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rows[a * columns + columns - 1] < rows[b * columns + columns - 1];
  });
  std::vector<Real> sorted(count * columns);
  for (std::size_t i = 0; i < count; ++i)
    std::copy_n(rows + order[i] * columns, columns, sorted.data() + i * columns);
  return walk(sorted.data(), count, columns, reference);
}

template <typename Real>
Real BoxUnion<Real>::alone(const Real* point, const Real* rows, std::size_t count, std::size_t columns,
                           const Real* reference, std::size_t skipped) {
  check(columns <= k_most_columns, "a volume has at most " + std::to_string(k_most_columns) + " dimensions");
  Level& level = level_of(columns + 1);
  level.before.resize(count);
  std::iota(level.before.begin(), level.before.end(), std::uint32_t{0});
  if (skipped < count)
    level.before.erase(level.before.begin() + static_cast<std::ptrdiff_t>(skipped));
  std::sort(level.before.begin(), level.before.end(), [&](std::uint32_t a, std::uint32_t b) {
    return rows[a * columns + columns - 1] < rows[b * columns + columns - 1];
  });
  return alone_among<0>(point, rows, columns, level.before, columns, reference, level);
}

template <typename Real>
Real BoxUnion<Real>::walk(const Real* rows, std::size_t count, std::size_t columns, const Real* reference) {
  if (count == 0)
    return 0;
  if (count == 1)
    return box(rows, columns, reference);
  if (count == 2) {
    const Real* other = rows + columns;
    return box(rows, columns, reference) + box(other, columns, reference) - common_box(rows, other, columns, reference);
  }
  switch (columns) {
    case 1:
      return reference[0] - rows[0];
    case 2:
      return area_of_ascending(rows, count, reference);
    case 3: {
      return volume_of_ascending(rows, count, reference);
    }
    case 4:
      return sweep_.volume(rows, count, reference);
    case 5:
      return walk_wide<5>(rows, count, columns, reference);
    case 6:
      return walk_wide<6>(rows, count, columns, reference);
    case 7:
      return walk_wide<7>(rows, count, columns, reference);
    case 8:
      return walk_wide<8>(rows, count, columns, reference);
    case 9:
      return walk_wide<9>(rows, count, columns, reference);
    case 10:
      return walk_wide<10>(rows, count, columns, reference);
    default:
      return walk_wide<1>(rows, count, columns, reference);
  }
}

/// Columns is the number of columns where the compiler is to unroll loops over them, or 1 for any number.
template <typename Real>
template <std::size_t Columns>
Real BoxUnion<Real>::walk_wide(const Real* rows, std::size_t count, std::size_t columns, const Real* reference) {
  Level& level = level_of(columns);
  const std::size_t last = columns - 1;
  level.before.clear();
  Real total = 0;
  for (std::size_t walked = 0; walked < count; ++walked) {
    const Real* point = rows + walked * columns;
    total += (reference[last] - point[last]) *
             alone_among<Columns - 1>(point, rows, columns, level.before, last, reference, level);
    const auto place =
        std::upper_bound(level.before.begin(), level.before.end(), point[last - 1],
                         [&](Real value, std::uint32_t row) { return value < rows[row * columns + last - 1]; });
    level.before.insert(place, static_cast<std::uint32_t>(walked));
  }
  return total;
}

template <typename Real>
template <std::size_t Width>
Real BoxUnion<Real>::alone_among(const Real* point, const Real* rows, std::size_t stride,
                                 std::vector<std::uint32_t>& others, std::size_t given_width, const Real* reference,
                                 Level& level) {
  const std::size_t width = Width == 0 ? given_width : Width;
  level.overlaps.resize((others.size() + 1) * width);
  level.above.resize(others.size() + 1);
  level.reference.assign(reference, reference + width);
  Real* overlaps = level.overlaps.data();
  Real* end = level.reference.data();
  ColumnSet* above = level.above.data();
  // Overlaps, and the walls that slabs make.
  std::size_t count = 0;
  ColumnSet walls = 0;
  std::size_t staying = 0;
  for (const std::uint32_t other : others) {
    const Real* row = rows + other * stride;
    Real* overlap = overlaps + count * width;
    ColumnSet higher = 0, lower = 0;
    for (std::size_t column = 0; column < width; ++column) {
      higher |= static_cast<ColumnSet>(row[column] > point[column]) << column;
      lower |= static_cast<ColumnSet>(row[column] < point[column]) << column;
      overlap[column] = row[column] > point[column] ? row[column] : point[column];
    }
    if (higher == 0)
      return 0;
    others[staying] = other;
    staying += lower == 0 ? 0 : 1;  // a row that the point covers says nothing to those to come
    if ((higher & (higher - 1)) == 0) {
      const auto column = static_cast<std::size_t>(std::countr_zero(higher));
      end[column] = std::min(end[column], row[column]);
      walls |= higher;
      continue;
    }
    above[count++] = higher;
  }
  others.resize(staying);
  const Real whole = box(point, width, end);
  // Those that begin before the walls, without those that another covers. They ascend in the last column, so that
  // only among equals there a later one can cover an earlier one.
  const std::size_t last = width - 1;
  std::size_t kept = 0;
  ColumnSet used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Real* overlap = overlaps + i * width;
    bool gone = false;
    for (ColumnSet left = walls & above[i]; left != 0 && !gone; left &= left - 1) {
      const auto column = static_cast<std::size_t>(std::countr_zero(left));
      gone = overlap[column] >= end[column];
    }
    for (std::size_t k = 0; k < kept && !gone; ++k) {
      const Real* present = overlaps + k * width;
      if ((above[k] & ~above[i]) == 0) {
        bool covers = true;
        for (std::size_t column = 0; column < width; ++column)
          covers = covers && present[column] <= overlap[column];
        gone = covers;
      }
    }
    if (gone)
      continue;
    const ColumnSet higher = above[i];
    for (std::size_t k = kept; k > 0; --k) {
      Real* present = overlaps + (k - 1) * width;
      if (present[last] != overlap[last])
        break;
      bool covers = (higher & ~above[k - 1]) == 0;
      for (std::size_t column = 0; column < width && covers; ++column)
        covers = overlap[column] <= present[column];
      if (covers) {
        --kept;
        std::copy_n(overlaps + kept * width, width, present);
        above[k - 1] = above[kept];
      }
    }
    if (kept != i)
      std::copy_n(overlap, width, overlaps + kept * width);
    above[kept++] = higher;
  }
  if (kept == 0)
    return whole;
  for (std::size_t k = 0; k < kept; ++k)
    used |= above[k];
  // Columns in which all overlaps begin where the point does are a factor.
  const auto needed = static_cast<std::size_t>(std::popcount(used));
  Real factor = 1;
  if (needed < width) {
    Real* packed = overlaps;
    for (std::size_t k = 0; k < kept; ++k) {
      const Real* overlap = overlaps + k * width;
      for (ColumnSet left = used; left != 0; left &= left - 1)
        *packed++ = overlap[std::countr_zero(left)];
    }
    std::size_t place = 0;
    for (std::size_t column = 0; column < width; ++column) {
      if ((used >> column & 1U) != 0)
        end[place++] = end[column];
      else
        factor *= end[column] - point[column];
    }
  }
  // Without its last column the rows are in no order.
  const bool ordered = (used >> last & 1U) != 0;
  const Real covered = ordered
                           ? walk(overlaps, kept, needed, end)
                           : volume(std::vector<Real>(overlaps, overlaps + kept * needed).data(), kept, needed, end);
  return std::max(whole - factor * covered, Real(0));  // rounding may leave a hair below nothing
}

template class BoxUnion<double>;
template class BoxUnion<long double>;

}  // namespace fairsweep::pareto
