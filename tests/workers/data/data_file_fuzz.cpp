// Mutated data files: an error or success, never a crash, a hang or a leak of this process.
// FAIRSWEEP_FUZZ_RUNS sets the number of files, FAIRSWEEP_FUZZ_SEED the first seed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>

#include "tests/workers/data/sample_data.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {
namespace {

using testing_support::full_sample_data;
using testing_support::read_bytes;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// One of the damages that files meet: flipped bits, overwritten numbers, moved blocks, a cut end.
std::string mutated(std::string bytes, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  const std::size_t changes = 1 + below(4);
  for (std::size_t change = 0; change < changes && bytes.size() > 16; ++change) {
    const std::size_t at = below(bytes.size() - 8);
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << below(8)));
        break;
      case 1:
        bytes[at] = static_cast<char>(random());
        break;
      case 2: {
        const std::uint64_t values[] = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF, ~std::uint64_t{0}, random()};
        const std::uint64_t value = values[below(7)];
        const std::size_t width = std::size_t{1} << below(4);
        for (std::size_t byte = 0; byte < width; ++byte) {
          bytes[at + byte] = static_cast<char>(value >> (8 * byte));
        }
        break;
      }
      case 3: {
        const std::size_t length = 1 + below(std::min<std::size_t>(64, bytes.size() - at));
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size() - length)), length,
                    bytes.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      }
      case 4:
        bytes.resize(16 + below(bytes.size() - 16));
        break;
      default:
        bytes.insert(at, bytes.substr(below(bytes.size() - 8), 8));
        break;
    }
  }
  return bytes;
}

void fuzz(const std::string& original, const std::string& what) {
  const TemporaryFolder folder;
  const std::uint64_t runs = number_from("FAIRSWEEP_FUZZ_RUNS", 300) / 2;
  const std::uint64_t first_seed = number_from("FAIRSWEEP_FUZZ_SEED", 1);
  std::uint64_t accepted = 0;
  std::uint64_t crashed = 0;
  std::uint64_t refused = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + runs; ++seed) {
    SCOPED_TRACE(what + ", seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    write_bytes(folder / "data.h5", mutated(original, random));
    try {
      const PreferenceData data = read_data_file(folder / "data.h5");
      EXPECT_TRUE(problems_of(data).empty());
      ++accepted;
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::file) << error.what();
      const std::string message = error.what();
      EXPECT_NE(message.find("data.h5: "), std::string::npos) << message;
      ++(message.find("crashed") != std::string::npos ? crashed : refused);
    }
  }
  std::cout << what << ": " << runs << " files from seed " << first_seed << ": " << accepted << " accepted, " << refused
            << " refused, " << crashed << " crashed the probe\n";
  EXPECT_GT(refused, runs / 10);
}

TEST(DataFileFuzz, FilesOfOurs) {
  const TemporaryFolder folder;
  write_data_file(folder / "good.h5", full_sample_data());
  fuzz(read_bytes(folder / "good.h5"), "latest format");
}

TEST(DataFileFuzz, FilesOfH5pyInItsDefaultFormat) {
  const TemporaryFolder folder;
  std::string page = read_bytes(FAIRSWEEP_SOURCE_DIR "/docs/data_format.md");
  const std::size_t first = page.find("```python\n") + 10;
  std::string lines = page.substr(first, page.find("```", first) - first);
  const std::string version = ", libver=(\"v110\", \"v110\")";
  ASSERT_NE(lines.find(version), std::string::npos);
  lines.erase(lines.find(version), version.size());
  write_bytes(folder / "lines.py", lines);
  if (std::system(("/usr/bin/python3 '" + (folder / "lines.py").string() + "' '" + (folder / "good.h5").string() +
                   "' 2>/dev/null")
                      .c_str()) != 0) {
    GTEST_SKIP() << "python3-h5py is not installed";
  }
  fuzz(read_bytes(folder / "good.h5"), "default format");
}

}  // namespace
}  // namespace fairsweep
