#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

#include "core/diagnostics/counted.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"
#include "core/diagnostics/output_file.hpp"

namespace fairsweep {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  Files() { fs::create_directories(folder_); }
  ~Files() override { fs::remove_all(folder_); }

  template <typename Action>
  static std::string refused(ExitCode code, Action action) {
    try {
      action();
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "nothing was refused";
    return "";
  }

  fs::path folder_ = fs::canonical(fs::temp_directory_path()) / ("fairsweep_files_" + std::to_string(getpid()));
};

TEST_F(Files, ThatAreReadAreFiles) {
  const auto why = [this](const char* name) {
    return refused(ExitCode::file, [&] { require_input_file(folder_ / name); });
  };
  EXPECT_EQ(why("none"), (folder_ / "none").string() + ": there is no such file");
  EXPECT_THAT(why(""), HasSubstr("is a folder; name a file in it"));
  ASSERT_EQ(mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(why("pipe"), HasSubstr("is not a file but a device or a pipe"));
  std::ofstream(folder_ / "f") << "x";
  fs::create_symlink("f", folder_ / "link");
  EXPECT_NO_THROW(require_input_file(folder_ / "link"));
  EXPECT_EQ(refused(ExitCode::configuration, [&] { require_input_file("none/x", ExitCode::configuration); }),
            "none/x: there is no such file");
}

TEST_F(Files, ThatAreWrittenGetTheirFoldersWhichGoAgainWhereNothingIsWritten) {
  {
    const OutputFile output(folder_ / "a" / "b" / "x.h5");
    EXPECT_TRUE(fs::is_directory(folder_ / "a" / "b"));
    EXPECT_EQ(output.path(), folder_ / "a" / "b" / "x.h5");
  }
  EXPECT_FALSE(fs::exists(folder_ / "a"));
  {
    const OutputFile output(folder_ / "a" / "b" / "x.h5");
    std::ofstream(output.path()) << "x";
  }
  EXPECT_TRUE(fs::exists(folder_ / "a" / "b" / "x.h5"));
  {
    const OutputFile output(folder_ / "none" / ".." / "a" / "y.h5");
    EXPECT_EQ(output.path(), folder_ / "a" / "y.h5");
    EXPECT_FALSE(fs::exists(folder_ / "none"));
  }
  EXPECT_TRUE(fs::exists(folder_ / "a")) << "it was there before";
}

TEST_F(Files, ThatAreReadAreNotReplaced) {
  std::ofstream(folder_ / "in") << "x";
  fs::create_symlink("in", folder_ / "link");
  fs::create_hard_link(folder_ / "in", folder_ / "hard");
  for (const char* name : {"in", "link", "hard", "./in"}) {
    EXPECT_THAT(refused(ExitCode::configuration,
                        [&] { OutputFile output(folder_ / name, {folder_ / "none", folder_ / "in"}); }),
                HasSubstr("which is read; write to another file"))
        << name;
  }
  EXPECT_NO_THROW(OutputFile(folder_ / "out", {folder_ / "none", folder_ / "in", ""}));
}

TEST_F(Files, ThatCannotBeWrittenAreRefused) {
  const auto why = [this](const fs::path& file) {
    return refused(ExitCode::environment, [&] { OutputFile output(folder_ / file); });
  };
  EXPECT_THAT(why(""), HasSubstr("it is a folder; name a file"));
  EXPECT_THAT(refused(ExitCode::environment, [&] { OutputFile output(folder_, {}, "report.html"); }),
              HasSubstr("for example " + (folder_ / "report.html").string()));
  std::ofstream(folder_ / "f") << "x";
  EXPECT_THAT(why(fs::path("f") / "x.h5"), HasSubstr("a folder is wanted there, and this is a file"));
  if (fs::is_directory("/proc/self")) {
    EXPECT_THAT(refused(ExitCode::environment, [&] { OutputFile output("/proc/x.h5"); }),
                HasSubstr("no file can be made in /proc"));
  }
}

TEST_F(Files, ThatNeedAFolderGetNoFileForIt) {
  EXPECT_NO_THROW(require_output_folder(folder_ / "new", "--figures"));
  EXPECT_NO_THROW(require_output_folder(folder_, "--figures"));
  std::ofstream(folder_ / "f") << "x";
  EXPECT_EQ(
      refused(ExitCode::configuration, [&] { require_output_folder(folder_ / "f", "--figures"); }),
      "--figures " + (folder_ / "f").string() + ": it is a file; name a folder, which is made where it is not there");
}

TEST_F(Files, ThatAreReplacedTogetherAreReplacedAfterAllArePrepared) {
  const auto text_of = [](const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  };
  const auto files_here = [this] { return std::distance(fs::directory_iterator(folder_), fs::directory_iterator()); };
  replace_file(folder_ / "one", "before");
  {
    Replacement one(folder_ / "one", "after"), two(folder_ / "two", "new");
    EXPECT_EQ(text_of(folder_ / "one"), "before");
    EXPECT_FALSE(fs::exists(folder_ / "two"));
    one.put_in_place();
    EXPECT_EQ(text_of(folder_ / "one"), "after");
  }
  EXPECT_EQ(files_here(), 1) << "what was not put in place is left behind";
  EXPECT_THROW(Replacement(folder_ / "three", [](const fs::path&) { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(files_here(), 1);
}

TEST(Counted, HasItsNoun) {
  EXPECT_EQ(counted(1, "person", "people"), "1 person");
  EXPECT_EQ(counted(0, "person", "people"), "0 people");
  EXPECT_EQ(counted(2, "person", "people"), "2 people");
}

}  // namespace
}  // namespace fairsweep
