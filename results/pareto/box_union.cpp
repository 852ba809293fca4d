#include "results/pareto/box_union.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <type_traits>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/double_pairs.hpp"
#include "results/pareto/hypervolume.hpp"
#include "results/pareto/volume_sweeps.hpp"

namespace fairsweep::pareto {
namespace {

using ColumnSet = std::uint32_t;           // one bit a column
constexpr std::size_t k_few_overlaps = 8;  // below, comparing them all is as quick as looking for the strongest
constexpr std::size_t k_worthwhile = 8;    // rounds go on while they drop one in so many

void check_columns(std::size_t columns) {
  check(columns <= k_most_volume_dimensions, "a volume has too many dimensions");
}

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

// The rows of overlaps below are [count, width], ascending in the last column, and stay so. Width is the number of
// columns where loops over them are to be unrolled, or 0. All answer how many rows are left.

template <std::size_t Width, typename Real>
void move_row(Real* rows, ColumnSet* above, std::size_t given_width, std::size_t from, std::size_t to) {
  const std::size_t width = Width == 0 ? given_width : Width;
  if (from == to)
    return;
  for (std::size_t column = 0; column < width; ++column)
    rows[to * width + column] = rows[from * width + column];
  above[to] = above[from];
}

template <std::size_t Width, typename Real>
bool covers(const Real* rows, const ColumnSet* above, std::size_t given_width, std::size_t a, std::size_t b) {
  const std::size_t width = Width == 0 ? given_width : Width;
  if ((above[a] & ~above[b]) != 0)  // a differs from the point where b does not
    return false;
  const Real* from = rows + a * width;
  const Real* to = rows + b * width;
  for (std::size_t column = 0; column < width; ++column) {
    if (from[column] > to[column])
      return false;
  }
  return true;
}

struct Sides {
  ColumnSet higher, lower;  ///< the columns in which a row is above and below the point
};

/// The corner of what the boxes of a row and of the point have in common.
template <std::size_t Width, typename Real>
Sides overlap_with(const Real* row, const Real* point, std::size_t given_width, Real* overlap) {
  const std::size_t width = Width == 0 ? given_width : Width;
  Sides sides{0, 0};
  std::size_t column = 0;
  if constexpr (std::is_same_v<Real, double>) {
    for (; column + 2 <= width; column += 2) {
      const Pair theirs = pair_at(row + column), ours = pair_at(point + column);
      sides.higher |= bits_of(theirs > ours) << column;
      sides.lower |= bits_of(theirs < ours) << column;
      const Pair larger = theirs > ours ? theirs : ours;
      std::memcpy(overlap + column, &larger, sizeof larger);
    }
  }
  for (; column < width; ++column) {
    sides.higher |= static_cast<ColumnSet>(row[column] > point[column]) << column;
    sides.lower |= static_cast<ColumnSet>(row[column] < point[column]) << column;
    overlap[column] = row[column] > point[column] ? row[column] : point[column];
  }
  return sides;
}

/// What begins at the end of the box or behind it in some column is not in it. Every row is moved, so that no branch
/// depends on which ones stay.
template <std::size_t Width, typename Real>
std::size_t drop_behind_walls(Real* rows, ColumnSet* above, std::size_t count, std::size_t given_width,
                              const Real* end) {
  const std::size_t width = Width == 0 ? given_width : Width;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < count; ++row) {
    unsigned behind = 0;
    for (std::size_t column = 0; column < width; ++column) {
      const Real value = rows[row * width + column];
      behind |= static_cast<unsigned>(value >= end[column]);
      rows[kept * width + column] = value;
    }
    above[kept] = above[row];
    kept += 1 - behind;
  }
  return kept;
}

/// Most overlaps are covered by one of the few that are largest themselves: rounds against the largest left, until a
/// round is not worth its while.
template <std::size_t Width, typename Real>
std::size_t drop_below_strongest(Real* rows, ColumnSet* above, std::size_t count, std::size_t given_width,
                                 const Real* end, std::vector<Real>& volumes) {
  const std::size_t width = Width == 0 ? given_width : Width;
  for (std::size_t row = 0; row < count; ++row)
    volumes[row] = box(rows + row * width, width, end);
  Real limit = std::numeric_limits<Real>::infinity();
  while (count > k_few_overlaps) {
    std::size_t strongest = count;
    for (std::size_t row = 0; row < count; ++row) {
      if (volumes[row] < limit && (strongest == count || volumes[row] > volumes[strongest]))
        strongest = row;
    }
    if (strongest == count)
      break;
    limit = volumes[strongest];
    std::size_t kept = 0;
    std::size_t at = strongest;
    for (std::size_t row = 0; row < count; ++row) {
      if (row != strongest && covers<Width>(rows, above, width, at, row))
        continue;
      if (row == strongest)
        at = kept;
      volumes[kept] = volumes[row];
      move_row<Width>(rows, above, width, row, kept++);
    }
    const std::size_t dropped = count - kept;
    count = kept;
    if (dropped * k_worthwhile < count)
      break;
  }
  return count;
}

/// Drops all that another one covers. Only among rows with the same last coordinate a later one can cover an earlier.
template <std::size_t Width, typename Real>
std::size_t drop_covered(Real* rows, ColumnSet* above, std::size_t count, std::size_t given_width) {
  const std::size_t width = Width == 0 ? given_width : Width;
  const std::size_t last = width - 1;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < count; ++row) {
    bool covered = false;
    for (std::size_t present = 0; present < kept && !covered; ++present)
      covered = covers<Width>(rows, above, width, present, row);
    if (covered)
      continue;
    // The next free place is where the row goes; until then it may take that of a covered one.
    for (std::size_t left = kept; left > 0; --left) {
      const std::size_t present = left - 1;
      if (rows[present * width + last] != rows[row * width + last])
        break;
      if (covers<Width>(rows, above, width, row, present))
        move_row<Width>(rows, above, width, --kept, present);
    }
    move_row<Width>(rows, above, width, row, kept++);
  }
  return kept;
}

}  // namespace

template <typename Real>
struct BoxUnion<Real>::Level {
  std::vector<std::uint32_t> before;  // walked rows, ascending in the last column but one
  std::vector<Real> overlaps;         // [overlap_count, width]
  std::vector<ColumnSet> above;       // where each overlap differs from the point
  std::vector<Real> reference;        // of the shortened box
  std::vector<Real> covered;          // what each overlap covers
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
  check_columns(columns);
  bool ascending = true;
  for (std::size_t row = 1; row < count && ascending; ++row)
    ascending = rows[row * columns - 1] <= rows[(row + 1) * columns - 1];
  if (ascending)
    return walk(rows, count, columns, reference);
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
Exclusive<Real> BoxUnion<Real>::alone(const Real* point, const Real* rows, std::size_t count, std::size_t columns,
                                      const Real* reference, std::size_t skipped) {
  check_columns(columns);
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
    case 3:
      return volume_of_ascending(rows, count, reference, stairs_);
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
    const Real alone = alone_among<Columns - 1>(point, rows, columns, level.before, last, reference, level).volume;
    if (alone <= 0)
      continue;
    total += (reference[last] - point[last]) * alone;
    const auto place =
        std::upper_bound(level.before.begin(), level.before.end(), point[last - 1],
                         [&](Real value, std::uint32_t row) { return value < rows[row * columns + last - 1]; });
    level.before.insert(place, static_cast<std::uint32_t>(walked));
  }
  return total;
}

template <typename Real>
template <std::size_t Width>
Exclusive<Real> BoxUnion<Real>::alone_among(const Real* point, const Real* rows, std::size_t stride,
                                            std::vector<std::uint32_t>& others, std::size_t given_width,
                                            const Real* reference, Level& level) {
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
  for (std::size_t i = 0; i < others.size(); ++i) {
    const std::uint32_t other = others[i];
    const Real* row = rows + other * stride;
    Real* overlap = overlaps + count * width;
    const auto [higher, lower] = overlap_with<Width>(row, point, width, overlap);
    if (higher == 0) {
      others.erase(others.begin() + static_cast<std::ptrdiff_t>(staying),
                   others.begin() + static_cast<std::ptrdiff_t>(i));
      return {0, 0};
    }
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
  if (walls != 0)
    count = drop_behind_walls<Width>(overlaps, above, count, width, end);
  std::size_t kept = count;
  if (width > 4) {  // the sweep of four columns passes covered rows by
    if (count > k_few_overlaps) {
      level.covered.resize(count);
      count = drop_below_strongest<Width>(overlaps, above, count, width, end, level.covered);
    }
    kept = drop_covered<Width>(overlaps, above, count, width);
  }
  if (kept == 0)
    return {whole, whole};
  ColumnSet used = 0;
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
  // Without their last column the rows are in no order.
  const bool ordered = (used >> (width - 1) & 1U) != 0;
  const Real covered = ordered
                           ? walk(overlaps, kept, needed, end)
                           : volume(std::vector<Real>(overlaps, overlaps + kept * needed).data(), kept, needed, end);
  return {std::max(whole - factor * covered, Real(0)), whole};  // rounding may leave a hair below nothing
}

template class BoxUnion<double>;
template class BoxUnion<long double>;

}  // namespace fairsweep::pareto
