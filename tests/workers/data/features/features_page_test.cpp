// The lines of Python in docs/features.md, run, and what they write, read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/features/embeddings.hpp"
#include "workers/data/features/surface_features.hpp"
#include "workers/data/features/token_file.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::read_bytes;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

const std::string k_page = read_bytes(FAIRSWEEP_SOURCE_DIR "/docs/features.md");

std::vector<std::string> python_blocks() {
  const std::string opening = "```python\n";
  std::vector<std::string> blocks;
  for (std::size_t at = k_page.find(opening); at != std::string::npos; at = k_page.find(opening, at)) {
    at += opening.size();
    blocks.push_back(k_page.substr(at, k_page.find("```", at) - at));
  }
  return blocks;
}

TEST(FeaturesPage, LinesOfPythonWriteWhatIsRead) {
  if (std::system("/usr/bin/python3 -c 'import h5py, numpy' 2>/dev/null") != 0) {
    GTEST_SKIP() << "python3-h5py is not installed";
  }
  const TemporaryFolder folder;
  const std::vector<std::string> blocks = python_blocks();
  ASSERT_EQ(blocks.size(), 3U);
  for (const std::string& block : blocks) {
    write_bytes(folder / "lines.py", block);
    ASSERT_EQ(std::system(("cd '" + (folder / "").string() + "' && /usr/bin/python3 lines.py").c_str()), 0) << block;
  }
  const Embeddings npy = read_embeddings(folder / "embeddings.npy", folder / "ids.txt");
  EXPECT_EQ(npy.rows, 3);
  EXPECT_EQ(npy.dimensions, 384);
  EXPECT_THAT(npy.ids, ElementsAre("a1", "a2", "b1"));
  const Embeddings hdf5 = read_embeddings(folder / "embeddings.h5");
  EXPECT_EQ(hdf5.values, npy.values);
  EXPECT_EQ(hdf5.ids, npy.ids);
  const TokenisedTexts tokens = read_tokens(folder / "tokens.jsonl");
  EXPECT_THAT(tokens.ids, ElementsAre("a1", "a2", "b1"));
  EXPECT_EQ(tokens.length(0), 3U);
}

TEST(FeaturesPage, NamesEverySurfaceFeature) {
  for (const std::string& name : surface_feature_names()) {
    EXPECT_THAT(k_page, HasSubstr("`" + name.substr(std::string("surface_").size()) + "`"));
  }
}

}  // namespace
}  // namespace fairsweep
