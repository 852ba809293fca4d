#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace fairsweep {

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
