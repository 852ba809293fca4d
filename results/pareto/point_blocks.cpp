#include "results/pareto/point_blocks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "results/pareto/double_pairs.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_pairs = PointBlocks::k_width / 2;
using Mask = std::array<PairMask, k_pairs>;

inline unsigned bits_of(const Mask& mask) {
  unsigned bits = 0;
  for (std::size_t pair = 0; pair < k_pairs; ++pair)
    bits |= pareto::bits_of(mask[pair]) << (2 * pair);
  return bits;
}

inline bool any_of(const Mask& mask) { return pareto::bits_of((mask[0] | mask[1]) | (mask[2] | mask[3])) != 0; }

/// Which of the points of a block agree with `compare` in every column.
template <typename Compare>
inline Mask agreeing(const double* block, const double* point, std::size_t columns, Compare compare) {
  Mask mask;
  mask.fill(PairMask{-1, -1});
  for (std::size_t column = 0; column < columns; ++column, block += PointBlocks::k_width) {
    const Pair coordinate{point[column], point[column]};
    for (std::size_t pair = 0; pair < k_pairs; ++pair)
      mask[pair] &= compare(pair_at(block + 2 * pair), coordinate);
  }
  return mask;
}

}  // namespace

void PointBlocks::clear(std::size_t columns) {
  columns_ = columns;
  size_ = 0;
  values_.clear();
}

void PointBlocks::push(const double* point) {
  if (size_ % k_width == 0 && values_.size() == size_ * columns_)
    values_.resize(values_.size() + k_width * columns_, std::numeric_limits<double>::infinity());
  put(size_++, point);
}

void PointBlocks::put(std::size_t place, const double* point) {
  double* block = values_.data() + place / k_width * k_width * columns_ + place % k_width;
  for (std::size_t column = 0; column < columns_; ++column)
    block[column * k_width] = point[column];
}

void PointBlocks::pop() {
  --size_;
  double* block = values_.data() + size_ / k_width * k_width * columns_ + size_ % k_width;
  for (std::size_t column = 0; column < columns_; ++column)
    block[column * k_width] = std::numeric_limits<double>::infinity();
}

std::size_t PointBlocks::first_nowhere_worse(const double* point, std::size_t until) const {
  const std::size_t end = std::min(size_, until);
  const double* block = values_.data();
  for (std::size_t from = 0; from < end; from += k_width, block += k_width * columns_) {
    const Mask mask = agreeing(block, point, columns_, [](Pair theirs, Pair ours) { return theirs <= ours; });
    if (any_of(mask)) {
      const std::size_t found = from + static_cast<std::size_t>(std::countr_zero(bits_of(mask)));
      return found < end ? found : k_none;
    }
  }
  return k_none;
}

unsigned PointBlocks::nowhere_better(std::size_t block, const double* point) const {
  return bits_of(agreeing(values_.data() + block * k_width * columns_, point, columns_,
                          [](Pair theirs, Pair ours) { return theirs >= ours; }));
}

}  // namespace fairsweep::pareto
