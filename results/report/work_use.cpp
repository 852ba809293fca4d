#include "results/report/work_use.hpp"

#include <algorithm>
#include <limits>

namespace fairsweep::report {
namespace {

/// Seconds of [begin, end] in each bin, times `share`.
void add_to_bins(std::vector<double>& bins, double bin_seconds, double begin, double end, double share) {
  if (!(bin_seconds > 0))
    return;
  const auto place = [&](double time) {
    return std::min(static_cast<std::size_t>(std::max(0.0, time / bin_seconds)), bins.size() - 1);
  };
  for (std::size_t bin = place(begin); bin <= place(end); ++bin) {
    const double low = std::max(begin, static_cast<double>(bin) * bin_seconds);
    const double high = std::min(end, static_cast<double>(bin + 1) * bin_seconds);
    bins[bin] += share * std::max(0.0, high - low);
  }
}

/// A stretch of a lease in which its worker had the same leases open.
struct LeasePart {
  const LeaseSpan* lease = nullptr;
  double begin = 0;
  double end = 0;
  double weight = 1;  ///< 1 / how many were open
};

/// The leases cut where another of the same worker begins or ends. O(n log n) while few are open at a time.
std::vector<LeasePart> parts_of(const std::vector<LeaseSpan>& leases) {
  std::map<std::uint32_t, std::multimap<double, const LeaseSpan*>> changes;  // a lease stands at its begin and its end
  for (const LeaseSpan& lease : leases) {
    if (lease.end > lease.begin) {
      changes[lease.worker].emplace(lease.begin, &lease);
      changes[lease.worker].emplace(lease.end, &lease);
    }
  }
  std::vector<LeasePart> parts;
  for (const auto& [worker, of_worker] : changes) {
    std::vector<const LeaseSpan*> open;
    double last = 0;
    for (const auto& [time, lease] : of_worker) {
      for (const LeaseSpan* one : open) {
        if (time > last)
          parts.push_back({one, last, time, 1 / static_cast<double>(open.size())});
      }
      last = time;
      if (std::erase(open, lease) == 0)
        open.push_back(lease);
    }
  }
  return parts;
}

}  // namespace

double WorkUse::total() const {
  double sum = 0;
  for (const auto& [cause, seconds] : causes)
    sum += seconds;
  return sum;
}

WorkUse work_use(const RunTimeline& timeline, std::size_t bins) {
  WorkUse use;
  if (timeline.sessions.empty())
    return use;
  const double running = timeline.running_seconds(timeline.sessions.back().end);
  use.bin_seconds = running / static_cast<double>(bins);
  std::map<std::uint32_t, WorkerUse> workers;
  std::map<std::uint32_t, std::vector<double>> there;
  for (const WorkerSpan& span : timeline.workers) {
    WorkerUse& worker = workers[span.worker];
    if (worker.host.empty())
      worker.host = span.host;
    worker.worker = span.worker;
    worker.present += span.end - span.begin;
    worker.useful_share.resize(bins);
    auto& bins_there = there[span.worker];
    bins_there.resize(bins);
    add_to_bins(bins_there, use.bin_seconds, timeline.running_seconds(span.begin), timeline.running_seconds(span.end),
                1);
  }
  for (const LeasePart& part : parts_of(timeline.leases)) {
    WorkerUse& worker = workers[part.lease->worker];
    for (const auto& [cause, share] : part.lease->shares) {
      const bool useful = cause == "reported";
      const double seconds = share * part.weight * (part.end - part.begin);
      (useful ? worker.useful : worker.lost) += seconds;
      use.causes[useful ? "useful" : cause] += seconds;
      if (useful) {
        add_to_bins(worker.useful_share, use.bin_seconds, timeline.running_seconds(part.begin),
                    timeline.running_seconds(part.end), share * part.weight);
      }
    }
  }
  for (auto& [number, worker] : workers) {
    use.causes["idle"] += std::max(0.0, worker.present - worker.useful - worker.lost);
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const double seconds = there[number][bin];
      worker.useful_share[bin] =
          seconds > 0 ? std::min(1.0, worker.useful_share[bin] / seconds) : std::numeric_limits<double>::quiet_NaN();
    }
    use.workers.push_back(worker);
  }
  return use;
}

}  // namespace fairsweep::report
