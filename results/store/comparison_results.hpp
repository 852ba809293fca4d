#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// What models said about the comparisons of one split, a row a trial.
struct ComparisonValues {
  std::vector<std::int64_t> comparison;  ///< rows of the data's comparisons, ascending: those that were scored
  std::vector<double> margin;            ///< [trials, comparisons] NaN where a trial says nothing
  std::vector<double> log_probability;   ///< [trials, comparisons] likewise
};

/// What a result file says of single comparisons. It keeps the margins of the front's trials alone; which comparisons
/// there are is the same for all.
struct ComparisonResults {
  std::vector<std::int32_t> person;  ///< [comparisons of the data] row of /people; empty: not known
  std::vector<float> weight;         ///< [comparisons of the data]; empty: 1, or not known
  std::vector<TrialId> trials;       ///< of those asked for, that left margins; ascending
  ComparisonValues validation;
  ComparisonValues test;
};

/// Reads the margins of some trials. @param trials  which; those that left none are passed over
/// Cost: the stored rows of these trials. The file is first walked in a child process, as by read_result_file.
/// @throws UserError (file) where the file is damaged, and where.
[[nodiscard]] ComparisonResults read_comparison_results(const std::filesystem::path& file,
                                                        const std::vector<TrialId>& trials);

}  // namespace fairsweep
