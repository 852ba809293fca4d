#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "workers/data/importers/import_links.hpp"
#include "workers/data/importers/import_preview.hpp"
#include "workers/data/importers/importer.hpp"

namespace fairsweep {

/// Where features come from, beside those that the importer and the mapping's table of candidates give.
struct FeatureRequest {
  std::filesystem::path embeddings;     ///< empty: none
  std::filesystem::path embedding_ids;  ///< names of the rows, where the embeddings have none; empty: none
  bool embeddings_in_order = false;     ///< rows without names are in the order in which the candidates first come
  bool text = false;                    ///< make features of the candidates' texts
  std::int64_t text_dimensions = 64;
  double fit_share = 0.7;  ///< of the contexts, on which features of text are fitted
  std::uint64_t seed = 0;  ///< of that choice, and of the fit
};

struct ImportRequest {
  const Importer* importer = nullptr;
  ImporterArguments arguments;
  std::filesystem::path mapping;              ///< empty: none
  std::map<std::string, std::string> fields;  ///< role -> field, over the mapping's
  FeatureRequest features;
  std::filesystem::path links;  ///< table of who listens to whom; empty: none
  ImportOptions options;
};

/// What an import made, and what it left out.
struct ImportSummary {
  std::string digest;
  std::int64_t records = 0, skipped = 0;
  std::int64_t users = 0, contexts = 0, candidates = 0, comparisons = 0, ties = 0, features = 0, repeats = 0;
  std::map<std::string, std::int64_t> dropped;        ///< reason -> records
  std::map<std::string, std::int64_t> dropped_pairs;  ///< reason -> pairs that records would have made
  std::vector<std::string> first_errors;              ///< of records that were skipped
  ImportedLinks links;
};

/// Reads, and writes `output` whole, or nothing. Memory: the features, 12 bytes a pair, names and joined tables.
/// @throws UserError (configuration, file) with the place of what is wrong
[[nodiscard]] ImportSummary import_to_file(const ImportRequest& request, const std::filesystem::path& output);

/// The same into memory, for tests.
[[nodiscard]] PreferenceData import_to_memory(const ImportRequest& request, ImportSummary* summary = nullptr);

/// The first comparisons as they were understood; reading stops there, and nothing is written.
/// @throws as an import does
[[nodiscard]] ImportPreview preview(const ImportRequest& request, std::int64_t comparisons);

/// Every file that the import reads: records, mapping, embeddings, links, and the tables that the mapping names.
/// @throws UserError (configuration) where the mapping is wrong
[[nodiscard]] std::vector<std::filesystem::path> input_files(const ImportRequest& request);

}  // namespace fairsweep
