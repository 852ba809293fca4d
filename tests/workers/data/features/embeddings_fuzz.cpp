// Mutated embeddings in .npy and .csv, and ids: whatever the bytes, reading ends with embeddings that keep their rules
// or with one message. Crashes, leaks and undefined behaviour are for the sanitizers to find (preset asan).
//
//   FAIRSWEEP_FUZZ_RUNS=100000 FAIRSWEEP_FUZZ_SEED=1 data_embeddings_fuzz
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/workers/data/features/npy_bytes.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/features/embeddings.hpp"

namespace fairsweep {
namespace {

using testing_support::bytes_of_values;
using testing_support::npy;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string next(const std::vector<std::string>& originals, const std::vector<std::string>& tokens) {
    std::string bytes = originals[below(originals.size())];
    do {
      edit(bytes, originals, tokens);
    } while (below(2) == 0);
    return bytes;
  }

 private:
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }

  void edit(std::string& bytes, const std::vector<std::string>& originals, const std::vector<std::string>& tokens) {
    const std::size_t at = below(bytes.size() + 1);
    switch (below(7)) {
      case 0:
        if (at < bytes.size()) {
          bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << below(8)));
        }
        break;
      case 1:
        if (at < bytes.size()) {
          bytes[at] = static_cast<char>(below(256));
        }
        break;
      case 2:
        bytes.insert(at, tokens[below(tokens.size())]);
        break;
      case 3:
        bytes.erase(at, 1 + below(12));
        break;
      case 4:
        bytes.resize(at);
        break;
      case 5: {
        const std::string& other = originals[below(originals.size())];
        bytes.replace(at, below(8), other.substr(below(other.size()), 1 + below(24)));
        break;
      }
      default: {
        const std::string& token = tokens[below(tokens.size())];
        bytes.replace(at, token.size(), token);
      }
    }
  }

  std::mt19937_64 random_;
};

void require_rules(const Embeddings& embeddings) {
  ASSERT_GT(embeddings.rows, 0);
  ASSERT_GT(embeddings.dimensions, 0);
  ASSERT_EQ(embeddings.values.size(), static_cast<std::size_t>(embeddings.rows * embeddings.dimensions));
  ASSERT_EQ(embeddings.names.size(), static_cast<std::size_t>(embeddings.dimensions));
  ASSERT_TRUE(
      std::all_of(embeddings.values.begin(), embeddings.values.end(), [](float v) { return std::isfinite(v); }));
  if (!embeddings.ids.empty()) {
    ASSERT_EQ(std::set<std::string>(embeddings.ids.begin(), embeddings.ids.end()).size(),
              static_cast<std::size_t>(embeddings.rows));
  }
}

/// Mutates the embeddings, or the ids beside good ones.
void fuzz(const std::string& ending, const std::vector<std::string>& originals, const std::vector<std::string>& tokens,
          const std::string& good = "") {
  const TemporaryFolder folder;
  const bool of_ids = !good.empty();
  const std::uint64_t runs = from_environment("FAIRSWEEP_FUZZ_RUNS", 1500);
  const std::uint64_t first_seed = from_environment("FAIRSWEEP_FUZZ_SEED", 1);
  std::uint64_t accepted = 0;
  std::set<std::string> messages;
  if (of_ids) {
    write_bytes(folder / "x.npy", good);
  }
  const auto mutated = folder / (of_ids ? "ids.txt" : "x" + ending);
  for (std::uint64_t seed = first_seed; seed < first_seed + runs; ++seed) {
    SCOPED_TRACE(ending + ", seed " + std::to_string(seed));
    write_bytes(mutated, Mutator(seed).next(originals, tokens));
    try {
      require_rules(of_ids ? read_embeddings(folder / "x.npy", mutated) : read_embeddings(mutated));
      ++accepted;
    } catch (const UserError& error) {
      const std::string message = error.what();
      ASSERT_EQ(error.code(), ExitCode::file) << message;
      ASSERT_NE(message.find(folder.operator/("").string()), std::string::npos) << message;
      ASSERT_LT(message.size(), 6000U) << message;
      messages.insert(message.substr(message.rfind(": ") + 2));
    }
  }
  std::cout << ending << ": " << runs << " files from seed " << first_seed << ": " << accepted << " accepted, "
            << runs - accepted << " refused with " << messages.size() << " endings of messages\n";
  EXPECT_GT(accepted, 0U);
  EXPECT_GT(messages.size(), 3U);
}

TEST(EmbeddingsFuzz, Npy) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const std::vector<double> wide{1, 2, 3, 4, 5, 6};
  const std::vector<std::uint16_t> halves{0, 1, 2, 0x3C00, 4, 5};
  fuzz(".npy",
       {npy("<f4", "(2, 3)", bytes_of_values(values)), npy("<f8", "(3, 2)", bytes_of_values(wide), true, 2),
        npy("<f2", "(6, 1)", bytes_of_values(halves), false, 3), npy("<f4", "(2, 3)", bytes_of_values(values), true)},
       {"(",
        ")",
        ", ",
        "'",
        "{",
        "}",
        "True",
        "False",
        "'shape'",
        "'descr'",
        ">f4",
        "<f2",
        "<f8",
        "|O",
        "0",
        "-1",
        "18446744073709551615",
        "4294967296",
        "9999999999999999999999",
        std::string("\x00\x00\xC0\x7F", 4),
        std::string("\x00\x00\x80\x7F", 4),
        "\x93NUMPY",
        "[",
        "]"});
}

TEST(EmbeddingsFuzz, Csv) {
  fuzz(".csv",
       {"id,x,y\na,1,2\nb,3.5,-4e-3\nc,0,1\n", "x,y,z\r\n1,2,3\r\n4,5,6\r\n",
        "id,\"a \"\"b\"\"\"\n\"q,1\",2\n\xC3\xA9,3\n", "\xEF\xBB\xBFid,x\n1,2\n"},
       {",", "\"", "\n", "\r\n", "\r", "nan", "inf", "-", "1e999", "1e-999", "0x1p3", "id", "\xFF",
        std::string(1, '\0'), "\xC3", "1.5", " ", "99999999999999999999999999999999999999999999", "\x1F\x8B\x08"});
}

TEST(EmbeddingsFuzz, Ids) {
  fuzz("ids", {"a\nb\nc\n", "1\r\n2\r\n3\r\n", "\xEF\xBB\xBFx y\n\xC3\xA9\nz"},
       {"\n", "\r", "\n\n", "a", "\xFF", std::string(1, '\0'), "\xC3", std::string(5000, 'x'), "\x1F\x8B\x08"},
       npy("<f4", "(3, 1)", bytes_of_values(std::vector<float>{1, 2, 3})));
}

}  // namespace
}  // namespace fairsweep
