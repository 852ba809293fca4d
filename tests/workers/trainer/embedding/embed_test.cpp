#include "workers/trainer/embedding/embed.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/workers/data/temporary_folder.hpp"
#include "tests/workers/trainer/embedding/scripted_encoder.hpp"
#include "workers/data/features/embeddings.hpp"
#include "workers/trainer/embedding/text_encoder.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_data::save_encoder;
using testing_support::refusal;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

const std::string k_by_token = R"(
def forward(self, input_ids, attention_mask):
    return self.table[input_ids]
)";
const std::string k_pooled = R"(
def forward(self, input_ids, attention_mask):
    return (self.table[input_ids] * attention_mask.unsqueeze(2)).sum(1)
)";

class Embed : public testing::Test {
 protected:
  Embed() {
    settings_.encoder = folder_ / "encoder.pt";
    settings_.output = folder_ / "out.h5";
  }

  void add(const std::vector<std::int64_t>& tokens, std::vector<std::uint8_t> mask = {}) {
    mask.resize(tokens.size(), mask.empty() ? 1 : 0);
    texts_.ids.push_back("t" + std::to_string(texts_.count()));
    texts_.tokens.insert(texts_.tokens.end(), tokens.begin(), tokens.end());
    texts_.mask.insert(texts_.mask.end(), mask.begin(), mask.end());
    texts_.offset.push_back(texts_.tokens.size());
  }
  EmbeddedTexts embedded(const std::string& methods) {
    save_encoder(settings_.encoder, methods);
    return embed_texts(settings_, texts_);
  }
  std::string refused(ExitCode code, const std::string& methods) {
    return refusal(code, [&] { (void)embedded(methods); });
  }

  TemporaryFolder folder_;
  EmbedSettings settings_;
  TokenisedTexts texts_;
};

TEST_F(Embed, PoolsUnderTheMask) {
  add({1, 2, 6});
  add({5});
  add({7, 3, 9, 4}, {0, 1, 0, 1});
  // Rows of the table are (t, t * t): by hand.
  EXPECT_THAT(embedded(k_by_token).values, ElementsAre(3, 41 / 3.0F, 5, 25, 3.5F, 12.5F));
  EXPECT_EQ(embedded(k_by_token).pooling, Pooling::mean);
  settings_.pooling = Pooling::first;
  EXPECT_THAT(embedded(k_by_token).values, ElementsAre(1, 1, 5, 25, 3, 9));
  settings_.pooling = Pooling::last;
  EXPECT_THAT(embedded(k_by_token).values, ElementsAre(6, 36, 5, 25, 4, 16));
  settings_.pooling = Pooling::none;
  EXPECT_THAT(embedded(k_pooled).values, ElementsAre(9, 41, 5, 25, 7, 25));
  settings_.pooling.reset();
  EXPECT_EQ(embedded(k_pooled).pooling, Pooling::none);
}

// A twin without batches: each text by itself, in the order of the input.
TEST_F(Embed, BatchesDoNotMatter) {
  for (std::int64_t text = 0; text < 37; ++text) {
    std::vector<std::int64_t> tokens(static_cast<std::size_t>(1 + (text * 7) % 11));
    std::iota(tokens.begin(), tokens.end(), text);
    std::for_each(tokens.begin(), tokens.end(), [](std::int64_t& token) { token %= 10; });
    add(tokens);
  }
  settings_.batch = 1;
  const EmbeddedTexts one_by_one = embedded(k_by_token);
  for (std::size_t text = 0; text < texts_.count(); ++text) {
    double sum = 0;
    for (std::size_t at = texts_.offset[text]; at < texts_.offset[text + 1]; ++at) {
      sum += static_cast<double>(texts_.tokens[at]);
    }
    EXPECT_FLOAT_EQ(one_by_one.values[2 * text], static_cast<float>(sum / static_cast<double>(texts_.length(text))));
  }
  for (const std::int64_t batch : {2, 5, 64}) {
    settings_.batch = batch;
    EXPECT_EQ(embedded(k_by_token).values, one_by_one.values) << batch;
  }
}

TEST_F(Embed, BatchesAreOfLikeLengthAndComplete) {
  for (const std::int64_t length : {3, 1, 2, 3, 1, 1, 2}) {
    add(std::vector<std::int64_t>(static_cast<std::size_t>(length), 4));
  }
  EXPECT_THAT(batches_of(texts_, 3, false), ElementsAre(ElementsAre(0, 3, 2), ElementsAre(6, 1, 4), ElementsAre(5)));
  EXPECT_THAT(batches_of(texts_, 3, true), ElementsAre(ElementsAre(0, 3), ElementsAre(2, 6), ElementsAre(1, 4, 5)));
  const TokenBatch batch = padded(texts_, {1, 2});
  EXPECT_TRUE(at::equal(batch.tokens, at::tensor({4, 0, 4, 4}, at::kLong).view({2, 2})));
  EXPECT_TRUE(at::equal(batch.mask, at::tensor({1, 0, 1, 1}, at::kLong).view({2, 2})));
}

// Without a mask an encoder would take padding for text.
TEST_F(Embed, AnEncoderWithoutAMaskSeesNoPadding) {
  add({1, 2});
  add({3});
  add({4, 5});
  const EmbeddedTexts result = embedded(R"(
def forward(self, input_ids):
    return self.table[input_ids].sum(1) + input_ids.size(1)
)");
  EXPECT_THAT(result.values, ElementsAre(5, 7, 4, 10, 11, 43));
}

TEST_F(Embed, OutputsInTuplesAndDictionaries) {
  add({1, 2});
  EXPECT_THAT(embedded(R"(
def forward(self, input_ids, attention_mask):
    return (self.table[input_ids], input_ids)
)")
                  .values,
              ElementsAre(1.5F, 2.5F));
  EXPECT_THAT(embedded(R"(
def forward(self, input_ids, attention_mask):
    return {"pooler_output": input_ids, "last_hidden_state": self.table[input_ids]}
)")
                  .values,
              ElementsAre(1.5F, 2.5F));
  EXPECT_THAT(embedded(R"(
def forward(self, input_ids, attention_mask, scale: float = 2.0):
    return (self.table[input_ids] * scale).half()
)")
                  .values,
              ElementsAre(3, 5));
  EXPECT_THAT(refused(ExitCode::file, R"(
def forward(self, input_ids, attention_mask):
    return {"hidden": self.table[input_ids]}
)"),
              HasSubstr("returns a dictionary without \"last_hidden_state\""));
  EXPECT_THAT(refused(ExitCode::file, R"(
def forward(self, input_ids, attention_mask):
    return 3
)"),
              HasSubstr("returns Int; it must return a tensor"));
}

TEST_F(Embed, ShapesThatDoNotFitAreRefused) {
  add({1, 2});
  add({3, 4});
  const auto returning = [](const std::string& value) {
    return "\ndef forward(self, input_ids, attention_mask):\n    return " + value + "\n";
  };
  EXPECT_THAT(refused(ExitCode::file, returning("input_ids")), HasSubstr("gives Long [2 x 2] for tokens [2 x 2]"));
  EXPECT_THAT(refused(ExitCode::file, returning("self.table")), HasSubstr("gives Float [10 x 2] for tokens [2 x 2]"));
  EXPECT_THAT(refused(ExitCode::file, returning("self.table[input_ids][:, :1]")), HasSubstr("[2 x 1 x 2]"));
  EXPECT_THAT(refused(ExitCode::file, returning("self.table[input_ids].sum()")), HasSubstr("gives Float []"));
  settings_.pooling = Pooling::none;
  EXPECT_THAT(refused(ExitCode::configuration, k_by_token),
              HasSubstr("--pooling none: the encoder gives a row for each token; ask for mean, last or first"));
  settings_.pooling = Pooling::mean;
  EXPECT_THAT(refused(ExitCode::configuration, k_pooled),
              HasSubstr("--pooling mean: the encoder gives one row for each text already; leave the option out"));
}

TEST_F(Embed, AWidthThatChangesIsRefused) {
  add({1, 2, 3});
  add({4});
  EXPECT_THAT(refused(ExitCode::file, R"(
def forward(self, input_ids):
    return input_ids.float()
)"),
              HasSubstr("gives 3 numbers for some texts and 1 for text \"t1\""));
}

TEST_F(Embed, WhatIsNotFiniteNamesItsText) {
  add({1, 2, 3});
  add({4, 0});
  EXPECT_THAT(refused(ExitCode::file, R"(
def forward(self, input_ids, attention_mask):
    return 1 / self.table[input_ids]
)"),
              HasSubstr("gives a value that is not finite for text \"t1\""));
}

// What the mask hides may be anything.
TEST_F(Embed, PaddingMayBeAnything) {
  add({1, 2, 3});
  add({4});
  EXPECT_THAT(embedded(R"(
def forward(self, input_ids, attention_mask):
    return 2 / (self.table[input_ids] * attention_mask.unsqueeze(2))
)")
                  .values,
              testing::Contains(testing::FloatEq(0.5F)));
}

TEST_F(Embed, FailuresOfTheEncoderAreExplained) {
  add({1, 2, 30});
  EXPECT_THAT(refused(ExitCode::file, k_by_token),
              testing::AllOf(HasSubstr("encoder.pt: failed in a batch from text \"t0\" on: "),
                             HasSubstr("out of ")));  // "index 30 is out of bounds ..."
}

TEST_F(Embed, TooLittleMemoryIsExplained) {
  const std::string huge = R"(
def forward(self, input_ids, attention_mask):
    return self.table[input_ids].repeat(1, 1000000, 1000000)
)";
  for (std::int64_t text = 0; text < 9; ++text) {
    add({text, 1});
  }
  EXPECT_EQ(refused(ExitCode::environment, huge),
            "the memory of cpu is too small for 9 texts of 2 tokens at once; ask for fewer with --batch 4");
  settings_.batch = 1;
  EXPECT_EQ(refused(ExitCode::environment, huge),
            "the memory of cpu is too small for 1 text of 2 tokens at once; cut the texts, or take a larger device");
}

TEST_F(Embed, OtherFilesAndArgumentsAreRefused) {
  add({1});
  const auto loaded = [&] { (void)embed_texts(settings_, texts_); };
  EXPECT_THAT(refusal(ExitCode::file, loaded), HasSubstr("encoder.pt: there is no such file"));
  write_bytes(settings_.encoder, "no archive");
  EXPECT_THAT(refusal(ExitCode::file, loaded), HasSubstr("encoder.pt: is not a TorchScript module"));
  EXPECT_THAT(refused(ExitCode::file, "\ndef encode(self, x):\n    return x\n"), HasSubstr("has no forward()"));
  EXPECT_THAT(refused(ExitCode::file, "\ndef forward(self):\n    return self.table\n"), HasSubstr("needs 0 arguments"));
  EXPECT_THAT(refused(ExitCode::file, "\ndef forward(self, a, b, c):\n    return a\n"), HasSubstr("needs 3 arguments"));
  settings_.batch = 0;
  EXPECT_THAT(refused(ExitCode::configuration, k_by_token), HasSubstr("--batch 0: must be at least 1"));
}

TEST_F(Embed, DevicesThatAreNoneAreRefused) {
  add({1});
  settings_.device = "tpu";
  EXPECT_THAT(refused(ExitCode::configuration, k_by_token), HasSubstr("--device tpu: there are cpu and cuda"));
  settings_.device = "cuda";
  if (at::hasCUDA()) {
    EXPECT_THAT(embedded(k_by_token).values, ElementsAre(1, 1));
  } else {
    EXPECT_THAT(refused(ExitCode::environment, k_by_token), HasSubstr("LibTorch finds no CUDA device"));
  }
}

TEST_F(Embed, WhatIsWrittenIsReadBack) {
  add({1, 2});
  add({3});
  const EmbeddedTexts result = embedded(k_by_token);
  write_embeddings(settings_, texts_, result);
  const Embeddings read = read_embeddings(settings_.output);
  EXPECT_EQ(read.values, result.values);
  EXPECT_EQ(read.ids, texts_.ids);
  texts_.ids.clear();
  write_embeddings(settings_, texts_, result);
  EXPECT_TRUE(read_embeddings(settings_.output).ids.empty());
}

}  // namespace
}  // namespace fairsweep
