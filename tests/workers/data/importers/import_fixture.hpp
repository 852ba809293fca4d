#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/workers/data/importers/import_rig.hpp"
#include "workers/data/importers/import_run.hpp"

namespace fairsweep::testing_support {

/// "ann in all: a > b", "... a > b, c" (the last ones without an order, by name), "... a = b" (by name).
inline std::string comparison_text(const PreferenceData& data, std::size_t row) {
  std::vector<std::string> names;
  for (auto entry = data.comparison_offset[row]; entry < data.comparison_offset[row + 1]; ++entry) {
    const auto candidate = static_cast<std::size_t>(data.comparison_candidate[static_cast<std::size_t>(entry)]);
    names.push_back(data.candidate_names[candidate]);
  }
  const auto ranked = static_cast<std::size_t>(data.comparison_ranked[row]);
  std::sort(names.begin() + static_cast<std::ptrdiff_t>(ranked), names.end());
  std::string text = data.user_names[static_cast<std::size_t>(data.comparison_user[row])] + " in " +
                     data.context_names[static_cast<std::size_t>(data.comparison_context[row])] + ": ";
  for (std::size_t place = 0; place < names.size(); ++place) {
    text += place == 0 ? "" : ranked == 0 ? " = " : place <= ranked ? " > " : ", ";
    text += names[place];
  }
  return text;
}

inline std::vector<std::string> comparison_texts(const PreferenceData& data) {
  std::vector<std::string> texts;
  texts.reserve(data.comparison_user.size());
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    texts.push_back(comparison_text(data, row));
  }
  return texts;
}

/// The rows of an importer's tests: files of a temporary folder, imported into memory.
class ImportFixture : public testing::Test {
 protected:
  explicit ImportFixture(const std::string& importer) : importer_(importer_named(importer)) {}

  using Options = std::map<std::string, std::string>;

  [[nodiscard]] ImportRequest request(const std::vector<std::string>& files, const Options& options = {},
                                      const std::string& mapping = "") {
    ImportRequest request = request_for(importer_.name, {});
    for (const std::string& file : files) {
      request.arguments.files.push_back(folder_ / file);
    }
    for (const auto& [name, value] : options) {
      EXPECT_TRUE(request.arguments.options.contains(name)) << name;
      request.arguments.options[name] = value;
    }
    if (!mapping.empty()) {
      write_bytes(folder_ / "m.yaml", k_about + mapping);
      request.mapping = folder_ / "m.yaml";
    }
    request.features.text = text_features_;
    request.options.skip_errors = skip_errors_;
    return request;
  }

  /// Imports `text` as `file`, with the features that `embeddings_` and `text_features_` say.
  PreferenceData import(const std::string& text, const Options& options = {}, const std::string& mapping = "",
                        const std::string& file = "t.csv") {
    write_bytes(folder_ / file, text);
    return import_files({file}, options, mapping);
  }

  PreferenceData import_files(const std::vector<std::string>& files, const Options& options = {},
                              const std::string& mapping = "") {
    ImportRequest wanted = request(files, options, mapping);
    if (!embeddings_.empty()) {
      write_bytes(folder_ / "e.csv", embeddings_);
      wanted.features.embeddings = folder_ / "e.csv";
      wanted.features.embeddings_in_order = in_order_;
    }
    PreferenceData data = import_to_memory(wanted, &summary_);
    EXPECT_EQ(problems_of(data), std::vector<std::string>());
    return data;
  }

  std::vector<std::string> comparisons(const std::string& text, const Options& options = {},
                                       const std::string& mapping = "", const std::string& file = "t.csv") {
    return comparison_texts(import(text, options, mapping, file));
  }

  /// What an import is refused with, without the folder's name.
  std::string refused(ExitCode code, const std::string& text, const Options& options = {},
                      const std::string& mapping = "", const std::string& file = "t.csv") {
    return without_folder(refusal(code, [&] { (void)import(text, options, mapping, file); }));
  }

  [[nodiscard]] std::string without_folder(std::string message) const {
    const std::string folder = (folder_ / "").string();
    for (auto at = message.find(folder); at != std::string::npos; at = message.find(folder)) {
      message.erase(at, folder.size());
    }
    return message;
  }

  static constexpr const char* k_about = "about: {name: t, source: made up, licence: CC0-1.0}\n";
  static constexpr const char* k_mend = "; mend the record, or leave such records out with --on-error skip";

  const Importer& importer_;
  TemporaryFolder folder_;
  std::string embeddings_;  ///< a table: id, numbers
  bool in_order_ = false;   ///< of the embeddings' rows, which then have no ids
  bool text_features_ = false;
  bool skip_errors_ = false;
  ImportSummary summary_;
};

}  // namespace fairsweep::testing_support
