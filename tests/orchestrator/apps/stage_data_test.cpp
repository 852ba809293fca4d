#include "orchestrator/apps/stage_data.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "core/diagnostics/logging.hpp"

namespace fairsweep::apps {
namespace {

class StageData : public testing::Test {
 protected:
  StageData() {
    std::filesystem::create_directories(folder_);
    std::ofstream(file_) << std::string(3000000, 'x') << "end";
  }
  ~StageData() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path stage(const std::filesystem::path& where) {
    return stage_data(file_, std::string(64, 'a'), where, [] { return false; }, *logger_);
  }
  static std::string text(const std::filesystem::path& file) {
    std::ostringstream bytes;
    bytes << std::ifstream(file).rdbuf();
    return bytes.str();
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() /
      ("stage_data_" + std::to_string(getpid()) + testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::path file_ = folder_ / "data.h5";
  std::shared_ptr<spdlog::logger> logger_ = make_logger("test", LogLevel::error);
};

TEST_F(StageData, OneCopyHoweverManyAsk) {
  std::mutex mutex;
  std::set<std::filesystem::path> copies;
  std::vector<std::thread> workers;
  for (int i = 0; i < 6; ++i) {
    workers.emplace_back([&] {
      const std::filesystem::path copy = stage(folder_ / "node" / "local");
      const std::lock_guard lock(mutex);
      copies.insert(copy);
    });
  }
  for (std::thread& worker : workers) {
    worker.join();
  }
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies.begin()->filename(), "fairsweep-aaaaaaaaaaaaaaaa.h5");
  EXPECT_EQ(text(*copies.begin()), text(file_));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_ / "node" / "local"), {}), 1)
      << "no claim and nothing half-written is left";
}

TEST_F(StageData, ACopyThatIsThereIsTaken) {
  const std::filesystem::path copy = stage(folder_ / "local");
  struct stat before{}, after{};
  stat(copy.c_str(), &before);
  EXPECT_EQ(stage(folder_ / "local"), copy);
  stat(copy.c_str(), &after);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(StageData, ACopyThatWasCutIsMadeAgain) {
  const std::filesystem::path copy = stage(folder_ / "local");
  std::filesystem::resize_file(copy, 10);
  EXPECT_EQ(text(stage(folder_ / "local")), text(file_));
}

TEST_F(StageData, WhereItCannotBeTheDataAreReadWhereTheyAre) {
  std::ofstream(folder_ / "a_file") << "no folder";
  EXPECT_EQ(stage(folder_ / "a_file"), file_);
  std::filesystem::remove(file_);
  EXPECT_EQ(stage(folder_ / "local"), file_);
}

TEST_F(StageData, TheFolderMayBeAVariable) {
  setenv("FAIRSWEEP_TEST_SCRATCH", "/scratch/7", 1);
  EXPECT_EQ(staging_folder("$FAIRSWEEP_TEST_SCRATCH"), "/scratch/7");
  EXPECT_EQ(staging_folder("$FAIRSWEEP_TEST_SCRATCH/data"), "/scratch/7/data");
  EXPECT_EQ(staging_folder("/tmp/data"), "/tmp/data");
  EXPECT_EQ(staging_folder(""), "");
  unsetenv("FAIRSWEEP_TEST_SCRATCH");
  EXPECT_EQ(staging_folder("$FAIRSWEEP_TEST_SCRATCH/data"), "");
}

}  // namespace
}  // namespace fairsweep::apps
