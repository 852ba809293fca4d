#include "results/pareto/sweep_four.hpp"

#include <algorithm>

namespace fairsweep::pareto {

template <typename Real>
Real SweepFour<Real>::volume(const Real* rows, std::size_t count, const Real* reference) {
  count_ = 0;
  Real total = 0;
  for (std::size_t row = 0; row < count; ++row) {
    const Real* point = rows + row * 4;
    const Real volume = alone(point, reference);
    if (volume <= 0)
      continue;
    total += (reference[3] - point[3]) * volume;
    insert(point);
  }
  return total;
}

template <typename Real>
Real SweepFour<Real>::cover(FreeArea& free, Real first, Real second) {
  Real* firsts = free.firsts.data();
  Real* seconds = free.seconds.data();
  std::size_t next = 1;
  while (next < free.last && firsts[next] <= first)
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
  if (second <= seconds[free.last]) {  // a wall: nothing is free behind it
    firsts[place] = first;
    seconds[place] = second;
    free.last = place;
    return lost;
  }
  if (end == place) {
    for (std::size_t step = ++free.last; step > place; --step) {
      firsts[step] = firsts[step - 1];
      seconds[step] = seconds[step - 1];
    }
  } else if (end > place + 1) {
    std::copy(firsts + end, firsts + free.last + 1, firsts + place + 1);
    std::copy(seconds + end, seconds + free.last + 1, seconds + place + 1);
    free.last -= end - place - 1;
  }
  firsts[place] = first;
  seconds[place] = second;
  return lost;
}

template <typename Real>
Real SweepFour<Real>::alone(const Real* point, const Real* reference) {
  const Real a = point[0], b = point[1], c = point[2];
  FreeArea& free = free_;
  if (free.firsts.size() < count_ + 3) {
    free.firsts.resize(2 * count_ + 8);
    free.seconds.resize(2 * count_ + 8);
  }
  Real* firsts = free.firsts.data();
  Real* seconds = free.seconds.data();
  firsts[0] = a;
  seconds[0] = reference[1];
  firsts[1] = reference[0];
  seconds[1] = b;
  free.last = 1;
  Real volume = 0;
  const Real* x = first_.data();
  const Real* y = second_.data();
  const Real* z = third_.data();
  Real wall_x = reference[0], wall_y = reference[1];
  const std::size_t behind = place_of(c);
  // Both comparisons at once: one alone is right too often to be foreseen.
  const auto beyond = [&](std::size_t i) {
    return static_cast<int>(x[i] >= wall_x) | static_cast<int>(y[i] >= wall_y);
  };
  for (std::size_t i = behind; i-- > 0;) {
    if (beyond(i))
      continue;
    cover(free, std::max(x[i], a), std::max(y[i], b));
    if (free.last == 0)
      return 0;
    wall_x = firsts[free.last];
    wall_y = seconds[0];
  }
  for (std::size_t i = behind; i < count_; ++i) {
    if (beyond(i))
      continue;
    volume += cover(free, std::max(x[i], a), std::max(y[i], b)) * (z[i] - c);
    if (free.last == 0)
      return volume;
    wall_x = firsts[free.last];
    wall_y = seconds[0];
  }
  Real area = 0;
  for (std::size_t step = 0; step < free.last; ++step)
    area += (firsts[step + 1] - firsts[step]) * (seconds[step] - b);
  return volume + area * (reference[2] - c);
}

template <typename Real>
std::size_t SweepFour<Real>::place_of(Real third) const {
  return static_cast<std::size_t>(
      std::upper_bound(third_.begin(), third_.begin() + static_cast<std::ptrdiff_t>(count_), third) - third_.begin());
}

template <typename Real>
void SweepFour<Real>::insert(const Real* point) {
  make_room();
  // Those behind move on by one, without those whom the new point covers: they say nothing more.
  const Real a = point[0], b = point[1];
  Real x = a, y = b, z = point[2];
  std::size_t out = place_of(z);
  for (std::size_t i = out; i < count_; ++i) {
    const Real next_x = first_[i], next_y = second_[i], next_z = third_[i];
    first_[out] = x;
    second_[out] = y;
    third_[out] = z;
    const bool stays = next_x < a || next_y < b;
    out += stays ? 1 : 0;
    x = stays ? next_x : x;
    y = stays ? next_y : y;
    z = stays ? next_z : z;
  }
  first_[out] = x;
  second_[out] = y;
  third_[out] = z;
  count_ = out + 1;
}

template <typename Real>
void SweepFour<Real>::make_room() {
  if (first_.size() > count_)
    return;
  first_.resize(2 * count_ + 8);
  second_.resize(2 * count_ + 8);
  third_.resize(2 * count_ + 8);
}

template class SweepFour<double>;
template class SweepFour<long double>;

}  // namespace fairsweep::pareto
