#include "objectives/training/personal_soup.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "objectives/training/batch_tools.hpp"
#include "objectives/training/ensemble_source.hpp"
#include "objectives/training/soup_models.hpp"
#include "objectives/training/type_posterior.hpp"
#include "objectives/training/type_tensors.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_sharpness = "method.personal_soup.sharpness";

class PersonalSoup final : public TrainingObjective {
 public:
  [[nodiscard]] std::string_view name() const override { return "personal_soup"; }
  [[nodiscard]] std::string_view sentence() const override {
    return "each person's own model: the mean of the parameters of the groups' models, by how well each says what the "
           "person answered";
  }
  [[nodiscard]] std::string_view source() const override {
    return "Jang et al., Personalized Soups, arXiv 2310.11564, on reward models; that answers choose the weights is "
           "ours";
  }
  [[nodiscard]] Reads reads() const override { return Reads::scores; }
  [[nodiscard]] bool needs_groups() const override { return true; }
  [[nodiscard]] std::vector<Stage> stages(const Settings& settings, const TrainingFacts& facts) const override {
    std::vector<Stage> stages = soup_models(name(), settings, facts);
    Stage soup = stages.back();
    soup.name = "mix";
    soup.objective = std::string(name());
    soup.settings = settings;
    soup.reads.emplace_back(k_middle_stage);
    soup.averages_parameters = false;  // there is no one mean: all models go on, and are averaged for each person
    soup.members = static_cast<std::int64_t>(facts.groups.size());
    stages.push_back(std::move(soup));
    return stages;
  }
  [[nodiscard]] std::vector<std::string> mixed_models(const Settings& /*settings*/,
                                                      const TrainingFacts& facts) const override {
    return facts.groups;
  }
  [[nodiscard]] ObjectiveConstants constants(const std::vector<Settings>& trials, const TrainingFacts& /*facts*/,
                                             const StageScores& /*earlier*/,
                                             const at::TensorOptions& options) const override {
    return {{"sharpness", numbers_of(trials, k_sharpness, options.dtype(at::kDouble))}};
  }
  /// Before anything is known of people, everybody's weights are the groups' shares.
  [[nodiscard]] ObjectiveState initial_state(const std::vector<Settings>& trials, const TrainingFacts& facts,
                                             const ObjectiveConstants& /*constants*/,
                                             const at::TensorOptions& options) const override {
    const at::Tensor share = at::tensor(shares_of_group_users(facts), at::kDouble);
    return {{"weight", share.view({1, -1, 1})
                           .repeat({static_cast<std::int64_t>(trials.size()), 1, facts.users})
                           .to(options.device())}};
  }
  [[nodiscard]] at::Tensor loss(const PackBatch& /*batch*/, const ObjectiveConstants& /*constants*/,
                                ObjectiveState& /*state*/) const override {
    throw InternalError("this is a bug, please report it: method personal_soup trains nothing");
  }
  [[nodiscard]] EpochLook look_after(const Settings& /*settings*/, const TrainingFacts& facts,
                                     std::int64_t /*epoch*/) const override {
    return {true, facts.history.user.defined()};
  }
  /// People who were trained on by their training answers, others by their history. Who is not looked at keeps what he
  /// has.
  [[nodiscard]] bool after_epoch(const EpochLosses& losses, const TrainingFacts& facts,
                                 const ObjectiveConstants& constants, ObjectiveState& state) const override {
    const std::vector<double> sharpness = numbers_in(constants.at("sharpness"));
    const std::vector<double> share = shares_of_group_users(facts);
    const std::vector<bool> trained = people_in(facts.training, facts.users);
    for (std::size_t k = 0; k < sharpness.size(); ++k) {
      const auto place = static_cast<std::int64_t>(k);
      TypeTable weight = table_of(state.at("weight"), place, 0, static_cast<std::int64_t>(share.size()));
      const auto weigh = [&](const at::Tensor& loss, const ComparisonFacts& answers, bool of_trained) {
        if (!loss.defined())
          return;
        TypeTable evidence = evidence_of(loss.select(0, place), answers, facts.users);
        for (double& value : evidence.value)
          value *= sharpness[k];
        const TypeTable posterior =
            posteriors_of(evidence, share, people_in(answers, facts.users), TypeAssignment::soft);
        for (std::int64_t u = 0; u < facts.users; ++u) {
          for (std::int64_t g = 0; g < weight.types && trained[static_cast<std::size_t>(u)] == of_trained; ++g)
            weight.at(g, u) = posterior.at(g, u);
        }
      };
      weigh(losses.training, facts.training, true);
      weigh(losses.history, facts.history, false);
      state.at("weight").select(0, place).copy_(tensor_of(weight));
    }
    return false;
  }
  [[nodiscard]] std::vector<std::string> learned() const override { return {"weight"}; }
  [[nodiscard]] at::Tensor member_weights(std::int64_t /*trials*/, std::int64_t /*members*/,
                                          const ObjectiveState& learned,
                                          const at::TensorOptions& /*options*/) const override {
    return learned.at("weight");
  }
  [[nodiscard]] MemberJoin member_join(const Settings& /*settings*/) const override {
    return MemberJoin::mean_of_parameters;
  }
  [[nodiscard]] std::map<std::string, double> notes(const Settings& /*settings*/, const TrainingFacts& facts,
                                                    const StageScores& earlier,
                                                    const at::Tensor& /*scores*/) const override {
    return connectivity_notes(facts, earlier);
  }
};

}  // namespace

std::unique_ptr<TrainingObjective> make_personal_soup() { return std::make_unique<PersonalSoup>(); }

}  // namespace fairsweep
