#include "orchestrator/dispatch.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace fairsweep {
namespace {

constexpr std::size_t k_unknown = std::numeric_limits<std::size_t>::max();

}  // namespace

std::size_t Dispatch::shape_of(const Configuration& configuration) {
  const std::size_t id = configuration.id.value;
  if (shape_of_configuration_.size() <= id) {
    shape_of_configuration_.resize(id + 1, k_unknown);
  }
  if (shape_of_configuration_[id] == k_unknown) {
    const std::string key = rules_.shape_of(rules_.settings_of(configuration.values));
    const auto [shape, fresh] = shapes_.emplace(key, by_shape_.size());
    if (fresh) {
      by_shape_.emplace_back();
    }
    shape_of_configuration_[id] = shape->second;
  }
  return shape_of_configuration_[id];
}

void Dispatch::add(const TrialTable& table, const std::vector<TrialId>& trials) {
  for (const TrialId id : trials) {
    const TableTrial& trial = table.trials()[id.value];
    const std::size_t shape = shape_of(table.configurations()[trial.configuration.value]);
    pending_.emplace(id, shape);
    if (!trial.alone) {
      by_shape_[shape].insert(id);
    }
  }
}

std::size_t Dispatch::pack_size() const {
  if (rules_.trials_per_pack > 0) {
    return rules_.trials_per_pack;
  }
  const std::size_t shares = 2 * std::max<std::size_t>(rules_.workers, 1);
  return std::clamp<std::size_t>((pending_.size() + shares - 1) / shares, 1, k_largest_automatic_pack);
}

std::vector<TrialOrder> Dispatch::take(const TrialTable& table) {
  if (pending_.empty()) {
    return {};
  }
  const std::size_t most = pack_size();
  const auto [first, shape] = *pending_.begin();
  std::vector<TrialId> pack{first};  // the first of its shape too, unless it goes alone
  std::set<TrialId>& alike = by_shape_[shape];
  if (!table.trials()[first.value].alone) {
    for (auto other = std::next(alike.begin()); other != alike.end() && pack.size() < most; ++other) {
      pack.push_back(*other);
    }
  }
  std::vector<TrialOrder> orders;
  Settings settings;
  for (const TrialId id : pack) {
    pending_.erase(id);
    alike.erase(id);
    const TableTrial& trial = table.trials()[id.value];
    if (orders.empty() || orders.back().configuration != trial.configuration) {
      settings = rules_.settings_of(table.configurations()[trial.configuration.value].values);
    }
    orders.push_back({id, trial.configuration, trial.replicate, trial.attempts, settings});
  }
  return orders;
}

}  // namespace fairsweep
