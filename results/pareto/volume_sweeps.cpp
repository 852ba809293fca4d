#include "results/pareto/volume_sweeps.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

namespace fairsweep::pareto {
namespace {

// Below this, moving a vector's tail is quicker than following a tree's pointers.
constexpr std::size_t k_flat_corners = 4096;

/// The part of std::map's interface the sweep needs, in one sorted vector.
class FlatStairs {
 public:
  using Steps = std::vector<std::pair<double, double>>;
  explicit FlatStairs(Steps& steps) : steps_(steps) { steps_.clear(); }
  [[nodiscard]] Steps::iterator begin() { return steps_.begin(); }
  [[nodiscard]] Steps::iterator end() { return steps_.end(); }
  [[nodiscard]] Steps::iterator lower_bound(double first) {
    return std::lower_bound(steps_.begin(), steps_.end(), first,
                            [](const auto& step, double value) { return step.first < value; });
  }
  Steps::iterator erase(Steps::iterator from, Steps::iterator to) { return steps_.erase(from, to); }
  void emplace_hint(Steps::iterator place, double first, double second) { steps_.emplace(place, first, second); }

 private:
  Steps& steps_;
};

/// Adds a corner to the stairs (first ascending, second descending) and returns the area it gains.
template <typename Stairs>
double gain(Stairs& stairs, double first, double second) {
  const auto begin = stairs.lower_bound(first);
  double level = begin == stairs.begin() ? 0.0 : std::prev(begin)->second;
  if (level <= second || (begin != stairs.end() && begin->first == first && begin->second <= second))
    return 0;
  double gained = 0;
  double from = first;
  auto last = begin;
  while (true) {
    const double to = last == stairs.end() ? 0.0 : last->first;
    gained += (to - from) * (level - second);
    if (last == stairs.end() || last->second < second)
      break;
    level = last->second;
    from = to;
    ++last;
  }
  stairs.emplace_hint(stairs.erase(begin, last), first, second);
  return gained;
}

template <typename Stairs>
double sweep(const std::vector<Corner>& corners, Stairs& stairs) {
  double volume = 0;
  double area = 0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    area += gain(stairs, corners[i][0], corners[i][1]);
    const double until = i + 1 < corners.size() ? corners[i + 1][2] : 0.0;
    volume += area * (until - corners[i][2]);
  }
  return volume;
}

}  // namespace

double VolumeSweep::volume(std::vector<Corner>& corners) {
  std::sort(corners.begin(), corners.end(), [](const Corner& a, const Corner& b) { return a[2] < b[2]; });
  if (corners.size() <= k_flat_corners) {
    FlatStairs stairs(flat_);
    return sweep(corners, stairs);
  }
  std::map<double, double> stairs;
  return sweep(corners, stairs);
}

double area_of(std::vector<std::pair<double, double>>& corners) {
  std::sort(corners.begin(), corners.end());
  double area = 0;
  double level = 0;
  for (const auto& [first, second] : corners) {
    if (second >= level)
      continue;
    area += first * (second - level);  // both factors are negative
    level = second;
  }
  return area;
}

}  // namespace fairsweep::pareto
