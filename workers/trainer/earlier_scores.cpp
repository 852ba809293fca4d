#include "workers/trainer/earlier_scores.hpp"

#include <cstdint>
#include <utility>

#include "workers/trainer/members.hpp"
#include "workers/trainer/split_scoring.hpp"

namespace fairsweep {
namespace {

/// Scores as methods read them, [K, m, n], of L > 1 members [K, L, m, n].
at::Tensor scores_of(const StageContext& context, const std::vector<at::Tensor>& blocks,
                     const ComparisonTensors& split) {
  const at::Tensor scores = evaluate_split(context.model, blocks, context.data.features, split).scores;
  return by_member(scores.transpose(1, 2).contiguous(), context.members);
}

/// The same users' comparisons with all candidates of their contexts, in the contexts' own order. Nobody ranked them;
/// they are there to be scored.
ComparisonTensors whole_contexts(const ComparisonTensors& split) {
  ComparisonTensors whole = split;
  const std::int64_t places = split.count() > 0 ? split.context_size.max().item<std::int64_t>() : 0;
  const at::Tensor place = at::arange(places, split.context_first.options()).unsqueeze(0);
  whole.present = place < split.context_size.unsqueeze(1);
  whole.candidates =
      at::where(whole.present, split.context_first.unsqueeze(1) + place, at::zeros({}, split.candidates.options()));
  whole.ranked = at::ones_like(split.ranked);
  if (split.history_share.defined()) {
    // What the comparison itself adds to its user's history is at its own candidates, wherever these are.
    const at::Tensor own = at::where(split.present, split.candidates - split.context_first.unsqueeze(1),
                                     at::zeros({}, split.candidates.options()));
    const at::Tensor share = split.history_share * split.present;
    whole.history_share = at::zeros(whole.present.sizes(), share.options()).scatter_add(1, own, share);
  }
  return whole;
}

}  // namespace

EarlierScores::EarlierScores(const std::vector<const TrialPlan*>& plans, std::size_t stage, const StageResults& results,
                             const TrainingSet& data, const TrainingFacts& facts)
    : stage_(stage) {
  const PlannedStage& reader = plans.front()->stages[stage];
  ComparisonTensors training_contexts, validation_contexts;
  if (reader.stage.reads_contexts) {
    training_contexts = whole_contexts(data.train);
    validation_contexts = whole_contexts(data.validation);
  }
  for (const std::int64_t read : reader.reads) {
    const auto place = static_cast<std::size_t>(read);
    std::vector<std::string> digests;
    std::vector<at::Tensor> rows;
    for (const TrialPlan* plan : plans) {
      const std::string& digest = plan->stages[place].digest;
      if (by_digest_.emplace(digest, StageOutput{}).second) {
        digests.push_back(digest);
        rows.push_back(results.at(digest).parameters);
      }
    }
    if (rows.empty())
      continue;
    const StageContext context = stage_context(*plans.front(), place, data, facts);
    const std::vector<at::Tensor> blocks = context.watching(block_views(
        context.model.layout(), at::stack(rows).to(data.features.device()).view({-1, context.model.layout().size})));
    StageOutput all;
    all.training = scores_of(context, blocks, data.train);
    all.validation = scores_of(context, blocks, data.validation);
    if (reader.stage.reads_contexts) {
      all.training_contexts = scores_of(context, blocks, training_contexts);
      all.validation_contexts = scores_of(context, blocks, validation_contexts);
    }
    for (std::size_t i = 0; i < digests.size(); ++i) {
      const auto row = [i](const at::Tensor& stacked) {
        return stacked.defined() ? stacked.select(0, static_cast<std::int64_t>(i)) : at::Tensor();
      };
      by_digest_[digests[i]] = {row(all.training), row(all.validation), row(all.training_contexts),
                                row(all.validation_contexts), results.at(digests[i]).learned};
    }
  }
}

StageScores EarlierScores::of(const std::vector<const TrialPlan*>& plans) const {
  StageScores scores;
  for (const std::int64_t read : plans.front()->stages[stage_].reads) {
    const auto place = static_cast<std::size_t>(read);
    const auto stacked = [&](at::Tensor StageOutput::* part) {
      const auto row = [&](const TrialPlan& plan) { return by_digest_.at(plan.stages[place].digest).*part; };
      if (!row(*plans.front()).defined())
        return at::Tensor();
      std::vector<at::Tensor> rows;
      for (const TrialPlan* plan : plans)
        rows.push_back(row(*plan));
      return at::stack(rows);
    };
    ObjectiveState learned;
    for (const auto& [name, one] : by_digest_.at(plans.front()->stages[place].digest).learned) {
      std::vector<at::Tensor> rows;
      rows.reserve(plans.size());
      for (const TrialPlan* plan : plans)
        rows.push_back(by_digest_.at(plan->stages[place].digest).learned.at(name));
      learned[name] = at::stack(rows);
    }
    scores[plans.front()->stages[place].stage.name] = {
        stacked(&StageOutput::training), stacked(&StageOutput::validation), stacked(&StageOutput::training_contexts),
        stacked(&StageOutput::validation_contexts), learned};
  }
  return scores;
}

}  // namespace fairsweep
