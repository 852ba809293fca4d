#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "results/store/result_file.hpp"

namespace fairsweep::test {

/// A small run with everything in it: every type of setting, inactive ones, each state, failures with odd bytes,
/// metrics that one trial lacks. Part of the golden files: never change what it says, only add another.
[[nodiscard]] RunRecord sample_record();

/// Five people of the sample's two groups, three of them seen in training, with soft membership.
[[nodiscard]] People sample_people();

/// Its arrays: users and margins of the reported trials, each different.
[[nodiscard]] std::optional<ArrayBundle> sample_arrays(const TrialRecord& trial, const std::string& name);

/// A run of `configurations` x `replicates` reported trials over two groups, with random validation and test values.
[[nodiscard]] RunRecord random_record(std::uint32_t configurations, std::uint32_t replicates, std::uint64_t seed);

/// A reader for trials without artefacts.
[[nodiscard]] inline std::optional<ArrayBundle> no_arrays(const TrialRecord& trial, const std::string& name) {
  (void)trial;
  (void)name;
  return std::nullopt;
}

}  // namespace fairsweep::test
