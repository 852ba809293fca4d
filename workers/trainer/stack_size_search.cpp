#include "workers/trainer/stack_size_search.hpp"

#include <algorithm>

namespace fairsweep {
namespace {

constexpr double k_share = 0.02;  ///< of the training that measuring may cost
constexpr double k_noise = 0.02;  ///< rates closer than this are equal
constexpr double k_fall = 0.1;    ///< a rate this far below the best ends the search

double best_rate(const std::map<std::int64_t, double>& rates) {
  double best = 0;
  for (const auto& [size, rate] : rates)
    best = std::max(best, rate);
  return best;
}

/// Does the largest size measured lie clearly below the best?
bool falls(const std::map<std::int64_t, double>& rates) {
  return !rates.empty() && rates.rbegin()->second < (1 - k_fall) * best_rate(rates);
}

std::int64_t next_size(std::int64_t size, std::int64_t limit) { return size < limit ? std::min(2 * size, limit) : 0; }

}  // namespace

std::int64_t StackSizeSearch::choose(const StackSizeQuestion& question, const Measure& measure) {
  const std::int64_t limit = std::max<std::int64_t>(1, std::min(question.runs, question.most));
  if (limit == 1)
    return 1;
  std::map<std::int64_t, double>& rates = rates_[question.shape];
  const double budget = k_share * static_cast<double>(question.trial_steps);
  double spent = 0;
  bool complete = true;
  for (std::int64_t size = 1; size != 0; size = next_size(size, limit)) {
    if (rates.count(size) > 0)
      continue;
    if (falls(rates))
      break;
    spent += static_cast<double>(cost_ * size);
    if (spent > budget) {
      complete = false;
      break;
    }
    rates[size] = measure(size);
  }
  std::map<std::int64_t, double> usable(rates.begin(), rates.upper_bound(limit));
  if (usable.empty())
    return std::clamp<std::int64_t>(question.fallback, 1, limit);
  const double enough = (1 - k_noise) * best_rate(usable);
  const auto chosen =
      std::find_if(usable.begin(), usable.end(), [enough](const auto& one) { return one.second >= enough; });
  const bool still_rising = !complete && chosen->first == usable.rbegin()->first;
  return still_rising ? std::clamp<std::int64_t>(question.fallback, chosen->first, limit) : chosen->first;
}

}  // namespace fairsweep
