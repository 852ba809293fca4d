#include "workers/trainer/training_facts.hpp"

#include <memory>

#include "workers/trainer/people_clusters.hpp"

namespace fairsweep {
ComparisonFacts comparison_facts(const ComparisonTensors& comparisons, at::ScalarType type) {
  ComparisonFacts facts;
  facts.user = comparisons.user;
  facts.group = comparisons.group;
  const at::Tensor weight = comparisons.weight.to(at::kDouble);
  facts.weight = (comparisons.count() > 0 ? weight / weight.mean() : weight).to(type);
  facts.candidates = comparisons.candidates;
  facts.present = comparisons.present;
  facts.ranked = comparisons.ranked;
  facts.context_place = at::where(comparisons.present, comparisons.candidates - comparisons.context_first.unsqueeze(1),
                                  at::zeros({}, comparisons.candidates.options()));
  facts.context_size = comparisons.context_size;
  return facts;
}

TrainingFacts training_facts(const TrainingSet& data) {
  TrainingFacts facts;
  facts.comparisons = data.train.count();
  facts.users = data.users;
  facts.groups = data.groups;
  facts.training = comparison_facts(data.train, data.features.scalar_type());
  facts.validation = comparison_facts(data.validation, data.features.scalar_type());
  if (data.history.count() > 0)
    facts.history = comparison_facts(data.history, data.features.scalar_type());
  facts.cluster_people = [clusters = std::make_shared<PeopleClusters>(data)](const ClusterWish& wish) {
    return clusters->of(wish);
  };
  facts.user_support = data.user_support;
  facts.user_membership = data.user_membership;
  facts.group_users.assign(data.groups.size(), 0);
  for (std::size_t user = 0; user < data.user_group.size(); ++user) {
    if (data.user_group[user] >= 0 && data.user_trained[user])
      ++facts.group_users[static_cast<std::size_t>(data.user_group[user])];
  }
  facts.group_weight.assign(data.groups.size(), 0.0);
  const at::Tensor group = facts.training.group.cpu();
  const at::Tensor weight = facts.training.weight.to(at::kDouble).cpu();
  for (std::int64_t i = 0; i < facts.comparisons; ++i) {
    const std::int64_t code = group.data_ptr<std::int64_t>()[i];
    if (code >= 0)
      facts.group_weight[static_cast<std::size_t>(code)] += weight.data_ptr<double>()[i];
  }
  return facts;
}

}  // namespace fairsweep
