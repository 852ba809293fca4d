#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace fairsweep {

/// The files of a run; see docs/result_format.md and DESIGN for what each holds.
class RunDirectory {
 public:
  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path sweep() const { return path_ / "sweep.yaml"; }
  [[nodiscard]] std::filesystem::path events() const { return path_ / "events.log"; }
  [[nodiscard]] std::filesystem::path lease() const { return path_ / "coordinator.json"; }  ///< see run_lease.hpp
  [[nodiscard]] std::filesystem::path results() const { return path_ / "results.h5"; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  [[nodiscard]] std::filesystem::path artefacts() const { return path_ / "artefacts"; }
  /// Who is in which group, by the digest that the log names.
  [[nodiscard]] std::filesystem::path people(const std::string& digest) const {
    return artefacts() / (digest + ".json");
  }
  [[nodiscard]] std::filesystem::path logs() const { return path_ / "logs"; }

  /// A run began here: its configuration or its log exists.
  [[nodiscard]] bool holds_a_run() const;
  /// Makes the folders. @throws UserError (environment) where that cannot be done, the folder cannot be written, or
  /// the disk is all but full.
  void prepare() const;
  /// Removes the temporary files that sessions killed in the middle of a write left here, once they are ten minutes
  /// old. For whoever holds the run's lease. What cannot be removed stays.
  void remove_leftovers() const;

 private:
  std::filesystem::path path_;
};

}  // namespace fairsweep
