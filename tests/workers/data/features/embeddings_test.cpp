#include "workers/data/features/embeddings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <limits>

#include "core/hdf5/file_writer.hpp"
#include "tests/workers/data/features/npy_bytes.hpp"
#include "tests/workers/data/temporary_folder.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::bytes_of_values;
using testing_support::npy;
using testing_support::read_bytes;
using testing_support::refusal;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class ReadEmbeddings : public testing::Test {
 protected:
  void write_npy() { write_bytes(folder_ / "x.npy", npy("<f4", "(3, 2)", bytes_of_values<float>({1, 2, 3, 4, 5, 6}))); }
  void write_gzip(const std::string& name, const std::string& text) {
    const gzFile file = gzopen((folder_ / name).c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }
  Embeddings table(const std::string& text) {
    write_bytes(folder_ / "x.csv", text);
    return read_embeddings(folder_ / "x.csv");
  }
  std::string refused(const std::string& name, const std::string& ids = "", ExitCode code = ExitCode::file) {
    const std::string message = refusal(
        code, [&] { (void)read_embeddings(folder_ / name, ids.empty() ? std::filesystem::path() : folder_ / ids); });
    // Without the folder's name, wherever it stands.
    std::string plain = message;
    for (const std::string folder = (folder_ / "").string(); plain.find(folder) != std::string::npos;) {
      plain.erase(plain.find(folder), folder.size());
    }
    return plain;
  }
  std::string refused_table(const std::string& text) {
    write_bytes(folder_ / "x.csv", text);
    return refused("x.csv");
  }
  void write_hdf5(const std::function<void(hdf5::FileWriter&)>& fill) {
    std::filesystem::remove(folder_ / "x.h5");
    hdf5::FileWriter file(folder_ / "x.h5");
    fill(file);
    file.close();
  }
  TemporaryFolder folder_;
};

TEST_F(ReadEmbeddings, NpyInOrderOrWithIds) {
  write_npy();
  const Embeddings plain = read_embeddings(folder_ / "x.npy");
  EXPECT_EQ(plain.rows, 3);
  EXPECT_EQ(plain.dimensions, 2);
  EXPECT_THAT(plain.values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(plain.ids, IsEmpty());
  EXPECT_THAT(plain.names, ElementsAre("embedding_0", "embedding_1"));
  write_bytes(folder_ / "ids.txt",
              "\xEF\xBB\xBF"
              "a\r\nb c\n\xC3\xA9");
  EXPECT_THAT(read_embeddings(folder_ / "x.npy", folder_ / "ids.txt").ids, ElementsAre("a", "b c", "\xC3\xA9"));
  write_gzip("ids.txt.gz", "a\nb\nc\n");
  EXPECT_THAT(read_embeddings(folder_ / "x.npy", folder_ / "ids.txt.gz").ids, ElementsAre("a", "b", "c"));
}

TEST_F(ReadEmbeddings, WrongIdsAreNamed) {
  write_npy();
  const auto with_ids = [&](const std::string& text) {
    write_bytes(folder_ / "ids.txt", text);
    return refused("x.npy", "ids.txt");
  };
  EXPECT_EQ(with_ids("a\nb\n"), "x.npy: has 3 rows (its first dimension), but ids.txt has 2 ids");
  EXPECT_EQ(with_ids("a\nb\nc\nd\n"), "x.npy: has 3 rows (its first dimension), but ids.txt has 4 ids");
  EXPECT_EQ(with_ids("a\nb\na\n"), "ids.txt: rows 0 and 2 (from 0) have the same id, \"a\"");
  EXPECT_EQ(with_ids("a\n\nb\n"), "ids.txt:2: the line is empty; each line is the id of one row");
  EXPECT_EQ(with_ids("a\n\xFF\nb\n"), "ids.txt:2: is not UTF-8");
  EXPECT_EQ(with_ids(std::string("a\nb\0\nc\n", 7)), "ids.txt:2: holds a NUL byte; this is not a text file");
  EXPECT_EQ(with_ids(""), "ids.txt: is empty; it must hold the id of each row on a line of its own");
  EXPECT_EQ(with_ids("a\n" + std::string(200'000, 'x')),
            "ids.txt:2: the line has more than 4096 bytes; is this the right file?");
  EXPECT_EQ(refused("x.npy", "none.txt"), "none.txt: there is no such file");
  std::string ids;
  for (int i = 0; i < 5000; ++i) {
    ids += std::to_string(i * i) + "\n";
  }
  write_gzip("ids.gz", ids);
  const std::string whole = read_bytes(folder_ / "ids.gz");
  write_bytes(folder_ / "ids.gz", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(refused("x.npy", "ids.gz"), HasSubstr("the gzip file is cut off"));
}

TEST_F(ReadEmbeddings, OtherEndingsAreRefused) {
  EXPECT_EQ(refused("x.parquet", "", ExitCode::configuration),
            "x.parquet: embeddings must be in a file that ends in .npy, .h5, .hdf5, .csv or .csv.gz");
}

TEST_F(ReadEmbeddings, TablesWithAndWithoutIds) {
  const Embeddings with_ids = table("id,warm,cold\na,1,-2.5e-1\nb,0.1,3\n");
  EXPECT_EQ(with_ids.rows, 2);
  EXPECT_EQ(with_ids.dimensions, 2);
  EXPECT_THAT(with_ids.ids, ElementsAre("a", "b"));
  EXPECT_THAT(with_ids.names, ElementsAre("warm", "cold"));
  EXPECT_THAT(with_ids.values, ElementsAre(1.0F, -0.25F, 0.1F, 3.0F));
  const Embeddings in_order = table("x,y\n1,2\n3,4\n5,6\n");
  EXPECT_EQ(in_order.rows, 3);
  EXPECT_THAT(in_order.ids, IsEmpty());
  EXPECT_THAT(table("x\n1e-60\n").values, ElementsAre(0.0F));  // below the smallest float32
  write_gzip("y.csv.gz", "id,x\nq,7\n");
  EXPECT_THAT(read_embeddings(folder_ / "y.csv.gz").ids, ElementsAre("q"));
}

TEST_F(ReadEmbeddings, WrongTablesAreNamed) {
  EXPECT_EQ(refused_table("id,x\na,one\n"), "x.csv:2: column \"x\": \"one\" is not a number");
  EXPECT_EQ(refused_table("id,x\na,\n"), "x.csv:2: column \"x\": \"\" is not a number");
  EXPECT_EQ(refused_table("id,x\na,1\nb,nan\n"), "x.csv:3: column \"x\": nan is not a finite float32 number");
  EXPECT_EQ(refused_table("id,x\na,1e40\n"), "x.csv:2: column \"x\": 1e40 is not a finite float32 number");
  EXPECT_EQ(refused_table("id,x\na,-inf\n"), "x.csv:2: column \"x\": -inf is not a finite float32 number");
  EXPECT_EQ(refused_table("id,x\n\xFF,1\n"), "x.csv:2: the id is not UTF-8");
  EXPECT_EQ(refused_table("id,x\n,1\n"), "x.csv:2: the id is empty");
  EXPECT_EQ(refused_table("id,x\na,1\nb,2\na,3\n"), "x.csv: rows 0 and 2 (from 0) have the same id, \"a\"");
  EXPECT_EQ(refused_table("id,x\n"), "x.csv: has a header and no rows");
  EXPECT_EQ(refused_table("id\na\n"), "x.csv:1: has no column of numbers beside \"id\"");
  EXPECT_EQ(refused_table("id,\xFF\na,1\n"), "x.csv:1: the names of the columns are not UTF-8");
  EXPECT_THAT(refused_table("id,x,y\na,1\n"), HasSubstr("x.csv:2: "));  // too few cells: the reader's own words
  EXPECT_THAT(refused_table(""), HasSubstr("x.csv:1: the table is empty"));
  write_bytes(folder_ / "ids.txt", "p\nq\n");
  write_bytes(folder_ / "x.csv", "id,x\na,1\nb,2\n");
  EXPECT_EQ(refused("x.csv", "ids.txt"), "x.csv: has ids of its own; leave ids.txt out, or the ids in the embeddings");
}

TEST_F(ReadEmbeddings, Hdf5WithAndWithoutIds) {
  write_hdf5([](hdf5::FileWriter& file) {
    file.write("/embeddings", std::vector<float>{1, 2, 3, 4}, {2, 2});
    file.write_texts("/ids", {"a", "b"});
    file.set_text("/", "encoder", "anything");
  });
  const Embeddings read = read_embeddings(folder_ / "x.h5");
  EXPECT_EQ(read.rows, 2);
  EXPECT_THAT(read.values, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(read.ids, ElementsAre("a", "b"));
  EXPECT_THAT(read.names, ElementsAre("embedding_0", "embedding_1"));
  write_hdf5([](hdf5::FileWriter& file) { file.write("/embeddings", std::vector<double>{1, 2, 3, 4}, {1, 4}); });
  EXPECT_EQ(read_embeddings(folder_ / "x.h5").dimensions, 4);
}

TEST_F(ReadEmbeddings, WrongHdf5IsNamed) {
  const auto written = [&](const std::function<void(hdf5::FileWriter&)>& fill) {
    write_hdf5(fill);
    return refused("x.h5");
  };
  const std::vector<float> four{1, 2, 3, 4};
  EXPECT_EQ(written([&](auto& file) { file.write("/values", four, {2, 2}); }),
            "x.h5: /values: is not part of this format; see docs/features.md");
  EXPECT_EQ(written([&](auto& file) { file.write_texts("/ids", {"a", "b"}); }), "x.h5: /embeddings: is missing");
  EXPECT_EQ(written([&](auto& file) { file.write("/embeddings", four, {4}); }),
            "x.h5: /embeddings: is 4; it must have two dimensions, rows and columns");
  EXPECT_EQ(written([&](auto& file) { file.write("/embeddings", std::vector<float>{}, {0, 2}); }),
            "x.h5: /embeddings: is 0 x 2; it is empty");
  EXPECT_EQ(written([&](auto& file) {
              file.write("/embeddings", four, {2, 2});
              file.write_texts("/ids", {"a", "b", "c"});
            }),
            "x.h5: /ids: is 3; it must be 2, as many as /embeddings has rows");
  EXPECT_EQ(written([&](auto& file) {
              file.write("/embeddings", four, {2, 2});
              file.write_texts("/ids", {"a", "a"});
            }),
            "x.h5: rows 0 and 1 (from 0) have the same id, \"a\"");
  EXPECT_EQ(written([&](auto& file) { file.write("/embeddings", std::vector<double>{1, 2, 3, 1e300}, {2, 2}); }),
            "x.h5: /embeddings: row 1, column 1 (both from 0): is not a finite float32 number");
  EXPECT_THAT(written([&](auto& file) { file.write("/embeddings", std::vector<std::int64_t>{1, 2}, {1, 2}); }),
              HasSubstr("x.h5: /embeddings: must hold real numbers"));
  write_bytes(folder_ / "x.h5", "nothing of the kind");
  EXPECT_THAT(refused("x.h5"), HasSubstr("x.h5: is not a readable HDF5 file"));
  EXPECT_EQ(refused("none.h5"), "none.h5: there is no such file");
}

TEST_F(ReadEmbeddings, TruncatedHdf5IsRefused) {
  write_hdf5([](hdf5::FileWriter& file) { file.write("/embeddings", std::vector<float>(4096, 1.0F), {64, 64}); });
  const std::string whole = read_bytes(folder_ / "x.h5");
  for (const std::size_t kept : {whole.size() - 1, whole.size() / 2, std::size_t{600}, std::size_t{10}}) {
    write_bytes(folder_ / "x.h5", whole.substr(0, kept));
    EXPECT_THAT(refused("x.h5"), HasSubstr("x.h5: "));
  }
}

}  // namespace
}  // namespace fairsweep
