#include "orchestrator/apps/trainer_refusals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
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
  void add(const std::vector<Cause>& causes, const std::string& why) { add_where(causes, {}, why); }
  /// The same of those that also have this number there, which the sweep may draw.
  void add(const std::vector<Cause>& causes, std::int64_t number, const std::string& path, const std::string& why) {
    add_where(causes, Cause{path, std::to_string(number)}, why);
  }
  /// Of the trials that have all of these values some are refused.
  void add_for_some(const std::vector<Cause>& causes, const std::string& why) {
    const auto may = [this](const Cause& cause) { return may_be(sweep_, cause.first, cause.second); };
    if (std::all_of(causes.begin(), causes.end(), may))
      found_.some_trials.push_back(why);
  }
  /// Every trial is.
  void add_for_all(std::string why) { found_.every_trial.push_back(std::move(why)); }
  [[nodiscard]] TrainerRefusals found() && { return std::move(found_); }

 private:
  /// @param number  a further cause, known to be possible
  void add_where(std::vector<Cause> causes, const std::optional<Cause>& number, const std::string& why) {
    const auto may = [this](const Cause& cause) { return may_be(sweep_, cause.first, cause.second); };
    if (!std::all_of(causes.begin(), causes.end(), may))
      return;
    if (number)
      causes.push_back(*number);
    const bool always = std::all_of(causes.begin(), causes.end(),
                                    [this](const Cause& cause) { return sweep_.settings.contains(cause.first); });
    std::string words;
    for (const auto& [path, value] : causes)
      words += fmt::format("{}{} {} {}", words.empty() ? "" : " and ", path, always ? "is" : "can be", value);
    (always ? found_.every_trial : found_.some_trials).push_back(words + ", but " + why);
  }

  const SweepConfiguration& sweep_;
  TrainerRefusals found_;
};

std::int64_t largest_context(const PreferenceData& data) {
  std::int64_t largest = 0;
  for (std::size_t context = 0; context + 1 < data.context_offset.size(); ++context)
    largest = std::max(largest, data.context_offset[context + 1] - data.context_offset[context]);
  return largest;
}

/// Of those that are for anything.
std::int64_t largest_comparison(const PreferenceData& data, const People& people) {
  std::int64_t largest = 0;
  for (std::size_t row = 0; row + 1 < data.comparison_offset.size(); ++row) {
    if (row >= people.split.size() || people.split[row] != Split::unused)
      largest = std::max(largest, data.comparison_offset[row + 1] - data.comparison_offset[row]);
  }
  return largest;
}

/// Likelihoods of pairs, and of ties, where the data have larger choices, or no ties.
void refuse_likelihoods(const PreferenceData& data, const People& people, Refusals& refusals) {
  const std::int64_t largest = largest_comparison(data, people);
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

/// The whole numbers that a setting is or may be drawn as, of a range the last; nothing where it is not there.
std::vector<std::int64_t> numbers_of(const SweepConfiguration& sweep, const std::string& path) {
  std::vector<std::int64_t> numbers;
  const auto add = [&](const Value& value) {
    if (const auto* whole = std::get_if<std::int64_t>(&value))
      numbers.push_back(*whole);
  };
  if (const auto fixed = sweep.settings.find(path); fixed != sweep.settings.end())
    add(fixed->second);
  for (const Parameter& parameter : sweep.space.parameters) {
    if (parameter.path != path)
      continue;
    if (const auto* choice = std::get_if<Choice>(&parameter.distribution))
      std::ranges::for_each(choice->values, add);
    if (const auto* uniform = std::get_if<Uniform>(&parameter.distribution); uniform != nullptr && uniform->integer)
      numbers.push_back(static_cast<std::int64_t>(uniform->high));
  }
  return numbers;
}

constexpr double k_unused_share = 0.5;  ///< what the schema gives, and what a soup takes for nothing said

/// Whether trials say anything else of a share than that.
enum class Said : std::uint8_t { nothing, sometimes, always };

Said what_is_said(const SweepConfiguration& sweep, const std::string& path) {
  const Value unused(k_unused_share);
  if (const auto fixed = sweep.settings.find(path); fixed != sweep.settings.end())
    return fixed->second == unused ? Said::nothing : Said::always;
  for (const Parameter& parameter : sweep.space.parameters) {
    if (parameter.path != path)
      continue;
    const auto* choice = std::get_if<Choice>(&parameter.distribution);
    if (choice == nullptr)  // a grid, or a list, may hit it
      return sweep.search.strategy == "grid" || sweep.search.strategy == "listed" ? Said::sometimes : Said::always;
    const auto same = std::ranges::count(choice->values, unused);
    return same == 0                                                    ? Said::always
           : same == static_cast<std::ptrdiff_t>(choice->values.size()) ? Said::nothing
                                                                        : Said::sometimes;
  }
  return Said::nothing;
}

/// Shares of a soup that the groups leave no use for, and an emphasis of a kind of people that there is not.
void refuse_mixtures(const SweepConfiguration& sweep, std::size_t groups, Refusals& refusals) {
  const std::pair<const char*, std::size_t> shares[] = {
      {"method.soup.share", 2}, {"method.soup.second_share", 3}, {"method.soup.third_share", 4}};
  for (const auto& [path, needed] : shares) {
    const Said said = what_is_said(sweep, path);
    if (said == Said::nothing || groups >= needed)
      continue;
    const std::string why = fmt::format("{} does nothing with {}; leave it out", path,
                                        counted(static_cast<std::int64_t>(groups), "group", "groups"));
    if (said == Said::always)
      refusals.add({{"method.name", "soup"}}, why);
    else
      refusals.add_for_some({{"method.name", "soup"}}, why);
  }
  const std::vector<std::int64_t> emphasised = numbers_of(sweep, "method.min_max_regret.emphasised");
  const auto refuse = [&](const char* of, std::int64_t kinds) {
    for (const std::int64_t number : emphasised) {
      if (number > kinds) {
        refusals.add({{"method.name", "min_max_regret"}, {"method.ensemble.of", of}}, number,
                     "method.min_max_regret.emphasised",
                     fmt::format("there are models for {} kinds of people; write a number from 1 to {}", kinds, kinds));
        return;
      }
    }
  };
  refuse("groups", static_cast<std::int64_t>(groups));
  const std::vector<std::int64_t> types = numbers_of(sweep, "method.ensemble.types");
  if (types.empty())
    return;
  for (const char* of : {"types", "joint_likelihood"})
    refuse(of, *std::ranges::max_element(types));
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
  refuse_likelihoods(data, people, refusals);
  if (data.user_links.empty()) {
    refusals.add({{"model.user", "linked"}},
                 "the data have no links between people; use offset or embedding, or import the data with --links");
  }
  refuse_memberships(data, people, refusals);
  if (people.groups.size() < 2)
    refusals.add({{"method.name", "agreement"}}, "it needs two groups or more that may agree, and there is one");
  refuse_mixtures(sweep, people.groups.size(), refusals);
  return std::move(refusals).found();
}

}  // namespace fairsweep::apps
