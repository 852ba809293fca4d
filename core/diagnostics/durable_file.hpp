#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace fairsweep {

/// replace_file() in two steps, for files that are to change together: first all are prepared, then all are put in
/// place. What is not put in place is removed with this object.
class Replacement {
 public:
  /// `write` fills a temporary file beside `target`, which is fsynced.
  /// @throws UserError (environment) as replace_file does, and what `write` throws
  Replacement(std::filesystem::path target, const std::function<void(const std::filesystem::path&)>& write);
  Replacement(std::filesystem::path target, std::span<const std::span<const std::byte>> pieces);
  Replacement(std::filesystem::path target, std::string_view text);
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  /// Renames it over `target`; once. @throws UserError (environment)
  void put_in_place();

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;  ///< empty: it is in place
};

/// Replaces `target` whole: `write` fills a temporary file beside it, which is fsynced and renamed over it, and the
/// folder is fsynced. Whenever the process dies, `target` is the old file or the new one. The temporary file is
/// removed when `write` throws.
/// @throws UserError (environment) naming `target` and the system's reason (disk full, read-only, ...).
void replace_file(const std::filesystem::path& target, const std::function<void(const std::filesystem::path&)>& write);

/// The same with bytes at hand, in one piece or in several, which follow each other.
void replace_file(const std::filesystem::path& target, std::span<const std::span<const std::byte>> pieces);
void replace_file(const std::filesystem::path& target, std::span<const std::byte> bytes);
void replace_file(const std::filesystem::path& target, std::string_view text);

}  // namespace fairsweep
