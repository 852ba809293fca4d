#include "results/pareto/archive.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "results/pareto/check_points.hpp"
#include "results/pareto/distinct_points.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_leaf = 64;
constexpr std::size_t k_guards = 16;
constexpr std::size_t k_forget_every = 1024;  // changes of guards after which old merits count half
constexpr std::size_t k_spare_depth = 16;

/// Where to halve points: in the column in which they are furthest apart, so that neither side is empty.
struct Cut {
  std::size_t column;
  double split;
};

template <typename Value>
Cut cut_of(std::size_t count, std::size_t columns, const Value& value) {
  Cut cut{0, 0};
  double widest = -1;
  for (std::size_t column = 0; column < columns; ++column) {
    double low = value(0, column), high = low;
    for (std::size_t i = 1; i < count; ++i) {
      low = std::min(low, value(i, column));
      high = std::max(high, value(i, column));
    }
    const double width = 0.5 * high - 0.5 * low;
    if (width > widest) {
      widest = width;
      cut.column = column;
    }
  }
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = value(i, cut.column);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(values.begin(), middle, values.end());
  cut.split = *middle;
  if (std::none_of(middle, values.end(), [&](double x) { return x > cut.split; })) {
    double below = -std::numeric_limits<double>::infinity();
    for (const double x : values) {
      if (x < cut.split)
        below = std::max(below, x);
    }
    cut.split = below;
  }
  return cut;
}

}  // namespace

Archive::Archive(std::size_t dimensions)
    : dimensions_(dimensions),
      strongest_(dimensions, std::numeric_limits<double>::infinity()),
      worst_offer_(dimensions, -std::numeric_limits<double>::infinity()) {
  check(dimensions > 0, "an archive needs at least one dimension");
  guards_.points.clear(dimensions);
  add_leaf();
}

bool Archive::consider(std::span<const double> point) {
  if (point.size() != dimensions_) {
    check(false, "a point of " + std::to_string(point.size()) + " coordinates was offered to an archive of " +
                     std::to_string(dimensions_));
  }
  check_points({point, dimensions_});
  const std::size_t number = offered_++;
  for (std::size_t column = 0; column < dimensions_; ++column)
    worst_offer_[column] = std::max(worst_offer_[column], point[column]);
  if (!take(point.data(), number))
    return false;
  compare_with_strongest(point.data());
  return true;
}

bool Archive::take(const double* point, std::size_t offer) {
  if (dimensions_ == 2)
    return stairs_.add(point[0], point[1], offer);
  if (turned_away_by_guards(point) || turned_away_by(0, point))
    return false;
  drop_dominated(0, point);
  insert(point, offer);
  return true;
}

/// The strongest dominates most of the box below the worst offer. Quotients, because products may leave their range;
/// where both have no extent there the old one stays.
void Archive::compare_with_strongest(const double* point) {
  double gain = 1;
  for (std::size_t column = 0; column < dimensions_; ++column) {
    const double worst = 0.5 * worst_offer_[column];
    gain *= (worst - 0.5 * point[column]) / (worst - 0.5 * strongest_[column]);
  }
  if (gain > 1 || strongest_[0] == std::numeric_limits<double>::infinity())
    std::copy_n(point, dimensions_, strongest_.begin());
}

bool Archive::turned_away_by_guards(const double* point) {
  const std::size_t guard = guards_.points.first_nowhere_worse(point);
  if (guard == PointBlocks::k_none)
    return false;
  ++guards_.times[guard];
  return true;
}

void Archive::make_guard(const double* point) {
  if (guards_.points.size() < k_guards) {
    guards_.points.push(point);
    guards_.times.push_back(1);
    return;
  }
  const auto idlest = std::ranges::min_element(guards_.times);
  guards_.points.put(static_cast<std::size_t>(idlest - guards_.times.begin()), point);
  *idlest = 1;
  if (++guards_.changes % k_forget_every == 0) {
    for (std::size_t& times : guards_.times)
      times /= 2;
  }
}

bool Archive::turned_away_by(std::uint32_t node, const double* point) {
  if (!nowhere_worse(best(node), point, dimensions_))
    return false;
  const Node& here = nodes_[node];
  if (here.left != 0)
    return turned_away_by(here.left, point) || turned_away_by(here.right, point);
  const PointBlocks& points = leaves_[here.leaf].points;
  const std::size_t place = points.first_nowhere_worse(point);
  if (place == PointBlocks::k_none)
    return false;
  std::vector<double> guard(dimensions_);
  for (std::size_t column = 0; column < dimensions_; ++column)
    guard[column] = points.at(place, column);
  make_guard(guard.data());
  return true;
}

void Archive::drop_dominated(std::uint32_t node, const double* point) {
  if (!nowhere_worse(point, worst(node), dimensions_))
    return;
  const Node& here = nodes_[node];
  if (here.left != 0) {
    drop_dominated(here.left, point);
    drop_dominated(here.right, point);
    return;
  }
  Leaf& leaf = leaves_[here.leaf];
  std::vector<double> moved(dimensions_);
  for (std::size_t block = (leaf.points.size() + PointBlocks::k_width - 1) / PointBlocks::k_width; block-- > 0;) {
    // From the last one down, so that what takes the place of a dropped one has been asked.
    for (unsigned bits = leaf.points.nowhere_better(block, point); bits != 0;) {
      const auto bit = static_cast<unsigned>(std::bit_width(bits)) - 1;
      bits &= ~(1U << bit);
      const std::size_t place = block * PointBlocks::k_width + bit, last = leaf.points.size() - 1;
      if (place > last)
        continue;  // not filled
      for (std::size_t column = 0; column < dimensions_; ++column)
        moved[column] = leaf.points.at(last, column);
      leaf.points.put(place, moved.data());
      leaf.points.pop();
      leaf.offers[place] = leaf.offers[last];
      leaf.offers.pop_back();
      --size_;
    }
  }
}

void Archive::insert(const double* point, std::size_t offer) {
  std::uint32_t node = 0;
  std::size_t depth = 0;
  widen(node, point);
  for (; nodes_[node].left != 0; ++depth) {
    node = point[nodes_[node].column] <= nodes_[node].split ? nodes_[node].left : nodes_[node].right;
    widen(node, point);
  }
  Leaf& leaf = leaves_[nodes_[node].leaf];
  leaf.points.push(point);
  leaf.offers.push_back(offer);
  ++size_;
  if (leaf.points.size() < k_leaf)
    return;
  split(node);
  // Points that come in order lengthen one branch only.
  if (depth > k_spare_depth + 2 * static_cast<std::size_t>(std::bit_width(size_ / k_leaf)))
    rebuild();
}

void Archive::widen(std::uint32_t node, const double* point) {
  double* corner = corners_.data() + 2 * node * dimensions_;
  for (std::size_t column = 0; column < dimensions_; ++column) {
    corner[column] = std::min(corner[column], point[column]);
    corner[dimensions_ + column] = std::max(corner[dimensions_ + column], point[column]);
  }
}

std::uint32_t Archive::add_leaf() {
  const auto node = static_cast<std::uint32_t>(nodes_.size());
  nodes_.push_back({});
  nodes_[node].leaf = static_cast<std::uint32_t>(leaves_.size());
  leaves_.emplace_back();
  leaves_.back().points.clear(dimensions_);
  corners_.insert(corners_.end(), dimensions_, std::numeric_limits<double>::infinity());
  corners_.insert(corners_.end(), dimensions_, -std::numeric_limits<double>::infinity());
  return node;
}

void Archive::split(std::uint32_t node) {
  Moving points;
  append(leaves_[nodes_[node].leaf], points);
  const Cut cut = cut_of(points.size(), dimensions_,
                         [&](std::size_t i, std::size_t column) { return points.values[i * dimensions_ + column]; });
  // The upper half gets a leaf of its own, the lower one keeps the old.
  const std::uint32_t lower = add_leaf(), upper = add_leaf();
  leaves_.pop_back();
  nodes_[upper].leaf = nodes_[lower].leaf;
  nodes_[lower].leaf = nodes_[node].leaf;
  leaves_[nodes_[lower].leaf].points.clear(dimensions_);
  leaves_[nodes_[lower].leaf].offers.clear();
  nodes_[node].left = lower;
  nodes_[node].right = upper;
  nodes_[node].column = static_cast<std::uint32_t>(cut.column);
  nodes_[node].split = cut.split;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double* point = points.values.data() + i * dimensions_;
    const std::uint32_t side = point[cut.column] <= cut.split ? lower : upper;
    widen(side, point);
    leaves_[nodes_[side].leaf].points.push(point);
    leaves_[nodes_[side].leaf].offers.push_back(points.offers[i]);
  }
}

void Archive::append(const Leaf& leaf, Moving& points) const {
  for (std::size_t place = 0; place < leaf.offers.size(); ++place) {
    for (std::size_t column = 0; column < dimensions_; ++column)
      points.values.push_back(leaf.points.at(place, column));
    points.offers.push_back(leaf.offers[place]);
  }
}

Archive::Moving Archive::content() const {
  Moving points;
  for (const Leaf& leaf : leaves_)
    append(leaf, points);
  stairs_.for_each([&](double first, double second, std::size_t offer) {
    points.values.insert(points.values.end(), {first, second});
    points.offers.push_back(offer);
  });
  return points;
}

void Archive::rebuild() {
  const Moving points = content();
  nodes_.clear();
  corners_.clear();
  leaves_.clear();
  std::vector<std::size_t> rows(points.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  build(points, rows, 0, rows.size());
}

std::uint32_t Archive::build(const Moving& points, std::vector<std::size_t>& rows, std::size_t from, std::size_t to) {
  const auto row = [&](std::size_t place) { return points.values.data() + rows[place] * dimensions_; };
  const std::uint32_t node = add_leaf();
  for (std::size_t place = from; place < to; ++place)
    widen(node, row(place));
  if (to - from <= k_leaf / 2) {
    for (std::size_t place = from; place < to; ++place) {
      leaves_[nodes_[node].leaf].points.push(row(place));
      leaves_[nodes_[node].leaf].offers.push_back(points.offers[rows[place]]);
    }
    return node;
  }
  leaves_.pop_back();
  const Cut cut =
      cut_of(to - from, dimensions_, [&](std::size_t i, std::size_t column) { return row(from + i)[column]; });
  const auto begin = rows.begin() + static_cast<std::ptrdiff_t>(from),
             end = rows.begin() + static_cast<std::ptrdiff_t>(to);
  const auto middle = std::partition(
      begin, end, [&](std::size_t held) { return points.values[held * dimensions_ + cut.column] <= cut.split; });
  const std::size_t half = static_cast<std::size_t>(middle - rows.begin());
  const std::uint32_t left = build(points, rows, from, half);
  const std::uint32_t right = build(points, rows, half, to);
  nodes_[node] = {left, right, 0, static_cast<std::uint32_t>(cut.column), cut.split};
  return node;
}

std::vector<std::size_t> Archive::offers() const {
  std::vector<std::size_t> offers = content().offers;
  std::ranges::sort(offers);
  return offers;
}

std::vector<double> Archive::points() const {
  const Moving held = content();
  std::vector<std::size_t> order(held.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) { return held.offers[a] < held.offers[b]; });
  std::vector<double> values;
  values.reserve(held.values.size());
  for (const std::size_t row : order)
    values.insert(values.end(), held.values.begin() + static_cast<std::ptrdiff_t>(row * dimensions_),
                  held.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * dimensions_));
  return values;
}

}  // namespace fairsweep::pareto
