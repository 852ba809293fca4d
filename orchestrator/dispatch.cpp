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
    shape_of_configuration_[id] = shapes_.emplace(key, shapes_.size()).first->second;
  }
  return shape_of_configuration_[id];
}

std::set<TrialId>& Dispatch::alike(std::uint32_t limit, std::size_t shape) {
  std::vector<std::set<TrialId>>& shapes = by_limit_[limit];
  shapes.resize(std::max(shapes.size(), shape + 1));
  return shapes[shape];
}

void Dispatch::add(const TrialTable& table, const std::vector<TrialId>& trials) {
  for (const TrialId id : trials) {
    const TableTrial& trial = table.trials()[id.value];
    const std::size_t shape = shape_of(table.configurations()[trial.configuration.value]);
    pending_.emplace(id, shape);
    alike(trial.pack_limit, shape).insert(id);
  }
}

std::size_t Dispatch::pack_size() const {
  if (rules_.trials_per_pack > 0) {
    return rules_.trials_per_pack;
  }
  const std::size_t shares = 2 * std::max<std::size_t>(rules_.workers, 1);
  return std::clamp<std::size_t>((pending_.size() + shares - 1) / shares, 1, k_largest_automatic_pack);
}

bool Dispatch::holds(const Allowed& allowed) const {
  return std::any_of(by_limit_.begin(), by_limit_.end(), [&](const auto& shapes) {
    for (std::size_t shape = 0; shape < shapes.second.size(); ++shape) {
      if (!shapes.second[shape].empty() && allowed(shape)) {
        return true;
      }
    }
    return false;
  });
}

std::vector<TrialOrder> Dispatch::take(const TrialTable& table, const Allowed& allowed) {
  const auto first = std::find_if(pending_.begin(), pending_.end(),
                                  [&](const auto& pending) { return !allowed || allowed(pending.second); });
  if (first == pending_.end()) {
    return {};
  }
  const std::uint32_t limit = table.trials()[first->first.value].pack_limit;
  const std::size_t most = limit == 0 ? pack_size() : std::min<std::size_t>(pack_size(), limit);
  std::set<TrialId>& others = alike(limit, first->second);  // it is the first of them, too
  const auto end = std::next(others.begin(), static_cast<std::ptrdiff_t>(std::min(most, others.size())));
  const std::vector<TrialId> pack(others.begin(), end);
  others.erase(others.begin(), end);
  std::vector<TrialOrder> orders;
  orders.reserve(pack.size());
  Settings settings;
  for (const TrialId id : pack) {
    pending_.erase(id);
    const TableTrial& trial = table.trials()[id.value];
    if (orders.empty() || orders.back().configuration != trial.configuration) {
      settings = rules_.settings_of(table.configurations()[trial.configuration.value].values);
    }
    orders.push_back({id, trial.configuration, trial.replicate, trial.attempts, settings});
  }
  return orders;
}

}  // namespace fairsweep
