#include "results/report/group_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <tuple>

#include "core/diagnostics/errors.hpp"
#include "results/report/number_text.hpp"

namespace fairsweep::report {
namespace {

constexpr double k_tail_share = 0.25;

/// Axes of the first metric that has several groups.
std::vector<std::size_t> axes_of_groups(const std::vector<Objective>& objectives) {
  for (const Objective& first : objectives) {
    std::vector<std::size_t> axes;
    for (std::size_t axis = 0; axis < objectives.size(); ++axis) {
      if (objectives[axis].metric == first.metric && !objectives[axis].group.empty())
        axes.push_back(axis);
    }
    if (axes.size() > 1)
      return axes;
  }
  return {};
}

/// People of each axis on validation, as any report says; nothing where one does not say.
std::vector<double> people_of(const RunRecord& record, const std::vector<Objective>& objectives,
                              const std::vector<std::size_t>& axes) {
  for (const TrialRecord& trial : record.trials) {
    std::vector<double> people;
    for (const std::size_t axis : axes) {
      for (const MetricValue& value : trial.metrics) {
        if (value.split == Split::validation && value.metric == objectives[axis].metric &&
            value.group == objectives[axis].group && value.users > 0)
          people.push_back(value.users);
      }
    }
    if (people.size() == axes.size())
      return people;
  }
  return {};
}

/// Mean over the worst-off `share` of the people; `losses` are larger for the worse off.
double tail_mean(const std::vector<double>& losses, const std::vector<double>& weights, double share) {
  std::vector<std::size_t> order(losses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t group) { return losses[group]; });
  double left = share, sum = 0;
  for (const std::size_t group : order) {
    const double part = std::min(left, weights[group]);
    sum += part * losses[group];
    left -= part;
  }
  return sum / (share - left);
}

/// @param means  by objective; @param best  by axis
std::optional<GroupView> view_of(const Front& front, const GroupViews& views, const std::vector<Estimate>& means,
                                 const std::vector<double>& best) {
  std::vector<double> losses;
  GroupView view;
  const Objective& objective = front.objectives[views.axes.front()];
  for (std::size_t group = 0; group < views.axes.size(); ++group) {
    const double mean = means[views.axes[group]].mean;
    if (!std::isfinite(mean) || !std::isfinite(best[group]))
      return std::nullopt;
    losses.push_back(objective.to_minimisation(mean));
    const double regret = losses.back() - objective.to_minimisation(best[group]);
    view.mean += views.weights[group] * mean;
    view.regret = group == 0 ? regret : std::max(view.regret, regret);
    view.weighted_regret += views.weights[group] * regret;
  }
  const auto [low, high] = std::ranges::minmax(losses);
  view.worst = objective.to_minimisation(high);  // it is its own inverse
  view.gap = high - low;
  view.tail = objective.to_minimisation(tail_mean(losses, views.weights, views.tail_share));
  return view;
}

/// A notion of fairness: what it makes small, and how it says so.
struct Notion {
  std::string_view name;
  double (*loss)(const Objective&, const GroupView&);
  double (*shown)(const GroupView&);
  std::string_view sentence;
};
constexpr Notion k_notions[] = {
    {"max_min", [](const Objective& objective, const GroupView& view) { return objective.to_minimisation(view.worst); },
     [](const GroupView& view) { return view.worst; }, "its worst-off group is best off"},
    {"min_max_regret", [](const Objective&, const GroupView& view) { return view.regret; },
     [](const GroupView& view) { return view.regret; },
     "the largest loss of a group against the best that group has anywhere is smallest"},
    {"weighted_regret", [](const Objective&, const GroupView& view) { return view.weighted_regret; },
     [](const GroupView& view) { return view.weighted_regret; },
     "the loss against the best of each group, averaged over people, is smallest"},
    {"accuracy_gap", [](const Objective&, const GroupView& view) { return view.gap; },
     [](const GroupView& view) { return view.gap; }, "the groups are closest together"},
};

}  // namespace

std::optional<GroupViews> group_views(const RunRecord& record, const Front& front) {
  GroupViews views;
  views.axes = axes_of_groups(front.objectives);
  if (views.axes.empty() || front.members.empty())
    return std::nullopt;
  views.metric = front.objectives[views.axes.front()].metric;
  views.tail_share = k_tail_share;
  views.weights = people_of(record, front.objectives, views.axes);
  views.weights_known = !views.weights.empty();
  if (!views.weights_known)
    views.weights.assign(views.axes.size(), 1.0);
  const double people = std::accumulate(views.weights.begin(), views.weights.end(), 0.0);
  for (double& weight : views.weights)
    weight /= people;
  std::vector<double> best_on_test;
  for (const std::size_t axis : views.axes) {
    const FrontPoint* best = nullptr;
    for (const FrontPoint& point : front.points) {
      const auto loss = [&](const FrontPoint& each) {
        return front.objectives[axis].to_minimisation(each.validation[axis].mean);
      };
      if (point.competes && (best == nullptr || loss(point) < loss(*best)))
        best = &point;
    }
    check(best != nullptr, "a front with members has points that compete");
    views.best.push_back(best->validation[axis].mean);
    best_on_test.push_back(best->test[axis].mean);
  }
  for (const FrontPoint& point : front.points) {
    views.validation.push_back(point.competes ? view_of(front, views, point.validation, views.best) : std::nullopt);
    views.test.push_back(point.competes ? view_of(front, views, point.test, best_on_test) : std::nullopt);
  }
  return views;
}

Recommendation recommend(const Front& front, const GroupViews& views, std::string_view fairness) {
  Recommendation answer;
  answer.fairness = fairness;
  const auto notion = std::ranges::find(k_notions, fairness, &Notion::name);
  if (notion == std::ranges::end(k_notions)) {
    answer.reason =
        "the notion \"pareto\" takes the front as a whole: which of its points is right is a matter of weights between "
        "the groups, which nobody declared";
    return answer;
  }
  const Objective& objective = front.objectives[views.axes.front()];
  for (const std::size_t member : front.members) {
    const auto rank = [&](std::size_t point) {
      const GroupView& view = *views.validation[point];
      return std::tuple(notion->loss(objective, view), objective.to_minimisation(view.mean),
                        front.points[point].configuration);
    };
    if (!answer.point || rank(member) < rank(*answer.point))
      answer.point = member;
  }
  check(answer.point.has_value(), "a front with views has members");
  answer.reason = fmt::format("of the front's configurations {} on validation ({})", notion->sentence,
                              number_text(notion->shown(*views.validation[*answer.point])));
  return answer;
}

}  // namespace fairsweep::report
