#include "results/pareto/sweep_four.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>

#include "results/pareto/double_pairs.hpp"
#include "results/pareto/ordered_search.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_together = 4;  // points that are compared with the walls at once

/// Which of four points lie within both walls, one bit each. As numbers and not as branches: which ones do cannot be
/// foreseen.
template <typename Real>
unsigned within(const Real* x, const Real* y, Real wall_x, Real wall_y) {
  if constexpr (std::is_same_v<Real, double>) {
    const Pair side{wall_x, wall_x}, top{wall_y, wall_y};
    return bits_of((pair_at(x) < side) & (pair_at(y) < top)) | bits_of((pair_at(x + 2) < side) & (pair_at(y + 2) < top))
                                                                   << 2U;
  } else {
    unsigned bits = 0;
    for (std::size_t i = 0; i < k_together; ++i)
      bits |= static_cast<unsigned>((x[i] < wall_x) & (y[i] < wall_y)) << i;
    return bits;
  }
}

/// Which of four points are nowhere better than (first, second), one bit each.
template <typename Real>
unsigned nowhere_better(const Real* x, const Real* y, Real first, Real second) {
  if constexpr (std::is_same_v<Real, double>) {
    const Pair firsts{first, first}, seconds{second, second};
    return bits_of((pair_at(x) >= firsts) & (pair_at(y) >= seconds)) |
           bits_of((pair_at(x + 2) >= firsts) & (pair_at(y + 2) >= seconds)) << 2U;
  } else {
    unsigned bits = 0;
    for (std::size_t i = 0; i < k_together; ++i)
      bits |= static_cast<unsigned>((x[i] >= first) & (y[i] >= second)) << i;
    return bits;
  }
}

/// Brings the sides of the plane above (first, second) in to the points that are not beyond it in one column: nothing
/// is free behind them.
template <typename Real>
void close_in(const Real* x, const Real* y, std::size_t count, Real first, Real second, Real& side, Real& top) {
  std::size_t i = 0;
  if constexpr (std::is_same_v<Real, double>) {
    Pair sides{side, side}, tops{top, top};
    const Pair firsts{first, first}, seconds{second, second}, far_side = sides, far_top = tops;
    for (; i + 2 <= count; i += 2) {
      const Pair xs = pair_at(x + i), ys = pair_at(y + i);
      const Pair top_here = xs <= firsts ? ys : far_top, side_here = ys <= seconds ? xs : far_side;
      tops = top_here < tops ? top_here : tops;
      sides = side_here < sides ? side_here : sides;
    }
    side = std::min(sides[0], sides[1]);
    top = std::min(tops[0], tops[1]);
  }
  for (; i < count; ++i) {
    top = x[i] <= first ? std::min(top, y[i]) : top;
    side = y[i] <= second ? std::min(side, x[i]) : side;
  }
}

}  // namespace

template <typename Real>
Real SweepFour<Real>::volume(const Real* rows, std::size_t count, const Real* reference) {
  count_ = 0;
  make_room(count);
  std::size_t level = 0;
  while (level < count && rows[4 * level + 3] == rows[3])
    ++level;
  Real total = 0;
  if (level > 1)
    total = start(rows, level, reference) * (reference[3] - rows[3]);
  for (std::size_t row = level > 1 ? level : 0; row < count; ++row) {
    const Real* point = rows + row * 4;
    const std::size_t place = count_not_above(third_.data(), count_, point[2]);
    const Real volume = alone(point, reference, place);
    if (volume <= 0)
      continue;
    total += (reference[3] - point[3]) * volume;
    insert(point, place);
  }
  return total;
}

template <typename Real>
Real SweepFour<Real>::start(const Real* rows, std::size_t count, const Real* reference) {
  order_.resize(count);
  Real corner_x = rows[0], corner_y = rows[1];
  for (std::size_t row = 0; row < count; ++row) {
    order_[row] = {rows[4 * row + 2], rows + 4 * row};
    corner_x = std::min(corner_x, rows[4 * row]);
    corner_y = std::min(corner_y, rows[4 * row + 1]);
  }
  std::sort(order_.begin(), order_.end(), [](const Ordered& a, const Ordered& b) { return a.third < b.third; });
  free_all(corner_x, corner_y, reference[0], reference[1]);
  Real volume = 0;
  for (const Ordered& next : order_) {
    const Real* point = next.point;
    if (point[0] >= firsts_[last_] || point[1] >= seconds_[0])
      continue;
    const Real area = cover(point[0], point[1]);
    if (area <= 0)
      continue;
    volume += area * (reference[2] - point[2]);
    first_[count_] = point[0];
    second_[count_] = point[1];
    third_[count_++] = point[2];
    if (last_ == 0)
      break;
  }
  return volume;
}

template <typename Real>
void SweepFour<Real>::free_all(Real first, Real second, Real side, Real top) {
  firsts_[0] = first;
  seconds_[0] = top;
  firsts_[1] = side;
  seconds_[1] = second;
  last_ = 1;
}

template <typename Real>
Real SweepFour<Real>::cover(Real first, Real second) {
  Real* firsts = firsts_.data();
  Real* seconds = seconds_.data();
  std::size_t next = 1;
  while (next < last_ && firsts[next] <= first)
    ++next;
  Real level = seconds[next - 1];
  if (level <= second)
    return 0;
  Real lost = 0;
  Real from = first;
  std::size_t end = next;
  while (true) {
    lost += (firsts[end] - from) * (level - second);
    if (seconds[end] <= second)  // true at the last step, which lies at the point's own second coordinate
      break;
    level = seconds[end];
    from = firsts[end++];
  }
  const std::size_t place = firsts[next - 1] == first ? next - 1 : next;
  if (second <= seconds[last_]) {  // a wall: nothing is free behind it
    firsts[place] = first;
    seconds[place] = second;
    last_ = place;
    return lost;
  }
  if (end == place) {
    for (std::size_t step = ++last_; step > place; --step) {
      firsts[step] = firsts[step - 1];
      seconds[step] = seconds[step - 1];
    }
  } else if (end > place + 1) {
    std::copy(firsts + end, firsts + last_ + 1, firsts + place + 1);
    std::copy(seconds + end, seconds + last_ + 1, seconds + place + 1);
    last_ -= end - place - 1;
  }
  firsts[place] = first;
  seconds[place] = second;
  return lost;
}

template <typename Real>
Real SweepFour<Real>::alone(const Real* point, const Real* reference, std::size_t behind) {
  const Real a = point[0], b = point[1], c = point[2];
  const Real* x = first_.data();
  const Real* y = second_.data();
  const Real* z = third_.data();
  Real side = reference[0], top = reference[1];
  close_in(x, y, behind, a, b, side, top);
  if (side <= a || top <= b)
    return 0;
  free_all(a, b, side, top);
  // Of a block, those that `left` names and that lie within the walls, which close in with each that is covered.
  const auto inside = [&](std::size_t block, unsigned left) {
    return left & within(x + block, y + block, firsts_[last_], seconds_[0]);
  };
  constexpr unsigned k_all = (1U << k_together) - 1;
  for (std::size_t end = behind; end > 0;) {
    const std::size_t block = (end - 1) / k_together * k_together;
    for (unsigned bits = inside(block, k_all >> (block + k_together - end)); bits != 0;) {
      const auto bit = static_cast<unsigned>(std::bit_width(bits)) - 1;
      const std::size_t i = block + bit;
      cover(std::max(x[i], a), std::max(y[i], b));
      if (last_ == 0)
        return 0;
      bits = inside(block, bits & ((1U << bit) - 1));
    }
    end = block;
  }
  Real volume = 0;
  for (std::size_t from = behind; from < count_;) {
    const std::size_t block = from / k_together * k_together;
    unsigned left = k_all << (from - block) & k_all;
    if (block + k_together > count_)
      left &= k_all >> (block + k_together - count_);
    for (unsigned bits = inside(block, left); bits != 0;) {
      const auto bit = static_cast<unsigned>(std::countr_zero(bits));
      const std::size_t i = block + bit;
      volume += cover(std::max(x[i], a), std::max(y[i], b)) * (z[i] - c);
      if (last_ == 0)
        return volume;
      bits = inside(block, bits & (bits - 1));
    }
    from = block + k_together;
  }
  Real area = 0;
  for (std::size_t step = 0; step < last_; ++step)
    area += (firsts_[step + 1] - firsts_[step]) * (seconds_[step] - b);
  return volume + area * (reference[2] - c);
}

template <typename Real>
std::size_t SweepFour<Real>::next_covered(std::size_t from, Real first, Real second) const {
  for (; from < count_; from += k_together) {
    const unsigned bits = nowhere_better(first_.data() + from, second_.data() + from, first, second);
    if (bits != 0)
      return std::min(from + static_cast<std::size_t>(std::countr_zero(bits)), count_);
  }
  return count_;
}

template <typename Real>
void SweepFour<Real>::insert(const Real* point, std::size_t place) {
  // Those behind move on by one, without those whom the new point covers: they say nothing more.
  const Real a = point[0], b = point[1];
  const std::size_t room = next_covered(place, a, b);
  for (std::vector<Real>* values : {&first_, &second_, &third_})
    std::copy_backward(values->data() + place, values->data() + room, values->data() + room + 1);
  first_[place] = a;
  second_[place] = b;
  third_[place] = point[2];
  if (room == count_) {
    ++count_;
    return;
  }
  std::size_t out = room + 1;
  for (std::size_t from = out; from < count_;) {
    const std::size_t to = next_covered(from, a, b);
    for (std::vector<Real>* values : {&first_, &second_, &third_})
      std::copy(values->data() + from, values->data() + to, values->data() + out);
    out += to - from;
    from = to + 1;
  }
  count_ = out;
}

template <typename Real>
void SweepFour<Real>::make_room(std::size_t count) {
  if (first_.size() >= count + k_together)
    return;
  for (std::vector<Real>* values : {&first_, &second_, &third_, &firsts_, &seconds_})
    values->resize(2 * count + k_together);
}

template class SweepFour<double>;
template class SweepFour<long double>;

}  // namespace fairsweep::pareto
