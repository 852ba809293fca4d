#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "workers/data/importers/record_mapping.hpp"

namespace fairsweep {

/// What a table of candidates says of them: texts and features by name.
class CandidateRows {
 public:
  /// Reads the table. Rows that say nothing, which spreadsheets leave at the end, are skipped. @throws UserError (file,
  /// configuration) with the place of what cannot be used.
  CandidateRows(const CandidateTable& table, const std::filesystem::path& file);

  /// Row of a candidate; -1: the table does not have it. A name that is not there as it is written is looked for with
  /// single spaces.
  [[nodiscard]] std::int64_t find(std::string_view name) const;
  [[nodiscard]] std::string_view text(std::int64_t row) const;
  [[nodiscard]] const std::vector<std::string>& feature_names() const { return feature_names_; }
  /// Features of a row, as many as names.
  [[nodiscard]] const float* features(std::int64_t row) const;
  [[nodiscard]] bool has_texts() const { return !texts_.empty(); }
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  [[nodiscard]] std::int64_t find_spelt(const std::string& name) const;

  std::string file_;
  std::map<std::string, std::string> spellings_;
  std::unordered_map<std::string, std::int64_t> row_of_name_;
  std::vector<std::string> texts_;
  std::vector<std::string> feature_names_;
  std::vector<float> features_;  ///< [rows, feature names]
};

}  // namespace fairsweep
