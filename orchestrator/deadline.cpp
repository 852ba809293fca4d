#include "orchestrator/deadline.hpp"

#include <algorithm>

namespace fairsweep {
namespace {

constexpr double k_caution = 1.25;    // packs are not all alike
constexpr double k_log_share = 0.25;  // of the reserve: for the log and the result file, when the trainers have left

}  // namespace

double Deadline::stop_at(double epoch) const {
  const double latest = end_ - reserve_;
  return std::max(latest - k_caution * epoch, std::min(latest, begin_ + (end_ - begin_) / 2));
}

bool Deadline::allows(double now, const std::optional<PackDurations>& expected) const {
  const double needed = expected ? k_caution * expected->first_word : 0;
  return now + needed < end_ - reserve_;
}

double Deadline::grace(double now) const { return std::max(end_ - k_log_share * reserve_ - now, 0.0); }

double hung_after(const std::optional<PackDurations>& shape, const std::optional<PackDurations>& any) {
  const std::optional<PackDurations>& known = shape ? shape : any;
  return known ? std::max(k_hung_factor * known->word, k_least_silence) : 0;
}

}  // namespace fairsweep
