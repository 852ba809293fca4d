#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace fairsweep {

/// CPU tensors (float, double, int32, int64, bool) by name, in a file that is mapped and not read: the processes of a
/// machine that map the same file hold one copy together, in memory that the system may take back.
using MappedTensors = std::map<std::string, at::Tensor>;

/// Replaces `path` whole. The file opens with 64 hexadecimal digits, the SHA-256 of its header, and 16, the header's
/// length; the header is a CBOR ArrayBundle with type, place and sizes of each tensor. The values follow as the machine
/// stores them, each tensor from a multiple of 64 bytes on.
/// @throws UserError (environment) where it cannot be written; InternalError for other tensors.
void write_mapped_tensors(const std::filesystem::path& path, const MappedTensors& tensors);

/// The tensors of a file; they may not be written to, and keep it mapped. Nothing where there is no such file, or
/// (which is logged) where its header or its size is not what was written. The values are not checked: that would read
/// the whole file in every process, and it is renamed into place only when it is on the disk.
[[nodiscard]] std::optional<MappedTensors> map_tensors(const std::filesystem::path& path);

}  // namespace fairsweep
