#include "orchestrator/apps/data_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/config/likelihood_schema.hpp"
#include "core/domain/hidden_types.hpp"
#include "orchestrator/apps/sweep_advice.hpp"
#include "workers/data/description/identifiability.hpp"

namespace fairsweep::apps {
namespace {

/// A setting and the value that makes trouble.
using Cause = std::pair<std::string, std::string>;

class Refusals {
 public:
  explicit Refusals(const SweepConfiguration& sweep) : sweep_(sweep) {}

  /// Trials that have all of these values are refused.
  void add(const std::vector<Cause>& causes, const std::string& why) {
    const auto may = [this](const Cause& cause) { return may_be(sweep_, cause.first, cause.second); };
    if (!std::all_of(causes.begin(), causes.end(), may))
      return;
    const bool always = std::all_of(causes.begin(), causes.end(),
                                    [this](const Cause& cause) { return sweep_.settings.contains(cause.first); });
    std::string words;
    for (const auto& [path, value] : causes)
      words += fmt::format("{}{} {} {}", words.empty() ? "" : " and ", path, always ? "is" : "can be", value);
    (always ? found_.every_trial : found_.some_trials).push_back(words + ", but " + why);
  }
  /// Every trial is.
  void add_for_all(std::string why) { found_.every_trial.push_back(std::move(why)); }
  [[nodiscard]] TrainerRefusals found() && { return std::move(found_); }

 private:
  const SweepConfiguration& sweep_;
  TrainerRefusals found_;
};

std::int64_t largest_context(const PreferenceData& data) {
  std::int64_t largest = 0;
  for (std::size_t context = 0; context + 1 < data.context_offset.size(); ++context)
    largest = std::max(largest, data.context_offset[context + 1] - data.context_offset[context]);
  return largest;
}

std::int64_t largest_comparison(const PreferenceData& data) {
  std::int64_t largest = 0;
  for (std::size_t row = 0; row + 1 < data.comparison_offset.size(); ++row)
    largest = std::max(largest, data.comparison_offset[row + 1] - data.comparison_offset[row]);
  return largest;
}

/// Likelihoods of pairs, and of ties, where the data have larger choices, or no ties.
void refuse_likelihoods(const PreferenceData& data, Refusals& refusals) {
  const std::int64_t largest = largest_comparison(data);
  const bool no_ties = std::ranges::none_of(data.comparison_ranked, [](std::int32_t ranked) { return ranked == 0; });
  for (const std::string& likelihood : find_field("model.likelihood")->words) {
    if (likelihood == "plackett_luce")
      continue;
    if (largest > 2) {
      refusals.add(
          {{"model.likelihood", likelihood}},
          fmt::format("it is of pairs, and the data have comparisons of {} candidates; use plackett_luce", largest));
    } else if (no_ties && std::ranges::find(likelihoods_with_ties(), likelihood) != likelihoods_with_ties().end()) {
      refusals.add({{"model.likelihood", likelihood}},
                   "it learns from ties, and the data have none; use plackett_luce and data.labels.ties: drop");
    }
  }
}

/// Is any answer the choice of one, of two or of more?
bool has_first_choices(const PreferenceData& data) {
  for (std::size_t row = 0; row < data.comparison_ranked.size(); ++row) {
    const std::int64_t candidates = data.comparison_offset[row + 1] - data.comparison_offset[row];
    if (data.comparison_ranked[row] == 1 || (data.comparison_ranked[row] > 1 && candidates == 2))
      return true;
  }
  return false;
}

}  // namespace

TrainerRefusals trainer_refusals(const SweepConfiguration& sweep, const PreferenceData& data, const People& people) {
  Refusals refusals(sweep);
  if (!sweep.trainer_command.empty())
    return std::move(refusals).found();
  const bool calibrated =
      std::ranges::any_of(sweep.front, [](const FrontLine& line) { return line.metric == "calibration_error"; });
  if (calibrated && !has_first_choices(data)) {
    refusals.add_for_all(
        "front: calibration_error is of choices of one candidate, and the data have rankings of several alone; leave "
        "it "
        "out, or use log_loss");
  }
  if (data.user_feature_count == 0) {
    refusals.add({{"model.user", "features"}},
                 "the data have no user features; use none, embedding or history, or import the data with "
                 "user_features");
  }
  refuse_likelihoods(data, refusals);
  if (data.user_links.empty()) {
    refusals.add({{"model.user", "linked"}},
                 "the data have no links between people; use offset or embedding, or import the data with --links");
  }
  const Cause dvao{"method.name", "pafo_dvao"};
  struct Soft {
    std::vector<Cause> causes;
    const char* instead;
  };
  const std::vector<Soft> by_support = {
      {{dvao, {"method.pafo_dvao.membership", "soft"}}, "own_group or shared"},
      {{{"method.name", "dvao_listwise"}, {"method.dvao_listwise.membership", "soft"}}, "own_group or shared"},
      {{{"method.name", "pafo"}, {"method.pafo.condition", "soft_membership"}}, "group or agreement"}};
  const bool known =
      std::any_of(people.support.begin(), people.support.end(), [](double rate) { return !std::isnan(rate); });
  for (const Soft& soft : by_support) {
    if (people.groups.size() != 2) {
      refusals.add(soft.causes, fmt::format("that is defined for two groups and there are {}; choose {}",
                                            people.groups.size(), soft.instead));
    } else if (!known) {
      refusals.add(soft.causes,
                   fmt::format("nobody's preference support rate is known: no two people compared the same two "
                               "candidates; choose {}",
                               soft.instead));
    }
  }
  if (largest_context(data) < 3) {
    refusals.add({dvao, {"method.pafo_dvao.scale_over", "context"}},
                 "no context has more than two candidates, where a deviation leaves only the sign of a margin; use "
                 "batch");
  }
  return std::move(refusals).found();
}

std::vector<std::string> advice_on_people(const SweepConfiguration& sweep, const PreferenceData& data,
                                          const People& people) {
  std::vector<std::string> advice;
  const TypesAsked asked = most_types_asked(sweep.settings, sweep.space);
  if (asked.number > 1) {
    const Identifiability found = identifiability_of(data);
    advice = warnings_on_types(asked, {found.median_votes, found.pairs_only, found.most_types});
  }
  if (sweep.data.groups.by == "support_rate") {
    const auto majority = std::count(people.group.begin(), people.group.end(), 0);
    const auto minority = std::count(people.group.begin(), people.group.end(), 1);
    if (minority > majority) {
      advice.push_back(fmt::format(
          "the minority has {} people and the majority {}: a support rate says how common somebody's preferences are, "
          "and most people are at or below the threshold; set data.groups.threshold: quantile for a minority of a "
          "known share, or look at data.groups.similarity",
          minority, majority));
    }
  }
  if (sweep.data.split.history > 0) {
    std::vector<std::int64_t> shown(people.group.size(), 0);
    std::vector<bool> held_out(people.group.size(), false);
    for (std::size_t row = 0; row < people.split.size(); ++row) {
      const auto person = static_cast<std::size_t>(data.comparison_user[row]);
      shown[person] += people.split[row] == Split::history ? 1 : 0;
      held_out[person] = held_out[person] || people.split[row] != Split::train;
    }
    std::int64_t all = 0;
    std::int64_t short_of = 0;
    for (std::size_t person = 0; person < shown.size(); ++person) {
      all += held_out[person] ? 1 : 0;
      short_of += held_out[person] && shown[person] < sweep.data.split.history ? 1 : 0;
    }
    if (short_of > 0) {
      advice.push_back(
          fmt::format("data.split.history is {}, which {} of the {} held-out people do not have beside one comparison "
                      "that is scored: all but that one of theirs are history, so they are measured by a single "
                      "answer; set a smaller history",
                      sweep.data.split.history, short_of, all));
    }
  }
  return advice;
}

}  // namespace fairsweep::apps
