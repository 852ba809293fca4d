#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace fairsweep {

/// CPU tensors (float, double, int64) and a few words, as kept in checkpoints and stage artefacts.
struct TensorFile {
  std::map<std::string, std::string> words;
  std::map<std::string, at::Tensor> tensors;
};

/// Replaces `path` whole: 64 hexadecimal digits of SHA-256, then an ArrayBundle in CBOR.
/// @throws UserError (environment) where it cannot be written; InternalError for other types of tensor.
void write_tensor_file(const std::filesystem::path& path, const TensorFile& file);

/// Nothing where there is no such file or its bytes are damaged (which is logged): what it holds can be computed again.
[[nodiscard]] std::optional<TensorFile> read_tensor_file(const std::filesystem::path& path);

}  // namespace fairsweep
