#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "results/pareto/ordered_search.hpp"

namespace fairsweep::pareto {

/// Whose a step of stairs is, where nobody asks.
struct Unowned {};

/// The edge of what points cover in the plane, smaller is better: steps with ascending first and strictly descending
/// second coordinate. Kept in blocks of a few cache lines, so that a change moves little however many steps there are.
/// Owner is an unsigned number that each step carries, such as the row of its point.
template <typename Real, typename Owner = Unowned>
class Stairs {
  static constexpr bool k_owned = !std::is_same_v<Owner, Unowned>;

 public:
  /// A strip of the plane between two first coordinates, free from a new point up to `level`.
  struct Strip {
    Real from, to, level;
    Owner above, beside;  ///< whose step ends it at `level` and at `to`; nobody's where the edge of the plane does
  };
  static constexpr Owner nobody() {
    if constexpr (k_owned)
      return static_cast<Owner>(-1);
    else
      return {};
  }

  /// Takes a point. False where a step covers it already, which changes nothing. Otherwise the steps that it covers go,
  /// and `lost(strip)` is called for every strip between two first coordinates that was free from the point up to a
  /// step, or up to `top` before the first one; the last strip ends at `side`. O(log n) and what goes.
  template <typename Lost>
  bool add(Real first, Real second, Real side, Real top, Lost&& lost, Owner owner = {}) {
    if (order_.empty())
      append_block(0);
    const std::size_t home = block_of(first);
    Block& block = pool_[order_[home]];
    const std::size_t next = count_not_above(block.firsts.data(), block.count, first);
    Real level = next > 0 ? block.seconds[next - 1] : top;
    if (next > 0 && level <= second)
      return false;
    Owner above = next > 0 ? owner_at(block, next - 1) : nobody();
    std::size_t end_home = home, end = next;
    Real from = first;
    while (true) {
      const Block& reached = pool_[order_[end_home]];
      if (end == reached.count) {
        if (end_home + 1 == order_.size()) {
          lost(Strip{from, side, level, above, nobody()});
          break;
        }
        ++end_home;
        end = 0;
        continue;
      }
      lost(Strip{from, reached.firsts[end], level, above, owner_at(reached, end)});
      if (reached.seconds[end] < second)
        break;
      level = reached.seconds[end];
      above = owner_at(reached, end);
      --size_;
      from = reached.firsts[end++];
    }
    const std::size_t place = next > 0 && block.firsts[next - 1] == first ? next - 1 : next;
    size_ += place == next ? 1 : 0;
    replace(home, place, end_home, end, first, second, owner);
    return true;
  }
  bool add(Real first, Real second, Owner owner = {}) {
    return add(first, second, Real(0), Real(0), [](const Strip&) {}, owner);
  }

  /// Some step is nowhere worse. O(log n).
  [[nodiscard]] bool covers(Real first, Real second) const {
    if (order_.empty() || heads_[0] > first)
      return false;
    const Block& block = pool_[order_[block_of(first)]];
    return block.seconds[count_not_above(block.firsts.data(), block.count, first) - 1] <= second;
  }

  /// The second coordinate of the last step that does not begin after `first`; `otherwise` where there is none.
  [[nodiscard]] Real level_at(Real first, Real otherwise) const {
    if (order_.empty() || heads_[0] > first)
      return otherwise;
    const Block& block = pool_[order_[block_of(first)]];
    return block.seconds[count_not_above(block.firsts.data(), block.count, first) - 1];
  }

  /// Whose step it is that does not begin after `first` and is the last such; nobody's where there is none. O(log n).
  [[nodiscard]] Owner owner_before(Real first) const {
    if (order_.empty() || heads_[0] > first)
      return nobody();
    const Block& block = pool_[order_[block_of(first)]];
    return owner_at(block, count_not_above(block.firsts.data(), block.count, first) - 1);
  }

  /// Calls `visit(first, second, owner)` for each step from left to right.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (const std::uint32_t held : order_) {
      const Block& block = pool_[held];
      for (std::size_t step = 0; step < block.count; ++step)
        visit(block.firsts[step], block.seconds[step], owner_at(block, step));
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }

  /// Forgets all steps, keeps the memory.
  void clear() {
    size_ = 0;
    spare_.insert(spare_.end(), order_.begin(), order_.end());
    order_.clear();
    heads_.clear();
  }

 private:
  static constexpr std::size_t k_block = 64;
  struct Block {
    std::size_t count = 0;
    std::array<Real, k_block> firsts, seconds;
    [[no_unique_address]] std::conditional_t<k_owned, std::array<Owner, k_block>, Unowned> owners;
  };

  static Owner owner_at(const Block& block, std::size_t step) {
    if constexpr (k_owned)
      return block.owners[step];
    else
      return {};
  }

  std::size_t block_of(Real first) const {
    const std::size_t after = count_not_above(heads_.data(), heads_.size(), first);
    return after == 0 ? 0 : after - 1;
  }

  std::size_t append_block(std::size_t place) {
    std::uint32_t fresh;
    if (spare_.empty()) {
      fresh = static_cast<std::uint32_t>(pool_.size());
      pool_.emplace_back();
    } else {
      fresh = spare_.back();
      spare_.pop_back();
      pool_[fresh].count = 0;
    }
    order_.insert(order_.begin() + static_cast<std::ptrdiff_t>(place), fresh);
    heads_.insert(heads_.begin() + static_cast<std::ptrdiff_t>(place), Real(0));
    return fresh;
  }

  static void move_steps(Block& block, std::size_t from, std::size_t to) {
    if (from == to)
      return;
    const std::size_t count = block.count - from;
    const auto move = [&](auto* values) {
      if (from > to)
        std::copy_n(values + from, count, values + to);
      else
        std::copy_backward(values + from, values + block.count, values + to + count);
    };
    move(block.firsts.data());
    move(block.seconds.data());
    if constexpr (k_owned)
      move(block.owners.data());
    block.count = to + count;
  }

  /// Puts one step in the place of those from (home, place) to before (end_home, end).
  void replace(std::size_t home, std::size_t place, std::size_t end_home, std::size_t end, Real first, Real second,
               Owner owner) {
    if (end_home != home) {
      pool_[order_[home]].count = place;
      end = cut_blocks(home, end_home, end);
    }
    if (end == place && pool_[order_[home]].count == k_block) {
      split(home);
      const std::size_t lower = pool_[order_[home]].count;
      if (place > lower) {
        ++home;
        place -= lower;
        end -= lower;
      }
    }
    Block& block = pool_[order_[home]];
    move_steps(block, end, place + 1);
    block.firsts[place] = first;
    block.seconds[place] = second;
    if constexpr (k_owned)
      block.owners[place] = owner;
    if (place == 0)
      heads_[home] = first;
  }

  /// Drops the blocks between `home` and `end_home`, and the first `end` steps of the latter. Answers where the steps
  /// that stay begin in `home`: at its end.
  std::size_t cut_blocks(std::size_t home, std::size_t end_home, std::size_t end) {
    Block& reached = pool_[order_[end_home]];
    std::size_t until = end_home;
    if (end == reached.count) {
      until = end_home + 1;
    } else if (end > 0) {
      move_steps(reached, end, 0);
      heads_[end_home] = reached.firsts[0];
    }
    for (std::size_t gone = home + 1; gone < until; ++gone)
      spare_.push_back(order_[gone]);
    order_.erase(order_.begin() + static_cast<std::ptrdiff_t>(home + 1),
                 order_.begin() + static_cast<std::ptrdiff_t>(until));
    heads_.erase(heads_.begin() + static_cast<std::ptrdiff_t>(home + 1),
                 heads_.begin() + static_cast<std::ptrdiff_t>(until));
    return pool_[order_[home]].count;
  }

  void split(std::size_t home) {
    const std::size_t fresh = append_block(home + 1);
    Block& lower = pool_[order_[home]];
    Block& upper = pool_[fresh];
    constexpr std::size_t k_half = k_block / 2;
    std::copy_n(lower.firsts.data() + k_half, k_half, upper.firsts.data());
    std::copy_n(lower.seconds.data() + k_half, k_half, upper.seconds.data());
    if constexpr (k_owned)
      std::copy_n(lower.owners.data() + k_half, k_half, upper.owners.data());
    lower.count = upper.count = k_half;
    heads_[home + 1] = upper.firsts[0];
  }

  std::size_t size_ = 0;
  std::vector<Block> pool_;
  std::vector<std::uint32_t> order_;  // blocks from left to right
  std::vector<Real> heads_;           // the first step of each, in this order
  std::vector<std::uint32_t> spare_;
};

}  // namespace fairsweep::pareto
