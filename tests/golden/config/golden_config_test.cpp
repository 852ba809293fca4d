// Texts that must not change by accident: the reference page, and the resolved form of a sweep, which run directories
// and result files hold. To write them anew on purpose: FAIRSWEEP_UPDATE_GOLDEN=1 golden_config_test
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/digest.hpp"

namespace fairsweep {
namespace {

const std::string k_source = FAIRSWEEP_SOURCE_DIR;

std::string text_of(const std::string& file) {
  const std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream.is_open()) << file << " is missing";
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// Writes the file anew where that was asked for; such a run never passes.
void update(const std::string& file, const std::string& text) {
  if (std::getenv("FAIRSWEEP_UPDATE_GOLDEN") == nullptr)
    return;
  std::ofstream(file, std::ios::binary) << text;
  ADD_FAILURE() << file << " was written anew; run again without FAIRSWEEP_UPDATE_GOLDEN";
}

TEST(GoldenConfig, TheReferencePageIsNotStale) {
  update(k_source + "/configs/REFERENCE.md", reference_page());
  EXPECT_EQ(text_of(k_source + "/configs/REFERENCE.md"), reference_page())
      << "write it anew: fairsweep check --reference > configs/REFERENCE.md";
}

TEST(GoldenConfig, ResolvedSweepsKeepTheirBytes) {
  const std::string folder = k_source + "/tests/golden/config/";
  for (const std::string name : {"smallest", "every_option", "other_groups"}) {
    const ReadResult result = read_sweep_text(text_of(folder + name + ".yaml"), name + ".yaml");
    ASSERT_TRUE(result.ok()) << result.issues.at(0).text();
    update(folder + name + "_resolved.yaml", result.sweep.resolved);
    const std::string golden = text_of(folder + name + "_resolved.yaml");
    EXPECT_EQ(result.sweep.resolved, golden);
    EXPECT_EQ(result.sweep.digest, sha256(golden));
    const ReadResult again = read_sweep_text(golden, "resolved.yaml");
    ASSERT_TRUE(again.ok()) << again.issues.at(0).text();
    EXPECT_EQ(again.sweep.resolved, golden);
  }
}

}  // namespace
}  // namespace fairsweep
