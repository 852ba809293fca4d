#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "results/pareto/point_blocks.hpp"
#include "results/pareto/stairs.hpp"

namespace fairsweep::pareto {

/// The non-dominated points among those offered so far, one by one; smaller is better, of copies the first stays.
///
/// The point that dominates most of the room that offers come from is asked first, in place. One that has left since is
/// still dominated by somebody who is there.
///
/// Two columns: stairs. Otherwise a tree that halves the points in one column after the other, with the best and the
/// worst corner of each part: a part whose best corner is somewhere worse than a point cannot dominate it, one whose
/// worst corner is somewhere better holds nobody it dominates; before it, the points that have turned most offers away
/// lately. Sources: BSP and ND trees (Glasmachers, EMO 2017; Jaszkiewicz, Lust, IEEE TEC 22, 2018).
/// Cost of an offer: a few comparisons where it is bad; O(log n) in two columns, with a share of what it drives away;
/// above, sublinear in the archive as a rule, O(n m) at worst.
class Archive {
 public:
  explicit Archive(std::size_t dimensions);

  /// Whether the point is taken: nobody who is there is nowhere worse. Those that it dominates leave.
  /// @param point  `dimensions` finite values; @throws InternalError otherwise.
  bool offer(std::span<const double> point) {
    if (point.size() == dimensions_ && below_strongest(point.data())) {
      ++offered_;
      return false;
    }
    return consider(point);
  }

  [[nodiscard]] std::size_t size() const { return dimensions_ == 2 ? stairs_.size() : size_; }
  /// Which offers, counted from 0, are in the archive; ascending. O(n log n).
  [[nodiscard]] std::vector<std::size_t> offers() const;
  /// Their points, in the same order, [n, dimensions].
  [[nodiscard]] std::vector<double> points() const;

 private:
  struct Node {
    std::uint32_t left = 0, right = 0;  ///< both, or 0 and a leaf
    std::uint32_t leaf = 0;
    std::uint32_t column = 0;
    double split = 0;  ///< left: not above it in the column
  };
  struct Leaf {
    PointBlocks points;
    std::vector<std::size_t> offers;
  };
  /// Points on their way from one tree into another.
  struct Moving {
    std::vector<double> values;
    std::vector<std::size_t> offers;
    [[nodiscard]] std::size_t size() const { return offers.size(); }
  };
  /// Points that turned others away, and how often.
  struct Guards {
    PointBlocks points;
    std::vector<std::size_t> times;
    std::size_t changes = 0;
  };

  /// Finite, and the strongest point is nowhere worse.
  [[nodiscard]] bool below_strongest(const double* point) const {
    const double* strongest = strongest_.data();
    const auto below_in = [&](std::size_t column) {
      return (strongest[column] <= point[column]) & (point[column] <= std::numeric_limits<double>::max());
    };
    if (dimensions_ == 2)  // where a loop would cost as much as the comparisons
      return below_in(0) & below_in(1);
    bool below = true;
    for (std::size_t column = 0; column < dimensions_; ++column)
      below = below & below_in(column);
    return below;
  }
  bool consider(std::span<const double> point);
  bool take(const double* point, std::size_t offer);
  void compare_with_strongest(const double* point);
  bool turned_away_by_guards(const double* point);
  void make_guard(const double* point);
  bool turned_away_by(std::uint32_t node, const double* point);
  void drop_dominated(std::uint32_t node, const double* point);
  void insert(const double* point, std::size_t offer);
  void widen(std::uint32_t node, const double* point);
  void split(std::uint32_t node);
  std::uint32_t add_leaf();
  std::uint32_t build(const Moving& points, std::vector<std::size_t>& rows, std::size_t from, std::size_t to);
  void rebuild();
  [[nodiscard]] Moving content() const;
  void append(const Leaf& leaf, Moving& points) const;
  [[nodiscard]] const double* best(std::uint32_t node) const { return corners_.data() + 2 * node * dimensions_; }
  [[nodiscard]] const double* worst(std::uint32_t node) const { return best(node) + dimensions_; }

  std::size_t dimensions_, size_ = 0, offered_ = 0;
  std::vector<Node> nodes_;      // the first is the root
  std::vector<double> corners_;  // [nodes, 2, dimensions]
  std::vector<Leaf> leaves_;
  Guards guards_;
  Stairs<double, std::size_t> stairs_;  // of two columns, instead of all above
  std::vector<double> strongest_;       // infinite before the first
  std::vector<double> worst_offer_;     // the worst of each column among what the strongest did not turn away
};

}  // namespace fairsweep::pareto
