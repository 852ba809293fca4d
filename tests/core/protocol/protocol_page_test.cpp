#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "core/protocol/codec.hpp"

namespace fairsweep {
namespace {

/// The fenced blocks of docs/trainer_protocol.md that are messages in this direction.
std::vector<std::string> examples(const std::string& direction) {
  std::ifstream page(std::string(FAIRSWEEP_SOURCE_DIR) + "/docs/trainer_protocol.md");
  std::vector<std::string> blocks;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```json " + direction) {
      inside = true;
      blocks.emplace_back();
    } else if (line.rfind("```", 0) == 0) {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

// Every message of the protocol has an example, and every example is that message.
TEST(ProtocolPage, ShowsEveryMessageToTheTrainer) {
  std::set<std::size_t> kinds;
  for (const std::string& example : examples("to-trainer")) {
    const ToTrainer message = parse_to_trainer(example);
    EXPECT_EQ(parse_to_trainer(to_line(message)), message);
    kinds.insert(message.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<ToTrainer>);
}

TEST(ProtocolPage, ShowsEveryMessageFromTheTrainer) {
  std::set<std::size_t> kinds;
  for (const std::string& example : examples("from-trainer")) {
    const FromTrainer message = parse_from_trainer(example);
    EXPECT_EQ(parse_from_trainer(to_line(message)), message);
    kinds.insert(message.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<FromTrainer>);
}

TEST(ProtocolPage, NamesEveryFieldAndTheVersion) {
  std::ifstream file(std::string(FAIRSWEEP_SOURCE_DIR) + "/docs/trainer_protocol.md");
  std::stringstream page;
  page << file.rdbuf();
  EXPECT_NE(page.str().find("protocol **" + std::to_string(k_trainer_protocol) + "**"), std::string::npos);
  TrialReport report{
      {1}, 1, 1, "cpu", {{"m", Split::test, "g", 1, 1, 1, 1}}, {{"a", "b"}}, {{"notes", 1}}, {{"words", "w"}}};
  TrialFailure failure{{1}, "s", "r", "m", 1, 1, false, "t"};
  for (const std::string& line : {to_line(ToTrainer(TrainerSetup{})), to_line(FromTrainer(report)),
                                  to_line(FromTrainer(TrainerReady{1, "n", {}})), to_line(FromTrainer(failure)),
                                  to_line(FromTrainer(TrialProgress{{1}, 1, 1, 1}))}) {
    // Keys are the quoted words before a colon; the page writes them in backquotes, nested ones behind their parent.
    for (std::size_t colon = line.find("\":"); colon != std::string::npos; colon = line.find("\":", colon + 1)) {
      const std::size_t begin = line.rfind('"', colon - 1) + 1;
      const std::string key = line.substr(begin, colon - begin);
      const bool named = page.str().find("`" + key + "`") != std::string::npos ||
                         page.str().find("." + key + "`") != std::string::npos;
      EXPECT_TRUE(named) << key << " is not explained";
    }
  }
}

}  // namespace
}  // namespace fairsweep
