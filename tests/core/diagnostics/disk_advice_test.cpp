#include "core/diagnostics/disk_advice.hpp"

#include <gmock/gmock.h>

#include <cerrno>
#include <set>

namespace fairsweep {
namespace {

TEST(DiskAdvice, IsAnotherForEachReasonAndNeverEmpty) {
  std::set<std::string> sentences;
  for (const int reason : {ENOSPC, EDQUOT, EROFS, EACCES, ENOENT, EISDIR, EFBIG, ESTALE, EIO}) {
    const std::string sentence = disk_advice(reason);
    EXPECT_FALSE(sentence.empty());
    EXPECT_TRUE(sentences.insert(sentence).second) << sentence;
  }
  EXPECT_EQ(disk_advice(EPERM), disk_advice(EACCES));
  EXPECT_EQ(disk_advice(-1), disk_advice(EIO));
}

TEST(DiskAdvice, PinsWhatAFullDiskNeeds) {
  EXPECT_EQ(disk_advice(ENOSPC), "make room on the disk");
  EXPECT_EQ(disk_advice(EDQUOT), "remove files of yours, or ask for a larger quota");
}

}  // namespace
}  // namespace fairsweep
