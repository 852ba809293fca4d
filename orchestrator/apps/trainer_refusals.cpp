#include "orchestrator/apps/trainer_refusals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <variant>

#include "core/config/likelihood_schema.hpp"
#include "core/diagnostics/counted.hpp"
#include "orchestrator/apps/sweep_advice.hpp"

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

/// Degrees of membership that the people do not have, and scales over contexts that are too small.
void refuse_memberships(const PreferenceData& data, const People& people, Refusals& refusals) {
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
}

/// Comparisons that each group has in a part.
std::vector<std::int64_t> comparisons_by_group(const PreferenceData& data, const People& people, Split split) {
  std::vector<std::int64_t> count(people.groups.size(), 0);
  const std::vector<std::int32_t>& person = people.person.empty() ? data.comparison_user : people.person;
  for (std::size_t row = 0; row < people.split.size(); ++row) {
    const std::int32_t group = people.group[static_cast<std::size_t>(person[row])];
    if (people.split[row] == split && group >= 0)
      ++count[static_cast<std::size_t>(group)];
  }
  return count;
}

/// The trials that train a model for each group alone; those that weigh them by validation comparisons as well.
std::vector<std::vector<Cause>> trials_with_models_of_groups(bool weighed) {
  std::vector<std::vector<Cause>> trials;
  for (const char* method : {"soup", "personal_soup"})
    trials.push_back({{"method.name", method}});
  for (const char* method : {"average", "max_min", "min_max_regret"})
    trials.push_back({{"method.name", method}, {"method.ensemble.of", "groups"}});
  if (weighed)
    return trials;
  for (const char* method : {"typewise_average", "pafo", "pafo_dvao", "dvao_listwise"})
    trials.push_back({{"method.name", method}});
  trials.push_back({{"method.name", "first_order"}, {"method.first_order.variance", "groups"}});
  return trials;
}

void refuse_models_of_groups(const PreferenceData& data, const People& people, Refusals& refusals) {
  const auto refuse = [&](Split split, const char* part, bool weighed, const char* needed) {
    const std::vector<std::int64_t> count = comparisons_by_group(data, people, split);
    const auto empty = std::ranges::find(count, 0);
    if (empty == count.end())
      return;
    const std::string& group = people.groups[static_cast<std::size_t>(empty - count.begin())];
    for (const std::vector<Cause>& causes : trials_with_models_of_groups(weighed)) {
      refusals.add(causes, fmt::format("group \"{}\" has no {} comparisons, {}; use another split, grouping or method",
                                       group, part, needed));
    }
  };
  refuse(Split::train, "training", false, "which its own model needs");
  refuse(Split::validation, "validation", true, "by which models are weighed");
}

/// The least number a setting may be: its value, or the least of what is searched; infinity where it is not there.
double least_of(const SweepConfiguration& sweep, const std::string& path) {
  const auto number = [](const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      return static_cast<double>(*whole);
    const auto* real = std::get_if<double>(&value);
    return real == nullptr ? std::numeric_limits<double>::infinity() : *real;
  };
  if (const auto fixed = sweep.settings.find(path); fixed != sweep.settings.end())
    return number(fixed->second);
  double least = std::numeric_limits<double>::infinity();
  for (const Parameter& parameter : sweep.space.parameters) {
    if (parameter.path != path)
      continue;
    if (const auto* choice = std::get_if<Choice>(&parameter.distribution)) {
      for (const Value& value : choice->values)
        least = std::min(least, number(value));
    } else {
      least = -std::numeric_limits<double>::infinity();  // a range begins at the schema's least
    }
  }
  return least;
}

/// Shares of a soup that the groups leave no use for, and an emphasis of a kind of people that there is not.
void refuse_mixtures(const SweepConfiguration& sweep, std::size_t groups, Refusals& refusals) {
  constexpr double k_unused = 0.5;  // what the schema gives, and what a soup takes for nothing said
  const std::pair<const char*, std::size_t> shares[] = {
      {"method.soup.share", 2}, {"method.soup.second_share", 3}, {"method.soup.third_share", 4}};
  for (const auto& [path, needed] : shares) {
    const auto fixed = sweep.settings.find(path);
    const bool searched =
        std::ranges::any_of(sweep.space.parameters, [&](const Parameter& one) { return one.path == path; });
    const bool said = searched || (fixed != sweep.settings.end() && fixed->second != Value(k_unused));
    if (said && groups < needed) {
      refusals.add({{"method.name", "soup"}},
                   fmt::format("{} does nothing with {}; leave it out", path, counted(groups, "group", "groups")));
    }
  }
  const double emphasised = least_of(sweep, "method.min_max_regret.emphasised");
  const auto refuse = [&](const std::string& of, double kinds) {
    if (std::isfinite(emphasised) && emphasised > kinds) {
      refusals.add({{"method.name", "min_max_regret"}, {"method.ensemble.of", of}},
                   fmt::format("method.min_max_regret.emphasised is {} or more, and there are models for {} kinds of "
                               "people; write a number from 1 to {}",
                               emphasised, kinds, kinds));
    }
  };
  refuse("groups", static_cast<double>(groups));
  const auto types = sweep.settings.find("method.ensemble.types");
  if (types == sweep.settings.end())
    return;
  for (const char* of : {"types", "joint_likelihood"})
    refuse(of, static_cast<double>(std::get<std::int64_t>(types->second)));
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
        "it out, or use log_loss");
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
  refuse_memberships(data, people, refusals);
  refuse_models_of_groups(data, people, refusals);
  refuse_mixtures(sweep, people.groups.size(), refusals);
  return std::move(refusals).found();
}

}  // namespace fairsweep::apps
