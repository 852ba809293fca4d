#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// The part of a sweep's trials that one run trains: those whose number leaves the remainder `index` when divided by
/// `count`. Where the replicates are a multiple of the shards, a shard holds whole replicates, so each of as many
/// shards as replicates is one seed of every configuration.
struct Shard {
  std::uint32_t index = 0;
  std::uint32_t count = 1;  ///< 1: everything

  [[nodiscard]] bool holds(TrialId trial) const { return trial.value % count == index; }
  /// How many of the trials 0 .. trials - 1 it holds.
  [[nodiscard]] std::size_t size(std::size_t trials) const { return (trials + count - 1 - index) / count; }
  bool operator==(const Shard&) const = default;
};

/// "2/8": the second of eight.
[[nodiscard]] std::string to_text(const Shard& shard);
/// What `--shard` takes, as to_text() writes it. @throws UserError (configuration) where it is nothing of that kind.
[[nodiscard]] Shard read_shard(const std::string& text);

}  // namespace fairsweep
