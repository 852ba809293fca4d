#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairsweep {

/// One comparison as it was understood.
struct PreviewedComparison {
  std::string user;
  std::string context;
  std::string question;                                         ///< its text; empty: not known
  std::vector<std::pair<std::string, std::string>> candidates;  ///< name, text; best first
  std::int32_t ranked = 1;                                      ///< 0: a tie
  float weight = 1;
  std::optional<std::int64_t> time;                  ///< seconds since 1970 UTC
  std::map<std::string, std::string> circumstances;  ///< comparison attribute -> value
  bool operator==(const PreviewedComparison&) const = default;
};

/// What a dry run shows: the first comparisons, what is known of their people, and what had been read by then.
struct ImportPreview {
  std::vector<PreviewedComparison> comparisons;
  std::map<std::string, std::map<std::string, std::string>> people;  ///< name -> feature or attribute -> value
  std::int64_t records = 0;                                          ///< read so far
  std::int64_t skipped = 0;
  std::map<std::string, std::int64_t> dropped;        ///< reason -> records
  std::map<std::string, std::int64_t> dropped_pairs;  ///< reason -> pairs
  std::vector<std::string> first_errors;              ///< of records that were skipped
};

/// Begins of the texts, "ann in q (\"why?\"): a (\"...\") > b (\"...\"), weight 2", a line a comparison, then people
/// and counts.
[[nodiscard]] std::string preview_text(const ImportPreview& preview);
/// The same whole, as JSON.
[[nodiscard]] std::string preview_json(const ImportPreview& preview);

/// What was left out and skipped, a line each, as both the preview and the summary of an import print it.
[[nodiscard]] std::string left_out_text(const std::map<std::string, std::int64_t>& records,
                                        const std::map<std::string, std::int64_t>& pairs, std::int64_t skipped,
                                        const std::vector<std::string>& first_errors,
                                        const std::string& unit = "record");

}  // namespace fairsweep
