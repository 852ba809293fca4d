#include "workers/data/description/ceiling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr double k_balanced = 1e-9;

/// Accuracy on a voice that prefers one candidate with share `prefers` of a model whose majority prefers it so much.
double accuracy_on(double prefers, double majority) {
  return std::fabs(majority - 0.5) < k_balanced ? 0.5 : (majority > 0.5 ? prefers : 1 - prefers);
}

/// The voices of a pair, added up for each group that has any.
struct Shares {
  std::vector<double> sum, count;  // by group
  std::vector<std::size_t> present;
  double total = 0;  // of the groups' means

  explicit Shares(std::size_t groups) : sum(groups, 0), count(groups, 0) {}

  void set(const std::vector<Voice>& voices) {
    for (const std::size_t group : present) {
      sum[group] = count[group] = 0;
    }
    present.clear();
    for (const Voice& voice : voices) {
      const auto group = static_cast<std::size_t>(voice.group);
      if (count[group] == 0) {
        present.push_back(group);
      }
      sum[group] += voice.prefers_low;
      count[group] += 1;
    }
    total = 0;
    for (const std::size_t group : present) {
      total += sum[group] / count[group];
    }
  }

  /// Mean of the groups' means without this voice.
  [[nodiscard]] double without(const Voice& voice) const {
    const auto group = static_cast<std::size_t>(voice.group);
    const double others = total - sum[group] / count[group];
    const auto groups = static_cast<double>(present.size());
    return count[group] > 1 ? (others + (sum[group] - voice.prefers_low) / (count[group] - 1)) / groups
                            : others / (groups - 1);
  }
};

}  // namespace

SingleModelCeiling single_model_ceiling(const PairVotes& votes, const VoteGroups& groups, std::size_t group_count,
                                        std::int64_t minimum_votes) {
  check(minimum_votes >= 2, "a vote cannot be predicted by others where there are none");
  SingleModelCeiling ceiling;
  ceiling.minimum_votes = minimum_votes;
  Shares shares(group_count);
  std::vector<Voice> voices;
  for (std::size_t at = 0; at < votes.pair_count(); ++at) {
    voices_of(votes.votes(at), groups, voices);
    std::erase_if(voices, [](const Voice& voice) { return voice.group < 0 || voice.ordered == 0; });
    if (std::ssize(voices) < minimum_votes) {
      continue;
    }
    shares.set(voices);
    if (group_count > 1 && shares.present.size() < 2) {
      continue;
    }
    const auto present = static_cast<double>(shares.present.size());
    const double p = shares.total / present;
    double right = 0;
    for (const Voice& voice : voices) {
      right += accuracy_on(voice.prefers_low, shares.without(voice)) /
               (shares.count[static_cast<std::size_t>(voice.group)] * present);
    }
    ++ceiling.pairs;
    ceiling.votes += std::ssize(voices);
    ceiling.plug_in += std::max(p, 1 - p);
    ceiling.leave_one_out += right;
  }
  const double pairs =
      ceiling.pairs == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(ceiling.pairs);
  ceiling.plug_in /= pairs;
  ceiling.leave_one_out /= pairs;
  return ceiling;
}

}  // namespace fairsweep
