#include <gtest/gtest.h>

#include "tests/workers/data/sample_data.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {
namespace {

// Files of every released format version stay readable. The file was written by version 0.1.0 and is never made again;
// a new format version adds a file.
TEST(DataFileGolden, Version1) {
  const PreferenceData data = read_data_file(FAIRSWEEP_SOURCE_DIR "/tests/golden/data/version_1.h5");
  EXPECT_EQ(data, testing_support::sample_data());
  EXPECT_EQ(digest_of(data), "d5abfcd3209457ba8d3a0ebc48e6f5a6a64219e11c2498bfb953b8209c9491a0");
}

// The first file with ties, names, digests of texts, times, places and circumstances.
TEST(DataFileGolden, Version2) {
  const PreferenceData data = read_data_file(FAIRSWEEP_SOURCE_DIR "/tests/golden/data/version_2.h5");
  PreferenceData expected = testing_support::full_sample_data();
  expected.user_links = {};  // optional, and of later files
  EXPECT_EQ(data, expected);
  EXPECT_EQ(digest_of(data), "dc2e9bfa56c1782a6b124d57bc11a22b196b73648edb2c9f385f7fbf53fb55cb");
}

}  // namespace
}  // namespace fairsweep
