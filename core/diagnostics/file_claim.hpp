#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace fairsweep {

/// The right to make something that several processes could make, until this object or its process ends.
class FileClaim {
 public:
  FileClaim() = default;
  FileClaim(int descriptor, std::filesystem::path file) : descriptor_(descriptor), file_(std::move(file)) {}
  ~FileClaim();
  FileClaim(FileClaim&& other) noexcept;
  FileClaim& operator=(FileClaim&& other) = delete;
  FileClaim(const FileClaim&) = delete;
  FileClaim& operator=(const FileClaim&) = delete;

 private:
  int descriptor_ = -1;
  std::filesystem::path file_;
};

/// Nothing where another process holds the claim and is alive. A claim on nothing where `file` cannot be made or its
/// file system has no locks: two may then make the same thing at once, so it must come out the same and replace a file
/// whole. Whoever has a claim looks first whether the thing is there by now.
[[nodiscard]] std::optional<FileClaim> claim_file(const std::filesystem::path& file);

}  // namespace fairsweep
