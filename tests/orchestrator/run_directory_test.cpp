#include "orchestrator/run_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace fairsweep {
namespace {

class RunDirectoryTest : public testing::Test {
 protected:
  RunDirectoryTest() { run_.prepare(); }
  ~RunDirectoryTest() override { std::filesystem::remove_all(run_.path()); }

  void make(const std::string& name, std::chrono::minutes age) const {
    std::ofstream(run_.path() / name) << "half of it";
    std::filesystem::last_write_time(run_.path() / name, std::filesystem::file_time_type::clock::now() - age);
  }
  [[nodiscard]] bool is_there(const std::string& name) const { return std::filesystem::exists(run_.path() / name); }

  RunDirectory run_{std::filesystem::temp_directory_path() / ("run_directory_" + std::to_string(getpid()))};
};

TEST_F(RunDirectoryTest, RemovesWhatKilledSessionsLeftAndNothingElse) {
  make("results.h5.77-3.tmp", std::chrono::minutes(11));
  make("artefacts/aa.json.77-2.tmp", std::chrono::minutes(600));
  make("coordinator.json.78-0.tmp", std::chrono::minutes(1));  // somebody may be writing it
  make("results.h5", std::chrono::minutes(600));
  make("events.log", std::chrono::minutes(600));
  make("artefacts/aa.bundle", std::chrono::minutes(600));
  run_.remove_leftovers();
  EXPECT_FALSE(is_there("results.h5.77-3.tmp"));
  EXPECT_FALSE(is_there("artefacts/aa.json.77-2.tmp"));
  EXPECT_TRUE(is_there("coordinator.json.78-0.tmp"));
  EXPECT_TRUE(is_there("results.h5"));
  EXPECT_TRUE(is_there("events.log"));
  EXPECT_TRUE(is_there("artefacts/aa.bundle"));
}

TEST_F(RunDirectoryTest, PreparingLeavesNoProbe) {
  EXPECT_FALSE(is_there(".writable"));
  EXPECT_TRUE(is_there("checkpoints"));
}

TEST_F(RunDirectoryTest, NothingToRemoveWhereThereIsNoRun) {
  const RunDirectory none(run_.path() / "none");
  none.remove_leftovers();
  EXPECT_FALSE(std::filesystem::exists(none.path()));
}

}  // namespace
}  // namespace fairsweep
