#include <gtest/gtest.h>

#include "core/protocol/codec.hpp"

namespace fairsweep {
namespace {

struct Case {
  std::string line;
  std::string message;
};

std::string message_of(const std::string& line) {
  try {
    static_cast<void>(parse_from_trainer(line));
  } catch (const BadMessage& error) {
    return error.what();
  }
  return "no error";
}

TEST(BadMessage, SaysWhichFieldIsWrong) {
  const std::string metric = R"({"metric":"accuracy","split":"test","value":0.5})";
  const std::vector<Case> cases = {
      {"", "not JSON at byte 1 (NaN and Infinity are not JSON: write null)"},
      {"training epoch 3", "not JSON at byte 3 (NaN and Infinity are not JSON: write null)"},
      {"[]", "expected a JSON object"},
      {"3", "expected a JSON object"},
      {"{}", R"(the field "type" is missing)"},
      {R"({"type":3})", R"(the field "type" should be text and is an integer)"},
      {R"({"type":"reprot"})", R"(the field "type" is "reprot"; known are ready, refusal, progress, report, failure)"},
      {R"({"type":"setup"})", R"(the field "type" is "setup"; known are ready, refusal, progress, report, failure)"},
      {R"({"type":"ready"})", R"(ready: the field "protocol" is missing)"},
      {R"({"type":"report","metrics":[]})", R"(report: the field "trial" is missing)"},
      {R"({"type":"report","trial":1})", R"(report: the field "metrics" is missing)"},
      {R"({"type":"report","trial":-1,"metrics":[]})",
       R"(report: the field "trial" should be an integer, 0 or more, and is a negative integer)"},
      {R"({"type":"report","trial":1.0,"metrics":[]})",
       R"(report: the field "trial" should be an integer, 0 or more, and is a real number)"},
      {R"({"type":"report","trial":4294967296,"metrics":[]})",
       R"(report: the field "trial" is 4294967296, more than 4294967295)"},
      {R"({"type":"report","trial":1,"metrics":{}})",
       R"(report: the field "metrics" should be a list and is an object)"},
      {R"({"type":"report","trial":1,"metrics":[)" + metric + R"(,{"metric":"accuracy","split":"tset","value":1}]})",
       R"(report: the field "metrics[1].split" should be train, validation, test or history and is "tset")"},
      {R"({"type":"report","trial":1,"metrics":[{"metric":"accuracy","split":"test","value":"high"}]})",
       R"(report: the field "metrics[0].value" should be a number and is text)"},
      {R"({"type":"report","trial":1,"metrics":[{"metric":"accuracy","split":"test"}]})",
       R"(report: the field "metrics[0].value" is missing)"},
      {R"({"type":"report","trial":1,"metrics":[3]})",
       R"(report: the field "metrics[0]" should be an object and is an integer)"},
      {R"({"type":"report","trial":1,"trial":2,"metrics":[]})", R"(the field "trial" stands twice)"},
      {R"({"type":"failure","trial":1,"message":"x","exit_code":-3000000000})",
       R"(failure: the field "exit_code" is -3000000000, less than -2147483648)"},
      {R"({"type":"failure","trial":1,"message":"x","retryable":1})",
       R"(failure: the field "retryable" should be true or false and is an integer)"},
      {R"({"type":"progress","trial":1,"epoch":2,"validation_loss":NaN})",
       "not JSON at byte 58 (NaN and Infinity are not JSON: write null)"},
      {R"({"type":"progress","trial":1,"epoch":2,"validation_loss":1e999})",
       "not JSON at byte 62 (NaN and Infinity are not JSON: write null)"},
      {R"({"type":"refusal","message":"a"} trailing)",
       "not JSON at byte 36 (NaN and Infinity are not JSON: write null)"},
  };
  for (const Case& bad : cases) {
    EXPECT_EQ(message_of(bad.line), bad.message) << bad.line;
  }
}

TEST(BadMessage, RefusesDeepNesting) {
  EXPECT_EQ(message_of(R"({"type":)" + std::string(100000, '[')), "a message nested deeper than 16 levels");
  Bytes bytes(100000, 0x81);
  EXPECT_THROW(static_cast<void>(decode_request(bytes)), BadMessage);
  for (const std::uint8_t byte : {0x5F, 0x7F, 0x9F, 0xBF, 0xC0, 0xA1}) {
    EXPECT_THROW(static_cast<void>(decode_request(Bytes(100000, byte))), BadMessage) << int{byte};
  }
}

TEST(BadMessage, SettingsAreNumbersTextOrTruth) {
  const std::string head = R"({"type":"assignment","lease":1,"trials":[{"trial":1,"configuration":1,"replicate":0,)";
  for (const std::string value : {"null", "[1]", "{}", "9223372036854775808"}) {
    EXPECT_THROW(static_cast<void>(parse_to_trainer(head + R"("attempt":0,"settings":{"a":)" + value + "}}]}")),
                 BadMessage)
        << value;
  }
  EXPECT_THROW(static_cast<void>(parse_to_trainer(head + R"("attempt":0,"settings":{"a":1,"a":2}}]})")), BadMessage);
}

TEST(BadMessage, ARequestIsNoReply) {
  try {
    static_cast<void>(decode_reply(encode(WorkerRequest{})));
    FAIL() << "a request was read as a reply";
  } catch (const BadMessage& error) {
    EXPECT_STREQ(error.what(), R"(the field "type" is "request"; known are reply)");
  }
}

TEST(ExternalTrainer, MayLeaveOutWhatHasADefault) {
  const auto report = std::get<TrialReport>(parse_from_trainer(
      R"({"type":"report","trial":4,"metrics":[{"metric":"accuracy","split":"validation","group":"pass","value":1}]})"));
  TrialReport expected;
  expected.trial = {4};
  expected.metrics.push_back({"accuracy", Split::validation, "pass", 1.0, 0, 0, 0});
  EXPECT_EQ(report, expected);

  const auto failure =
      std::get<TrialFailure>(parse_from_trainer(R"({"type":"failure","trial":4,"message":"out of memory"})"));
  EXPECT_EQ(failure, (TrialFailure{{4}, "training", "error", "out of memory", 0, 0, true, ""}));

  EXPECT_EQ(std::get<TrialProgress>(parse_from_trainer(R"({"type":"progress","trial":4,"epoch":2})")),
            (TrialProgress{{4}, 2, 0, 0}));
  EXPECT_EQ(std::get<TrainerReady>(parse_from_trainer(R"({"type":"ready","protocol":1})")), (TrainerReady{1, "", {}}));
}

TEST(ExternalTrainer, MaySayMoreThanWeKnowInAnyOrder) {
  const auto message = parse_from_trainer(
      R"( {"extra":[{"deep":{}}], "epoch":2, "note":"hello", "trial":4, "type":"progress", "loss":{"a":[1,2]}} )");
  EXPECT_EQ(std::get<TrialProgress>(message), (TrialProgress{{4}, 2, 0, 0}));
}

}  // namespace
}  // namespace fairsweep
