#include "results/export/file_digest.hpp"

#include <array>
#include <fstream>
#include <span>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep::exports {

std::string file_digest(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  Sha256 digest;
  std::array<char, 1U << 16U> buffer{};
  while (in) {
    in.read(buffer.data(), buffer.size());
    digest.update(std::as_bytes(std::span(buffer).first(static_cast<std::size_t>(in.gcount()))));
  }
  if (!in.eof())
    throw UserError(ExitCode::file, file.string() + ": cannot be read; is it there, and may you read it?");
  return digest.finish();
}

}  // namespace fairsweep::exports
