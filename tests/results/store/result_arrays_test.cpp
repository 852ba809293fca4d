#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/hdf5/file_reader.hpp"
#include "results/store/keyed_rows.hpp"
#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

using test::sample_arrays;
using test::sample_record;
using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsNan;

TEST(KeyedRows, BringsRowsWithDifferentKeysTogether) {
  store::KeyedRows rows;
  const double nan = std::nan("");
  rows.begin_row();
  rows.set("a", std::vector<std::int64_t>{7, 3}, std::vector<double>{70, 30});
  rows.begin_row();
  rows.begin_row();
  rows.set("a", std::vector<std::int64_t>{3, 5, 9}, std::vector<double>{31, 51, nan});
  rows.set("b", std::vector<std::int64_t>{7}, std::vector<double>{2});
  EXPECT_THAT(rows.keys(), ElementsAre(3, 5, 7));
  EXPECT_THAT(rows.layers(), ElementsAre("a", "b"));
  EXPECT_THAT(rows.matrix("a"), ElementsAre(30, IsNan(), 70, IsNan(), IsNan(), IsNan(), 31, 51, IsNan()));
  EXPECT_THAT(rows.matrix("b"), ElementsAre(IsNan(), IsNan(), IsNan(), IsNan(), IsNan(), IsNan(), IsNan(), IsNan(), 2));
}

class ResultArrays : public ::testing::Test {
 protected:
  hdf5::FileReader write(const ArtefactReader& arrays) {
    write_result_file(directory_ / "results.h5", sample_record(), arrays);
    return hdf5::FileReader(directory_ / "results.h5");
  }
  TemporaryDirectory directory_;
};

TEST_F(ResultArrays, UsersOfEachSplitApart) {
  hdf5::FileReader file = write(sample_arrays);
  EXPECT_THAT(file.read<std::uint32_t>("/users/trial"), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(file.read<std::int64_t>("/users/validation_user"), ElementsAre(1, 2));
  EXPECT_THAT(file.read<std::int64_t>("/users/test_user"), ElementsAre(0, 4));
  EXPECT_THAT(file.children("/users/validation"), ElementsAre("accuracy", "log_loss"));
  EXPECT_THAT(file.children("/users/test"), ElementsAre("accuracy"));
  EXPECT_THAT(file.read<double>("/users/validation/accuracy", {5, 2}),
              ElementsAre(0.5, 0, 0.5, 1, 0.5, 2, 0.5, 3, 0.5, 4));
  EXPECT_THAT(file.read<double>("/users/test/accuracy", {5, 2}), ElementsAre(0.5, 1, 1.5, 1, 2.5, 1, 3.5, 1, 4.5, 1));
}

TEST_F(ResultArrays, MarginsOfTheFrontOnly) {
  hdf5::FileReader file = write(sample_arrays);
  EXPECT_THAT(file.read<std::uint32_t>("/front/margins/trial"), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(file.read<std::int64_t>("/front/margins/validation/comparison"), ElementsAre(4, 7, 11));
  EXPECT_THAT(file.read<float>("/front/margins/validation/margin", {4, 3}),
              ElementsAre(-2.5F, -0.5F, 0.5F, -1.5F, -0.5F, 0.5F, -0.5F, -0.5F, 0.5F, 0.5F, -0.5F, 0.5F));
  EXPECT_THAT(file.read<std::int64_t>("/front/margins/test/comparison"), ElementsAre(1, 2));
  EXPECT_THAT(file.read<float>("/front/margins/test/log_probability", {4, 2}),
              ElementsAre(-0.5F, -0.75F, -0.5F, -0.75F, -0.5F, -0.75F, -0.5F, -0.75F));
}

TEST_F(ResultArrays, WithoutArtefactsThereAreNone) {
  hdf5::FileReader file = write(test::no_arrays);
  EXPECT_THAT(file.read<std::uint32_t>("/users/trial"), IsEmpty());
  EXPECT_THAT(file.children("/users/validation"), IsEmpty());
  EXPECT_THAT(file.read<std::int64_t>("/front/margins/test/comparison"), IsEmpty());
}

TEST_F(ResultArrays, ArraysOfOtherTrainersDoNoHarm) {
  const ArtefactReader odd = [](const TrialRecord& trial, const std::string& name) -> std::optional<ArrayBundle> {
    ArrayBundle bundle;
    bundle.arrays["validation/"] = {{1}, std::vector<double>{1}};
    bundle.arrays["validation/a/b"] = {{1}, std::vector<double>{1}};
    bundle.arrays["validation/."] = {{1}, std::vector<double>{1}};
    bundle.arrays["validation/\xff"] = {{1}, std::vector<double>{1}};
    bundle.arrays["validation/square"] = {{1, 1}, std::vector<double>{1}};
    bundle.arrays["validation/votes"] = {{2}, std::vector<std::int32_t>{3, static_cast<std::int32_t>(trial.id.value)}};
    bundle.arrays["validation/comparison"] = {{2}, std::vector<double>{1, 2}};
    bundle.arrays["test/comparison"] = {{2}, std::vector<std::int64_t>{1, 2}};
    bundle.arrays["test/margin"] = {{1}, std::vector<float>{1}};
    if (name == "margins" && trial.id.value == 1)
      return std::nullopt;
    return bundle;
  };
  hdf5::FileReader file = write(odd);
  EXPECT_THAT(file.children("/users/validation"), ElementsAre("comparison", "votes"));
  EXPECT_THAT(file.read<double>("/users/validation/votes", {5, 2}), ElementsAre(3, 0, 3, 1, 3, 2, 3, 3, 3, 4));
  EXPECT_THAT(file.read<std::uint32_t>("/front/margins/trial"), ElementsAre(0, 2, 3));
  EXPECT_THAT(file.children("/front/margins/validation"), ElementsAre("comparison"));
}

}  // namespace
}  // namespace fairsweep
