#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/hdf5/file_reader.hpp"
#include "results/store/result_file.hpp"
#include "results/store/stored_text.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsNan;

TEST(PeopleSection, SaysWhoIsInWhichGroup) {
  const test::TemporaryDirectory directory;
  RunRecord record = test::sample_record();
  record.people = test::sample_people();
  write_result_file(directory / "results.h5", record, test::sample_arrays);
  hdf5::FileReader file(directory / "results.h5");
  EXPECT_THAT(store::read_long_texts(file, "/people/name"), ElementsAreArray(record.people.names));
  EXPECT_THAT(file.read<std::int64_t>("/people/user"), ElementsAre(0, 0, 1, 2, 3));
  EXPECT_THAT(file.read<std::int32_t>("/people/group"), ElementsAre(0, 1, 1, 1, -1));
  EXPECT_THAT(file.read<std::uint8_t>("/people/in_training"), ElementsAre(1, 1, 1, 0, 0));
  EXPECT_THAT(file.read<double>("/people/support_rate"), ElementsAre(0.25, 0.5, 0.75, 1, IsNan()));
  EXPECT_THAT(file.read<double>("/people/membership", {5, 2}),
              ElementsAre(0.75, 0.25, 0.5, 0.5, 0, 1, 0.125, 0.875, IsNan(), IsNan()));
  EXPECT_THAT(file.read<std::uint8_t>("/people/comparison_split"), ElementsAre(0, 0, 4, 1, 2, 3));
  EXPECT_THAT(file.read<std::int32_t>("/people/comparison_person"), ElementsAre(0, 1, 2, 3, 4, 4));
  EXPECT_THAT(file.read_texts("/people/how/value"), ElementsAre("0.375"));
  // A view of the run's own file: what is read back is the rest.
  record.people = {};
  EXPECT_EQ(read_result_file(directory / "results.h5").groups, record.groups);
}

TEST(PeopleSection, KeepsWeightsThatAreNotOne) {
  const test::TemporaryDirectory directory;
  RunRecord record = test::sample_record();
  record.people = test::sample_people();
  record.people.weight = {1, 2, 0.5, 1, 3, 1};
  write_result_file(directory / "results.h5", record, test::sample_arrays);
  EXPECT_THAT(hdf5::FileReader(directory / "results.h5").read<float>("/people/comparison_weight"),
              ElementsAre(1, 2, 0.5, 1, 3, 1));
}

TEST(PeopleSection, HoldsNothingThatIsNotKnown) {
  const test::TemporaryDirectory directory;
  RunRecord record = test::sample_record();
  write_result_file(directory / "without.h5", record, test::sample_arrays);
  EXPECT_FALSE(hdf5::FileReader(directory / "without.h5").exists("/people"));
  record.people = test::sample_people();
  record.people.membership.clear();
  record.people.person.clear();
  write_result_file(directory / "hard.h5", record, test::sample_arrays);
  const hdf5::FileReader hard(directory / "hard.h5");
  EXPECT_TRUE(hard.exists("/people/group"));
  EXPECT_FALSE(hard.exists("/people/membership"));
  EXPECT_FALSE(hard.exists("/people/comparison_person"));
  EXPECT_FALSE(hard.exists("/people/comparison_weight"));
}

}  // namespace
}  // namespace fairsweep
