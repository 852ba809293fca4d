#include "workers/trainer/oracle_teachers.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "workers/trainer/split_scoring.hpp"

namespace fairsweep {
namespace {

SplitScores nothing_about(const ComparisonTensors& split) {
  const auto count = static_cast<std::size_t>(split.count());
  return {std::vector<float>(count, 0.0F), std::vector<float>(count, 0.0F)};
}

/// Copies what is about comparisons of this group.
void take_group(const ComparisonTensors& split, std::int64_t group, const SplitScores& from, SplitScores& into) {
  const at::Tensor groups = split.group.cpu().contiguous();
  for (std::size_t i = 0; i < from.margin.size(); ++i) {
    if (groups.data_ptr<std::int64_t>()[i] == group) {
      into.margin[i] = from.margin[i];
      into.log_probability[i] = from.log_probability[i];
    }
  }
}

/// The one stage trained on each group alone, by group; empty where a group has none or several.
std::vector<std::size_t> own_stages(const TrialPlan& plan, std::size_t groups) {
  std::vector<std::vector<std::size_t>> found(groups);
  for (std::size_t place = 0; place + 1 < plan.stages.size(); ++place) {
    const std::optional<std::int64_t> group = plan.stages[place].stage.only_group;
    if (group)
      found.at(static_cast<std::size_t>(*group)).push_back(place);
  }
  std::vector<std::size_t> own;
  own.reserve(groups);
  for (const std::vector<std::size_t>& places : found) {
    if (places.size() != 1)
      return {};
    own.push_back(places.front());
  }
  return own;
}

}  // namespace

const OracleScores& OracleTeachers::said_by_stage(const TrialPlan& plan, std::size_t place,
                                                  const StageResults& results) {
  const auto [entry, is_new] = by_digest_.try_emplace(plan.stages[place].digest);
  if (!is_new)
    return entry->second;
  const StageContext context = stage_context(plan, place, data_, facts_);
  const at::Tensor parameters = results.at(entry->first).parameters.unsqueeze(0).to(data_.features.device());
  const std::vector<at::Tensor> blocks = context.scoring(block_views(context.model.layout(), parameters));
  const auto said = [&](const ComparisonTensors& split) -> SplitScores {
    return scores_of(evaluate_split(context.model, blocks, data_.features, split), 0);
  };
  entry->second = {said(data_.validation), said(data_.test)};
  return entry->second;
}

std::optional<OracleScores> OracleTeachers::of(const TrialPlan& plan, const StageResults& results) {
  const std::vector<std::size_t> own = own_stages(plan, facts_.groups.size());
  if (own.empty())
    return std::nullopt;
  OracleScores oracle{nothing_about(data_.validation), nothing_about(data_.test)};
  for (std::size_t group = 0; group < own.size(); ++group) {
    const OracleScores& said = said_by_stage(plan, own[group], results);
    take_group(data_.validation, static_cast<std::int64_t>(group), said.validation, oracle.validation);
    take_group(data_.test, static_cast<std::int64_t>(group), said.test, oracle.test);
  }
  return oracle;
}

}  // namespace fairsweep
