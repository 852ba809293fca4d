#include <array>
#include <cstddef>
#include <fstream>
#include <span>
#include <string>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/hdf5/file_writer.hpp"
#include "core/protocol/utf8.hpp"
#include "workers/trainer/embedding/embed.hpp"

namespace fairsweep {

namespace {

std::string sha256_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  Sha256 hash;
  std::array<char, 1 << 16> block{};
  while (stream.read(block.data(), block.size()) || stream.gcount() > 0) {
    hash.update(std::as_bytes(std::span(block.data(), static_cast<std::size_t>(stream.gcount()))));
  }
  if (stream.bad() || !stream.eof()) {
    throw UserError(ExitCode::file, file.string() + ": cannot be read");
  }
  return hash.finish();
}

}  // namespace

void write_embeddings(const EmbedSettings& settings, const TokenisedTexts& texts, const EmbeddedTexts& embedded) {
  const std::string digest = sha256_of_file(settings.encoder);
  replace_file(settings.output, [&](const std::filesystem::path& temporary) {
    hdf5::FileWriter file(temporary, settings.output);
    file.write("/embeddings", embedded.values,
               {static_cast<std::uint64_t>(embedded.rows), static_cast<std::uint64_t>(embedded.dimensions)});
    file.name_dimensions("/embeddings", {"text", "dimension"});
    if (!texts.ids.empty()) {
      file.write_texts("/ids", texts.ids);
      file.name_dimensions("/ids", {"text"});
    }
    file.set_text("/", "encoder", to_utf8(settings.encoder.filename().string()));
    file.set_text("/", "encoder_sha256", digest);
    file.set_text("/", "pooling", to_text(embedded.pooling));
    file.set_text("/", "device", embedded.device);
    file.close();
  });
}

}  // namespace fairsweep
