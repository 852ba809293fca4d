#include "workers/data/importers/file_sha256.hpp"

#include <cstddef>
#include <fstream>
#include <string_view>
#include <vector>

#include "core/diagnostics/digest.hpp"

namespace fairsweep {

std::string digest_of_file(const std::filesystem::path& file) {
  Sha256 hash;
  std::ifstream stream(file, std::ios::binary);
  std::vector<char> block(std::size_t{1} << 20U);
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) || stream.gcount() > 0) {
    hash.update(std::string_view(block.data(), static_cast<std::size_t>(stream.gcount())));
  }
  return hash.finish();
}

}  // namespace fairsweep
