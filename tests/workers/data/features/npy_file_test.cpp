#include "workers/data/features/npy_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/workers/data/features/npy_bytes.hpp"
#include "tests/workers/data/temporary_folder.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::bytes_of_values;
using testing_support::npy;
using testing_support::npy_with_header;
using testing_support::refusal;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

class NpyFile : public testing::Test {
 protected:
  NpyTable<float> reals(const std::string& bytes) {
    write_bytes(folder_ / "x.npy", bytes);
    return read_npy_reals(folder_ / "x.npy");
  }
  NpyTable<std::int64_t> integers(const std::string& bytes) {
    write_bytes(folder_ / "x.npy", bytes);
    return read_npy_integers(folder_ / "x.npy");
  }
  std::string refused(const std::string& bytes) {
    const std::string message = refusal(ExitCode::file, [&] { (void)reals(bytes); });
    EXPECT_THAT(message, HasSubstr("x.npy: "));
    return message.substr(message.find("x.npy: ") + 7);
  }
  TemporaryFolder folder_;
};

const std::string k_six = bytes_of_values<float>({1, 2, 3, 4, 5, 6});

TEST_F(NpyFile, EveryVersion) {
  for (const int version : {1, 2, 3}) {
    const NpyTable<float> table = reals(npy("<f4", "(2, 3)", k_six, false, version));
    EXPECT_EQ(table.rows, 2);
    EXPECT_EQ(table.columns, 3);
    EXPECT_THAT(table.values, ElementsAre(1, 2, 3, 4, 5, 6));
  }
}

TEST_F(NpyFile, FortranOrderIsTurned) {
  EXPECT_THAT(reals(npy("<f4", "(2, 3)", k_six, true)).values, ElementsAre(1, 3, 5, 2, 4, 6));
  EXPECT_THAT(reals(npy("<f4", "(1, 6)", k_six, true)).values, ElementsAre(1, 2, 3, 4, 5, 6));
}

// Larger than a tile and a block in both directions, with edges that are not whole tiles.
TEST_F(NpyFile, LargeTablesOfEveryOrderAreTheSame) {
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{70'001, 35}, {33, 40'001}}) {
    std::vector<double> by_row(rows * columns);
    std::vector<double> by_column(rows * columns);
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        const auto value = static_cast<double>((row * 31 + column * 17) % 8191) / 8;
        by_row[row * columns + column] = value;
        by_column[column * rows + row] = value;
      }
    }
    const std::string shape = "(" + std::to_string(rows) + ", " + std::to_string(columns) + ")";
    const std::vector<float> expected(by_row.begin(), by_row.end());
    EXPECT_TRUE(reals(npy("<f8", shape, bytes_of_values(by_row))).values == expected);
    EXPECT_TRUE(reals(npy("<f8", shape, bytes_of_values(by_column), true)).values == expected);
    EXPECT_TRUE(reals(npy("<f4", shape, bytes_of_values(expected))).values == expected);
  }
}

// Bit patterns and values from the table of IEEE 754 binary16.
TEST_F(NpyFile, HalfPrecision) {
  const std::vector<std::uint16_t> halves{0x0000, 0x8000, 0x3C00, 0xC000, 0x7BFF, 0x0400, 0x03FF, 0x0001, 0x3555};
  const NpyTable<float> table = reals(npy("<f2", "(1, 9)", bytes_of_values(halves)));
  EXPECT_THAT(table.values,
              ElementsAre(0.0F, -0.0F, 1.0F, -2.0F, 65504.0F, 0x1p-14F, 1023 * 0x1p-24F, 0x1p-24F, 0.333251953125F));
  EXPECT_TRUE(std::signbit(table.values[1]));
  EXPECT_EQ(refused(npy("<f2", "(1, 1)", bytes_of_values<std::uint16_t>({0x7C00}))),
            "row 0, column 0 (both from 0): is not a finite float32 number");
}

TEST_F(NpyFile, IntegersOfEveryWidth) {
  EXPECT_THAT(integers(npy("<i8", "(1, 2)", bytes_of_values<std::int64_t>({-5, 1LL << 60}))).values,
              ElementsAre(-5, 1LL << 60));
  EXPECT_THAT(integers(npy("<i4", "(2, 1)", bytes_of_values<std::int32_t>({-5, 7}))).values, ElementsAre(-5, 7));
  EXPECT_THAT(integers(npy("<i4", "(2, 2)", bytes_of_values<std::int32_t>({1, 2, 3, 4}), true)).values,
              ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(integers(npy("<u2", "(1, 1)", bytes_of_values<std::uint16_t>({65535}))).values, ElementsAre(65535));
  EXPECT_THAT(integers(npy("|b1", "(1, 2)", std::string("\x01\x00", 2))).values, ElementsAre(1, 0));
  const auto message = [&](const std::string& bytes) {
    return refusal(ExitCode::file, [&] { (void)integers(bytes); });
  };
  EXPECT_THAT(message(npy("<u8", "(1, 2)", bytes_of_values<std::uint64_t>({1, ~0ULL}))),
              HasSubstr("row 0, column 1 (both from 0): does not fit in 64 bits with a sign"));
  EXPECT_THAT(message(npy("<f4", "(2, 3)", k_six)), HasSubstr("numpy type \"<f4\"; save integers"));
}

TEST_F(NpyFile, WrongSizesAreNamed) {
  EXPECT_EQ(refused(""), "is empty");
  EXPECT_EQ(refused("id,x\n1,2\n"), "is not a .npy file; write it with numpy.save()");
  EXPECT_EQ(refused(npy("<f4", "(6,)", k_six)), "has 1 dimension (6); it must have two, rows and columns");
  EXPECT_EQ(refused(npy("<f4", "(1, 2, 3)", k_six)),
            "has 3 dimensions (1 x 2 x 3); it must have two, rows and columns");
  EXPECT_EQ(refused(npy("<f4", "()", k_six)), "has 0 dimensions; it must have two, rows and columns");
  EXPECT_EQ(refused(npy("<f4", "(0, 3)", "")), "is empty: its first dimension (rows) is 0");
  EXPECT_EQ(refused(npy("<f4", "(3, 0)", "")), "is empty: its second dimension (columns) is 0");
  EXPECT_EQ(refused(npy("<f4", "(2, 4)", k_six)),
            "is cut off: its header promises 2 x 4 values of 4 bytes, and only 24 bytes follow");
  EXPECT_EQ(refused(npy("<f4", "(1, 5)", k_six)), "has 4 bytes after its 1 x 5 values; it is damaged");
  // Sizes whose product does not fit in 64 bits take no memory.
  EXPECT_EQ(refused(npy("<f4", "(4294967296, 4294967296)", k_six)),
            "is cut off: its header promises 4294967296 x 4294967296 values of 4 bytes, and only 24 bytes follow");
}

TEST_F(NpyFile, WrongTypesAreNamed) {
  EXPECT_EQ(refused(npy(">f4", "(2, 3)", k_six)),
            "holds values of numpy type \">f4\" (big-endian); save float16, float32 or float64, little-endian");
  EXPECT_EQ(refused(npy("|O", "(2, 3)", k_six)), "holds values of numpy type \"|O\"; save float16, float32 or float64");
  EXPECT_EQ(refused(npy("<i8", "(2, 3)", k_six + k_six)),
            "holds values of numpy type \"<i8\"; save float16, float32 or float64");
  EXPECT_EQ(refused(npy_with_header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", k_six)),
            "holds records; save one plain array of numbers");
}

TEST_F(NpyFile, HeadersAreReadStrictly) {
  const std::string damaged = "its header is damaged; write the array with numpy.save()";
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}";
  EXPECT_EQ(reals(npy_with_header(good, k_six)).rows, 2);
  EXPECT_EQ(reals(npy_with_header("{\"shape\":(2,3),\"descr\":\"<f4\",\"fortran_order\":False}", k_six)).rows, 2);
  for (const std::string& header : std::vector<std::string>{
           "", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)",
           "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (2, -3)}",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 99999999999999999999)}",
           "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}",
           "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'more': 1}", good + " x",
           "{'descr': '<f4, 'fortran_order': False, 'shape': (2, 3)}"}) {
    EXPECT_EQ(refused(npy_with_header(header, k_six)), damaged) << header;
  }
  const std::string whole = npy("<f4", "(2, 3)", k_six);
  EXPECT_EQ(refused(whole.substr(0, 20)), "is cut off in its header");
  EXPECT_EQ(refused(whole.substr(0, 7)), "is cut off in its header");
  EXPECT_EQ(refused(npy("<f4", "(2, 3)", k_six, false, 4)),
            "has .npy version 4.0; this program reads 1.0, 2.0 and 3.0");
}

TEST_F(NpyFile, ValuesThatAreNotFiniteAreFound) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string place = "row 1, column 2 (both from 0): is not a finite float32 number";
  EXPECT_EQ(refused(npy("<f4", "(2, 3)", bytes_of_values<float>({1, 2, 3, 4, 5, nan}))), place);
  EXPECT_EQ(refused(npy("<f4", "(2, 3)", bytes_of_values<float>({1, 2, 3, 4, 5, -infinity}))), place);
  EXPECT_EQ(refused(npy("<f4", "(2, 3)", bytes_of_values<float>({1, 2, 3, 4, 5, nan}), true)), place);
  EXPECT_EQ(refused(npy("<f8", "(2, 3)", bytes_of_values<double>({1, 2, 3, 4, 5, 1e39}))), place);
  // In a later block of a large file, the place is still that of the whole table.
  std::vector<float> many(3'000'000, 0.5F);
  many[2'999'998] = nan;
  EXPECT_EQ(refused(npy("<f4", "(1000000, 3)", bytes_of_values(many))),
            "row 999999, column 1 (both from 0): is not a finite float32 number");
}

TEST_F(NpyFile, WhatIsNoFileIsNamed) {
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)read_npy_reals(folder_ / "none.npy"); }),
              HasSubstr("none.npy: there is no such file"));
  std::filesystem::create_directory(folder_ / "folder.npy");
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)read_npy_reals(folder_ / "folder.npy"); }),
              HasSubstr("folder.npy: is a folder; name a file in it"));
}

}  // namespace
}  // namespace fairsweep
