#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <string>
#include <vector>

#include "results/report/display_text.hpp"
#include "results/report/fairness_report.hpp"
#include "results/report/number_text.hpp"
#include "results/report/run_summary.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

enum class Sign { plain, shown };

std::string number(double value, Sign sign) {
  if (std::isnan(value))
    return "-";
  const int places = std::fabs(value) >= 100 ? 1 : 4;
  return sign == Sign::shown ? fmt::format("{:+.{}f}", value, places) : fmt::format("{:.{}f}", value, places);
}

/// "0.7123 [0.6901, 0.7344]"
std::string with_interval(const Measured& measured, Sign sign = Sign::plain) {
  if (std::isnan(measured.interval.low))
    return number(measured.value, sign);
  return fmt::format("{} [{}, {}]", number(measured.value, sign), number(measured.interval.low, sign),
                     number(measured.interval.high, sign));
}

std::string floor_text(const Measured& measured, Sign sign = Sign::plain) {
  const fairness::NoiseFloor& floor = measured.floor;
  if (std::isnan(floor.mean))
    return "-";
  return fmt::format("{} [{}, {}]", number(floor.mean, sign), number(floor.interval.low, sign),
                     number(floor.interval.high, sign));
}

std::string short_floor(const Measured& measured) { return number(measured.floor.mean, Sign::plain); }

std::string key_text(const FairnessOfPoint& point) {
  return point.member ? std::string(1, key_of(*point.member)) : std::string();
}

const Measured& index_named(const FairnessOfPoint& point, std::string_view name) {
  return point
      .over_people[static_cast<std::size_t>(std::ranges::find(k_index_names, name) - std::begin(k_index_names))];
}

std::string overview(const FairnessSummary& summary) {
  TextTable table;
  table.add_column("");
  table.add_column("configuration", Align::right);
  table.add_column("method");
  for (const char* name : {"mean", "worst 10 %", "standard deviation", "NMGD", "slope over support"}) {
    table.add_column(name);
    if (std::string_view(name) != "mean" && std::string_view(name) != "slope over support")
      table.add_column("\nfloor");
  }
  for (const FairnessOfPoint& point : summary.points) {
    if (point.people == 0)
      continue;
    std::vector<std::string> cells = {key_text(point), std::to_string(point.configuration.value), point.method,
                                      with_interval(index_named(point, "mean"))};
    for (const Measured* each :
         {&index_named(point, "worst_10_percent"), &index_named(point, "standard_deviation"), &point.relative_gap}) {
      cells.push_back(with_interval(*each));
      cells.push_back(short_floor(*each));
    }
    cells.push_back(with_interval(point.slope, Sign::shown));
    table.add_row(cells);
  }
  return table.text();
}

struct NamedIndex {
  std::string_view name;
  std::string_view fair;
};
constexpr NamedIndex k_shown_indices[] = {{"mean", ""},
                                          {"standard deviation", "0"},
                                          {"coefficient of variation", "0"},
                                          {"range", "0"},
                                          {"worst 10 %", "the mean"},
                                          {"worst 20 %", "the mean"},
                                          {"worst 30 %", "the mean"},
                                          {"Gini", "0"},
                                          {"Jain", "1"},
                                          {"Theil", "0"},
                                          {"Atkinson 0.5", "0"}};
static_assert(std::size(k_shown_indices) == std::size(k_index_names));

std::string indices_table(const FairnessOfPoint& point) {
  TextTable table;
  for (const char* name : {"index", "fair", "over people", "noise floor"})
    table.add_column(name);
  if (!point.over_groups.empty()) {
    table.add_column("over groups");
    table.add_column("noise floor");
  }
  const auto add = [&](std::string_view name, std::string_view fair, const Measured* people, const Measured* groups,
                       Sign sign = Sign::plain) {
    std::vector<std::string> cells = {std::string(name), std::string(fair)};
    for (const Measured* each : {people, groups}) {
      if (each == groups && point.over_groups.empty())
        break;
      cells.push_back(each == nullptr ? "" : with_interval(*each, sign));
      cells.push_back(each == nullptr ? "" : floor_text(*each, sign));
    }
    table.add_row(cells);
  };
  for (std::size_t i = 0; i < std::size(k_index_names); ++i) {
    add(k_shown_indices[i].name, k_shown_indices[i].fair, &point.over_people[i],
        point.over_groups.empty() ? nullptr : &point.over_groups[i]);
  }
  add("deviation without chance", "0", &point.deviation_without_chance, nullptr);
  if (!point.over_groups.empty()) {
    add("NMGD (range / mean)", "0", nullptr, &point.relative_gap);
    add("majority - minority", "0", nullptr, &point.majority_gap, Sign::shown);
    add("largest regret", "0", nullptr, &point.largest_regret, Sign::shown);
  }
  if (point.curve.people > 1) {
    add("slope over support", "0", &point.slope, nullptr, Sign::shown);
    add("Pearson with support", "0", &point.pearson, nullptr, Sign::shown);
    add("Spearman with support", "0", &point.spearman, nullptr, Sign::shown);
  }
  return table.text(2);
}

std::string groups_table(const FairnessSummary& summary, const FairnessOfPoint& point) {
  const auto some = [&point](auto number_of) {
    return std::ranges::any_of(point.groups, [&](const GroupFairness& group) { return !std::isnan(number_of(group)); });
  };
  const bool teachers = some([](const GroupFairness& group) { return group.teacher_regret.value; });
  const bool gains = some([](const GroupFairness& group) { return group.gain_left; });
  const bool borda = some([](const GroupFairness& group) { return group.model_as_borda.value; });
  TextTable table;
  table.add_column("group");
  table.add_column("people", Align::right);
  table.add_column("comparisons", Align::right);
  table.add_column(summary.metric);
  table.add_column("calibration error");
  table.add_column("\nfloor");
  table.add_column("regret");
  table.add_column("beside\nconfiguration", Align::right);
  if (teachers)
    table.add_column("regret to\nown teacher");
  if (gains)
    table.add_column("below its certificate's target,\nnats on validation", Align::right);
  if (borda) {
    table.add_column("orders pairs as Borda:\nthe model");
    table.add_column("\nthe people");
  }
  for (const GroupFairness& group : point.groups) {
    std::vector<std::string> cells = {group.group.empty() ? "everybody" : group.group,
                                      std::to_string(group.people),
                                      group.comparisons > 0 ? std::to_string(group.comparisons) : "-",
                                      with_interval(group.value),
                                      with_interval(group.calibration),
                                      short_floor(group.calibration),
                                      with_interval(group.regret, Sign::shown),
                                      group.best ? std::to_string(group.best->value) : "-"};
    if (teachers)
      cells.push_back(with_interval(group.teacher_regret, Sign::shown));
    if (gains)
      cells.push_back(number(group.gain_left, Sign::shown));
    if (borda) {
      cells.push_back(with_interval(group.model_as_borda));
      cells.push_back(with_interval(group.people_as_borda));
    }
    table.add_row(cells);
  }
  return table.text(2);
}

std::string curve_table(const FairnessSummary& summary, const FairnessOfPoint& point) {
  if (point.curve.bins.empty())
    return "";
  TextTable table;
  table.add_column("support rate");
  table.add_column("people", Align::right);
  table.add_column(summary.metric);
  for (const fairness::SupportBin& bin : point.curve.bins) {
    table.add_row({fmt::format("{} to {}", number_text(bin.low), number_text(bin.high)), std::to_string(bin.people),
                   estimate_text({bin.mean, bin.standard_error, 0})});
  }
  return "\n" + table.text(2);
}

std::string details(const FairnessSummary& summary, const FairnessOfPoint& point) {
  std::string title = key_text(point);
  title += fmt::format("{}configuration {}, {}", title.empty() ? "" : ", ", point.configuration.value,
                       printable(point.method));
  if (point.trial)
    title += fmt::format(", trial {}", point.trial->value);
  else
    title += fmt::format(", {} replicate{}", point.replicates, point.replicates == 1 ? "" : "s");
  if (point.people == 0)
    return fmt::format("\n{}: nobody has a value of {} here.\n", title, printable(summary.metric));
  return fmt::format("\n{}: {} people\n\n{}\n{}{}", title, point.people, indices_table(point),
                     groups_table(summary, point), curve_table(summary, point));
}

}  // namespace

std::string fairness_text(const FairnessSummary& summary, bool every_index) {
  if (summary.points.empty())
    return "No configuration competes yet, so there is nothing to measure.\n";
  std::string text = fmt::format(
      "How unequally {} ({} is better) is spread on {}. In brackets 95 % of {} draws of people, seed {}; floor: the "
      "same number\nwere everybody served alike, with as many people and comparisons.\n\n{}",
      printable(summary.metric), summary.direction == Direction::maximise ? "larger" : "smaller",
      to_text(summary.split), summary.chance.draws, summary.chance.seed, overview(summary));
  for (const FairnessOfPoint& point : summary.points) {
    if (every_index || point.people == 0)
      text += details(summary, point);
  }
  if (!every_index)
    text += "\n--each shows every index, and of each group the regrets and the calibration.\n";
  for (const std::string& sentence : summary.missing)
    text += "\n" + printable(sentence) + "\n";
  return text;
}

}  // namespace fairsweep::report
