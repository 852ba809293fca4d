#include "objectives/training/type_stages.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>
#include <vector>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/best_matching.hpp"
#include "objectives/training/stage_settings.hpp"
#include "objectives/training/type_tensors.hpp"

namespace fairsweep {
namespace {

/// How many people of each type are in each group, [types, groups], over people with training comparisons.
std::vector<double> counts_by_group(const at::Tensor& type, const TrainingFacts& facts) {
  const std::size_t groups = facts.groups.size();
  const at::Tensor user = facts.training.user.cpu().contiguous();
  const at::Tensor group = facts.training.group.cpu().contiguous();
  std::vector<std::int64_t> group_of(static_cast<std::size_t>(facts.users), -1);
  for (std::int64_t i = 0; i < user.numel(); ++i)
    group_of[static_cast<std::size_t>(user.data_ptr<std::int64_t>()[i])] = group.data_ptr<std::int64_t>()[i];
  const std::int64_t types = type.max().item<std::int64_t>() + 1;
  std::vector<double> counts(static_cast<std::size_t>(types) * groups, 0.0);
  for (std::int64_t u = 0; u < facts.users; ++u) {
    const std::int64_t own = group_of[static_cast<std::size_t>(u)];
    if (own >= 0)
      counts[static_cast<std::size_t>(type.data_ptr<std::int64_t>()[u]) * groups + static_cast<std::size_t>(own)] += 1;
  }
  return counts;
}

}  // namespace

Stage type_search_stage(const Settings& settings) {
  static constexpr std::array<OwnSetting, 9> k_own = {
      {{"method.types.search.learning_rate", "training.learning_rate"},
       {"method.types.search.weight_decay", "training.weight_decay"},
       {"method.types.search.rounds", "method.types.search.rounds"},
       {"method.types.search.round_epochs", "method.types.search.round_epochs"},
       {"method.types.search.restarts", "method.types.search.restarts"},
       {"method.types.search.start", "method.types.search.start"},
       {"method.types.search.evidence", "method.types.search.evidence"},
       {"method.types.assignment", "method.types.assignment"},
       {"method.types.number", "method.types.number"}}};
  Stage stage;
  stage.name = k_type_search_stage;
  stage.objective = "type_search";
  stage.settings = settings_of_stage(settings, "type_search", k_own);
  const auto count = [&settings](const char* path) { return static_cast<std::int64_t>(number_of(settings, path)); };
  // Every round trains models from their start: a schedule over all rounds would give each another rate.
  stage.settings["training.epochs"] = count("method.types.search.rounds") * count("method.types.search.round_epochs");
  stage.settings["training.schedule"] = std::string("constant");
  stage.settings["training.warmup"] = 0.0;
  stage.settings["training.early_stopping.patience"] = std::int64_t{0};
  stage.members = count("method.types.number") * count("method.types.search.restarts");
  stage.keeps_last = true;
  return stage;
}

FoundTypes found_types(const ObjectiveState& learned) {
  const at::Tensor& posterior = learned.at("posterior");
  const at::Tensor& share = learned.at("share");
  const std::int64_t trials = posterior.size(0);
  const std::int64_t restarts = learned.at("held_out").size(1);
  const std::int64_t types = posterior.size(1) / restarts;
  std::vector<at::Tensor> posteriors, shares, held_out, error, moved;
  std::vector<std::int64_t> taken;
  for (std::int64_t k = 0; k < trials; ++k) {
    const std::vector<double> likelihoods = numbers_in(learned.at("held_out").select(0, k));
    const std::int64_t best = std::max_element(likelihoods.begin(), likelihoods.end()) - likelihoods.begin();
    const std::vector<double> own = numbers_in(share.select(0, k).narrow(0, best * types, types));
    std::vector<std::int64_t> order(own.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&own](std::int64_t left, std::int64_t right) {
      return own[static_cast<std::size_t>(left)] > own[static_cast<std::size_t>(right)];
    });
    const at::Tensor rows =
        at::tensor(at::ArrayRef<std::int64_t>(order), at::kLong).to(posterior.device()) + best * types;
    posteriors.push_back(posterior.select(0, k).index_select(0, rows));
    shares.push_back(share.select(0, k).index_select(0, rows.to(share.device())));
    held_out.push_back(learned.at("held_out").select(0, k).select(0, best));
    error.push_back(learned.at("held_out_error").select(0, k).select(0, best));
    moved.push_back(learned.at("moved").select(0, k).select(0, best));
    taken.push_back(best);
  }
  return {at::stack(posteriors), at::stack(shares), at::stack(held_out),
          at::stack(error),      at::stack(moved),  at::tensor(at::ArrayRef<std::int64_t>(taken), at::kLong)};
}

at::Tensor types_of_people(const FoundTypes& found, const TrainingFacts& facts) {
  const std::int64_t trials = found.posterior.size(0);
  const std::vector<bool> trained = people_in(facts.training, facts.users);
  const std::vector<bool> told = people_in(facts.history, facts.users);
  at::Tensor type = at::full({trials, facts.users}, -1, at::kLong);
  for (std::int64_t k = 0; k < trials; ++k) {
    const std::vector<std::int64_t> likeliest =
        likeliest_types(table_of(found.posterior, k, 0, found.posterior.size(1)));
    for (std::size_t u = 0; u < likeliest.size(); ++u) {
      if (trained[u] || told[u])
        type.data_ptr<std::int64_t>()[k * facts.users + static_cast<std::int64_t>(u)] = likeliest[u];
    }
  }
  return type.to(found.posterior.device());
}

std::map<std::string, double> search_notes(const ObjectiveState& learned, const TrainingFacts& facts) {
  const FoundTypes found = found_types(learned);
  std::map<std::string, double> notes = {{"types held-out log-likelihood", numbers_in(found.held_out).front()},
                                         {"types held-out standard error", numbers_in(found.error).front()},
                                         {"types moved in the last round", numbers_in(found.moved).front()},
                                         {"types restart taken", numbers_in(found.restart).front() + 1}};
  const std::vector<double> share = numbers_in(found.share);
  for (std::size_t type = 0; type < share.size(); ++type)
    notes["types share " + std::to_string(type + 1)] = share[type];
  if (!facts.groups.empty()) {
    const at::Tensor type = types_of_people(found, facts).select(0, 0).cpu().contiguous();
    const std::vector<double> counts = counts_by_group(type, facts);
    const double people = std::accumulate(counts.begin(), counts.end(), 0.0);
    if (people > 0)
      notes["types matching groups"] = best_matching(counts, facts.groups.size()).total / people;
  }
  return notes;
}

}  // namespace fairsweep
