#include "workers/trainer/shared_training_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <cstring>
#include <filesystem>
#include <sstream>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/file_claim.hpp"
#include "tests/workers/trainer_session/small_data.hpp"
#include "tests/workers/trainer_session/temporary_folder.hpp"
#include "workers/data/generators/generate_personal_llm.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Equal to the bit; both undefined counts.
void expect_same(const at::Tensor& left, const at::Tensor& right, const std::string& name) {
  ASSERT_EQ(left.defined(), right.defined()) << name;
  if (!left.defined())
    return;
  ASSERT_EQ(left.scalar_type(), right.scalar_type()) << name;
  ASSERT_EQ(left.sizes(), right.sizes()) << name;
  const at::Tensor a = left.contiguous();
  const at::Tensor b = right.contiguous();
  EXPECT_EQ(std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()), 0) << name;
}

void expect_same(const ComparisonTensors& left, const ComparisonTensors& right) {
  expect_same(left.candidates, right.candidates, "candidates");
  expect_same(left.present, right.present, "present");
  expect_same(left.ranked, right.ranked, "ranked");
  expect_same(left.user, right.user, "user");
  expect_same(left.group, right.group, "group");
  expect_same(left.weight, right.weight, "weight");
  expect_same(left.context_first, right.context_first, "context_first");
  expect_same(left.context_size, right.context_size, "context_size");
  expect_same(left.history_share, right.history_share, "history_share");
  expect_same(left.history_rest, right.history_rest, "history_rest");
  EXPECT_EQ(left.source, right.source);
}

void expect_same(const TrainingSet& left, const TrainingSet& right) {
  expect_same(left.features, right.features, "features");
  expect_same(left.user_features, right.user_features, "user_features");
  EXPECT_EQ(left.links.count, right.links.count);
  expect_same(left.links.other, right.links.other, "links.other");
  expect_same(left.links.link, right.links.link, "links.link");
  expect_same(left.links.share, right.links.share, "links.share");
  expect_same(left.user_history, right.user_history, "user_history");
  expect_same(left.user_history_sum, right.user_history_sum, "user_history_sum");
  EXPECT_EQ(left.users, right.users);
  EXPECT_EQ(left.groups, right.groups);
  EXPECT_EQ(left.user_group, right.user_group);
  EXPECT_EQ(left.user_trained, right.user_trained);
  ASSERT_EQ(left.user_support.size(), right.user_support.size());
  EXPECT_EQ(left.user_membership, right.user_membership);
  if (!left.user_support.empty()) {  // with NaN in it
    EXPECT_EQ(std::memcmp(left.user_support.data(), right.user_support.data(), left.user_support.size() * 8), 0);
  }
  expect_same(left.train, right.train);
  expect_same(left.validation, right.validation);
  expect_same(left.test, right.test);
  expect_same(left.history, right.history);
}

class SharedTrainingSet : public testing::Test {
 protected:
  void SetUp() override {
    write_data_file(folder_.path() / "data.h5", data_);
    setup_.data_file = (folder_.path() / "data.h5").string();
    setup_.data_digest = digest_of(data_);
    setup_.checkpoint_directory = (folder_.path() / "checkpoints").string();
    std::filesystem::create_directory(setup_.checkpoint_directory);
  }

  std::optional<TrainingSet> asked(const std::function<bool()>& should_stop = [] { return false; }) {
    log_.str({});
    auto set = shared_training_set(setup_, at::kCPU, should_stop, logger_);
    logger_.flush();
    return set;
  }
  std::vector<std::filesystem::path> kept() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(setup_.checkpoint_directory))
      files.push_back(entry.path());
    return files;
  }

  static PreferenceData linked_data() {
    PreferenceData data = testing_data::small_data();
    data.user_links = {{0, 0, 7}, {3, 9, 1}, {1, 2, 1}};
    return data;
  }

  PreferenceData data_ = linked_data();
  TrainerSetup setup_ = testing_data::small_setup();
  testing_data::TemporaryFolder folder_;
  std::ostringstream log_;
  spdlog::logger logger_{"test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log_)};
};

TEST_F(SharedTrainingSet, IsWhatEachWouldPrepareByItself) {
  const std::vector<std::pair<std::string, std::int64_t>> ways = {{"user", 0}, {"context", 0}, {"user", 2}};
  for (const auto& [split, history] : ways) {
    SCOPED_TRACE(split + std::to_string(history));
    setup_.split.by = split;
    setup_.split.history = history;
    const TrainingSet own = make_training_set(data_, setup_, at::kCPU);
    const auto first = asked();
    EXPECT_THAT(log_.str(), HasSubstr("data prepared"));
    const auto second = asked();
    EXPECT_THAT(log_.str(), HasSubstr("data mapped"));
    ASSERT_TRUE(first && second);
    expect_same(*first, own);
    expect_same(*second, own);
  }
  EXPECT_EQ(kept().size(), ways.size());  // one file each, and no claim or temporary file
}

TEST_F(SharedTrainingSet, HoldsGroupsBySupport) {
  PersonalLlmRecipe recipe;
  recipe.users = 60;
  recipe.contexts = 10;
  recipe.comparisons_per_user = 40;
  data_ = generate_personal_llm(recipe).data;
  write_data_file(setup_.data_file, data_);
  setup_.data_digest = digest_of(data_);
  setup_.grouping.by = "support_rate";
  setup_.grouping.attribute.clear();
  setup_.grouping.quantile = 0.3;
  setup_.grouping.membership = "soft";
  setup_.groups = {"majority", "minority"};
  setup_.split.by = "comparison";
  const TrainingSet own = make_training_set(data_, setup_, at::kCPU);
  ASSERT_FALSE(own.user_support.empty());
  ASSERT_EQ(own.user_membership.size(), 120U);
  (void)asked();
  const auto mapped = asked();
  ASSERT_TRUE(mapped);
  expect_same(*mapped, own);
}

TEST_F(SharedTrainingSet, IsSharedWhateverTheTrainerIsToMeasureAndWhereItLies) {
  (void)asked();
  setup_.metrics = {"brier"};
  setup_.threads = 3;
  setup_.sweep = "another name";
  std::filesystem::remove(setup_.data_file);  // it is not read again
  setup_.data_file = "/elsewhere/data.h5";
  ASSERT_TRUE(asked());
  EXPECT_THAT(log_.str(), HasSubstr("data mapped"));
}

TEST_F(SharedTrainingSet, AnotherSeedIsAnotherSet) {
  const auto first = asked();
  setup_.seed += 1;
  const auto second = asked();
  EXPECT_THAT(log_.str(), HasSubstr("data prepared"));
  EXPECT_NE(first->train.source, second->train.source);
}

TEST_F(SharedTrainingSet, ADamagedFileIsMadeAgain) {
  (void)asked();
  ASSERT_EQ(kept().size(), 1U);
  std::filesystem::resize_file(kept().front(), std::filesystem::file_size(kept().front()) / 2);
  const auto again = asked();
  EXPECT_THAT(log_.str(), HasSubstr("data prepared"));
  expect_same(*again, make_training_set(data_, setup_, at::kCPU));
  (void)asked();
  EXPECT_THAT(log_.str(), HasSubstr("data mapped"));
}

TEST_F(SharedTrainingSet, WithoutADirectoryEachHasItsOwn) {
  setup_.checkpoint_directory.clear();
  const auto set = asked();
  EXPECT_THAT(log_.str(), HasSubstr("data prepared"));
  expect_same(*set, make_training_set(data_, setup_, at::kCPU));
}

TEST_F(SharedTrainingSet, WhereItCannotBeKeptEachHasItsOwn) {
  std::filesystem::remove(setup_.checkpoint_directory);
  const auto set = asked();
  EXPECT_THAT(log_.str(), HasSubstr("every trainer prepares and holds the data by itself"));
  expect_same(*set, make_training_set(data_, setup_, at::kCPU));
}

TEST_F(SharedTrainingSet, WaitingForAnotherEndsWhenTold) {
  (void)asked();
  const std::filesystem::path file = kept().front();
  std::filesystem::remove(file);
  const auto claim = claim_file(std::filesystem::path(file).replace_extension(".claim"));
  ASSERT_TRUE(claim);
  int questions = 0;
  EXPECT_FALSE(asked([&questions] { return ++questions == 3; }));
  EXPECT_EQ(questions, 3);
  EXPECT_THAT(log_.str(), Not(HasSubstr("data prepared")));
}

TEST_F(SharedTrainingSet, WhatIsWrongWithTheDataIsSaidAndNothingKept) {
  setup_.grouping.attribute = "tastes";
  EXPECT_THROW((void)asked(), UserError);
  EXPECT_TRUE(kept().empty());
}

}  // namespace
}  // namespace fairsweep
