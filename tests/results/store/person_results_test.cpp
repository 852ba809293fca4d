#include "results/store/person_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/hdf5/file_writer.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

using ::testing::ElementsAre;

class PersonResultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    RunRecord record = test::sample_record();
    record.people = test::sample_people();
    write_result_file(file(), record, test::sample_arrays);
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "results.h5"; }

  test::TemporaryDirectory folder_;
};

TEST_F(PersonResultsTest, ReadsTheRowsOfTheTrialsAskedForAlone) {
  const PersonResults results = read_person_results(file(), "accuracy", {TrialId{3}, TrialId{1}, TrialId{7}});
  EXPECT_THAT(results.metrics, ElementsAre("accuracy", "log_loss"));
  EXPECT_THAT(results.trials, ElementsAre(TrialId{1}, TrialId{3}));  // 7 left nothing
  EXPECT_THAT(results.validation.people, ElementsAre(1, 2));
  EXPECT_THAT(results.validation.values, ElementsAre(0.5, 1, 0.5, 3));
  EXPECT_THAT(results.test.people, ElementsAre(0, 4));
  EXPECT_THAT(results.test.values, ElementsAre(1.5, 1, 3.5, 1));
  EXPECT_TRUE(results.test.own_teacher.empty());
}

TEST_F(PersonResultsTest, ReadsWhatPeopleHaveOfTheirGroupsModels) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto with_teachers = [nan](const TrialRecord& trial, const std::string& name) {
    std::optional<ArrayBundle> bundle = test::sample_arrays(trial, name);
    if (bundle && name == "users" && trial.id.value == 3)
      bundle->arrays["test/own_teacher_accuracy"] = {{5}, std::vector<double>{0.75, nan, nan, nan, nan}};
    return bundle;
  };
  const std::filesystem::path taught = folder_.path() / "taught.h5";
  write_result_file(taught, test::sample_record(), with_teachers);
  const PersonResults results = read_person_results(taught, "accuracy", {TrialId{1}, TrialId{3}});
  EXPECT_THAT(results.metrics, ElementsAre("accuracy", "log_loss", "own_teacher_accuracy"));
  EXPECT_TRUE(results.validation.own_teacher.empty()) << "said of test alone";
  ASSERT_EQ(results.test.own_teacher.size(), 4U);
  EXPECT_EQ(results.test.own_teacher[2], 0.75) << "of trial 3, person 0";
  for (const std::size_t nobodys : {0, 1, 3})
    EXPECT_TRUE(std::isnan(results.test.own_teacher[nobodys])) << nobodys;
  EXPECT_TRUE(read_person_results(taught, "log_loss", {TrialId{3}}).test.own_teacher.empty());
}

TEST_F(PersonResultsTest, ReadsThePeopleWithoutTheirNames) {
  const PersonResults results = read_person_results(file(), "accuracy", {});
  EXPECT_TRUE(results.people.names.empty());
  EXPECT_THAT(results.people.group, ElementsAre(0, 1, 1, 1, -1));
  EXPECT_THAT(results.people.in_training, ElementsAre(1, 1, 1, 0, 0));
  EXPECT_TRUE(std::isnan(results.people.support.back()));
  EXPECT_EQ(results.people.split, test::sample_people().split);
  EXPECT_EQ(results.people.how, test::sample_people().how);
  EXPECT_TRUE(results.validation.values.empty());
}

TEST_F(PersonResultsTest, AnotherMetricTakesThePlaceOfOneThatIsNotThere) {
  const PersonResults results = read_person_results(file(), "agreement", {TrialId{1}});
  EXPECT_EQ(results.metric, "accuracy");
  EXPECT_EQ(results.validation.values.size(), 2U);
}

TEST_F(PersonResultsTest, ARunWithoutPeopleOrValuesHasNone) {
  const std::filesystem::path bare = folder_.path() / "bare.h5";
  write_result_file(bare, test::random_record(2, 1, 7), test::no_arrays);
  const PersonResults results = read_person_results(bare, "accuracy", {TrialId{0}});
  EXPECT_TRUE(results.metric.empty());
  EXPECT_TRUE(results.trials.empty());
  EXPECT_TRUE(results.people.group.empty());
}

TEST_F(PersonResultsTest, RefusesAPersonWhoIsNotThere) {
  const std::filesystem::path broken = folder_.path() / "broken.h5";
  {
    hdf5::FileWriter writer(broken);
    writer.create_group("/users");
    writer.create_group("/users/validation");
    writer.create_group("/users/test");
    writer.write("/users/trial", std::vector<std::uint32_t>{0}, {1});
    writer.write("/users/validation_user", std::vector<std::int64_t>{-4}, {1});
    writer.write("/users/validation/accuracy", std::vector<double>{1}, {1, 1});
    writer.close();
  }
  try {
    (void)read_person_results(broken, "accuracy", {TrialId{0}});
    FAIL() << "a negative person was taken";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("person -4"));
  }
}

}  // namespace
}  // namespace fairsweep
