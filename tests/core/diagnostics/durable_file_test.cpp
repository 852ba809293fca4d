#include "core/diagnostics/durable_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

namespace fs = std::filesystem;

class DurableFile : public ::testing::Test {
 protected:
  DurableFile() {
    std::string name = (fs::temp_directory_path() / "fairsweep_durable_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~DurableFile() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }

  [[nodiscard]] fs::path file(const char* name) const { return folder_ / name; }
  [[nodiscard]] static std::string text_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

/// The message of the UserError that `act` throws.
template <typename Act>
std::string message_of(Act act) {
  try {
    act();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::environment);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST_F(DurableFile, ReplacesWholeFiles) {
  replace_file(file("a"), std::string_view("one"));
  EXPECT_EQ(text_of(file("a")), "one");
  replace_file(file("a"), std::string_view("a longer text"));
  replace_file(file("a"), std::string_view("x\0y", 3));
  EXPECT_EQ(text_of(file("a")), std::string("x\0y", 3));
  replace_file(file("a"), std::string_view(""));
  EXPECT_EQ(text_of(file("a")), "");
  EXPECT_EQ(files(), 1U);
}

TEST_F(DurableFile, TheTargetIsTheOldOneWhileTheNewIsWritten) {
  replace_file(file("a"), std::string_view("old"));
  replace_file(file("a"), [&](const fs::path& temporary) {
    EXPECT_EQ(temporary.parent_path(), folder_);  // a rename across file systems would be a copy
    std::ofstream(temporary) << "new";
    EXPECT_EQ(text_of(file("a")), "old");
  });
  EXPECT_EQ(text_of(file("a")), "new");
}

TEST_F(DurableFile, AWriterThatThrowsLeavesTheOldFileAndNothingElse) {
  replace_file(file("a"), std::string_view("old"));
  const auto fail = [](const fs::path& temporary) {
    std::ofstream(temporary) << "half";
    throw std::domain_error("no more");
  };
  EXPECT_THROW(replace_file(file("a"), fail), std::domain_error);
  EXPECT_EQ(text_of(file("a")), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(DurableFile, WritersWithinEachOtherDoNotMeet) {
  replace_file(file("a"), [&](const fs::path& outer) {
    std::ofstream(outer) << "outer";
    replace_file(file("a"), std::string_view("inner"));
  });
  EXPECT_EQ(text_of(file("a")), "outer");
  EXPECT_EQ(files(), 1U);
}

TEST_F(DurableFile, RightsFollowTheUmask) {
  const mode_t old = ::umask(0027);
  replace_file(file("a"), std::string_view("x"));
  ::umask(old);
  struct stat status{};
  ASSERT_EQ(::stat(file("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(DurableFile, NamesTheFileAndTheReason) {
  const fs::path lost = folder_ / "no_such_folder" / "a";
  EXPECT_EQ(message_of([&] { replace_file(lost, std::string_view("x")); }),
            "cannot write \"" + lost.string() + "\": No such file or directory; make the folder first");
  fs::create_directory(file("folder"));
  EXPECT_EQ(message_of([&] { replace_file(file("folder"), std::string_view("x")); }),
            "cannot replace \"" + file("folder").string() +
                "\": Is a directory; a folder is in the way: remove it, or name another file");
  EXPECT_EQ(files(), 1U);
}

TEST_F(DurableFile, AFolderWithoutRightsIsNamed) {
  if (::geteuid() == 0)
    GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_EQ(message_of([&] { replace_file(file("a"), std::string_view("x")); }),
            "cannot write \"" + file("a").string() + "\": Permission denied; choose a place you may write to");
}

// A failed write must not look like an empty file: the limit on file sizes stands in for a full disk.
TEST_F(DurableFile, AWriteThatFailsLeavesTheOldFile) {
  replace_file(file("a"), std::string_view("old"));
  struct rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit small = old;
  small.rlim_cur = 10;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string message = message_of([&] { replace_file(file("a"), std::string_view("far too much text")); });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(message, ::testing::EndsWith(": File too large; raise the limit on the size of files (ulimit -f)"));
  EXPECT_EQ(text_of(file("a")), "old");
  EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace fairsweep
