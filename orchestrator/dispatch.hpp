#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/domain/trial.hpp"
#include "core/protocol/messages.hpp"
#include "orchestrator/trial_table.hpp"

namespace fairsweep {

struct DispatchRules {
  std::size_t trials_per_pack = 0;  ///< 0: auto
  std::size_t workers = 1;
  std::function<Settings(const Settings& sampled)> settings_of;   ///< everything a trial trains with
  std::function<std::string(const Settings& settings)> shape_of;  ///< equal text: may share a pack
};

/// The largest pack the automatic rule makes: past it stacked training gains little and a lost pack costs more.
inline constexpr std::size_t k_largest_automatic_pack = 32;

/// Makes packs of pending trials: the first pending trial in order, and the next ones of its shape and pack limit.
/// Trials that failed before share no pack or a smaller one, see TrialTable. The automatic pack size spreads
/// what is pending over the workers twice, so that early packs are large and the last ones small. How trials fall into
/// packs may depend on timing; their results do not.
class Dispatch {
 public:
  explicit Dispatch(DispatchRules rules) : rules_(std::move(rules)) {}

  /// These trials are pending now. O(log pending) each.
  void add(const TrialTable& table, const std::vector<TrialId>& trials);
  [[nodiscard]] bool empty() const { return pending_.empty(); }
  /// Whether trials of a shape may be handed out now.
  using Allowed = std::function<bool(std::size_t shape)>;
  /// The next pack of a shape that is allowed (empty function: each is); its trials are no longer in the queue. Empty
  /// where no such trial is pending. O(pack x log pending); O(pending) where shapes are refused.
  [[nodiscard]] std::vector<TrialOrder> take(const TrialTable& table, const Allowed& allowed = {});
  /// Is a trial of an allowed shape pending? O(shapes).
  [[nodiscard]] bool holds(const Allowed& allowed) const;
  /// The number of a configuration's shape, from 0 in the order they were first met.
  [[nodiscard]] std::size_t shape_of(const Configuration& configuration);

 private:
  [[nodiscard]] std::set<TrialId>& alike(std::uint32_t limit, std::size_t shape);
  [[nodiscard]] std::size_t pack_size() const;

  DispatchRules rules_;
  std::map<TrialId, std::size_t> pending_;  ///< trial -> shape number
  /// Pending trials that may share a pack, by pack limit and shape.
  std::map<std::uint32_t, std::vector<std::set<TrialId>>> by_limit_;
  std::unordered_map<std::string, std::size_t> shapes_;
  std::vector<std::size_t> shape_of_configuration_;
};

}  // namespace fairsweep
