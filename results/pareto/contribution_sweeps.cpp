#include "results/pareto/contribution_sweeps.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "results/pareto/stairs.hpp"

namespace fairsweep::pareto {

// Each step of the front alone covers the box up to its neighbours, without the points that lie in it.
template <typename Real>
void areas_alone_of_ordered(const Real* rows, std::size_t count, const Real* reference, Real* volumes) {
  std::fill_n(volumes, count, Real(0));
  std::vector<std::size_t> steps;
  for (std::size_t row = 0; row < count; ++row) {
    if (steps.empty() || rows[2 * row + 1] < rows[2 * steps.back() + 1])
      steps.push_back(row);
  }
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const std::size_t row = steps[step];
    // In lexicographic order what lies right of the step and left of the next one follows it.
    const std::size_t next = step + 1 < steps.size() ? steps[step + 1] : count;
    const Real side = next < count ? rows[2 * next] : reference[0];
    const Real top = step > 0 ? rows[2 * steps[step - 1] + 1] : reference[1];
    Real from = rows[2 * row], lowest = top;
    for (std::size_t other = row + 1; other < next; ++other) {
      const Real first = rows[2 * other], second = rows[2 * other + 1];
      if (second >= lowest || first >= side)
        continue;
      volumes[row] += (first - from) * (lowest - rows[2 * row + 1]);
      from = first;
      lowest = second;
    }
    volumes[row] += (side - from) * (lowest - rows[2 * row + 1]);
  }
}

namespace {

template <typename Real>
class PlaneSweep {
 public:
  PlaneSweep(const Real* rows, const Real* reference, Real* volumes)
      : rows_(rows), reference_(reference), volumes_(volumes) {}

  void take(std::uint32_t row) {
    const Real* point = rows_ + 3 * static_cast<std::size_t>(row);
    const Real first = point[0], second = point[1], third = point[2];
    Real beside = reference_[0];
    std::uint32_t owner_beside = Once::nobody();
    const bool ahead = once_.add(
        first, second, reference_[0], reference_[1],
        [&](const auto& strip) {
          // The corner of the new box and one before it or below: of the neighbour to the left, or of a step that goes.
          cover_again(strip.from, strip.level, third, strip.above);
          beside = strip.to;
          owner_beside = strip.beside;
        },
        row);
    if (ahead)
      cover_again(beside, second, third, owner_beside);
    else
      cover_again(first, second, third, once_.owner_before(first));
  }

  /// Whoever still covers something alone does so up to the reference.
  void finish() {
    once_.for_each([&](Real first, Real second, std::uint32_t row) { cover_again(first, second, reference_[2], row); });
  }

 private:
  using Once = Stairs<Real, std::uint32_t>;

  /// Covers what lies above (first, second) for the second time; until `third`, what is lost there was the owner's.
  void cover_again(Real first, Real second, Real third, std::uint32_t owner) {
    if (owner == Once::nobody())
      return;
    Real area = 0;
    twice_.add(first, second, reference_[0], reference_[1],
               [&](const auto& strip) { area += (strip.to - strip.from) * (strip.level - second); });
    volumes_[owner] += area * (third - rows_[3 * static_cast<std::size_t>(owner) + 2]);
  }

  const Real* rows_;
  const Real* reference_;
  Real* volumes_;
  Once once_;           // what is covered; a step is its row's
  Stairs<Real> twice_;  // what is covered twice
};

}  // namespace

template <typename Real>
void volumes_alone_of_ascending(const Real* rows, std::size_t count, const Real* reference, Real* volumes) {
  std::fill_n(volumes, count, Real(0));
  PlaneSweep<Real> sweep(rows, reference, volumes);
  for (std::size_t row = 0; row < count; ++row)
    sweep.take(static_cast<std::uint32_t>(row));
  sweep.finish();
}

template void areas_alone_of_ordered(const double*, std::size_t, const double*, double*);
template void areas_alone_of_ordered(const long double*, std::size_t, const long double*, long double*);
template void volumes_alone_of_ascending(const double*, std::size_t, const double*, double*);
template void volumes_alone_of_ascending(const long double*, std::size_t, const long double*, long double*);

}  // namespace fairsweep::pareto
