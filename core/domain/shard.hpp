#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// The part of a sweep's trials that one run trains: those whose number leaves the remainder `index` when divided by
/// `count`. Where the replicates are a multiple of the shards, a shard holds whole replicates, so each of as many
/// shards as replicates is one seed of every configuration. A run that trains certain trials again lists them instead.
struct Shard {
  std::uint32_t index = 0;
  std::uint32_t count = 1;  ///< 1: everything
  std::vector<TrialId> only =
      {};  ///< ascending; where there are any, the part is these, and index and count say nothing

  /// O(log listed trials)
  [[nodiscard]] bool holds(TrialId trial) const;
  /// How many of the trials 0 .. trials - 1 it holds.
  [[nodiscard]] std::size_t size(std::size_t trials) const;
  /// One of as many parts as there are, or a list in order without repetition.
  [[nodiscard]] bool valid() const;
  bool operator==(const Shard&) const = default;
};

/// "2/8": the second of eight; "trials 3, 7 and 2 more" for a list.
[[nodiscard]] std::string to_text(const Shard& shard);
/// What `--shard` takes, as to_text() writes it. @throws UserError (configuration) where it is nothing of that kind.
[[nodiscard]] Shard read_shard(const std::string& text);

}  // namespace fairsweep
