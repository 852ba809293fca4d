#include "workers/data/description/support_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "workers/data/description/quantile.hpp"

namespace fairsweep {

SupportSummary support_summary(const PairVotes& votes, std::int64_t users) {
  SupportSummary summary;
  summary.rates.assign(static_cast<std::size_t>(users), 0);
  std::vector<double> pairs(summary.rates.size(), 0);
  std::vector<Voice> voices;
  for (std::size_t at = 0; at < votes.pair_count(); ++at) {
    voices_of(votes.votes(at), {}, voices);
    std::erase_if(voices, [](const Voice& voice) { return voice.ordered == 0; });
    if (voices.size() < 2) {
      continue;
    }
    double sum = 0;
    for (const Voice& voice : voices) {
      sum += voice.prefers_low;
    }
    const auto others = static_cast<double>(voices.size() - 1);
    for (const Voice& voice : voices) {
      const double m = voice.prefers_low;
      const auto user = static_cast<std::size_t>(voice.user);
      summary.rates[user] += (m * (sum - m) + (1 - m) * (others - (sum - m))) / others;
      pairs[user] += 1;
    }
  }
  std::vector<double> known;
  for (std::size_t user = 0; user < pairs.size(); ++user) {
    if (pairs[user] > 0) {
      summary.rates[user] /= pairs[user];
      known.push_back(summary.rates[user]);
    } else {
      summary.rates[user] = std::numeric_limits<double>::quiet_NaN();
    }
  }
  std::sort(known.begin(), known.end());
  summary.users = std::ssize(known);
  for (std::size_t at = 0; at < summary.values.size(); ++at) {
    summary.values[at] = quantile_of_sorted(std::span<const double>(known), SupportSummary::k_quantiles[at]);
  }
  return summary;
}

GroupSupport support_of_group(const SupportSummary& summary, const std::vector<std::int32_t>& codes,
                              std::int32_t group) {
  GroupSupport found;
  double sum = 0;
  for (std::size_t user = 0; user < codes.size(); ++user) {
    if (codes[user] == group && !std::isnan(summary.rates[user])) {
      sum += summary.rates[user];
      ++found.users;
    }
  }
  if (found.users > 0) {
    found.mean = sum / static_cast<double>(found.users);
  }
  return found;
}

}  // namespace fairsweep
