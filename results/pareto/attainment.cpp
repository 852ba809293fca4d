#include "results/pareto/attainment.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/check_points.hpp"
#include "results/pareto/distinct_points.hpp"

namespace fairsweep::pareto {
namespace {

using Rows = std::vector<std::size_t>;
using Surface = std::vector<std::vector<double>>;  // points of the walked dimensions

/// The `level`-th smallest of the runs' best values, kept while runs improve.
class LevelOfRuns {
 public:
  LevelOfRuns(std::size_t runs, std::size_t level) : best_(runs, std::numeric_limits<double>::infinity()) {
    for (const double value : best_)
      (sorted_.size() < level ? sorted_ : rest_).insert(value);
  }
  void improve(std::size_t run, double value) {
    if (value >= best_[run])
      return;
    const bool inside = rest_.find(best_[run]) == rest_.end();
    std::multiset<double>& holder = inside ? sorted_ : rest_;
    holder.erase(holder.find(best_[run]));
    best_[run] = value;
    if (inside || value < *sorted_.rbegin()) {
      sorted_.insert(value);
      if (!inside) {
        rest_.insert(*sorted_.rbegin());
        sorted_.erase(std::prev(sorted_.end()));
      }
    } else {
      rest_.insert(value);
    }
  }
  [[nodiscard]] double value() const { return *sorted_.rbegin(); }

 private:
  std::vector<double> best_;
  std::multiset<double> sorted_;  ///< the `level` smallest
  std::multiset<double> rest_;
};

Rows sorted_by(const RunsView& runs, Rows rows, std::size_t axis) {
  std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return runs.points[row][axis]; });
  return rows;
}

/// Surface of the rows in the first two dimensions.
Surface flat_surface(const RunsView& runs, const Rows& rows, std::size_t level) {
  LevelOfRuns second(runs.runs, level);
  Surface surface;
  double reached = std::numeric_limits<double>::infinity();
  const Rows order = sorted_by(runs, rows, 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    second.improve(runs.run_of[order[i]], runs.points[order[i]][1]);
    const bool last_of_column = i + 1 == order.size() || runs.points[order[i + 1]][0] > runs.points[order[i]][0];
    if (last_of_column && second.value() < reached) {
      reached = second.value();
      surface.push_back({runs.points[order[i]][0], reached});
    }
  }
  return surface;
}

Surface line_surface(const RunsView& runs, const Rows& rows, std::size_t level) {
  LevelOfRuns best(runs.runs, level);
  for (const std::size_t row : rows)
    best.improve(runs.run_of[row], runs.points[row][0]);
  return best.value() < std::numeric_limits<double>::infinity() ? Surface{{best.value()}} : Surface{};
}

/// Surface of the rows in the first `columns` dimensions.
Surface surface_of(const RunsView& runs, const Rows& rows, std::size_t level, std::size_t columns) {
  if (columns == 1)
    return line_surface(runs, rows, level);
  if (columns == 2)
    return flat_surface(runs, rows, level);
  const Rows order = sorted_by(runs, rows, columns - 1);
  Surface surface, before;
  Rows below;
  for (std::size_t i = 0; i < order.size(); ++i) {
    below.push_back(order[i]);
    const double height = runs.points[order[i]][columns - 1];
    if (i + 1 < order.size() && runs.points[order[i + 1]][columns - 1] == height)
      continue;
    Surface now = surface_of(runs, below, level, columns - 1);
    for (const std::vector<double>& point : now) {
      // Attained lower down already, if a point of the surface there is nowhere worse.
      const bool old = std::ranges::any_of(
          before, [&](const auto& other) { return nowhere_worse(other.data(), point.data(), columns - 1); });
      if (old)
        continue;
      surface.push_back(point);
      surface.back().push_back(height);
    }
    before = std::move(now);
  }
  return surface;
}

}  // namespace

std::size_t runs_attaining(const RunsView& runs, std::span<const double> goal) {
  check(runs.run_of.size() == runs.points.size() && goal.size() == runs.points.dimensions,
        "every point is of a run, and a goal has as many values as a point");
  std::vector<bool> attains(runs.runs, false);
  for (std::size_t row = 0; row < runs.points.size(); ++row) {
    check(runs.run_of[row] < runs.runs, "a point is of a run that there is");
    if (nowhere_worse(runs.points[row].data(), goal.data(), goal.size()))
      attains[runs.run_of[row]] = true;
  }
  return static_cast<std::size_t>(std::ranges::count(attains, true));
}

std::vector<double> attainment_surface(const RunsView& runs, std::size_t level) {
  check_points(runs.points);
  check(runs.run_of.size() == runs.points.size(), "every point is of a run");
  check(std::ranges::all_of(runs.run_of, [&](std::size_t run) { return run < runs.runs; }),
        "a point is of a run that there is");
  check(level >= 1 && level <= runs.runs, "a level lies between 1 and the number of runs");
  Rows rows(runs.points.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (rows.empty())
    return {};
  Surface surface = surface_of(runs, rows, level, runs.points.dimensions);
  std::ranges::sort(surface);
  std::vector<double> values;
  values.reserve(surface.size() * runs.points.dimensions);
  for (const std::vector<double>& point : surface)
    values.insert(values.end(), point.begin(), point.end());
  return values;
}

}  // namespace fairsweep::pareto
