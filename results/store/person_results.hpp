#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/domain/people.hpp"
#include "core/domain/trial.hpp"

namespace fairsweep {

/// Values of one split, a row a trial.
struct PersonValues {
  std::vector<std::int64_t> people;  ///< rows of /people, ascending
  std::vector<double> values;        ///< [trials, people], raw; NaN where a trial says nothing
  /// The same of the model of each person's own group, where the method trains one; empty: no trial of the file has any
  std::vector<double> own_teacher = {};
};

/// What a result file says of single people.
struct PersonResults {
  People people;                     ///< without names; nobody where the run knew no data
  std::vector<std::string> metrics;  ///< that were left for each person in either split
  std::string metric;                ///< of the values below; empty where there are none
  std::vector<TrialId> trials;       ///< of those asked for, that left values; ascending
  PersonValues validation;
  PersonValues test;
};

/// Reads the values of some trials.
/// @param metric  which; where the file has none of that name, the first it has
/// @param trials  which; those that left no values are passed over
/// Cost: the stored rows of these trials. The file is first walked in a child process, as by read_result_file.
/// @throws UserError (file) where the file is damaged, and where.
[[nodiscard]] PersonResults read_person_results(const std::filesystem::path& file, const std::string& metric,
                                                const std::vector<TrialId>& trials);

}  // namespace fairsweep
