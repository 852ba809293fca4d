#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "workers/trainer/stack_training.hpp"

namespace fairsweep {

/// The right to train one piece of work, until this object or its process ends.
class StageClaim {
 public:
  StageClaim() = default;
  StageClaim(int descriptor, std::filesystem::path file) : descriptor_(descriptor), file_(std::move(file)) {}
  ~StageClaim();
  StageClaim(StageClaim&& other) noexcept;
  StageClaim& operator=(StageClaim&& other) = delete;
  StageClaim(const StageClaim&) = delete;
  StageClaim& operator=(const StageClaim&) = delete;

 private:
  int descriptor_ = -1;
  std::filesystem::path file_;
};

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
  [[nodiscard]] std::optional<StageClaim> claim(const std::string& digest) const;
  /// Failed results are not kept. @throws UserError (environment) where it cannot be written.
  void keep(const std::string& digest, const StageResult& result) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace fairsweep
