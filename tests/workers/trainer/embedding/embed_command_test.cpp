// fairsweep-trainer embed as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "core/diagnostics/digest.hpp"
#include "core/hdf5/file_reader.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "tests/workers/trainer/embedding/scripted_encoder.hpp"
#include "workers/data/features/embeddings.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::read_bytes;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class EmbedCommand : public testing::Test {
 protected:
  EmbedCommand() {
    testing_data::save_encoder(folder_ / "encoder.pt", R"(
def forward(self, input_ids, attention_mask):
    return (self.table[input_ids],)
)");
    write_bytes(folder_ / "tokens.jsonl", "{\"id\": \"b\", \"input_ids\": [2]}\n{\"id\": 7, \"input_ids\": [1, 3]}\n");
  }

  /// Exit code; standard output and error are in out.txt and err.txt.
  int run(const std::string& arguments) {
    const int status =
        std::system(("cd '" + (folder_ / "").string() + "' && " FAIRSWEEP_BINARY_DIR "/bin/fairsweep-trainer embed " +
                     arguments + " >out.txt 2>err.txt")
                        .c_str());
    return WEXITSTATUS(status);
  }
  std::string error() { return read_bytes(folder_ / "err.txt"); }
  TemporaryFolder folder_;
};

TEST_F(EmbedCommand, WritesWhatImportersRead) {
  ASSERT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o out.h5 --pooling last"), 0) << error();
  EXPECT_EQ(read_bytes(folder_ / "out.txt"), "out.h5: 2 texts, 2 dimensions, pooling last, on cpu\n");
  const Embeddings read = read_embeddings(folder_ / "out.h5");
  EXPECT_THAT(read.ids, ElementsAre("b", "7"));
  EXPECT_THAT(read.values, ElementsAre(2, 4, 3, 9));
  hdf5::FileReader file(folder_ / "out.h5");
  EXPECT_EQ(file.text("/", "encoder"), "encoder.pt");
  EXPECT_EQ(file.text("/", "encoder_sha256"), sha256(read_bytes(folder_ / "encoder.pt")));
  EXPECT_EQ(file.text("/", "pooling"), "last");
  EXPECT_EQ(file.text("/", "device"), "cpu");
}

TEST_F(EmbedCommand, MistakesHaveOneMessageAndLeaveNoFile) {
  EXPECT_EQ(run("--encoder encoder.pt -o out.h5"), 2);
  EXPECT_THAT(error(), HasSubstr("--tokens is required"));
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o out.h5 --pooling max"), 2);
  EXPECT_THAT(error(), HasSubstr("max not in {mean,last,first,none}"));
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o out.h5 --batch 0"), 2);
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o out.txt"), 2);
  EXPECT_THAT(error(), HasSubstr("out.txt: embeddings are written to a file that ends in .h5"));
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o tokens.jsonl/out.h5"), 3);
  EXPECT_THAT(error(), HasSubstr("a folder is wanted there, and this is a file"));
  std::filesystem::create_symlink("tokens.jsonl", folder_ / "link.h5");
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o link.h5"), 2);
  EXPECT_THAT(error(), HasSubstr("cannot write \"link.h5\": it is \"tokens.jsonl\", which is read"));
  EXPECT_EQ(run("--encoder none.pt --tokens tokens.jsonl -o new/out.h5"), 4);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "new"));
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o out.h5 --device tpu"), 2);
  write_bytes(folder_ / "tokens.jsonl", "{\"id\": 7, \"input_ids\": [1, 300]}\n");
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o out.h5"), 4);
  EXPECT_THAT(error(), HasSubstr("encoder.pt: failed in a batch from text \"7\" on: "));
  write_bytes(folder_ / "tokens.jsonl", "{\"id\": 7, \"input_ids\": [1, 3]\n");
  EXPECT_EQ(run("--encoder encoder.pt --tokens tokens.jsonl -o out.h5"), 4);
  EXPECT_THAT(error(), HasSubstr("tokens.jsonl:1: is not a JSON object"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out.h5"));
}

}  // namespace
}  // namespace fairsweep
