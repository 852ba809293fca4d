#include <gtest/gtest.h>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/array_bundle.hpp"
#include "core/protocol/codec.hpp"
#include "tests/core/protocol/random_messages.hpp"

namespace fairsweep {
namespace {

constexpr std::uint64_t k_rounds = 40000;

/// A few random edits: flipped bits, other bytes, cuts, repeats and insertions.
template <typename Text>
Text mutate(Text bytes, testing::RandomMessages& random) {
  for (std::uint64_t edits = 1 + random.below(4); edits > 0 && !bytes.empty(); --edits) {
    const std::size_t at = random.below(bytes.size());
    const auto place = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto other = static_cast<typename Text::value_type>(random.below(256));
    switch (random.below(6)) {
      case 0:
        *place = static_cast<typename Text::value_type>(*place ^ (1 << random.below(8)));
        break;
      case 1:
        *place = other;
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.erase(place, place + static_cast<std::ptrdiff_t>(random.below(bytes.size() - at) + 1));
        break;
      case 4:
        bytes.insert(place, other);
        break;
      default: {
        const Text part(place, bytes.end());
        bytes.insert(bytes.end(), part.begin(), part.end());
      }
    }
  }
  return bytes;
}

/// Damaged input gives a message or a BadMessage with a sentence; anything else leaves this function and fails.
/// Both outcomes must occur, or the mutations test nothing.
template <typename Make, typename Read>
void fuzz(Make make, Read read) {
  std::uint64_t good = 0;
  std::uint64_t bad = 0;
  for (std::uint64_t seed = 0; seed < k_rounds; ++seed) {
    SCOPED_TRACE(seed);
    testing::RandomMessages random(seed);
    const auto damaged = mutate(make(random), random);
    try {
      read(damaged);
      ++good;
    } catch (const BadMessage& error) {
      ASSERT_NE(std::string(error.what()), "");
      ++bad;
    }
  }
  EXPECT_GT(good, 0U);
  EXPECT_GT(bad, k_rounds / 10);
}

TEST(Fuzz, Requests) {
  fuzz([](auto& random) { return encode(random.request()); },
       [](const Bytes& bytes) { static_cast<void>(decode_request(bytes)); });
}

TEST(Fuzz, Replies) {
  fuzz([](auto& random) { return encode(random.reply()); },
       [](const Bytes& bytes) { static_cast<void>(decode_reply(bytes)); });
}

TEST(Fuzz, LinesToTheTrainer) {
  fuzz([](auto& random) { return to_line(random.to_trainer()); },
       [](const std::string& line) { static_cast<void>(parse_to_trainer(line)); });
}

TEST(Fuzz, LinesFromTheTrainer) {
  fuzz([](auto& random) { return to_line(random.from_trainer()); },
       [](const std::string& line) { static_cast<void>(parse_from_trainer(line)); });
}

// A damaged line that still reads must write something that reads back the same: no half-understood messages.
TEST(Fuzz, WhatReadsCanBeWritten) {
  fuzz([](auto& random) { return to_json(random.event()); },
       [](const std::string& json) {
         const std::string written = to_json(parse_event(json));
         ASSERT_EQ(to_json(parse_event(written)), written) << json;
       });
}

TEST(Fuzz, ArrayBundles) {
  for (std::uint64_t seed = 0; seed < k_rounds; ++seed) {
    SCOPED_TRACE(seed);
    testing::RandomMessages random(seed);
    ArrayBundle bundle;
    bundle.attributes = random.words();
    bundle.arrays["a"] = {{2, 3}, std::vector<float>(6, 1.5F)};
    bundle.arrays["b"] = {{2}, std::vector<std::int64_t>{-1, 7}};
    try {
      const ArrayBundle read = decode_bundle(mutate(encode(bundle), random), "bundle.cbor");
      static_cast<void>(encode(read));  // sizes and shapes still agree, or this is an InternalError
    } catch (const UserError& error) {
      ASSERT_EQ(error.code(), ExitCode::file);
      ASSERT_EQ(std::string(error.what()).rfind("bundle.cbor: not an array bundle: ", 0), 0U) << error.what();
    }
  }
}

TEST(Fuzz, BytesOfChance) {
  for (std::uint64_t seed = 0; seed < k_rounds; ++seed) {
    SCOPED_TRACE(seed);
    testing::RandomMessages random(seed);
    Bytes bytes(random.below(200));
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random.below(256));
    }
    EXPECT_THROW(static_cast<void>(decode_request(bytes)), BadMessage);
    EXPECT_THROW(static_cast<void>(parse_event(std::string(bytes.begin(), bytes.end()))), BadMessage);
  }
}

}  // namespace
}  // namespace fairsweep
