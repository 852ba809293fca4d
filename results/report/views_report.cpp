#include "results/report/views_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/gains.hpp"
#include "results/report/group_views.hpp"
#include "results/report/number_text.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

using nlohmann::json;

std::string fairness_of(const RunSummary& run, std::string_view asked) {
  if (!asked.empty())
    return std::string(asked);
  const auto declared = run.record.declaration.find("fairness");
  return declared == run.record.declaration.end() ? "pareto" : declared->second;
}

std::size_t place_of(const Front& front, std::size_t point) {
  std::size_t place = 0;
  while (place < front.members.size() && front.members[place] != point)
    ++place;
  return place;
}

std::string recommended_line(const RunSummary& run, const Recommendation& recommended, bool asked) {
  const std::string notion =
      fmt::format("fairness: {}{}", printable(recommended.fairness), asked ? "" : ", as declared");
  if (!recommended.point)
    return wrapped(fmt::format("No point is recommended ({}): {}.\n", notion, recommended.reason));
  return wrapped(fmt::format("Recommended ({}): {}, configuration {}; {}.\n", notion,
                             key_of(place_of(run.front, *recommended.point)),
                             run.front.points[*recommended.point].configuration.value, recommended.reason));
}

std::string views_table(const RunSummary& run, const GroupViews& views) {
  TextTable table;
  table.add_column("");
  table.add_column("configuration", Align::right);
  for (const char* name : {"worst group", "worst-off quarter", "mean", "gap", "largest regret", "mean regret"}) {
    table.add_column(std::string(name) + "\nvalidation");
    table.add_column("\ntest");
  }
  for (std::size_t i = 0; i < run.front.members.size(); ++i) {
    const std::size_t point = run.front.members[i];
    std::vector<std::string> cells = {std::string(1, key_of(i)),
                                      std::to_string(run.front.points[point].configuration.value)};
    for (double GroupView::* member : {&GroupView::worst, &GroupView::tail, &GroupView::mean, &GroupView::gap,
                                       &GroupView::regret, &GroupView::weighted_regret}) {
      for (const auto& view : {views.validation[point], views.test[point]})
        cells.push_back(view ? number_text((*view).*member) : "-");
    }
    table.add_row(cells);
  }
  return table.text();
}

std::string gain_text(const Gain& gain) {
  if (std::isnan(gain.mean))
    return "-";
  if (std::isnan(gain.half_width))
    return fmt::format("{:+.4f}", gain.mean);
  const char* verdict = gain.gains() ? " gains" : gain.pays() ? " pays" : "";
  return fmt::format("{:+.4f} ± {:.4f}{}", gain.mean, gain.half_width, verdict);
}

/// A row a member: fronts are long, and a terminal is not wide.
std::string gains_text(const RunSummary& run) {
  const std::optional<GainTable> gains = gain_table(run);
  if (!gains)
    return "\nThere is no pooled configuration to say who gains and who pays against.\n";
  TextTable table;
  table.add_column("");
  table.add_column("configuration", Align::right);
  for (const std::size_t axis : gains->axes) {
    table.add_column(run.front.objectives[axis].label());
  }
  for (std::size_t i = 0; i < run.front.members.size(); ++i) {
    std::vector<std::string> cells = {std::string(1, key_of(i)),
                                      std::to_string(run.front.points[run.front.members[i]].configuration.value)};
    for (const Gain& gain : gains->gains[i]) {
      cells.push_back(gain_text(gain));
    }
    table.add_row(cells);
  }
  const Configuration& pooled = configuration_of(run.record, run.front.points[gains->pooled].configuration);
  const bool of_users = pooled.values.contains("model.user");  // where models of users vary, it may be one of these
  return fmt::format(
             "\nWho gains and who pays beside the pooled model (configuration {}{}), on test; + is better for the "
             "group\n",
             pooled.id.value, of_users ? ", model.user " + setting_text(run, pooled, "model.user") : "") +
         table.text() +
         wrapped(
             "± half of a 95 % interval over replicates of the same seed, very wide where there are but two or three. "
             "\"gains\" and \"pays\" where it lies on one side of 0; of twenty such intervals one misses by chance. "
             "They "
             "are about seeds on one split: other people would differ by more.\n");
}

json view_json(const std::optional<GroupView>& view) {
  if (!view)
    return nullptr;
  return {{"worst_group", view->worst}, {"worst_off_share", view->tail},  {"mean", view->mean},
          {"gap", view->gap},           {"largest_regret", view->regret}, {"mean_regret", view->weighted_regret}};
}

json gains_json(const RunSummary& run) {
  const std::optional<GainTable> gains = gain_table(run);
  if (!gains)
    return nullptr;
  json members = json::array();
  for (std::size_t i = 0; i < gains->gains.size(); ++i) {
    json groups = json::array();
    for (std::size_t j = 0; j < gains->axes.size(); ++j) {
      const Gain& gain = gains->gains[i][j];
      groups.push_back({{"objective", to_json(run.front.objectives[gains->axes[j]])},
                        {"gain", number_json(gain.mean)},
                        {"half_width", number_json(gain.half_width)},
                        {"replicates", gain.replicates},
                        {"verdict", gain.gains()  ? "gains"
                                    : gain.pays() ? "pays"
                                                  : "open"}});
    }
    members.push_back(
        {{"configuration", run.front.points[run.front.members[i]].configuration.value}, {"groups", std::move(groups)}});
  }
  return {{"pooled", run.front.points[gains->pooled].configuration.value},
          {"confidence", 0.95},
          {"split", "test"},
          {"members", std::move(members)}};
}

}  // namespace

std::string recommendation_text(const RunSummary& run, std::string_view fairness) {
  const std::optional<GroupViews> views = group_views(run.record, run.front);
  if (!views)
    return "";
  return recommended_line(run, recommend(run.front, *views, fairness_of(run, fairness)), !fairness.empty());
}

std::string views_text(const RunSummary& run, std::string_view fairness) {
  const std::optional<GroupViews> views = group_views(run.record, run.front);
  if (!views)
    return "There is nothing to view by groups: no metric of the front has an axis for each of several groups.\n";
  std::vector<std::string> weights;
  weights.reserve(views->axes.size());
  for (std::size_t i = 0; i < views->axes.size(); ++i) {
    weights.push_back(
        fmt::format("{} {:.3f}", printable(run.front.objectives[views->axes[i]].group), views->weights[i]));
  }
  std::string text =
      fmt::format("{}: the front's {} over groups\n\n{}", printable(run.name), views->metric, views_table(run, *views));
  text += wrapped(fmt::format(
      "People count alike, each with their group's value; {}: {}.\nRegret: what a group loses against the best it has "
      "anywhere in the run.\n",
      views->weights_known ? "shares of the validation split"
                           : "no report says how many they are, so groups count alike",
      fmt::join(weights, ", ")));
  text += recommended_line(run, recommend(run.front, *views, fairness_of(run, fairness)), !fairness.empty());
  return text + gains_text(run);
}

json views_json(const RunSummary& run, std::string_view fairness) {
  const std::optional<GroupViews> views = group_views(run.record, run.front);
  if (!views)
    return nullptr;
  json groups = json::array(), members = json::array();
  for (std::size_t i = 0; i < views->axes.size(); ++i) {
    groups.push_back({{"group", run.front.objectives[views->axes[i]].group},
                      {"weight", views->weights[i]},
                      {"best", views->best[i]}});
  }
  for (const std::size_t member : run.front.members) {
    members.push_back({{"configuration", run.front.points[member].configuration.value},
                       {"validation", view_json(views->validation[member])},
                       {"test", view_json(views->test[member])}});
  }
  const Recommendation recommended = recommend(run.front, *views, fairness_of(run, fairness));
  return {{"metric", views->metric},
          {"weights", views->weights_known ? "people of the validation split" : "groups alike"},
          {"worst_off_share", views->tail_share},
          {"groups", std::move(groups)},
          {"members", std::move(members)},
          {"recommended",
           {{"fairness", recommended.fairness},
            {"configuration",
             recommended.point ? json(run.front.points[*recommended.point].configuration.value) : json(nullptr)},
            {"reason", recommended.reason}}},
          {"gains", gains_json(run)}};
}

}  // namespace fairsweep::report
