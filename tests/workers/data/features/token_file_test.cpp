#include "workers/data/features/token_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/workers/data/features/npy_bytes.hpp"
#include "tests/workers/data/temporary_folder.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::bytes_of_values;
using testing_support::npy;
using testing_support::refusal;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class ReadTokens : public testing::Test {
 protected:
  TokenisedTexts lines(const std::string& text) {
    write_bytes(folder_ / "t.jsonl", text);
    return read_tokens(folder_ / "t.jsonl");
  }
  std::string refused_line(const std::string& text) {
    const std::string message = refusal(ExitCode::file, [&] { (void)lines(text); });
    EXPECT_THAT(message, HasSubstr("t.jsonl:1: "));
    return message.substr(message.find("t.jsonl:1: ") + 11);
  }
  TokenisedTexts arrays(const std::vector<std::int32_t>& tokens, const std::vector<std::uint8_t>& mask = {}) {
    const std::string shape = "(" + std::to_string(tokens.size() / 3) + ", 3)";
    write_bytes(folder_ / "t.npy", npy("<i4", shape, bytes_of_values(tokens)));
    if (mask.empty()) {
      return read_tokens(folder_ / "t.npy");
    }
    write_bytes(folder_ / "m.npy", npy("|u1", "(" + std::to_string(mask.size() / 3) + ", 3)", bytes_of_values(mask)));
    return read_tokens(folder_ / "t.npy", folder_ / "m.npy");
  }
  TemporaryFolder folder_;
};

TEST_F(ReadTokens, Lines) {
  const TokenisedTexts texts = lines(
      "{\"id\": \"a\", \"input_ids\": [5, 6]}\n\n"
      "{\"attention_mask\": [1, 0, 1, 0, 0], \"input_ids\": [7, 8, 9, 0, 0], \"id\": 12}\n");
  EXPECT_THAT(texts.ids, ElementsAre("a", "12"));
  EXPECT_THAT(texts.offset, ElementsAre(0, 2, 5));
  EXPECT_THAT(texts.tokens, ElementsAre(5, 6, 7, 8, 9));
  EXPECT_THAT(texts.mask, ElementsAre(1, 1, 1, 0, 1));
  EXPECT_EQ(name_of(texts, 0), "text \"a\"");
}

TEST_F(ReadTokens, WrongLinesAreNamed) {
  EXPECT_THAT(refused_line("[1, 2]"), HasSubstr("is not a JSON object"));
  EXPECT_THAT(refused_line("{\"id\": \"a\", \"input_ids\": [1]"), HasSubstr("is not a JSON object"));
  EXPECT_EQ(refused_line("{\"id\": \"a\"}"), "\"input_ids\" is missing");
  EXPECT_EQ(refused_line("{\"input_ids\": [1]}"), "\"id\" is missing");
  EXPECT_THAT(refused_line("{\"id\": \"a\", \"input_id\": [1]}"),
              HasSubstr("unknown key \"input_id\"; did you mean \"input_ids\"?"));
  EXPECT_EQ(refused_line("{\"id\": \"a\", \"input_ids\": [1], \"input_ids\": [2]}"), "has a key twice");
  EXPECT_THAT(refused_line("{\"id\": \"\", \"input_ids\": [1]}"), HasSubstr("\"id\" must be a text that is not empty"));
  EXPECT_THAT(refused_line("{\"id\": 1.5, \"input_ids\": [1]}"), HasSubstr("\"id\" must be a text"));
  EXPECT_EQ(refused_line("{\"id\": \"a\\u0000\", \"input_ids\": [1]}"), "\"id\" holds a NUL character");
  for (const char* list : {"[1.5]", "7", "[\"1\"]", "[[1]]", "[18446744073709551615]", "[null]"}) {
    EXPECT_EQ(refused_line("{\"id\": \"a\", \"input_ids\": " + std::string(list) + "}"),
              "\"input_ids\" must be a list of whole numbers");
  }
  EXPECT_EQ(refused_line("{\"id\": \"a\", \"input_ids\": []}"), "text \"a\": has no token");
  EXPECT_EQ(refused_line("{\"id\": \"a\", \"input_ids\": [1, -2]}"),
            "text \"a\": token 1 (from 0) is -2; tokens are at least 0");
  EXPECT_EQ(refused_line("{\"id\": \"a\", \"input_ids\": [1], \"attention_mask\": [0]}"),
            "text \"a\": has an attention mask of zeros alone");
  EXPECT_EQ(refused_line("{\"id\": \"a\", \"input_ids\": [1], \"attention_mask\": [2]}"),
            "text \"a\": its attention mask has a 2; it must be of 0 and 1");
  EXPECT_EQ(refused_line("{\"id\": \"a\", \"input_ids\": [1], \"attention_mask\": [1, 1]}"),
            "\"input_ids\" has 1 entries, \"attention_mask\" 2");
  EXPECT_EQ(refused_line("{\"id\": \"\xFF\", \"input_ids\": [1]}"), "is not UTF-8");
  const std::string line = "{\"id\": 1, \"input_ids\": [1]}\n";
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)lines(line + "{\"id\": \"1\", \"input_ids\": [1]}\n"); }),
              HasSubstr("t.jsonl:2: the id \"1\" was used before"));
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)lines(""); }), HasSubstr("t.jsonl: is empty"));
}

TEST_F(ReadTokens, Arrays) {
  const TokenisedTexts plain = arrays({1, 2, 3, 4, 5, 0});
  EXPECT_THAT(plain.ids, IsEmpty());
  EXPECT_THAT(plain.offset, ElementsAre(0, 3, 6));
  EXPECT_THAT(plain.mask, testing::Each(1));
  EXPECT_EQ(name_of(plain, 1), "text 1 (from 0)");
  const TokenisedTexts masked = arrays({1, 2, 3, 4, 5, 0}, {1, 1, 1, 0, 1, 0});
  EXPECT_THAT(masked.offset, ElementsAre(0, 3, 5));
  EXPECT_THAT(masked.tokens, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(masked.mask, ElementsAre(1, 1, 1, 0, 1));
}

TEST_F(ReadTokens, WrongArraysAreNamed) {
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)arrays({1, 2, 3, 4, 5, -6}); }),
              HasSubstr("t.npy: row 1 (from 0): token 2 (from 0) is -6"));
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)arrays({1, 2, 3, 4, 5, 6}, {1, 1, 1}); }),
              HasSubstr("m.npy: is 1 x 3, but "));
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)arrays({1, 2, 3, 4, 5, 6}, {1, 1, 1, 0, 0, 0}); }),
              HasSubstr("row 1 (from 0): has an attention mask of zeros alone"));
}

TEST_F(ReadTokens, WrongFilesAreNamed) {
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)read_tokens(folder_ / "t.txt"); }),
              HasSubstr("t.txt: tokens must be in a file that ends in .jsonl, .jsonl.gz or .npy"));
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)read_tokens(folder_ / "t.jsonl", folder_ / "m.npy"); }),
              HasSubstr("m.npy: a mask of its own goes with tokens in .npy"));
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)read_tokens(folder_ / "none.jsonl"); }),
              HasSubstr("none.jsonl: there is no such file"));
}

}  // namespace
}  // namespace fairsweep
