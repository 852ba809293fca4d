#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "workers/data/importers/import_run.hpp"

namespace fairsweep {

/// Features that are asked for on the command line: embeddings by name or in order, and features made of text.
class ImportFeatures {
 public:
  /// Listens to the session's texts where features are to be made of them.
  /// @throws UserError (configuration, file) where the embeddings cannot be read
  ImportFeatures(const FeatureRequest& request, ImportSession& session);
  ~ImportFeatures();
  ImportFeatures(const ImportFeatures&) = delete;
  ImportFeatures& operator=(const ImportFeatures&) = delete;

  /// After everything was read: embeddings, then features of text, whose fit goes into `model`. Views of this object.
  /// @throws UserError (file) where a candidate has no embedding or no text
  [[nodiscard]] std::vector<FeatureBlock> blocks(FeatureModel& model);
  /// Contexts that features of text were fitted on; empty: none were made.
  [[nodiscard]] const std::vector<std::uint8_t>& fitted() const;
  void describe(std::map<std::string, std::string>& about) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairsweep
