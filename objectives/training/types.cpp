#include "objectives/training/types.hpp"

#include <string>

#include "objectives/training/batch_tools.hpp"
#include "objectives/training/type_posterior.hpp"
#include "objectives/training/type_stages.hpp"
#include "objectives/training/type_tensors.hpp"

namespace fairsweep {
namespace {

class Types final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "types"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "hidden types of people with a reward model each; a person is scored by the types their answers speak for";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Chidambaram, Seetharaman, Syrgkanis, arXiv 2510.15716, AISTATS 2026 (EM-DPO), on reward models";
  }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& /*facts*/) const override {
    return types_stages(settings);
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                             const StageScores& earlier,
                                             const at::TensorOptions& options) const override {
    const FoundTypes found = found_types(earlier.at(k_type_search_stage).learned);
    const bool hard = word_is(trials.front(), "method.types.assignment", "hard", "soft");
    return {{"found", found.posterior.to(options)},
            {"share", found.share.to(options.device())},
            {"hard", at::full({static_cast<std::int64_t>(trials.size())}, hard ? 1.0 : 0.0, options)}};
  }
  /// Everybody's posterior as the search left it.
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& /*trials*/, const TrainingFacts& /*facts*/,
                                             const ObjectiveConstants& constants,
                                             const at::TensorOptions& /*options*/) const override {
    return {{"posterior", constants.at("found").clone()}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& batch, const ObjectiveConstants& constants,
                                ObjectiveState& /*state*/) const override {
    return shared_loss(at_people(constants.at("found"), batch.user), batch.weight, of_members(batch.loss));
  }
  [[nodiscard]] EpochLook look_after(const Settings& /*settings*/, const TrainingFacts& facts,
                                     std::int64_t /*epoch*/) const override {
    return {false, facts.history.user.defined()};
  }
  /// New people's posterior, by what these models say of the comparisons that are known of them.
  [[nodiscard]] bool after_epoch(const EpochLosses& losses, const TrainingFacts& facts,
                                 const ObjectiveConstants& constants, ObjectiveState& state) const override {
    const std::vector<bool> trained = people_in(facts.training, facts.users);
    std::vector<bool> told = people_in(facts.history, facts.users);
    const std::vector<double> hard = numbers_in(constants.at("hard"));
    for (std::int64_t k = 0; k < losses.history.size(0); ++k) {
      const std::vector<double> share = numbers_in(constants.at("share").select(0, k));
      const auto assignment = hard[static_cast<std::size_t>(k)] > 0 ? TypeAssignment::hard : TypeAssignment::soft;
      TypeTable posterior =
          posteriors_of(evidence_of(losses.history.select(0, k), facts.history, facts.users), share, told, assignment);
      const TypeTable found = table_of(constants.at("found"), k, 0, posterior.types);
      for (std::int64_t u = 0; u < facts.users; ++u) {
        for (std::int64_t type = 0; type < posterior.types && trained[static_cast<std::size_t>(u)]; ++type)
          posterior.at(type, u) = found.at(type, u);
      }
      state.at("posterior").select(0, k).copy_(tensor_of(posterior));
    }
    return false;
  }
  [[nodiscard]] std::vector<std::string> learned() const override { return {"posterior"}; }
  [[nodiscard]] at::Tensor member_weights(std::int64_t /*trials*/, std::int64_t /*members*/,
                                          const ObjectiveState& learned,
                                          const at::TensorOptions& /*options*/) const override {
    return learned.at("posterior");
  }
  [[nodiscard]] MemberJoin member_join(const Settings& /*settings*/) const override {
    return MemberJoin::mixture_of_probabilities;
  }
  /// The mixture's likelihood, each person's by their own posterior.
  [[nodiscard]] at::Tensor watched_loss(const at::Tensor& loss, const ComparisonFacts& validation,
                                        const ObjectiveState& state) const override {
    const std::int64_t trials = loss.size(0);
    const at::Tensor user = validation.user.cpu().contiguous();
    at::Tensor watched = at::empty({trials, user.numel()}, at::kDouble);
    for (std::int64_t k = 0; k < trials; ++k) {
      const TypeTable posterior = table_of(state.at("posterior"), k, 0, loss.size(1));
      TypeTable of_types(loss.size(1), user.numel());
      of_types.value = numbers_in(loss.select(0, k));
      for (std::int64_t i = 0; i < user.numel(); ++i) {
        std::vector<double> evidence = of_types.of_person(i);
        for (double& value : evidence)
          value = -value;
        TypeTable one(loss.size(1), 1);
        one.value = evidence;
        watched.data_ptr<double>()[k * user.numel() + i] =
            -log_likelihood_of(one, posterior.of_person(user.data_ptr<std::int64_t>()[i]), {true});
      }
    }
    return watched;
  }
  [[nodiscard]] std::map<std::string, double> notes(const Settings& /*settings*/, const TrainingFacts& facts,
                                                    const StageScores& earlier,
                                                    const at::Tensor& /*scores*/) const override {
    return search_notes(earlier.at(k_type_search_stage).learned, facts);
  }
};

}  // namespace

std::vector<Stage> types_stages(const Settings& settings) {
  const Stage search = type_search_stage(settings);
  Stage types;
  types.name = k_types_stage;
  types.objective = "types";
  types.settings = settings;
  types.reads = {search.name};
  types.members = static_cast<std::int64_t>(number_of(settings, "method.types.number"));
  return {search, types};
}

std::unique_ptr<TrainingObjective> make_types() { return std::make_unique<Types>(); }

}  // namespace fairsweep
