#include "workers/trainer/user_models/ideal_point.hpp"
#include "workers/trainer/user_models/low_rank_rewards.hpp"
#include "workers/trainer/user_models/personas.hpp"
#include "workers/trainer/user_models/reward_features.hpp"
#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

std::shared_ptr<const UserHead> make_user_head(const ModelSettings& model) {
  switch (model.user) {
    case UserInput::reward_features:
      return std::make_shared<RewardFeatures>(model.head_size);
    case UserInput::low_rank:
      return std::make_shared<LowRankRewards>(model.head_size);
    case UserInput::personas:
      return std::make_shared<Personas>(model.parts, model.head_size);
    case UserInput::ideal_point:
      return std::make_shared<IdealPoint>(model.parts, model.head_size);
    case UserInput::none:
    case UserInput::features:
    case UserInput::history:
    case UserInput::embedding:
    case UserInput::offset:
    case UserInput::variational:
    case UserInput::linked:
      return nullptr;
  }
  return nullptr;
}

std::int64_t own_numbers(const ModelSettings& model) {
  if (model.user == UserInput::embedding || model.user == UserInput::offset || model.user == UserInput::variational ||
      model.user == UserInput::linked)
    return model.embedding_size;
  const auto head = make_user_head(model);
  return head ? head->own_size() : 0;
}

}  // namespace fairsweep
