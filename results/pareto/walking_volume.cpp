#include "results/pareto/walking_volume.hpp"

#include <algorithm>
#include <numeric>

#include "results/pareto/distinct_points.hpp"

namespace fairsweep::pareto {
namespace {

double box(const double* corner, std::size_t columns) {
  double volume = 1;
  for (std::size_t column = 0; column < columns; ++column)
    volume *= -corner[column];
  return volume;
}

double common_box(const double* a, const double* b, std::size_t columns) {
  double volume = 1;
  for (std::size_t column = 0; column < columns; ++column)
    volume *= -std::max(a[column], b[column]);
  return volume;
}

}  // namespace

double WalkingVolume::volume(const std::vector<double>& corners, std::size_t columns) {
  // Sized once: a level must not move while deeper ones are in use.
  if (levels_.size() <= columns)
    levels_.resize(columns + 1);
  return level_volume(corners.data(), corners.size() / columns, columns);
}

double WalkingVolume::level_volume(const double* corners, std::size_t count, std::size_t columns) {
  if (count == 0)
    return 0;
  if (count == 1)
    return box(corners, columns);
  if (count == 2) {
    const double* other = corners + columns;
    return box(corners, columns) + box(other, columns) - common_box(corners, other, columns);
  }
  if (columns == 3) {
    last_three_.resize(count);
    for (std::size_t i = 0; i < count; ++i)
      std::copy_n(corners + i * 3, 3, last_three_[i].begin());
    return sweep_.volume(last_three_);
  }
  Level& level = levels_[columns];
  level.order.resize(count);
  std::iota(level.order.begin(), level.order.end(), std::size_t{0});
  const std::size_t last = columns - 1;
  std::sort(level.order.begin(), level.order.end(),
            [&](std::size_t a, std::size_t b) { return corners[a * columns + last] > corners[b * columns + last]; });
  double total = 0;
  for (std::size_t walked = 0; walked < count; ++walked) {
    const double* corner = corners + level.order[walked] * columns;
    collect_overlaps(corners, walked, level, columns);
    const double alone = box(corner, last) - level_volume(level.overlaps.data(), level.overlap_count, last);
    total += -corner[last] * std::max(alone, 0.0);  // rounding may leave a hair below nothing
  }
  return total;
}

void WalkingVolume::collect_overlaps(const double* corners, std::size_t walked, Level& level, std::size_t columns) {
  const std::size_t width = columns - 1;
  const std::size_t count = level.order.size();
  const double* corner = corners + level.order[walked] * columns;
  level.overlaps.resize((count - walked) * width);  // one row to spare, where the next one is tried
  double* kept = level.overlaps.data();
  level.overlap_count = 0;
  for (std::size_t next = walked + 1; next < count; ++next) {
    const double* other = corners + level.order[next] * columns;
    double* tried = kept + level.overlap_count * width;
    for (std::size_t column = 0; column < width; ++column)
      tried[column] = std::max(corner[column], other[column]);
    bool covered = false;
    for (std::size_t i = 0; i < level.overlap_count && !covered;) {
      double* present = kept + i * width;
      if (nowhere_worse(present, tried, width)) {
        covered = true;
      } else if (nowhere_worse(tried, present, width)) {
        // The last kept row takes the place of the covered one, and the tried row moves down to its place.
        --level.overlap_count;
        std::copy_n(kept + level.overlap_count * width, width, present);
        double* moved = kept + level.overlap_count * width;
        std::copy_n(tried, width, moved);
        tried = moved;
      } else {
        ++i;
      }
    }
    if (!covered)
      ++level.overlap_count;
  }
}

}  // namespace fairsweep::pareto
