#include "results/store/comparison_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/diagnostics/errors.hpp"
#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Twelve comparisons of the sample's five people.
People people_of_twelve() {
  People people = test::sample_people();
  people.split.assign(12, Split::validation);
  people.person = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1};
  return people;
}

class ComparisonResultsTest : public ::testing::Test {
 protected:
  void write(const People& people) {
    RunRecord record = test::sample_record();
    record.people = people;
    write_result_file(file(), record, test::sample_arrays);
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "results.h5"; }
  [[nodiscard]] std::string refusal() const {
    try {
      (void)read_comparison_results(file(), {TrialId{1}});
    } catch (const UserError& error) {
      EXPECT_EQ(error.code(), ExitCode::file);
      return error.what();
    }
    return "nothing was refused";
  }
  test::TemporaryDirectory folder_;
};

TEST_F(ComparisonResultsTest, ReadsTheRowsOfTheTrialsAskedFor) {
  People people = people_of_twelve();
  people.weight.assign(12, 0.5F);
  write(people);
  const ComparisonResults results = read_comparison_results(file(), {TrialId{3}, TrialId{1}, TrialId{99}});
  EXPECT_THAT(results.trials, ElementsAre(TrialId{1}, TrialId{3}));
  EXPECT_EQ(results.person, people.person);
  EXPECT_EQ(results.weight, people.weight);
  EXPECT_THAT(results.validation.comparison, ElementsAre(4, 7, 11));
  EXPECT_THAT(results.validation.margin, ElementsAre(-1.5, -0.5, 0.5, 0.5, -0.5, 0.5));
  EXPECT_NEAR(results.validation.log_probability[1], -0.3, 1e-7);
  EXPECT_EQ(results.test.comparison.size(), 2U);
  EXPECT_EQ(results.test.margin.size(), 4U);
}

TEST_F(ComparisonResultsTest, WhatIsNotKnownIsEmpty) {
  People people = people_of_twelve();
  people.person.clear();
  write(people);
  const ComparisonResults results = read_comparison_results(file(), {});
  EXPECT_THAT(results.person, IsEmpty());
  EXPECT_THAT(results.weight, IsEmpty());
  EXPECT_THAT(results.trials, IsEmpty());
  EXPECT_THAT(results.validation.margin, IsEmpty());
  EXPECT_THAT(results.validation.comparison, ElementsAre(4, 7, 11)) << "which there are is known all the same";
  write({});
  EXPECT_THAT(read_comparison_results(file(), {TrialId{1}}).trials, ElementsAre(TrialId{1}));
}

TEST_F(ComparisonResultsTest, DamagedFilesAreRefusedWithTheirPlace) {
  People people = people_of_twelve();
  people.person[5] = 9;
  write(people);
  EXPECT_THAT(refusal(), HasSubstr("/people/comparison_person: names person 9, who is not in /people"));
  people = people_of_twelve();
  people.split.resize(8);
  people.person.resize(8);
  write(people);
  EXPECT_THAT(refusal(), HasSubstr("names comparison 11, which is not in /people"));
  people = people_of_twelve();
  people.weight = {1};
  write(people);
  EXPECT_THAT(refusal(), HasSubstr("/people/comparison_weight: has to have one entry a comparison, 12"));
}

}  // namespace
}  // namespace fairsweep
