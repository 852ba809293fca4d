#include "results/report/fairness_summary.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/inequality/mean.hpp"
#include "objectives/metrics/regret.hpp"
#include "results/report/axis_values.hpp"
#include "results/report/fairness_borda.hpp"
#include "results/report/fairness_calibration.hpp"
#include "results/report/fairness_choice.hpp"
#include "results/report/person_curves.hpp"

namespace fairsweep::report {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* k_accuracy = "accuracy";

/// Data with orders of several: the probability of an order is not that of a first choice.
bool has_rankings(const RunRecord& record) {
  const auto description = nlohmann::json::parse(record.data_description, nullptr, false);
  return description.is_object() && description.value("rankings", 0) > 0;
}

class Summary {
 public:
  Summary(const RunSummary& run, const PersonResults& people, const ComparisonResults& comparisons,
          const std::vector<double>& lead, const FairnessRequest& request)
      : run_(run),
        people_(people),
        comparisons_(comparisons),
        lead_(lead),
        request_(request),
        metric_(metric_of_fairness(run, request)),
        direction_(direction_of_fairness(run, metric_)),
        values_(request.split == Split::test ? people.test : people.validation),
        split_{request.split == Split::test ? &comparisons.test : &comparisons.validation, {}, {}},
        best_(best_of_groups(run, metric_)) {
    if (people_.metric != metric_) {
      throw UserError(ExitCode::configuration,
                      run.name + ": there are no values of " + metric_ + " for single people; their trainer left none" +
                          (people_.metric.empty() ? "" : ", but there are of " + people_.metric));
    }
    weigh_comparisons();
    for (const auto& best : best_)
      best_values_.push_back(best ? means_of_configuration(*best) : std::vector<double>(values_.people.size(), k_nan));
  }

  FairnessSummary all() {
    FairnessSummary summary;
    summary.metric = metric_;
    summary.direction = direction_;
    summary.split = request_.split;
    summary.chance = request_.chance;
    for (const ShownPoint& shown : shown_points(run_, request_))
      summary.points.push_back(point(shown));
    summary.missing = missing(summary);
    return summary;
  }

 private:
  /// How much each scored comparison weighs, and how many each person's value is made of.
  void weigh_comparisons() {
    known_comparisons_.assign(people_.people.user.size(), k_nan);
    if (comparisons_.person.empty())
      return;
    std::vector<double> sum(known_comparisons_.size(), 0.0), squares(sum), count(sum);
    for (const std::int64_t row : split_.values->comparison) {
      const auto comparison = static_cast<std::size_t>(row);
      const double weight = comparisons_.weight.empty() ? 1.0 : comparisons_.weight[comparison];
      const auto person = static_cast<std::size_t>(comparisons_.person[comparison]);
      split_.weight.push_back(weight);
      sum[person] += weight;
      squares[person] += weight * weight;
      ++count[person];
    }
    counted_ = std::move(count);
    for (std::size_t person = 0; person < sum.size(); ++person) {
      if (squares[person] > 0)  // unequal weights say less: as much as this many equal ones
        known_comparisons_[person] = std::max(1.0, std::round(sum[person] * sum[person] / squares[person]));
    }
  }

  std::vector<double> means_of_configuration(ConfigurationId id) const {
    std::size_t replicates = 0;
    return person_means(run_, people_, values_, id, replicates);
  }

  /// Rows of what the trials left of people, [trials that left any][people of the split]: their own values, or what
  /// they have of their own groups' models.
  std::vector<std::vector<double>> rows_of_trials(const ShownPoint& shown, const std::vector<double>& left) const {
    std::vector<std::vector<double>> values;
    if (left.empty())
      return values;
    const auto columns = static_cast<std::ptrdiff_t>(values_.people.size());
    for (const TrialRecord& trial : trials_of(run_.record, run_.front.points[shown.point].configuration)) {
      const auto row = std::ranges::lower_bound(people_.trials, trial.id);
      if ((shown.trial && trial.id != *shown.trial) || row == people_.trials.end() || *row != trial.id)
        continue;
      const auto first = left.begin() + (row - people_.trials.begin()) * columns;
      values.emplace_back(first, first + columns);
    }
    return values;
  }

  /// The people of whom every trial says something, and for each group of the run that has some its name and code.
  PeopleSample sample_of(const ShownPoint& shown, std::vector<std::size_t>& columns, std::vector<std::string>& names,
                         std::vector<std::size_t>& codes) const {
    const std::vector<std::vector<double>> values = rows_of_trials(shown, values_.values);
    const std::vector<std::vector<double>> own_teacher = rows_of_trials(shown, values_.own_teacher);
    const auto group_of = [&](std::size_t column) {
      const auto person = static_cast<std::size_t>(values_.people[column]);
      return person < people_.people.group.size() ? people_.people.group[person] : -1;
    };
    std::set<std::int32_t> present;
    for (std::size_t column = 0; column < values_.people.size() && !values.empty(); ++column) {
      if (!std::ranges::all_of(values, [column](const auto& of_trial) { return std::isfinite(of_trial[column]); }))
        continue;
      columns.push_back(column);
      if (group_of(column) >= 0)
        present.insert(group_of(column));
    }
    for (const std::int32_t code : present) {
      codes.push_back(static_cast<std::size_t>(code));
      names.push_back(people_.people.groups[codes.back()]);
    }
    PeopleSample sample;
    sample.values.resize(values.size());
    sample.own_teacher.resize(own_teacher.size());
    for (const std::size_t column : columns) {
      const auto person = static_cast<std::size_t>(values_.people[column]);
      const std::int32_t code = group_of(column);
      const bool known = person < people_.people.user.size();
      for (std::size_t trial = 0; trial < values.size(); ++trial)
        sample.values[trial].push_back(values[trial][column]);
      for (std::size_t trial = 0; trial < own_teacher.size(); ++trial)
        sample.own_teacher[trial].push_back(own_teacher[trial][column]);
      sample.group.push_back(code < 0 ? -1
                                      : static_cast<std::int32_t>(std::distance(present.begin(), present.find(code))));
      sample.support.push_back(known ? people_.people.support[person] : k_nan);
      sample.comparisons.push_back(known ? known_comparisons_[person] : k_nan);
      sample.best.push_back(code < 0 ? k_nan : best_values_[static_cast<std::size_t>(code)][column]);
    }
    return sample;
  }

  /// Measures where everybody is right equally often; nothing for other metrics, or where comparisons are not known.
  std::vector<fairness::NoiseFloor> floor_of(const PeopleSample& sample, std::size_t groups) const {
    std::vector<std::uint32_t> comparisons;
    for (const double count : sample.comparisons) {
      if (metric_ != k_accuracy || !(count >= 1))
        return {};
      comparisons.push_back(static_cast<std::uint32_t>(count));
    }
    const double right = measure(sample, groups, direction_).people.front();
    PeopleSample drawn = sample;
    drawn.values.resize(1);
    drawn.own_teacher.clear();
    std::ranges::fill(drawn.best, k_nan);
    return fairness::binomial_floor(
        comparisons, std::clamp(right, 0.0, 1.0),
        [&](std::span<const double> shares) {
          drawn.values.front().assign(shares.begin(), shares.end());
          return measure(drawn, groups, direction_).row();
        },
        request_.chance);
  }

  FairnessOfPoint point(const ShownPoint& shown) {
    FairnessOfPoint point;
    point.configuration = run_.front.points[shown.point].configuration;
    point.trial = shown.trial;
    point.method = method_of(run_, configuration_of(run_.record, point.configuration));
    const auto member = std::ranges::find(run_.front.members, shown.point);
    if (member != run_.front.members.end())
      point.member = static_cast<std::size_t>(member - run_.front.members.begin());
    std::vector<std::size_t> columns, codes;
    std::vector<std::string> names;
    const PeopleSample sample = sample_of(shown, columns, names, codes);
    point.replicates = sample.values.size();
    point.people = sample.size();
    if (sample.size() == 0)
      return point;
    fill_measures(point, sample, names, codes);
    std::vector<double> means(sample.size(), 0.0);
    for (const std::vector<double>& of_trial : sample.values) {
      for (std::size_t i = 0; i < means.size(); ++i)
        means[i] += of_trial[i] / static_cast<double>(sample.values.size());
    }
    point.curve = fairness::support_curve(sample.support, means);
    const std::vector<std::size_t> rows = margin_rows(point);
    place_comparisons(columns);
    fill_counts(point, sample, columns);
    fill_calibration(point, sample, rows);
    fill_borda(point, sample, rows);
    fill_teachers(point);
    return point;
  }

  void fill_measures(FairnessOfPoint& point, const PeopleSample& sample, const std::vector<std::string>& names,
                     const std::vector<std::size_t>& codes) const {
    const std::size_t groups = names.size();
    const auto values = measure(sample, groups, direction_);
    const auto drawn = fairness::people_bootstrap(
        sample.group,
        [&](std::span<const std::uint32_t> rows) { return measure(rows_of(sample, rows), groups, direction_).row(); },
        request_.chance);
    std::vector<fairness::NoiseFloor> floors = floor_of(sample, groups);
    floors.resize(drawn.size());
    const auto row_of = [&](auto number) {
      std::vector<double> row;
      row.reserve(drawn.size());
      for (std::size_t i = 0; i < drawn.size(); ++i)
        row.push_back(number(i));
      return FairnessMeasures::of_row(row, groups);
    };
    const auto low = row_of([&](std::size_t i) { return drawn[i].low; });
    const auto high = row_of([&](std::size_t i) { return drawn[i].high; });
    const auto floor_mean = row_of([&](std::size_t i) { return floors[i].mean; });
    const auto floor_low = row_of([&](std::size_t i) { return floors[i].interval.low; });
    const auto floor_high = row_of([&](std::size_t i) { return floors[i].interval.high; });
    const auto gathered = [&](auto pick) {
      return Measured{pick(values), {pick(low), pick(high)}, {pick(floor_mean), {pick(floor_low), pick(floor_high)}}};
    };
    for (std::size_t i = 0; i < std::size(k_index_names); ++i) {
      point.over_people.push_back(gathered([i](const FairnessMeasures& of) { return of.people[i]; }));
      if (groups > 1)
        point.over_groups.push_back(gathered([i](const FairnessMeasures& of) { return of.groups[i]; }));
    }
    point.deviation_without_chance = gathered([](const FairnessMeasures& of) { return of.deviation_without_chance; });
    if (metric_ != k_accuracy)
      point.deviation_without_chance = {};
    if (groups > 1)
      point.relative_gap = gathered([](const FairnessMeasures& of) { return of.relative_gap; });
    point.majority_gap = gathered([](const FairnessMeasures& of) { return of.majority_gap; });
    point.slope = gathered([](const FairnessMeasures& of) { return of.slope; });
    point.pearson = gathered([](const FairnessMeasures& of) { return of.pearson; });
    point.spearman = gathered([](const FairnessMeasures& of) { return of.spearman; });
    point.largest_regret = gathered([](const FairnessMeasures& of) { return of.largest_regret; });
    GroupFairness everybody;
    everybody.value = point.over_people.front();
    point.groups.push_back(everybody);
    for (std::size_t i = 0; i < groups; ++i) {
      GroupFairness group;
      group.group = names[i];
      group.value = gathered([i](const FairnessMeasures& of) { return of.group_means[i]; });
      group.regret = gathered([i](const FairnessMeasures& of) { return of.group_regrets[i]; });
      group.best = best_[codes[i]];
      group.teacher_regret = gathered([i](const FairnessMeasures& of) { return of.teacher_regrets[i]; });
      point.groups.push_back(std::move(group));
    }
  }

  /// Rows of the margins that the point's trials left.
  std::vector<std::size_t> margin_rows(const FairnessOfPoint& point) const {
    std::vector<std::size_t> rows;
    if (comparisons_.person.empty() || split_.values->margin.empty() || split_.values->log_probability.empty())
      return rows;
    for (std::size_t row = 0; row < comparisons_.trials.size(); ++row) {
      const TrialId id = comparisons_.trials[row];
      const auto trial = std::ranges::lower_bound(run_.record.trials, id, {}, &TrialRecord::id);
      if (point.trial ? id == *point.trial : trial->configuration == point.configuration)
        rows.push_back(row);
    }
    return rows;
  }

  void place_comparisons(const std::vector<std::size_t>& columns) {
    std::vector<std::int32_t> place_of(people_.people.user.size(), -1);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto person = static_cast<std::size_t>(values_.people[columns[i]]);
      if (person < place_of.size())
        place_of[person] = static_cast<std::int32_t>(i);
    }
    split_.place.clear();
    if (comparisons_.person.empty())
      return;
    for (const std::int64_t row : split_.values->comparison)
      split_.place.push_back(place_of[static_cast<std::size_t>(comparisons_.person[static_cast<std::size_t>(row)])]);
  }

  void fill_counts(FairnessOfPoint& point, const PeopleSample& sample, const std::vector<std::size_t>& columns) const {
    for (std::size_t i = 0; i < sample.size(); ++i) {
      const auto person = static_cast<std::size_t>(values_.people[columns[i]]);
      const auto count = static_cast<std::uint64_t>(person < counted_.size() ? counted_[person] : 0);
      const auto add = [&](GroupFairness& group) {
        ++group.people;
        group.comparisons += count;
      };
      add(point.groups.front());
      if (sample.group[i] >= 0)
        add(point.groups[1 + static_cast<std::size_t>(sample.group[i])]);
    }
  }

  /// What the trials reported themselves, averaged over those that did.
  double reported_calibration(const FairnessOfPoint& point, const std::string& group) const {
    double sum = 0, count = 0;
    for (const TrialRecord& trial : trials_of(run_.record, point.configuration)) {
      if (trial.state != TrialState::reported || (point.trial && trial.id != *point.trial))
        continue;
      for (const MetricValue& value : trial.metrics) {
        if (value.metric == "calibration_error" && value.split == request_.split && value.group == group &&
            std::isfinite(value.value)) {
          sum += value.value;
          ++count;
        }
      }
    }
    return sum / count;
  }

  void fill_calibration(FairnessOfPoint& point, const PeopleSample& sample, const std::vector<std::size_t>& rows) {
    std::vector<GroupCalibration> measured(point.groups.size());
    if (!rankings_)
      measured = calibration_of(split_, rows, sample.group, point.groups.size() - 1, request_.chance);
    for (std::size_t i = 0; i < point.groups.size(); ++i) {
      point.groups[i].calibration = measured[i].error;
      point.groups[i].bins = std::move(measured[i].bins);
      if (std::isnan(point.groups[i].calibration.value))
        point.groups[i].calibration.value = reported_calibration(point, point.groups[i].group);
    }
  }

  void fill_borda(FairnessOfPoint& point, const PeopleSample& sample, const std::vector<std::size_t>& rows) const {
    if (lead_.empty() || rows.empty())
      return;
    const std::vector<GroupBorda> shares =
        borda_of(split_, rows, lead_, sample.group, point.groups.size() - 1, request_.chance);
    for (std::size_t i = 0; i < point.groups.size(); ++i) {
      point.groups[i].model_as_borda = shares[i].model;
      point.groups[i].people_as_borda = shares[i].people;
    }
  }

  double own_value(const TrialRecord& trial, const std::string& group) const {
    for (const MetricValue& value : trial.metrics) {
      if (value.metric == metric_ && value.split == request_.split && value.group == group)
        return value.value;
    }
    return k_nan;
  }

  void fill_teachers(FairnessOfPoint& point) const {
    for (GroupFairness& group : point.groups) {
      std::vector<double> regrets, gains_left;
      for (const TrialRecord& trial : trials_of(run_.record, point.configuration)) {
        if (point.trial && trial.id != *point.trial)
          continue;
        const auto note = [&trial](const std::string& name) {
          const auto place = trial.notes.find(name);
          return place == trial.notes.end() ? k_nan : place->second;
        };
        const double reached =
            note("oracle " + std::string(to_text(request_.split)) + " " + metric_ + " " + group.group);
        const double own = own_value(trial, group.group);
        const double regret = fairness::group_regrets(std::span(&own, 1), std::span(&reached, 1), direction_).front();
        const double left = note("teacher_gain " + group.group) - note("student_gain " + group.group);
        if (!std::isnan(regret))
          regrets.push_back(regret);
        if (!std::isnan(left))
          gains_left.push_back(left);
      }
      if (std::isnan(group.teacher_regret.value))
        group.teacher_regret.value = fairness::mean_of(regrets);
      group.gain_left = fairness::mean_of(gains_left);
    }
  }

  std::vector<std::string> missing(const FairnessSummary& summary) const {
    std::vector<std::string> sentences;
    const auto margins = [&](const FairnessOfPoint& point) { return margin_rows(point).empty(); };
    if (metric_ != k_accuracy)
      sentences.push_back("There is no noise floor: it is of right and wrong answers, and so of accuracy alone.");
    else if (comparisons_.person.empty() || split_.values->comparison.empty())
      sentences.push_back(
          "There is no noise floor: the file does not say how many comparisons each person has. A run of this version "
          "with a front says it.");
    if (rankings_) {
      sentences.push_back(
          "The data have rankings of several, whose probability is not that of a first choice: calibration is what the "
          "trainer reported of the other comparisons, without an interval.");
    } else if (std::ranges::any_of(summary.points, margins)) {
      sentences.push_back(
          "Margins are kept of the front's trials alone: for others calibration is what the trainer reported, without "
          "an interval.");
    }
    return sentences;
  }

  const RunSummary& run_;
  const PersonResults& people_;
  const ComparisonResults& comparisons_;
  const std::vector<double>& lead_;
  const FairnessRequest& request_;
  std::string metric_;
  Direction direction_;
  const PersonValues& values_;
  SplitOfSample split_;
  std::vector<std::optional<ConfigurationId>> best_;  ///< [groups of the run]
  std::vector<std::vector<double>> best_values_;      ///< [groups of the run][people of the split]
  std::vector<double> known_comparisons_;             ///< [people] effective number; NaN: not known
  std::vector<double> counted_;                       ///< [people] scored comparisons; empty: not known
  bool rankings_ = has_rankings(run_.record);
};

}  // namespace

FairnessSummary fairness_of(const RunSummary& run, const PersonResults& people, const ComparisonResults& comparisons,
                            const std::vector<double>& borda_lead, const FairnessRequest& request) {
  return Summary(run, people, comparisons, borda_lead, request).all();
}

}  // namespace fairsweep::report
