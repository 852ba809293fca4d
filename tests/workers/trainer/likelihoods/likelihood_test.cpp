#include "workers/trainer/likelihoods/likelihood.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/config/likelihood_schema.hpp"
#include "core/config/schema.hpp"
#include "core/diagnostics/errors.hpp"
#include "tests/workers/trainer/likelihoods/likelihood_cases.hpp"
#include "workers/trainer/likelihoods/fits_data.hpp"
#include "workers/trainer/likelihoods/mean_variance.hpp"
#include "workers/trainer/model_answers.hpp"

namespace fairsweep {
namespace {

using testing::all_likelihoods;
using testing::LikelihoodCase;
using testing::make_synthetic;
using testing::pairs_for;

constexpr std::int64_t k_trials = 3;
constexpr std::int64_t k_batch = 32;

at::Tensor random_tensor(at::IntArrayRef shape, std::mt19937& random, double deviation) {
  std::normal_distribution<double> normal(0, deviation);
  at::Tensor values = at::empty(shape, at::kDouble);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    values.data_ptr<double>()[i] = normal(random);
  return values;
}

/// Answers of pairs, and learned numbers that differ between trials.
ModelAnswers random_answers(const Likelihood& likelihood, std::uint32_t seed, double deviation = 2) {
  std::mt19937 random(seed);
  ModelAnswers says;
  says.scores = random_tensor({k_trials, 2, k_batch}, random, deviation);
  if (likelihood.has_spread())
    says.spread = random_tensor({k_trials, 2, k_batch}, random, 0.5);
  const auto numbers = static_cast<std::int64_t>(likelihood.numbers().size());
  if (numbers > 0)
    says.numbers = numbers_for(random_tensor({k_trials, 1, numbers}, random, 0.5), k_batch);
  return says;
}

ModelAnswers turned(const ModelAnswers& says) {
  ModelAnswers other = says;
  other.scores = says.scores.flip(1);
  if (says.spread.defined())
    other.spread = says.spread.flip(1);
  return other;
}

ModelAnswers copied(const ModelAnswers& says) {
  const auto copy = [](const at::Tensor& one) { return one.defined() ? one.clone() : one; };
  return {copy(says.scores), copy(says.spread), copy(says.numbers)};
}

ChoiceShape ties_everywhere() {
  ChoiceShape shape;
  shape.tied = at::ones({k_trials, k_batch}, at::kBool);
  return shape;
}

class EveryLikelihood : public ::testing::TestWithParam<LikelihoodCase> {
 protected:
  [[nodiscard]] static const Likelihood& likelihood() { return GetParam().likelihood(); }
};

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryLikelihood, ::testing::ValuesIn(all_likelihoods()),
                         [](const auto& one) { return PrintToString(one.param); });

TEST_P(EveryLikelihood, ProbabilitiesOfAllAnswersSumToOne) {
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    const ModelAnswers says = random_answers(likelihood(), seed);
    at::Tensor sum = likelihood().outcome(says, {}).loss.neg().exp();
    sum = sum + likelihood().outcome(turned(says), {}).loss.neg().exp();
    if (likelihood().has_ties())
      sum = sum + likelihood().outcome(says, ties_everywhere()).loss.neg().exp();
    EXPECT_LT((sum - 1).abs().max().item<double>(), 1e-12) << "seed " << seed;
  }
}

TEST_P(EveryLikelihood, TheMarginIsTheLogOddsOfTheOrders) {
  const ModelAnswers says = random_answers(likelihood(), 4);
  const ChoiceOutcome first = likelihood().outcome(says, {});
  const ChoiceOutcome second = likelihood().outcome(turned(says), {});
  EXPECT_LT((first.margin - (second.loss - first.loss)).abs().max().item<double>(), 1e-10);
  EXPECT_LT((first.margin + second.margin).abs().max().item<double>(), 1e-12);
  const at::Tensor better = says.scores.select(1, 0) - says.scores.select(1, 1);
  EXPECT_TRUE(first.margin.sign().equal(better.sign()));
}

TEST_P(EveryLikelihood, EqualScoresLeaveNothingToChooseBy) {
  ModelAnswers says = random_answers(likelihood(), 5);
  says.scores.select(1, 1).copy_(says.scores.select(1, 0));
  EXPECT_EQ(likelihood().outcome(says, {}).margin.abs().max().item<double>(), 0);
  says.scores = says.scores.to(at::kFloat);
  if (says.spread.defined())
    says.spread = says.spread.to(at::kFloat);
  if (says.numbers.defined())
    says.numbers = says.numbers.to(at::kFloat);
  EXPECT_EQ(likelihood().outcome(says, {}).margin.abs().max().item<double>(), 0) << "in single precision";
}

TEST_P(EveryLikelihood, NoiseMixesEveryAnswerThereCouldHaveBeen) {
  const ModelAnswers says = random_answers(likelihood(), 6);
  const double answers = likelihood().has_ties() ? 3 : 2;
  for (const double e : {0.0, 0.1, 0.45}) {
    ChoiceShape shape;
    shape.noise_keep = at::full({k_trials, k_batch}, std::log(1 - 2 * e), at::kDouble);
    shape.noise_floor = at::full({k_trials, k_batch}, std::log(2 * e / answers), at::kDouble);
    const at::Tensor plain = likelihood().outcome(says, {}).loss.neg().exp();
    const at::Tensor noisy = likelihood().outcome(says, shape).loss.neg().exp();
    EXPECT_LT((noisy - (plain * (1 - 2 * e) + 2 * e / answers)).abs().max().item<double>(), 1e-12) << e;
  }
}

TEST_P(EveryLikelihood, GradientsAgreeWithFiniteDifferencesLearnedNumbersIncluded) {
  const ModelAnswers says = random_answers(likelihood(), 7);
  for (const bool tied : {false, true}) {
    if (tied && !likelihood().has_ties())
      continue;
    const ChoiceShape shape = tied ? ties_everywhere() : ChoiceShape{};
    const auto value = [&](const ModelAnswers& at_point) {
      const ChoiceOutcome outcome = likelihood().outcome(at_point, shape);
      return outcome.loss + outcome.margin * 0.3;
    };
    const ModelAnswers leaves = copied(says);
    follow(leaves);
    value(leaves).sum().backward();
    const ModelAnswers gradients = gradients_of(leaves);
    const auto compare = [&](at::Tensor ModelAnswers::* part, const char* what) {
      if (!(says.*part).defined())
        return;
      constexpr double k_step = 1e-5;
      for (std::int64_t i = 0; i < (says.*part).numel(); i += 7) {
        const auto moved = [&](double by) {
          ModelAnswers other = says;
          other.*part = (says.*part).clone();
          (other.*part).data_ptr<double>()[i] += by;
          return value(other).sum().item<double>();
        };
        const double slope = (moved(k_step) - moved(-k_step)) / (2 * k_step);
        EXPECT_NEAR((gradients.*part).data_ptr<double>()[i], slope, 1e-7 * (1 + std::fabs(slope)))
            << what << " " << i << (tied ? " of a tie" : "");
      }
    };
    compare(&ModelAnswers::scores, "score");
    compare(&ModelAnswers::spread, "spread");
    compare(&ModelAnswers::numbers, "number");
  }
}

TEST_P(EveryLikelihood, ExtremeScoresStayFinite) {
  for (const double gap : {1e-30, 1e-4, 40.0, 500.0}) {
    ModelAnswers says;
    says.scores = at::zeros({1, 2, k_batch}, at::kFloat);
    says.scores.select(1, 0).fill_(-gap);
    if (likelihood().has_spread())
      says.spread = at::zeros({1, 2, k_batch}, at::kFloat);
    const auto numbers = static_cast<std::int64_t>(likelihood().numbers().size());
    if (numbers > 0)
      says.numbers = at::zeros({1, numbers, k_batch}, at::kFloat);
    for (const bool tied : {false, true}) {
      ChoiceShape shape;
      if (tied && !likelihood().has_ties())
        continue;
      if (tied)
        shape.tied = at::ones({1, k_batch}, at::kBool);
      const ModelAnswers leaves = copied(says);
      follow(leaves);
      const ChoiceOutcome outcome = likelihood().outcome(leaves, shape);
      (outcome.loss + outcome.margin).sum().backward();
      EXPECT_TRUE(outcome.loss.isfinite().all().item<bool>()) << gap;
      EXPECT_TRUE(outcome.margin.isfinite().all().item<bool>()) << gap;
      EXPECT_TRUE(gradients_of(leaves).scores.isfinite().all().item<bool>()) << gap;
      if (numbers > 0) {
        EXPECT_TRUE(gradients_of(leaves).numbers.isfinite().all().item<bool>()) << gap;
      }
    }
  }
}

TEST_P(EveryLikelihood, StartsWhereItsNumbersMean) {
  const auto count = static_cast<std::int64_t>(likelihood().numbers().size());
  const at::Tensor start = likelihood().meaning(at::zeros({count}, at::kFloat));
  EXPECT_EQ(start.numel(), count);
  EXPECT_TRUE(start.isfinite().all().item<bool>());
  EXPECT_FALSE(likelihood().name().empty());
  EXPECT_FALSE(likelihood().source().empty());
}

ModelAnswers one_pair(double gap, std::vector<double> learned) {
  ModelAnswers says;
  says.scores = at::tensor({gap, 0.0}, at::kDouble).view({1, 2, 1});
  says.numbers = at::tensor(learned, at::kDouble).view({1, -1, 1});
  return says;
}

ChoiceShape one_tie() {
  ChoiceShape shape;
  shape.tied = at::ones({1, 1}, at::kBool);
  return shape;
}

// Worked out with 40 digits.
TEST(Davidson, SaysWhatItsEquationSays) {
  const Likelihood& davidson = likelihood_of(LikelihoodKind::davidson);
  const ModelAnswers says = one_pair(0.8, {std::log(0.6)});
  EXPECT_NEAR(davidson.outcome(says, {}).loss.item<double>(), 0.616007459000267634, 1e-14);
  EXPECT_NEAR(davidson.outcome(turned(says), {}).loss.item<double>(), 1.41600745900026763, 1e-14);
  EXPECT_NEAR(davidson.outcome(says, one_tie()).loss.item<double>(), 1.52683308276625832, 1e-14);
  EXPECT_NEAR(davidson.meaning(at::tensor({std::log(0.6)}, at::kDouble)).item<double>(), 0.6, 1e-15);
  EXPECT_NEAR(davidson.outcome(one_pair(0, {0}), one_tie()).loss.item<double>(), std::log(3.0), 1e-14);
}

TEST(RaoKupper, SaysWhatItsEquationSays) {
  const Likelihood& rao_kupper = likelihood_of(LikelihoodKind::rao_kupper);
  const ModelAnswers says = one_pair(0.8, {std::log(0.5)});
  EXPECT_NEAR(rao_kupper.outcome(says, {}).loss.item<double>(), 0.515212056991419192, 1e-14);
  EXPECT_NEAR(rao_kupper.outcome(turned(says), {}).loss.item<double>(), 1.46748519238692157, 1e-14);
  EXPECT_NEAR(rao_kupper.outcome(says, one_tie()).loss.item<double>(), 1.759553698064131, 1e-14);
  EXPECT_NEAR(rao_kupper.meaning(at::tensor({std::log(0.5)}, at::kDouble)).item<double>(), 1.5, 1e-15);
  EXPECT_NEAR(rao_kupper.outcome(one_pair(0, {0}), one_tie()).loss.item<double>(), std::log(3.0), 1e-14);
}

struct NormalOracle {
  double z, log_probability, slope;
};

// log Phi and phi / Phi with 40 digits.
TEST(MeanVariance, SaysWhatItsEquationSaysInBothTails) {
  const std::vector<NormalOracle> oracles = {
      {-40, -804.608442013753788, 40.0249688472072637},     {-12, -75.4106730015687959, 12.0822141752542843},
      {-3, -6.60772622151034954, 3.28309865493043651},      {-.5, -1.17591176159361861, 1.14107777036806448},
      {0, -0.693147180559945309, 0.797884560802865356},     {.7, -0.277023942277131245, 0.41192475041929065},
      {6, -9.86587645524375732e-10, 6.07588285581767645e-9}};
  for (const NormalOracle& one : oracles) {
    const at::Tensor z = at::full({1}, one.z, at::kDouble).requires_grad_(true);
    const at::Tensor loss = normal_loss(z);
    loss.sum().backward();
    EXPECT_NEAR(loss.item<double>(), -one.log_probability, 1e-12 * (1 - one.log_probability)) << one.z;
    EXPECT_NEAR(z.grad().item<double>(), -one.slope, 1e-12 * (1 + one.slope)) << one.z;
  }
  ModelAnswers says;
  says.scores = at::tensor({1.4, 0.0}, at::kDouble).view({1, 2, 1});
  says.spread = at::tensor({std::log(1.2), std::log(1.6)}, at::kDouble).view({1, 2, 1});  // together 2
  EXPECT_NEAR(likelihood_of(LikelihoodKind::mean_variance).outcome(says, {}).loss.item<double>(), 0.277023942277131245,
              1e-14);
}

TEST(MeanVariance, TellsHowMuchOfTheVarianceScoresExplain) {
  ModelAnswers says;
  says.scores = at::tensor({3.0, 1.0}, at::kDouble).view({1, 2, 1});  // variance 1
  says.spread = at::full({1, 2, 1}, std::log(0.5), at::kDouble);
  const auto notes = likelihood_of(LikelihoodKind::mean_variance).notes({}, says);
  EXPECT_NEAR(notes.at("likelihood explained variance"), 1 / 1.25, 1e-12);
  EXPECT_NEAR(notes.at("likelihood mean deviation"), 0.5, 1e-12);
  EXPECT_TRUE(likelihood_of(LikelihoodKind::mean_variance).notes({}, {}).empty());
}

TEST(LikelihoodsWithTies, AreBradleyTerryWhereNobodyTies) {
  for (const LikelihoodKind kind : {LikelihoodKind::davidson, LikelihoodKind::rao_kupper}) {
    for (const double gap : {-3.0, 0.0, 0.7, 9.0}) {
      const ChoiceOutcome outcome = likelihood_of(kind).outcome(one_pair(gap, {-40}), {});
      EXPECT_NEAR(outcome.loss.item<double>(), std::log1p(std::exp(-gap)), 1e-14) << gap;
      EXPECT_NEAR(outcome.margin.item<double>(), gap, 1e-13) << gap;
    }
  }
}

TEST(LikelihoodCatalogue, CasesCoverItAndTheSchemaNamesIt) {
  std::vector<std::string> in_cases, words;
  for (const LikelihoodCase& one : all_likelihoods()) {
    in_cases.emplace_back(one.likelihood().name());
    EXPECT_EQ(model_settings(testing::with(testing::plain_settings(), one.settings)).likelihood, one.kind);
    words.push_back(std::get<std::string>(one.settings.at("model.likelihood")));
    EXPECT_EQ(one.likelihood().has_ties(), ::testing::Value(likelihoods_with_ties(), ::testing::Contains(words.back())))
        << words.back();
  }
  std::vector<std::string> in_catalogue;
  for (const auto& likelihood : likelihood_catalogue())
    in_catalogue.emplace_back(likelihood->name());
  EXPECT_EQ(in_cases, in_catalogue);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  EXPECT_EQ(words, find_field("model.likelihood")->words);
}

TEST(LikelihoodCatalogue, TrialsThatNameNoLikelihoodAreThoseOfPlackettLuce) {
  const Settings named = testing::with(testing::plain_settings(), {{"model.likelihood", std::string("plackett_luce")}});
  EXPECT_EQ(canonical_text(named), canonical_text(testing::plain_settings()));
  EXPECT_EQ(model_settings(testing::plain_settings()).likelihood, LikelihoodKind::plackett_luce);
  const Settings other = testing::with(named, {{"model.likelihood", std::string("davidson")}});
  EXPECT_NE(canonical_text(named), canonical_text(other));
}

TEST(LikelihoodCatalogue, TheSchemaRefusesTheMethodsThatTheTrainerRefuses) {
  std::vector<std::string> scores, margins;
  for (const auto& method : objective_catalogue()) {
    if (method->reads() == Reads::scores)
      scores.emplace_back(method->name());
    if (method->reads() == Reads::margins)
      margins.emplace_back(method->name());
    for (const auto& likelihood : likelihood_catalogue()) {
      const bool refused = (method->reads() == Reads::scores && likelihood->name() != "plackett_luce") ||
                           (method->reads() == Reads::margins && likelihood->has_ties());
      if (refused) {
        EXPECT_THROW(require_method_reads(*method, *likelihood), UserError) << method->name();
      } else {
        EXPECT_NO_THROW(require_method_reads(*method, *likelihood)) << method->name();
      }
    }
  }
  EXPECT_THAT(methods_that_read_scores(), ::testing::UnorderedElementsAreArray(scores));
  EXPECT_THAT(methods_that_read_margins(), ::testing::UnorderedElementsAreArray(margins));
}

std::string refusal(const Likelihood& likelihood, const TrainingSet& data) {
  try {
    require_fits_data(likelihood, data);
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    return error.what();
  }
  return "";
}

TEST(LikelihoodData, PairsTiesAndTheirAbsenceAreAskedFor) {
  const TrainingSet pairs = make_synthetic({.candidates = 2}).set;
  const TrainingSet ties = make_synthetic({.candidates = 2, .ties = true}).set;
  const TrainingSet choices = make_synthetic({.candidates = 3}).set;
  for (const LikelihoodCase& one : all_likelihoods()) {
    const Likelihood& likelihood = one.likelihood();
    EXPECT_EQ(refusal(likelihood, make_synthetic(pairs_for(likelihood)).set), "");
    if (likelihood.of_pairs()) {
      EXPECT_THAT(refusal(likelihood, choices), ::testing::HasSubstr("of pairs, and the data have comparisons of 3"));
    }
    if (likelihood.has_ties()) {
      EXPECT_THAT(refusal(likelihood, pairs), ::testing::HasSubstr("no training comparison is one; use"));
    } else {
      EXPECT_THAT(refusal(likelihood, ties), ::testing::HasSubstr("use davidson or rao_kupper, or drop ties"));
    }
  }
}

}  // namespace
}  // namespace fairsweep
