#include "workers/trainer/scripted/scripted_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer/mixed_ensemble.hpp"
#include "tests/workers/trainer/synthetic_training_set.hpp"
#include "tests/workers/trainer_session/small_data.hpp"
#include "tests/workers/trainer_session/temporary_folder.hpp"
#include "workers/trainer/scripted/keep_models.hpp"
#include "workers/trainer/scripted/score_data.hpp"

namespace fairsweep {
namespace {

using ::testing::HasSubstr;

Settings settings_of(const std::string& head, std::int64_t depth, const std::string& user) {
  return testing::with(testing::plain_settings(), {{"model.head", head},
                                                   {"model.width", std::int64_t{9}},
                                                   {"model.depth", depth},
                                                   {"model.user", user},
                                                   {"model.embedding_size", std::int64_t{3}},
                                                   {"training.epochs", std::int64_t{4}},
                                                   {"training.learning_rate", 0.05}});
}

class Scripted : public ::testing::Test {
 protected:
  void prepare(const PreferenceData& data, const std::string& attribute = "taste") {
    data_ = data;
    data_.user_links = {{0, 1, 1, 4}, {3, 2, 5, 0}, {}};
    setup_ = testing_data::small_setup();
    setup_.data_file = (folder_.path() / "data.h5").string();
    setup_.grouping.attribute = attribute;
    setup_.groups.clear();
    write_data_file(setup_.data_file, data_);
    setup_.data_digest = digest_of(data_);
    set_ = make_training_set(data_, setup_, at::kCPU);
  }

  /// Trains one model, keeps it and returns what training says of it.
  TrialOutcome train(const Settings& settings) {
    const TrialOrder order{TrialId{3}, ConfigurationId{1}, 1, 0, settings};
    TrialOutcome outcome =
        testing::outcomes_of({order}, set_, testing::with_mixed(testing::seeded(setup_.seed))).front();
    EXPECT_FALSE(outcome.failed) << outcome.failure.message;
    keep_models_in(folder_.path())(setup_, set_, order, outcome);
    return outcome;
  }

  std::filesystem::path model_file() const { return folder_.path() / "trial-3.pt"; }

  /// Largest difference between the margins of the trainer and those of the model's scores, on held-out comparisons,
  /// over the size of the scores where that is above 1: they are float32, whose digits end there.
  double largest_difference(const TrialOutcome& outcome, const DataScores& scores) const {
    double largest = 0;
    for (const auto& [part, margins] :
         {std::pair(&set_.validation, &outcome.validation.margin), std::pair(&set_.test, &outcome.test.margin)}) {
      for (std::size_t i = 0; i < part->source.size(); ++i) {
        const auto row = static_cast<std::size_t>(part->source[i]);
        const auto begin = scores.score.begin() + data_.comparison_offset[row];
        const auto end = scores.score.begin() + data_.comparison_offset[row + 1];
        const double size = static_cast<double>(
            std::max(std::fabs(*std::min_element(begin, end)), std::fabs(*std::max_element(begin, end))));
        const double margin = static_cast<double>(*begin) - static_cast<double>(*std::max_element(begin + 1, end));
        largest = std::max(largest, std::fabs(margin - static_cast<double>((*margins)[i])) / std::max(1.0, size));
      }
    }
    return largest;
  }

  testing_data::TemporaryFolder folder_;
  PreferenceData data_;
  TrainerSetup setup_;
  TrainingSet set_;
};

TEST_F(Scripted, ScoresAreThoseOfTheTrainer) {
  prepare(testing_data::small_data());
  for (const auto& [head, depth] : {std::pair("linear", 1), std::pair("mlp", 1), std::pair("mlp", 3)}) {
    for (const UserInput input : all_user_inputs()) {
      const std::string user(to_text(input));
      const TrialOutcome outcome = train(settings_of(head, depth, user));
      PreferenceData data = data_;
      const DataScores scores = score_data(ScriptedModel(model_file()), data);
      EXPECT_LE(largest_difference(outcome, scores), 1e-6) << head << " " << depth << " " << user;
      EXPECT_EQ(scores.judged, data.comparison_count());
      EXPECT_TRUE(scores.unknown.empty());
      EXPECT_GT(scores.right_people, 0.5) << head << " " << depth << " " << user;
      const auto spread = std::ranges::minmax(scores.score);
      EXPECT_GT(spread.max - spread.min, 0.1F) << "the model learnt nothing that could differ";
    }
  }
}

/// Every model of the mean adds its own roundings.
TEST_F(Scripted, SeveralModelsOfATrialScoreAsTheirWeightedMean) {
  prepare(testing_data::small_data());
  for (const auto& [head, depth] : {std::pair("linear", 1), std::pair("mlp", 2)}) {
    for (const UserInput input : all_user_inputs()) {
      const std::string user(to_text(input));
      const TrialOutcome outcome = train(
          testing::with(settings_of(head, depth, user), {{"method.name", std::string("typewise_average")},
                                                         {"method.typewise_average.weights", std::string("people")}}));
      const at::Tensor& weight = outcome.parameters.at("member_weight");
      ASSERT_EQ(weight.numel(), 2);
      EXPECT_NE(weight[0].item<float>(), weight[1].item<float>()) << "weights that could be mixed up";
      PreferenceData data = data_;
      const DataScores scores = score_data(ScriptedModel(model_file()), data);
      EXPECT_LE(largest_difference(outcome, scores), 2e-6) << head << " " << depth << " " << user;
      EXPECT_TRUE(scores.unknown.empty());
      const auto spread = std::ranges::minmax(scores.score);
      EXPECT_GT(spread.max - spread.min, 0.1F) << "the models learnt nothing that could differ";
    }
  }
  std::ostringstream text;
  text << std::ifstream(folder_.path() / "trial-3.json").rdbuf();
  EXPECT_THAT(text.str(), HasSubstr(R"("members":2)"));
}

TEST_F(Scripted, MixturesAndWeightsOfPeopleScoreAsInTraining) {
  prepare(testing_data::small_data());
  for (const char* join : {"mean", "mixture"}) {
    for (const char* by : {"all", "person"}) {
      for (const char* user : {"none", "features", "embedding", "history"}) {
        const TrialOutcome outcome =
            train(testing::with(settings_of("mlp", 2, user), {{"method.name", std::string("mixed")},
                                                              {"method.mixed.join", std::string(join)},
                                                              {"method.mixed.by", std::string(by)}}));
        PreferenceData data = data_;
        const ScriptedModel model(model_file());
        EXPECT_EQ(model.join() == MemberJoin::mean_of_scores, join == std::string("mean"));
        const DataScores scores = score_data(model, data);
        EXPECT_LE(largest_difference(outcome, scores), 1e-6) << join << " " << by << " " << user;
        const auto spread = std::ranges::minmax(scores.score);
        EXPECT_GT(spread.max - spread.min, 0.1F) << "the models learnt nothing that could differ";
        data.user_names[4] = "somebody else";
        const std::size_t unknown = score_data(model, data).unknown.size();
        EXPECT_EQ(unknown, model.knows_people() ? 1U : 0U) << join << " " << by << " " << user;
      }
    }
  }
  std::ostringstream text;
  text << std::ifstream(folder_.path() / "trial-3.json").rdbuf();
  EXPECT_THAT(text.str(), HasSubstr(R"("join":"mixture_of_probabilities","weights_by":"person")"));
}

TEST_F(Scripted, ASoupOfEachPersonScoresAsInTraining) {
  prepare(testing_data::small_data());
  for (const auto& [head, depth] : {std::pair("linear", 1), std::pair("mlp", 2)}) {
    for (const UserInput input : all_user_inputs()) {
      const std::string user(to_text(input));
      const TrialOutcome outcome =
          train(testing::with(settings_of(head, depth, user), {{"method.name", std::string("personal_soup")},
                                                               {"method.personal_soup.sharpness", 0.3},
                                                               {"method.soup.models.epochs", std::int64_t{4}},
                                                               {"method.soup.models.learning_rate", 0.05},
                                                               {"method.soup.models.weight_decay", 0.0}}));
      const at::Tensor first = outcome.parameters.at("member_weight").select(1, 0);
      EXPECT_GT((first.max() - first.min()).item<double>(), 0.1) << "people with different models";
      PreferenceData data = data_;
      const ScriptedModel model(model_file());
      EXPECT_EQ(model.join(), MemberJoin::mean_of_parameters);
      EXPECT_TRUE(model.knows_people());
      EXPECT_LE(largest_difference(outcome, score_data(model, data)), 2e-6) << head << " " << depth << " " << user;
      data.user_names[4] = "somebody else";
      EXPECT_EQ(score_data(model, data).unknown.size(), 1U) << user;
    }
  }
}

TEST_F(Scripted, PeopleOfLabelsAreTakenApart) {
  PreferenceData data = testing_data::small_data();
  Attribute stance;
  stance.labels = {"first", "second"};
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row)
    stance.codes.push_back(row % 8 < 4 ? 0 : 1);
  data.comparison_attributes["stance"] = stance;
  prepare(data, "stance");
  const TrialOutcome outcome = train(settings_of("linear", 1, "embedding"));
  const ScriptedModel model(model_file());
  EXPECT_EQ(model.people_by(), std::vector<std::string>{"stance"});
  EXPECT_EQ(model.people().size(), 60U);
  PreferenceData again = data;
  EXPECT_LE(largest_difference(outcome, score_data(model, again)), 1e-6);
}

TEST_F(Scripted, SomebodyTheModelDoesNotKnowIsScoredAsAnybody) {
  prepare(testing_data::small_data());
  (void)train(settings_of("mlp", 1, "embedding"));
  PreferenceData renamed = data_;
  renamed.user_names[4] = "somebody else";
  const DataScores scores = score_data(ScriptedModel(model_file()), renamed);
  EXPECT_EQ(scores.unknown, std::vector<std::int64_t>{4});
  // People who were held out have the mean embedding in training as well.
  const auto held_out = std::ranges::find(set_.user_trained, false) - set_.user_trained.begin();
  PreferenceData other = data_;
  other.user_names[static_cast<std::size_t>(held_out)] = "somebody else";
  PreferenceData same = data_;
  const DataScores known = score_data(ScriptedModel(model_file()), same);
  const DataScores unknown = score_data(ScriptedModel(model_file()), other);
  for (std::size_t entry = 0; entry < known.score.size(); ++entry)
    EXPECT_NEAR(known.score[entry], unknown.score[entry], 1e-6);
}

TEST_F(Scripted, WrongDataAndWrongFilesAreRefused) {
  prepare(testing_data::small_data());
  (void)train(settings_of("linear", 1, "features"));
  const ScriptedModel model(model_file());
  PreferenceData other = data_;
  other.feature_names[1] = "cost";
  try {
    (void)score_data(model, other);
    FAIL();
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr("column 1 is \"price\" for the model and \"cost\" in the data"));
  }
  other = data_;
  other.user_feature_names = {"age"};
  EXPECT_THROW((void)score_data(model, other), UserError);
  std::ofstream(folder_.path() / "no_model.pt") << "no model";
  EXPECT_THROW(ScriptedModel(folder_.path() / "no_model.pt"), UserError);
  EXPECT_THROW(ScriptedModel(folder_.path() / "not_there.pt"), UserError);
}

TEST_F(Scripted, TheRecipeSaysWhatToFeed) {
  prepare(testing_data::small_data());
  (void)train(settings_of("mlp", 1, "features"));
  std::ostringstream text;
  text << std::ifstream(folder_.path() / "trial-3.json").rdbuf();
  // 9 x 3 weights, 9 x 2 of the user, 9 biases and 9 outputs.
  for (const char* part : {R"("format":"fairsweep-model")", R"("user":"features")", R"("parameters":63)",
                           R"({"name":"always","mean":7.0,"scale":1.0})", R"("training.epochs":4)"})
    EXPECT_THAT(text.str(), HasSubstr(part));
}

}  // namespace
}  // namespace fairsweep
