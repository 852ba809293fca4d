#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/domain/trial.hpp"
#include "core/protocol/messages.hpp"
#include "objectives/training/training_objective.hpp"
#include "workers/trainer/persona_use.hpp"
#include "workers/trainer/split_scoring.hpp"
#include "workers/trainer/training_set.hpp"

namespace fairsweep {

/// What groups' own models say: of each comparison the model of its user's group, which can be asked only by somebody
/// who is told the group. Nothing that can be put to use; what a model without groups can be measured by.
struct OracleScores {
  SplitScores validation, test;  ///< 0 for comparisons of users without a group
};

/// What a trained model says of people it was not trained on when it knows fewer of their comparisons.
struct FewShotScores {
  std::int64_t shots = 0;  ///< comparisons of each that are known
  SplitScores validation, test;
};

/// How one trial of a pack ended.
struct TrialOutcome {
  TrialId trial;
  bool failed = false;
  TrialFailure failure;      ///< where failed
  std::uint32_t epochs = 0;  ///< trained until stopped
  std::uint32_t best_epoch = 0;
  double seconds = 0;
  SplitScores validation;  ///< of the parameters that were best on validation
  SplitScores test;
  std::map<std::string, at::Tensor> parameters;   ///< as named_members gives them
  MemberJoin join = MemberJoin::mean_of_scores;   ///< of several members
  std::map<std::string, double> notes;            ///< what the method says of the trained model
  std::map<std::string, std::string> words;       ///< what numbers cannot say of it, by name
  PersonaUse validation_personas, test_personas;  ///< of a single model of personas; else empty
  std::optional<OracleScores> oracle;             ///< where the method trains a model for each group
  std::vector<FewShotScores> few_shot;            ///< by ascending shots; empty: not asked for
};

/// A stage before a trial's own, as it became known to this process.
struct StageNews {
  std::string stage;   ///< "pooled", "teacher pass"
  std::string digest;  ///< of the piece of work
  bool found = false;  ///< somebody had trained it; else it was trained here
  bool failed = false;
  std::int64_t epochs = 0;
  double seconds = 0;      ///< its training took
  std::size_t trials = 0;  ///< of this pack that share it
};

struct PackTrainingOptions {
  std::uint64_t seed = 0;                      ///< of the sweep
  std::filesystem::path checkpoint_directory;  ///< empty: none
  std::filesystem::path artefact_directory;    ///< stage artefacts by digest; empty: none are kept
  std::string data_digest;
  double checkpoint_seconds = 60;     ///< at most this much work, and one epoch, is lost to a kill
  std::int64_t trials_per_stack = 0;  ///< trials trained in one stack; 0: all of the pack
  bool few_shot = false;              ///< also score people who are not trained on by fewer comparisons (few_shot.hpp)
  std::function<void(const TrialProgress&)> on_progress;
  std::function<void(const StageNews&)> on_stage;  ///< may be empty
  std::function<void(TrialOutcome&&)> on_outcome;  ///< once for every trial, in any order
  std::function<bool()> should_stop;               ///< asked between epochs; true: checkpoint and return early
  /// Where methods are looked up by name.
  std::function<const TrainingObjective*(std::string_view)> find_method = find_objective;
};

/// Trains trials of one shape as one stacked model. A trial's outcome does not depend on the pack it was in: bit for
/// bit on the CPU under one kernel set. A trial whose loss is not finite fails alone. Continues from a checkpoint of
/// the same trial, settings and data where one is there, exactly.
void train_pack(const std::vector<TrialOrder>& trials, const TrainingSet& data, const PackTrainingOptions& options);

}  // namespace fairsweep
