#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/domain/trial.hpp"
#include "core/hdf5/file_reader.hpp"

namespace fairsweep::store {

/// Which rows of a table with a row a trial are of the trials somebody asked for.
struct TrialRows {
  std::uint64_t count = 0;          ///< rows of the whole table
  std::vector<std::uint64_t> rows;  ///< of the trials asked for, in the order of the table
  std::vector<TrialId> trials;      ///< of these rows
};

/// @param path  of the column of trial numbers. O(rows log wanted).
[[nodiscard]] TrialRows trial_rows(hdf5::FileReader& file, const std::string& path, const std::vector<TrialId>& wanted);

}  // namespace fairsweep::store
