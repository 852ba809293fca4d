#include "workers/data/description/flip.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "workers/data/description/quantile.hpp"

namespace fairsweep {
namespace {

constexpr double k_equal_scores = 1e-9;

/// Share of the voices for the pair's lower candidate.
double win_share(const std::vector<Voice>& voices) {
  double sum = 0;
  for (const Voice& voice : voices) {
    const double answers = voice.ordered + voice.ties;
    sum += (voice.prefers_low * voice.ordered + 0.5 * voice.ties) / answers;
  }
  return sum / static_cast<double>(voices.size());
}

struct WinShares {
  std::size_t size = 0;
  std::vector<double> values;  // [size, size] of the row against the column, 1/2 on the diagonal

  explicit WinShares(std::size_t candidates) : size(candidates), values(candidates * candidates, 0.5) {}
  double& at(std::size_t one, std::size_t other) { return values[one * size + other]; }
  [[nodiscard]] double at(std::size_t one, std::size_t other) const { return values[one * size + other]; }
};

/// Adds what a context judged whole says to `flips`, and its least reweighting to `found`.
void add_context(const WinShares& shares, TopAnswerFlips& flips, std::vector<double>& found) {
  const std::size_t n = shares.size;
  std::vector<double> score(n, 0);
  for (std::size_t one = 0; one < n; ++one) {
    score[one] = std::accumulate(shares.values.begin() + static_cast<std::ptrdiff_t>(one * n),
                                 shares.values.begin() + static_cast<std::ptrdiff_t>((one + 1) * n), 0.0) /
                 static_cast<double>(n);
  }
  const auto top = static_cast<std::size_t>(std::max_element(score.begin(), score.end()) - score.begin());
  std::vector<double> gains(n);
  std::optional<double> least;
  for (std::size_t other = 0; other < n; ++other) {
    if (other == top) {
      continue;
    }
    if (score[top] - score[other] < k_equal_scores) {
      ++flips.tied;
      return;
    }
    for (std::size_t opponent = 0; opponent < n; ++opponent) {
      gains[opponent] = shares.at(other, opponent) - shares.at(top, opponent);
    }
    const std::optional<double> distance = least_reweighting(gains);
    if (distance && (!least || *distance < *least)) {
      least = distance;
    }
  }
  if (least) {
    ++flips.flippable;
    found.push_back(*least);
  }
}

}  // namespace

std::optional<double> least_reweighting(std::span<const double> gains, double margin, double floor) {
  // Total variation is the mass that moves. Mass moved from opponent i to j changes gains . q by its size times
  // gains[j] - gains[i]; nothing bounds what an opponent may receive, so in an optimum all of it goes to one of the
  // largest gain: sending any part elsewhere would win less for the same mass. Each other opponent can give up to
  // 1/N - floor. What a total mass wins is thus largest where those of the smallest gain give first, and grows with
  // the mass at a rate that falls from one giver to the next: going down the sorted list until the margin is reached
  // is the optimum of the linear program.
  const auto n = static_cast<double>(gains.size());
  check(!gains.empty() && n * floor <= 1, "shares of opponents that cannot be");
  std::vector<double> sorted(gains.begin(), gains.end());
  std::sort(sorted.begin(), sorted.end());
  const double most = *std::max_element(gains.begin(), gains.end());
  const double each = 1 / n - floor;
  double missing = margin - std::accumulate(sorted.begin(), sorted.end(), 0.0) / n;
  double moved = 0;
  for (std::size_t giver = 0; missing > 0; ++giver) {
    const double rate = giver + 1 < sorted.size() ? most - sorted[giver] : 0;
    if (rate <= 0) {
      return std::nullopt;
    }
    const double mass = std::min(each, missing / rate);
    moved += mass;
    missing = mass < each ? 0 : missing - mass * rate;
  }
  return moved;
}

TopAnswerFlips top_answer_flips(const PreferenceData& data, const PairVotes& votes) {
  TopAnswerFlips flips;
  std::vector<double> found;
  std::vector<Voice> voices;
  std::size_t pair = 0;
  for (std::size_t context = 0; context + 1 < data.context_offset.size(); ++context) {
    const std::int64_t begin = data.context_offset[context];
    const std::int64_t n = data.context_offset[context + 1] - begin;
    const std::size_t first = pair;
    while (pair < votes.pair_count() && votes.pair(pair).low < begin + n) {
      ++pair;
    }
    if (n < 3) {
      continue;
    }
    ++flips.contexts;
    if (static_cast<std::int64_t>(pair - first) < n * (n - 1) / 2) {
      continue;
    }
    ++flips.judged_whole;
    WinShares shares(static_cast<std::size_t>(n));
    for (std::size_t at = first; at < pair; ++at) {
      voices_of(votes.votes(at), {}, voices);
      const auto low = static_cast<std::size_t>(votes.pair(at).low - begin);
      const auto high = static_cast<std::size_t>(votes.pair(at).high - begin);
      shares.at(low, high) = win_share(voices);
      shares.at(high, low) = 1 - shares.at(low, high);
    }
    add_context(shares, flips, found);
  }
  std::sort(found.begin(), found.end());
  flips.least = found.empty() ? std::numeric_limits<double>::quiet_NaN() : found.front();
  flips.median = quantile_of_sorted(std::span<const double>(found), 0.5);
  return flips;
}

}  // namespace fairsweep
