#include "results/pareto/row_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep::pareto {
namespace {

constexpr std::size_t k_few_rows = 256;  // below, comparing is quicker than counting digits
constexpr unsigned k_digit_bits = 11;
constexpr std::size_t k_digits = 3;
constexpr unsigned k_key_bits = 32;

struct Entry {
  std::uint32_t key, row;
};

/// Orders as the number does.
std::uint64_t bits_of(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);  // minus zero becomes zero
  return (bits >> 63U) != 0 ? ~bits : bits | (std::uint64_t{1} << 63U);
}

/// The part of a column's bits in which the rows differ, from its highest bit on.
std::vector<Entry> entries_of(PointsView points, std::size_t column) {
  const std::size_t rows = points.size();
  const double* values = points.values.data() + column;
  const std::uint64_t first = bits_of(values[0]);
  std::uint64_t differing = 0;
  for (std::size_t row = 0; row < rows; ++row)
    differing |= first ^ bits_of(values[row * points.dimensions]);
  const auto width = static_cast<unsigned>(std::bit_width(differing));
  const unsigned shift = width > k_key_bits ? width - k_key_bits : 0;
  std::vector<Entry> entries(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    entries[row] = {static_cast<std::uint32_t>(bits_of(values[row * points.dimensions]) >> shift),
                    static_cast<std::uint32_t>(row)};
  }
  return entries;
}

void sort_by_key(std::vector<Entry>& entries) {
  constexpr std::size_t k_values = std::size_t{1} << k_digit_bits;
  std::array<std::array<std::uint32_t, k_values>, k_digits> counts{};
  const auto digit = [](std::uint32_t key, std::size_t place) {
    return key >> (k_digit_bits * place) & (k_values - 1);
  };
  for (const Entry& entry : entries) {
    for (std::size_t place = 0; place < k_digits; ++place)
      ++counts[place][digit(entry.key, place)];
  }
  std::vector<Entry> other(entries.size());
  for (std::size_t place = 0; place < k_digits; ++place) {
    auto& count = counts[place];
    if (count[digit(entries[0].key, place)] == entries.size())
      continue;  // the same digit everywhere
    std::uint32_t sum = 0;
    for (std::uint32_t& value : count)
      sum += std::exchange(value, sum);
    for (const Entry& entry : entries)
      other[count[digit(entry.key, place)]++] = entry;
    entries.swap(other);
  }
}

/// The order by a column's digits, and among rows whose digits agree by `before`.
template <typename Before>
std::vector<std::uint32_t> ordered(PointsView points, std::size_t column, const Before& before) {
  const std::size_t rows = points.size();
  check(rows < std::numeric_limits<std::uint32_t>::max(), "there are too many points to be ordered");
  std::vector<std::uint32_t> order(rows);
  if (rows < k_few_rows) {
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::sort(order.begin(), order.end(), before);
    return order;
  }
  std::vector<Entry> entries = entries_of(points, column);
  sort_by_key(entries);
  for (std::size_t i = 0; i < rows; ++i)
    order[i] = entries[i].row;
  for (std::size_t from = 0; from < rows;) {
    std::size_t to = from + 1;
    while (to < rows && entries[to].key == entries[from].key)
      ++to;
    if (to - from > 1)
      std::sort(order.begin() + static_cast<std::ptrdiff_t>(from), order.begin() + static_cast<std::ptrdiff_t>(to),
                before);
    from = to;
  }
  return order;
}

}  // namespace

std::vector<std::uint32_t> lexicographic_order(PointsView points) {
  const std::size_t m = points.dimensions;
  const double* values = points.values.data();
  return ordered(points, 0, [values, m](std::uint32_t a, std::uint32_t b) {
    const double* left = values + a * m;
    const double* right = values + b * m;
    for (std::size_t column = 0; column < m; ++column) {
      if (left[column] != right[column])
        return left[column] < right[column];
    }
    return a < b;
  });
}

std::vector<std::uint32_t> ascending_order(PointsView points, std::size_t column) {
  const std::size_t m = points.dimensions;
  const double* values = points.values.data() + column;
  return ordered(points, column, [values, m](std::uint32_t a, std::uint32_t b) {
    const double left = values[a * m], right = values[b * m];
    return left != right ? left < right : a < b;
  });
}

}  // namespace fairsweep::pareto
