#include "results/report/fairness_borda.hpp"

#include <cmath>
#include <numeric>

namespace fairsweep::report {
namespace {

/// Sums over the pairs of each person in the sample.
struct PairsOfPeople {
  std::vector<double> weight, model, people;
};

PairsOfPeople pairs_of(const SplitOfSample& split, const std::vector<std::size_t>& rows,
                       const std::vector<double>& lead, std::size_t sample) {
  PairsOfPeople pairs{std::vector<double>(sample, 0.0), std::vector<double>(sample, 0.0),
                      std::vector<double>(sample, 0.0)};
  const std::size_t columns = split.values->comparison.size();
  for (std::size_t i = 0; i < columns; ++i) {
    const double ahead = lead.at(static_cast<std::size_t>(split.values->comparison[i]));
    if (split.place[i] < 0 || std::isnan(ahead) || ahead == 0)
      continue;
    const auto person = static_cast<std::size_t>(split.place[i]);
    pairs.weight[person] += split.weight[i];
    pairs.people[person] += ahead > 0 ? split.weight[i] : 0;
    for (const std::size_t row : rows) {
      const double margin = split.values->margin[row * columns + i];
      const double alike = margin == 0 ? 0.5 : ((margin > 0) == (ahead > 0) ? 1 : 0);
      pairs.model[person] += alike * split.weight[i] / static_cast<double>(rows.size());
    }
  }
  return pairs;
}

}  // namespace

std::vector<GroupBorda> borda_of(const SplitOfSample& split, const std::vector<std::size_t>& rows,
                                 const std::vector<double>& lead, const std::vector<std::int32_t>& group,
                                 std::size_t groups, const fairness::ChanceOptions& chance) {
  const PairsOfPeople pairs = pairs_of(split, rows, lead, group.size());
  const auto shares_of = [&](std::span<const std::uint32_t> drawn) {
    std::vector<double> shares(2 * (1 + groups), 0.0), counts(1 + groups, 0.0);
    for (const std::uint32_t person : drawn) {
      if (!(pairs.weight[person] > 0))
        continue;
      const auto add = [&](std::size_t to) {
        shares[2 * to] += pairs.model[person] / pairs.weight[person];
        shares[2 * to + 1] += pairs.people[person] / pairs.weight[person];
        ++counts[to];
      };
      add(0);
      if (group[person] >= 0)
        add(1 + static_cast<std::size_t>(group[person]));
    }
    for (std::size_t i = 0; i < shares.size(); ++i)
      shares[i] /= counts[i / 2];
    return shares;
  };
  std::vector<std::uint32_t> everybody(group.size());
  std::iota(everybody.begin(), everybody.end(), 0U);
  const std::vector<double> shares = shares_of(everybody);
  const auto intervals = fairness::people_bootstrap(group, shares_of, chance);
  std::vector<GroupBorda> result(1 + groups);
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = {{shares[2 * i], intervals[2 * i], {}}, {shares[2 * i + 1], intervals[2 * i + 1], {}}};
  return result;
}

}  // namespace fairsweep::report
