#include "results/report/hypervolume_curve.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "results/pareto/dominance.hpp"
#include "results/pareto/hypervolume.hpp"
#include "results/report/axis_values.hpp"
#include "results/report/thinning.hpp"

namespace fairsweep::report {
namespace {

/// A configuration as the front sees it, and when it was ready.
struct Arrival {
  double time = 0;
  std::vector<double> values;  ///< smaller is better
};

std::vector<Arrival> arrivals_of(const RunSummary& run, const RunTimeline& timeline, std::size_t& untimed) {
  std::map<TrialId, double> ended;
  for (const AttemptEnd& end : timeline.ends)
    ended[end.trial] = end.time;
  std::vector<Arrival> arrivals;
  for (const FrontPoint& point : run.front.points) {
    if (!point.competes)
      continue;
    Arrival arrival;
    bool timed = true;
    for (const TrialRecord& trial : trials_of(run.record, point.configuration)) {
      const auto end = ended.find(trial.id);
      timed = timed && end != ended.end();
      arrival.time = std::max(arrival.time, timed ? end->second : 0.0);
    }
    if (!timed) {
      ++untimed;
      continue;
    }
    for (std::size_t axis = 0; axis < run.front.objectives.size(); ++axis)
      arrival.values.push_back(run.front.objectives[axis].to_minimisation(point.validation[axis].mean));
    arrivals.push_back(std::move(arrival));
  }
  std::ranges::stable_sort(arrivals, {}, &Arrival::time);
  return arrivals;
}

/// A non-dominated set that points are offered to.
class GrowingFront {
 public:
  explicit GrowingFront(std::size_t dimensions) : dimensions_(dimensions) {}

  /// Whether the point is on the front now.
  bool offer(const std::vector<double>& point) {
    for (std::size_t row = 0; row < values_.size(); row += dimensions_) {
      if (pareto::dominates(std::span(values_).subspan(row, dimensions_), point))
        return false;
    }
    std::vector<double> kept;
    kept.reserve(values_.size() + dimensions_);
    for (std::size_t row = 0; row < values_.size(); row += dimensions_) {
      const auto old = std::span(values_).subspan(row, dimensions_);
      if (!pareto::dominates(point, old))
        std::ranges::copy(old, std::back_inserter(kept));
    }
    std::ranges::copy(point, std::back_inserter(kept));
    values_ = std::move(kept);
    return true;
  }
  [[nodiscard]] std::size_t size() const { return values_.size() / dimensions_; }
  [[nodiscard]] double hypervolume(const std::vector<double>& reference) const {
    return pareto::hypervolume({values_, dimensions_}, reference);
  }

 private:
  std::size_t dimensions_;
  std::vector<double> values_;
};

}  // namespace

HypervolumeCurve hypervolume_curve(const RunSummary& run, const RunTimeline& timeline, std::size_t most) {
  HypervolumeCurve curve;
  if (run.front.members.empty())
    return curve;
  const std::size_t dimensions = run.front.objectives.size();
  std::vector<double> reference;
  reference.reserve(dimensions);
  for (std::size_t axis = 0; axis < dimensions; ++axis)
    reference.push_back(run.front.objectives[axis].to_minimisation(run.front.reference[axis]));
  const std::vector<Arrival> arrivals = arrivals_of(run, timeline, curve.untimed);
  // Volumes are dear, so the walk is made twice: first to see where the front changes, then to measure some of it.
  std::vector<std::size_t> changes;
  GrowingFront first(dimensions);
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    if (first.offer(arrivals[i].values))
      changes.push_back(i);
  }
  curve.changes = changes.size();
  GrowingFront front(dimensions);
  std::size_t next = 0;
  for (const std::size_t change : spread_evenly(changes.size(), most)) {
    for (; next <= changes[change]; ++next)
      front.offer(arrivals[next].values);
    curve.steps.push_back({timeline.running_seconds(arrivals[changes[change]].time), changes[change] + 1, front.size(),
                           front.hypervolume(reference)});
  }
  return curve;
}

}  // namespace fairsweep::report
