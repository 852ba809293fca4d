#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "workers/trainer/stack_training.hpp"

namespace fairsweep {

/// Results of stages that trials share, by digest: <directory>/stages/<digest>.stage. Agents on one file system share
/// them; two that compute the same stage at once write the same bytes. An empty directory keeps nothing.
class StageCache {
 public:
  explicit StageCache(std::filesystem::path directory);
  /// Nothing where it is not there, damaged, or of another size.
  [[nodiscard]] std::optional<StageResult> find(const std::string& digest, std::int64_t parameters) const;
  /// Failed results are not kept. @throws UserError (environment) where it cannot be written.
  void keep(const std::string& digest, const StageResult& result) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace fairsweep
