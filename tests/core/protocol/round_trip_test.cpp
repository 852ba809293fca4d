#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <cmath>

#include "core/protocol/codec.hpp"
#include "tests/core/protocol/random_messages.hpp"

namespace fairsweep {
namespace {

constexpr int k_messages = 3000;

/// Property: what is written reads back equal, and writes the same bytes again (which tells -0.0 from 0.0).
template <typename Make, typename Write, typename Read>
void expect_round_trips(Make make, Write write, Read read) {
  for (std::uint64_t seed = 0; seed < k_messages; ++seed) {
    testing::RandomMessages random(seed);
    const auto message = make(random);
    const auto bytes = write(message);
    const auto again = read(bytes);
    ASSERT_EQ(again, message) << "seed " << seed;
    ASSERT_EQ(write(again), bytes) << "seed " << seed;
  }
}

TEST(RoundTrip, Requests) {
  expect_round_trips([](auto& random) { return random.request(); }, [](const auto& message) { return encode(message); },
                     [](const Bytes& bytes) { return decode_request(bytes); });
}

TEST(RoundTrip, Replies) {
  expect_round_trips([](auto& random) { return random.reply(); }, [](const auto& message) { return encode(message); },
                     [](const Bytes& bytes) { return decode_reply(bytes); });
}

TEST(RoundTrip, LinesToTheTrainer) {
  expect_round_trips([](auto& random) { return random.to_trainer(); },
                     [](const ToTrainer& message) { return to_line(message); },
                     [](const std::string& line) { return parse_to_trainer(line); });
}

TEST(RoundTrip, LinesFromTheTrainer) {
  expect_round_trips([](auto& random) { return random.from_trainer(); },
                     [](const FromTrainer& message) { return to_line(message); },
                     [](const std::string& line) { return parse_from_trainer(line); });
}

TEST(RoundTrip, Events) {
  expect_round_trips([](auto& random) { return random.event(); }, [](const Event& event) { return to_json(event); },
                     [](const std::string& json) { return parse_event(json); });
}

// What we write without the library must be what the library reads: JSON on one line, and CBOR.
TEST(RoundTrip, TheLibraryReadsWhatWeWrite) {
  for (std::uint64_t seed = 0; seed < k_messages; ++seed) {
    testing::RandomMessages random(seed);
    const std::string json = to_json(random.event());
    ASSERT_TRUE(nlohmann::json::accept(json)) << "seed " << seed << ": " << json;
    ASSERT_EQ(json.find('\n'), std::string::npos) << "seed " << seed;
    const nlohmann::json cbor = nlohmann::json::from_cbor(encode(random.request()), true, false);
    ASSERT_TRUE(cbor.is_object()) << "seed " << seed;
    ASSERT_EQ(cbor.at("type"), "request");
  }
}

TEST(RoundTrip, NotANumberIsNullInJsonAndItselfInCbor) {
  TrialProgress progress{{3}, 1, 2, std::nan("")};
  const std::string line = to_line(FromTrainer(progress));
  EXPECT_EQ(line, R"({"type":"progress","trial":3,"epoch":1,"epochs":2,"validation_loss":null})");
  EXPECT_TRUE(std::isnan(std::get<TrialProgress>(parse_from_trainer(line)).validation_loss));

  WorkerRequest request;
  request.progress.push_back({{1}, progress});
  EXPECT_TRUE(std::isnan(decode_request(encode(request)).progress.at(0).progress.validation_loss));
}

TEST(RoundTrip, SettingsKeepTheirKind) {
  Assignment assignment{{7},
                        {{{1},
                          {2},
                          3,
                          4,
                          {{"a", Value(3.0)},
                           {"b", Value(std::int64_t{3})},
                           {"c", Value(true)},
                           {"d", Value(std::string("3"))},
                           {"e", Value(1e-5)},
                           {"f", Value(1e300)}}}}};
  const std::string line = to_line(ToTrainer(TrainerAssignment{assignment}));
  EXPECT_EQ(line, R"({"type":"assignment","lease":7,"trials":[{"trial":1,"configuration":2,"replicate":3,"attempt":4,)"
                  R"("settings":{"a":3.0,"b":3,"c":true,"d":"3","e":1e-05,"f":1e+300}}]})");
  EXPECT_EQ(std::get<TrainerAssignment>(parse_to_trainer(line)).assignment, assignment);
}

TEST(RoundTrip, BytesThatAreNoTextBecomeReplacementCharacters) {
  const TrialFailure failure{{1}, "training", "signal", "died", 11, 0, true, "caf\xE9 \xF0\x9F"};
  const auto back = std::get<TrialFailure>(parse_from_trainer(to_line(FromTrainer(failure))));
  EXPECT_EQ(back.log_tail, "caf\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD");
  WorkerRequest request;
  request.failures.push_back({{1}, failure});
  EXPECT_EQ(decode_request(encode(request)).failures.at(0).failure, back);
}

}  // namespace
}  // namespace fairsweep
