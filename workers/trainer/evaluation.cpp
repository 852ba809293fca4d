#include "workers/trainer/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "workers/trainer/fewer_answers.hpp"

namespace fairsweep {
namespace {

std::vector<const Metric*> metrics_named(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const auto& metric : metric_catalogue()) {
    known.emplace_back(metric->name());
  }
  if (names.empty()) {
    throw UserError(ExitCode::configuration, "the setup asks for no metric; name at least one in front");
  }
  std::vector<const Metric*> metrics;
  for (const auto& name : names) {
    const auto* metric = find_metric(name);
    if (metric == nullptr) {
      throw UserError(ExitCode::configuration,
                      fmt::format("there is no metric \"{}\"{}", name, did_you_mean(name, known)));
    }
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
      metrics.push_back(metric);
    }
  }
  return metrics;
}

template <typename T>
NamedArray column(std::vector<T> values) {
  return {{values.size()}, std::move(values)};
}

void add_personas(Evaluation& evaluation, const std::string& split, const PersonaUse& use) {
  if (use.decided.empty())
    return;
  evaluation.users.arrays[split + "/persona"] = column(use.decided);
  evaluation.users.arrays[split + "/persona_share"] = column(use.share);
}

constexpr const char* k_own_teacher = "own_teacher_";  ///< before a metric; read by results/store/person_results
constexpr int k_everybody = -1;

/// The values of one group's users, NaN for the others, so that a metric leaves them out.
std::vector<double> only_group(std::vector<double> values, const std::vector<std::int32_t>& user_group, int group) {
  for (std::size_t user = 0; user < values.size(); ++user) {
    if (group != k_everybody && user_group[user] != group) {
      values[user] = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return values;
}

/// [m] 1: a tie; empty where there are none.
std::vector<std::uint8_t> ties_in(const ComparisonTensors& comparisons) {
  const auto tied = comparisons.ranked.eq(0).to(at::kByte).cpu();
  if (!tied.any().item<bool>()) {
    return {};
  }
  return {tied.data_ptr<std::uint8_t>(), tied.data_ptr<std::uint8_t>() + tied.numel()};
}

std::vector<std::uint8_t> members_of(const std::vector<std::int32_t>& user_group, int group) {
  std::vector<std::uint8_t> member;
  member.reserve(user_group.size());
  for (const std::int32_t own : user_group) {
    member.push_back(group == k_everybody || own == group ? 1 : 0);
  }
  return member;
}

std::uint64_t comparisons_of(const std::vector<std::int32_t>& users, const std::vector<std::int32_t>& user_group,
                             int group) {
  const auto belongs = [&](std::int32_t user) {
    return group == k_everybody || user_group[static_cast<std::size_t>(user)] == group;
  };
  return static_cast<std::uint64_t>(std::count_if(users.begin(), users.end(), belongs));
}

}  // namespace

Evaluator::Evaluator(const TrainingSet& data, const std::vector<std::string>& metrics)
    : metrics_(metrics_named(metrics)),
      groups_(data.groups),
      user_group_(data.user_group),
      newcomer_(people_of_whole_history(data)) {
  const auto part_of = [](Split split, const ComparisonTensors& comparisons) {
    const auto user = comparisons.user.cpu().to(at::kInt).contiguous();
    const auto weight = comparisons.weight.cpu().contiguous();
    const auto* users = user.data_ptr<std::int32_t>();
    const auto* weights = weight.data_ptr<float>();
    const auto one_of_all = comparisons.ranked.le(1).logical_or(comparisons.present.sum(1).le(2)).to(at::kByte).cpu();
    const auto* chosen = one_of_all.data_ptr<std::uint8_t>();
    return Part{split,
                {users, users + user.numel()},
                {weights, weights + weight.numel()},
                comparisons.source,
                {chosen, chosen + one_of_all.numel()},
                ties_in(comparisons)};
  };
  validation_ = part_of(Split::validation, data.validation);
  test_ = part_of(Split::test, data.test);
}

Evaluator::ScoredPart Evaluator::without_ties(const Part& part, const SplitScores& scores) {
  if (part.tied.empty()) {
    return {part, scores};
  }
  ScoredPart decided;
  decided.part.split = part.split;
  for (std::size_t i = 0; i < part.tied.size(); ++i) {
    if (part.tied[i] != 0) {
      continue;
    }
    decided.part.user.push_back(part.user[i]);
    decided.part.weight.push_back(part.weight[i]);
    decided.part.source.push_back(part.source[i]);
    decided.part.first_choice.push_back(part.first_choice[i]);
    const float margin = scores.margin[i];  // log-odds of the two orders, whatever the chance of a tie
    decided.scores.margin.push_back(margin);
    decided.scores.log_probability.push_back(margin > 0 ? -std::log1p(std::exp(-margin))
                                                        : margin - std::log1p(std::exp(margin)));
  }
  return decided;
}

Evaluation Evaluator::evaluate(const TrialOutcome& outcome) const {
  Evaluation evaluation;
  evaluation.users.attributes["kind"] = "users";
  evaluation.margins.attributes["kind"] = "margins";
  add_part(evaluation, validation_, outcome.validation);
  add_part(evaluation, test_, outcome.test);
  if (outcome.oracle) {
    add_own_teacher(evaluation, validation_, outcome.oracle->validation);
    add_own_teacher(evaluation, test_, outcome.oracle->test);
  }
  add_personas(evaluation, "validation", outcome.validation_personas);
  add_personas(evaluation, "test", outcome.test_personas);
  return evaluation;
}

void Evaluator::add_part(Evaluation& evaluation, const Part& part, const SplitScores& scores) const {
  check(scores.margin.size() == part.user.size() && scores.log_probability.size() == part.user.size(),
        "a trained model scored another number of comparisons than the split has");
  const std::string split(to_text(part.split));
  const ScoredPart all{part, scores};
  const ScoredPart decided = without_ties(part, scores);

  const int groups = static_cast<int>(groups_.size());
  for (const auto* metric : metrics_) {
    const ScoredPart& counted = metric->counts_ties() ? all : decided;
    const ScoredComparisons scored = counted.view();
    auto values = metric->of_people() ? metric->per_user(scored, user_group_.size()) : std::vector<double>();
    for (int group = k_everybody; group < groups; ++group) {
      const auto over = metric->of_people() ? metric->over_users(only_group(values, user_group_, group))
                                            : metric->over_group(scored, members_of(user_group_, group));
      evaluation.metrics.push_back(
          {.metric = std::string(metric->name()),
           .split = part.split,
           .group = group == k_everybody ? std::string() : groups_[static_cast<std::size_t>(group)],
           .value = over.value,
           .standard_error = over.standard_error,
           .users = over.users,
           .comparisons = comparisons_of(counted.part.user, user_group_, group)});
    }
    if (metric->of_people()) {
      evaluation.users.arrays[fmt::format("{}/{}", split, metric->name())] = column(std::move(values));
    }
  }
  evaluation.margins.arrays[split + "/comparison"] = column(decided.part.source);
  evaluation.margins.arrays[split + "/margin"] = column(decided.scores.margin);
  evaluation.margins.arrays[split + "/log_probability"] = column(decided.scores.log_probability);
}

void Evaluator::add_own_teacher(Evaluation& evaluation, const Part& part, const SplitScores& scores) const {
  const ScoredPart all{part, scores};
  const ScoredPart decided = without_ties(part, scores);
  for (const auto* metric : metrics_) {
    if (!metric->of_people())
      continue;
    auto values = metric->per_user((metric->counts_ties() ? all : decided).view(), user_group_.size());
    for (std::size_t user = 0; user < values.size(); ++user) {
      if (user_group_[user] < 0)  // nobody teaches them
        values[user] = std::numeric_limits<double>::quiet_NaN();
    }
    evaluation.users.arrays[fmt::format("{}/{}{}", to_text(part.split), k_own_teacher, metric->name())] =
        column(std::move(values));
  }
}

std::map<std::string, double> Evaluator::oracle_notes(const OracleScores& oracle) const {
  std::map<std::string, double> notes{{"oracle deployable", 0.0}};
  for (const auto& [part, scores] : {std::pair{&validation_, &oracle.validation}, std::pair{&test_, &oracle.test}}) {
    check(scores->margin.size() == part->user.size() && scores->log_probability.size() == part->user.size(),
          "groups' models scored another number of comparisons than the split has");
    const ScoredPart all{*part, *scores};
    const ScoredPart decided = without_ties(*part, *scores);
    for (const auto* metric : metrics_) {
      const ScoredComparisons scored = (metric->counts_ties() ? all : decided).view();
      for (std::size_t group = 0; group < groups_.size(); ++group) {
        const auto over = metric->over_group(scored, members_of(user_group_, static_cast<int>(group)));
        if (std::isfinite(over.value))
          notes[fmt::format("oracle {} {} {}", to_text(part->split), metric->name(), groups_[group])] = over.value;
      }
    }
  }
  return notes;
}

std::map<std::string, double> Evaluator::few_shot_notes(const std::vector<FewShotScores>& curve) const {
  std::map<std::string, double> notes;
  const auto note = [&](const ScoredPart& all, const ScoredPart& decided, const std::string& where, std::int64_t shots,
                        int group) {
    const std::string whose = group == k_everybody ? "" : " " + groups_[static_cast<std::size_t>(group)];
    std::vector<std::uint8_t> member = members_of(user_group_, group);
    for (std::size_t user = 0; user < member.size(); ++user)
      member[user] = newcomer_[user] ? member[user] : 0;
    for (const auto* metric : metrics_) {
      if (!metric->of_people())
        continue;
      const auto over = metric->over_group((metric->counts_ties() ? all : decided).view(), member);
      if (!std::isfinite(over.value))
        continue;
      notes[fmt::format("few-shot {} {} {}{}", where, metric->name(), shots, whose)] = over.value;
      notes[fmt::format("few-shot error {} {} {}{}", where, metric->name(), shots, whose)] = over.standard_error;
      notes[fmt::format("few-shot people {}{}", where, whose)] = static_cast<double>(over.users);
    }
  };
  for (const FewShotScores& step : curve) {
    for (const auto& [part, scores] : {std::pair{&validation_, &step.validation}, std::pair{&test_, &step.test}}) {
      check(scores->margin.size() == part->user.size() && scores->log_probability.size() == part->user.size(),
            "a few-shot curve has a score for every comparison");
      const ScoredPart all{*part, *scores};
      const ScoredPart decided = without_ties(*part, *scores);
      for (int group = k_everybody; group < static_cast<int>(groups_.size()); ++group)
        note(all, decided, std::string(to_text(part->split)), step.shots, group);
    }
  }
  return notes;
}

bool all_finite(const SplitScores& scores) {
  const auto finite = [](float value) { return std::isfinite(value); };
  return std::all_of(scores.margin.begin(), scores.margin.end(), finite) &&
         std::all_of(scores.log_probability.begin(), scores.log_probability.end(), finite);
}

}  // namespace fairsweep
