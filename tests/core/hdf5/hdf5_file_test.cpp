#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>

#include "core/diagnostics/errors.hpp"
#include "core/hdf5/file_reader.hpp"
#include "core/hdf5/file_writer.hpp"
#include "core/hdf5/text.hpp"

namespace fairsweep::hdf5 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Hdf5File : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("hdf5_file_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "a.h5";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Runs h5py lines with `f` open for writing; false where h5py is not installed.
  bool h5py(const std::string& lines) const {
    std::ofstream(folder_ / "make.py") << "import h5py, numpy\nwith h5py.File('" << file_.string() << "', 'w') as f:\n"
                                       << lines;
    return std::system(("/usr/bin/python3 " + (folder_ / "make.py").string()).c_str()) == 0;
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

template <typename Action>
std::string refusal(Action action, ExitCode code = ExitCode::file) {
  try {
    action();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), code);
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return "";
}

TEST_F(Hdf5File, ReadsBackEveryTypeShapeAndAttribute) {
  const std::vector<std::string> names{"é", "", "three", "ü4", "5", "6"};
  {
    FileWriter writer(file_);
    writer.create_group("/a");
    writer.create_group("/a/b");
    writer.write("/a/b/float", std::vector<float>{1.5F, -2, 3, 4, 5, 6}, {2, 3});
    writer.write("/a/double", std::vector<double>{0.1, 0.2}, {2}, {.deflate = 9});
    writer.write("/a/int32", std::vector<std::int32_t>{-1, std::numeric_limits<std::int32_t>::max()}, {2});
    writer.write("/a/int64", std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()}, {1});
    writer.write("/a/uint8", std::vector<std::uint8_t>{0, 255}, {1, 2, 1}, {.deflate = 1, .chunk = {1, 1, 1}});
    writer.write("/a/uint32", std::vector<std::uint32_t>{4294967295U}, {1});
    writer.write("/a/uint64", std::vector<std::uint64_t>{18446744073709551615ULL}, {});
    writer.write("/a/empty", std::vector<double>{}, {0, 3}, {.deflate = 4});
    writer.write_texts("/a/names", names, {3, 2}, {.deflate = 4});
    writer.set_text("/", "format", "test");
    writer.set_text("/a", "nothing", "");
    writer.set_integer("/a/names", "version", -7);
    writer.set_real("/a/b", "share", 0.25);
    writer.set_text("/a", "long", std::string(200000, 'x'));
    writer.name_dimensions("/a/b/float", {"row", "column"});
    writer.close();
  }
  FileReader reader(file_);
  EXPECT_THAT(reader.read<float>("/a/b/float", {2, 3}), ElementsAre(1.5F, -2, 3, 4, 5, 6));
  EXPECT_THAT(reader.read<double>("/a/double"), ElementsAre(0.1, 0.2));
  EXPECT_THAT(reader.read<float>("/a/double"), ElementsAre(0.1F, 0.2F));
  EXPECT_THAT(reader.read<std::int32_t>("/a/int32"), ElementsAre(-1, std::numeric_limits<std::int32_t>::max()));
  EXPECT_THAT(reader.read<std::int64_t>("/a/int32"), ElementsAre(-1, std::numeric_limits<std::int32_t>::max()));
  EXPECT_THAT(reader.read<std::int64_t>("/a/int64"), ElementsAre(std::numeric_limits<std::int64_t>::min()));
  EXPECT_THAT(reader.read<std::uint8_t>("/a/uint8"), ElementsAre(0, 255));
  EXPECT_THAT(reader.read<std::uint32_t>("/a/uint32"), ElementsAre(4294967295U));
  EXPECT_THAT(reader.read<std::uint64_t>("/a/uint64"), ElementsAre(18446744073709551615ULL));
  EXPECT_THAT(reader.read<double>("/a/empty"), testing::IsEmpty());
  EXPECT_EQ(reader.shape("/a/empty"), (Shape{0, 3}));
  EXPECT_EQ(reader.shape("/a/uint64"), Shape{});
  EXPECT_EQ(reader.read_texts("/a/names"), names);
  EXPECT_EQ(reader.text("/", "format"), "test");
  EXPECT_EQ(reader.text("/a", "nothing"), "");
  EXPECT_EQ(reader.text("/a", "long").size(), 200000U);
  EXPECT_EQ(reader.integer("/a/names", "version"), -7);
  EXPECT_EQ(reader.real("/a/b", "share"), 0.25);
  EXPECT_EQ(reader.text("/a/b/float", "dimensions"), "row, column");
  EXPECT_THAT(reader.children("/"), ElementsAre("a"));
  EXPECT_THAT(reader.attribute_names("/a"), ElementsAre("long", "nothing"));
  EXPECT_TRUE(reader.exists("/a/b") && reader.is_group("/a/b") && reader.is_dataset("/a/names"));
  EXPECT_FALSE(reader.exists("/a/c") || reader.exists("/x/y/z") || reader.exists("/a/names/deeper"));
  EXPECT_FALSE(reader.is_group("/a/names") || reader.is_dataset("/a/b") || reader.has_attribute("/a", "x"));
}

TEST_F(Hdf5File, ReadsSingleRows) {
  {
    FileWriter writer(file_);
    std::vector<float> values(600);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>(i) / 4;
    writer.write("/packed", values, {200, 3}, {.deflate = 1, .chunk = {7, 3}});
    writer.write("/narrow", std::vector<double>{}, {5, 0});
    writer.write("/flat", std::vector<double>{1, 2}, {2});
    writer.write("/whole", std::vector<std::int64_t>{1, 2}, {2, 1});
    writer.close();
  }
  FileReader reader(file_);
  EXPECT_THAT(reader.read_real_rows("/packed", {199, 0, 8}),
              ElementsAre(149.25, 149.5, 149.75, 0, 0.25, 0.5, 6, 6.25, 6.5));
  EXPECT_TRUE(reader.read_real_rows("/packed", {}).empty());
  EXPECT_TRUE(reader.read_real_rows("/narrow", {0, 4}).empty());
  EXPECT_THROW((void)reader.read_real_rows("/packed", {200}), InternalError);
  EXPECT_THAT(refusal([&] { (void)reader.read_real_rows("/flat", {0}); }), HasSubstr("/flat: must hold real numbers"));
  EXPECT_THAT(refusal([&] { (void)reader.read_real_rows("/whole", {0}); }), HasSubstr("/whole: must hold real"));
  FileReader small(file_, 40);
  EXPECT_THAT(refusal([&] { (void)small.read_real_rows("/packed", {1, 2}); }), HasSubstr("more than the limit"));
}

TEST_F(Hdf5File, WritesTheSameBytesForTheSameCalls) {
  const auto bytes = [&](const char* name) {
    FileWriter writer(folder_ / name);
    writer.create_group("/g");
    writer.write("/g/x", std::vector<double>(5000, 0.5), {5000}, {.deflate = 4});
    writer.set_text("/g", "t", "text");
    writer.close();
    std::ifstream stream(folder_ / name, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
  };
  EXPECT_EQ(bytes("1.h5"), bytes("2.h5"));
}

TEST_F(Hdf5File, RefusesWithThePathOfTheDataset) {
  {
    FileWriter writer(file_);
    writer.write("/x", std::vector<double>{1, 2}, {2});
    writer.write("/wide", std::vector<std::int64_t>{1, 1LL << 40}, {2});
    writer.write("/unsigned", std::vector<std::uint64_t>{1ULL << 63U}, {1});
    writer.write_texts("/names", {"a"});
    writer.create_group("/g");
    writer.close();
  }
  FileReader reader(file_);
  const std::string file = file_.string();
  EXPECT_EQ(refusal([&] { (void)reader.read<double>("/nothing"); }), file + ": /nothing: is missing");
  EXPECT_EQ(refusal([&] { (void)reader.read<double>("/g"); }), file + ": /g: must be a dataset");
  EXPECT_EQ(refusal([&] { (void)reader.read<double>("/x", {3, 1}); }), file + ": /x: is 2; it must be 3 x 1");
  EXPECT_EQ(refusal([&] { (void)reader.read<std::int32_t>("/x"); }), file + ": /x: must hold integers");
  EXPECT_EQ(refusal([&] { (void)reader.read<double>("/names"); }),
            file + ": /names: must hold real numbers (float32 or float64)");
  EXPECT_EQ(refusal([&] { (void)reader.read_texts("/x"); }), file + ": /x: must hold fixed-width text");
  EXPECT_EQ(refusal([&] { (void)reader.read<std::int32_t>("/wide"); }),
            file + ": /wide: value 1 is 1099511627776, outside int32");
  EXPECT_EQ(refusal([&] { (void)reader.read<std::int64_t>("/unsigned"); }),
            file + ": /unsigned: value 0 is 9223372036854775808, outside int64");
  EXPECT_EQ(refusal([&] { (void)reader.text("/x", "unit"); }), file + ": attribute \"unit\" of /x: is missing");
  EXPECT_EQ(refusal([&] { (void)reader.children("/x"); }), file + ": /x: must be a group");
  FileReader small(file_, 8);
  EXPECT_EQ(refusal([&] { (void)small.read<double>("/x"); }),
            file + ": /x: needs 16 bytes, more than the limit for this file");
}

TEST_F(Hdf5File, RefusesWhatIsNotAReadableFile) {
  EXPECT_THAT(refusal([&] { FileReader reader(file_); }), HasSubstr("there is no such file"));
  EXPECT_THAT(refusal([&] { FileReader reader(folder_); }), HasSubstr("is a folder; name a file in it"));
  std::ofstream(file_) << "this is text";
  EXPECT_THAT(refusal([&] { FileReader reader(file_); }), HasSubstr("is not a readable HDF5 file: "));
  EXPECT_THAT(refusal([&] { FileWriter writer(folder_ / "missing" / "a.h5"); }, ExitCode::environment),
              HasSubstr("could not be written"));
}

TEST_F(Hdf5File, MeetsFilesOfH5py) {
  if (!h5py("  f['number'] = numpy.arange(3, dtype='>i2')\n"
            "  f['half'] = numpy.zeros(2, 'f2')\n"
            "  f['text'] = numpy.array([b'a', b'bcd'], 'S5')\n"
            "  f['variable'] = ['a', 'b']\n"
            "  f['compound'] = numpy.zeros(2, [('a', 'f4')])\n"
            "  f['soft'] = h5py.SoftLink('/number')\n"
            "  f['external'] = h5py.ExternalLink('/etc/passwd', '/x')\n"
            "  f.create_dataset('unwritten', (1 << 40,), 'f8')\n"
            "  f.create_dataset('hole', (1 << 40,), 'f8', chunks=(1024,))[0] = 1\n"
            "  f.create_dataset('lzf', data=numpy.zeros(100), compression='lzf')\n"
            "  f.create_dataset('gzip', data=numpy.zeros(100000), compression='gzip')\n"
            "  f.attrs['fixed'] = numpy.bytes_('word')\n"
            "  f.attrs['variable'] = 'word'\n"
            "  f.attrs['many'] = numpy.arange(3)\n")) {
    GTEST_SKIP() << "python3-h5py is not installed";
  }
  FileReader reader(file_);
  EXPECT_THAT(reader.read<std::int32_t>("/number"), ElementsAre(0, 1, 2));
  EXPECT_THAT(reader.read_texts("/text"), ElementsAre("a", "bcd"));
  EXPECT_EQ(reader.read<double>("/gzip").size(), 100000U);
  EXPECT_EQ(reader.text("/", "fixed"), "word");
  EXPECT_THAT(refusal([&] { (void)reader.read<float>("/half"); }), HasSubstr("/half: must hold real numbers"));
  EXPECT_THAT(refusal([&] { (void)reader.read_texts("/variable"); }), HasSubstr("/variable: holds variable-length"));
  EXPECT_THAT(refusal([&] { (void)reader.read<float>("/compound"); }), HasSubstr("/compound: must hold"));
  EXPECT_THAT(refusal([&] { (void)reader.read<double>("/soft"); }), HasSubstr("/soft: is a soft or external link"));
  EXPECT_THAT(refusal([&] { (void)reader.read<double>("/external"); }), HasSubstr("is a soft or external link"));
  EXPECT_THAT(refusal([&] { (void)reader.read<double>("/unwritten"); }), HasSubstr("no values were written"));
  EXPECT_THAT(refusal([&] { (void)reader.read<double>("/hole"); }), HasSubstr("more than the file holds"));
  EXPECT_THAT(refusal([&] { (void)reader.read<double>("/lzf"); }), HasSubstr("uses a filter other than"));
  EXPECT_THAT(refusal([&] { (void)reader.text("/", "variable"); }), HasSubstr("is variable-length text"));
  EXPECT_THAT(refusal([&] { (void)reader.integer("/", "many"); }), HasSubstr("must be one integer"));
}

TEST(StorableText, FollowsTheRulesOfUtf8) {
  for (const char* good : {"", "plain", "é", "€", "𝄞", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_storable_text(good)) << good;
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "a\xFF"}) {
    EXPECT_FALSE(is_storable_text(bad));
  }
  EXPECT_FALSE(is_storable_text(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace fairsweep::hdf5
