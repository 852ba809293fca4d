#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/diagnostics/file_claim.hpp"
#include "workers/trainer/stack_training.hpp"

namespace fairsweep {

/// Results of stages that trials share, by digest: <directory>/stages/<digest>.stage. Agents on one file system share
/// them, and a claim keeps two from computing the same at once; where the file system knows no locks both do, and write
/// the same bytes. An empty directory keeps nothing.
class StageCache {
 public:
  explicit StageCache(std::filesystem::path directory);
  /// Nothing where it is not there, damaged, or of another size.
  [[nodiscard]] std::optional<StageResult> find(const std::string& digest, std::int64_t parameters) const;
  /// Nothing where another process has claimed this piece of work and is alive. A claim on nothing where there is no
  /// directory or the file system has no locks.
  [[nodiscard]] std::optional<FileClaim> claim(const std::string& digest) const;
  /// Failed results are not kept. @throws UserError (environment) where it cannot be written.
  void keep(const std::string& digest, const StageResult& result) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace fairsweep
