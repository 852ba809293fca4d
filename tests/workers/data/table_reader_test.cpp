#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/importers/table_reader.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing_support::read_bytes;
using testing_support::refusal;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

void write_gzip(const std::filesystem::path& file, const std::string& text) {
  gzFile stream = gzopen(file.c_str(), "wb");
  ASSERT_EQ(gzwrite(stream, text.data(), static_cast<unsigned>(text.size())), static_cast<int>(text.size()));
  ASSERT_EQ(gzclose(stream), Z_OK);
}

struct Row {
  std::int64_t line;
  std::vector<std::string> cells;
  bool operator==(const Row&) const = default;
};

std::vector<Row> rows_of(const std::filesystem::path& file) {
  TableReader table(file);
  std::vector<Row> rows{{1, table.columns()}};
  while (table.next()) {
    rows.push_back({table.line(), table.cells()});
  }
  return rows;
}

class Table : public testing::Test {
 protected:
  std::vector<Row> rows(const std::string& text) {
    write_bytes(folder_ / "t.csv", text);
    return rows_of(folder_ / "t.csv");
  }
  /// The refusal without the folder's name.
  std::string refused(const std::string& text) {
    write_bytes(folder_ / "t.csv", text);
    return refusal(ExitCode::file, [&] { (void)rows_of(folder_ / "t.csv"); })
        .substr((folder_ / "t.csv").string().size());
  }
  TemporaryFolder folder_;
};

TEST_F(Table, FollowsTheRulesOfQuoting) {
  EXPECT_THAT(rows("a,b\n1,2\n"), ElementsAre(Row{1, {"a", "b"}}, Row{2, {"1", "2"}}));
  EXPECT_THAT(rows("a,b\r\n1,\r\n,2"), ElementsAre(Row{1, {"a", "b"}}, Row{2, {"1", ""}}, Row{3, {"", "2"}}));
  EXPECT_THAT(rows("\xEF\xBB\xBF"
                   "a\nx\n"),
              ElementsAre(Row{1, {"a"}}, Row{2, {"x"}}));
  EXPECT_THAT(rows("a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n\n3,4\n"),
              ElementsAre(Row{1, {"a", "b"}}, Row{2, {"x,\"y\"", "two\nlines"}}, Row{5, {"3", "4"}}));
  EXPECT_THAT(rows("a,b\n\"\",\"\"\r\n"), ElementsAre(Row{1, {"a", "b"}}, Row{2, {"", ""}}));
}

TEST_F(Table, ReadsGzipAlike) {
  std::string text = "id,text\n";
  for (int row = 0; row < 50'000; ++row) {
    text.append(std::to_string(row)).append(",\"a, b\"\n");
  }
  write_bytes(folder_ / "plain.csv", text);
  write_gzip(folder_ / "packed.csv.gz", text);
  const auto plain = rows_of(folder_ / "plain.csv");
  EXPECT_EQ(plain.size(), 50'001U);
  EXPECT_EQ(plain, rows_of(folder_ / "packed.csv.gz"));
  std::string cut = read_bytes(folder_ / "packed.csv.gz");
  write_bytes(folder_ / "cut.csv.gz", cut.substr(0, cut.size() / 2));
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)rows_of(folder_ / "cut.csv.gz"); }),
              testing::HasSubstr(": the gzip file is cut off"));
}

TEST_F(Table, RefusesWhatIsNotATable) {
  EXPECT_EQ(refused(""), ":1: the table is empty; its first row must name the columns");
  EXPECT_EQ(refused("a,,b\n"), ":1: column 2 has no name");
  EXPECT_EQ(refused("a,b,a\n"), ":1: two columns are called \"a\"");
  EXPECT_EQ(refused("a,b\n1,2\n1\n"), ":3: has 1 cells; the header names 2 columns");
  EXPECT_EQ(refused("a,b\n\"1\"x,2\n"), ":2: text follows a closing quote; write a quote inside a quoted cell twice");
  EXPECT_EQ(refused("a,b\n1x\"y\",2\n"), ":2: a quote is inside an unquoted cell; put the whole cell in quotes");
  EXPECT_EQ(refused("a,b\n\"x\ny\nz"), ":2: a quoted cell begins here and never ends");
  EXPECT_EQ(refused("a,b\n1\r2,3\n"), ":2: a carriage return is not followed by a line feed");
  EXPECT_EQ(refused(std::string("a,b\n1,\0\n", 8)), ":2: holds a NUL byte; this is not a text table");
  EXPECT_EQ(refused("a\n" + std::string(1 << 21, 'x')), ":2: a cell has more than a million characters");
  EXPECT_EQ(refused("a\n\"" + std::string(1 << 21, 'x')),
            ":2: a cell has more than a million characters; is a quote missing?");
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)rows_of(folder_ / "none.csv"); }),
              testing::HasSubstr("none.csv: there is no such file"));
}

}  // namespace
}  // namespace fairsweep
