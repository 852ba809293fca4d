#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "workers/data/features/token_file.hpp"
#include "workers/trainer/embedding/pooling.hpp"

namespace fairsweep {

/// What is asked of fairsweep-trainer embed.
struct EmbedSettings {
  std::filesystem::path encoder;   ///< TorchScript
  std::filesystem::path tokens;    ///< .jsonl, .jsonl.gz or .npy
  std::filesystem::path mask;      ///< .npy beside tokens in .npy; empty: none
  std::filesystem::path output;    ///< .h5
  std::int64_t batch = 64;         ///< texts at once, at least 1
  std::string device = "cpu";      ///< "cpu" or "cuda"
  std::optional<Pooling> pooling;  ///< nothing: mean where the encoder gives a row a token, else none
};

/// Texts of one batch, as rows of `tokens` and `mask`; the shorter ones padded with 0 at the end.
struct TokenBatch {
  std::vector<std::size_t> texts;
  at::Tensor tokens;  ///< [texts, longest] of int64
  at::Tensor mask;    ///< [texts, longest] of int64: 0 at padding
};

/// Texts in batches, longest first, so that little is padded and what does not fit in memory shows at once.
/// @param equal_lengths  no padding at all: only texts of one length share a batch
[[nodiscard]] std::vector<std::vector<std::size_t>> batches_of(const TokenisedTexts& texts, std::int64_t batch,
                                                               bool equal_lengths);
[[nodiscard]] TokenBatch padded(const TokenisedTexts& texts, std::vector<std::size_t> batch);

/// What was embedded.
struct EmbeddedTexts {
  std::int64_t rows = 0;
  std::int64_t dimensions = 0;
  std::vector<float> values;  ///< [rows, dimensions], in the order of the input
  Pooling pooling = Pooling::none;
  std::string device;  ///< "cpu" or "cuda:0"
};

using EmbedProgress = std::function<void(std::int64_t done, std::int64_t all)>;

/// Runs the encoder over all texts. Results are in the order of the input. An encoder that takes no mask sees no
/// padding: only texts of one length share a batch.
/// @throws UserError: (file) an encoder that fails, gives another shape or a value that is not finite, naming the
///         text; (configuration) a device that is none, a pooling that does not fit the encoder's output;
///         (environment) CUDA is not there, or the memory is too small for the batch.
[[nodiscard]] EmbeddedTexts embed_texts(const EmbedSettings& settings, const TokenisedTexts& texts,
                                        const EmbedProgress& progress = {});

/// Writes /embeddings and, where the texts have them, /ids, with attributes encoder, encoder_sha256, pooling and
/// device of /. Replaces the file whole.
void write_embeddings(const EmbedSettings& settings, const TokenisedTexts& texts, const EmbeddedTexts& embedded);

}  // namespace fairsweep
