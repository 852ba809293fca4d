#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/workers/trainer/synthetic_training_set.hpp"

namespace fairsweep {
namespace {

using testing::outcomes_of;
using testing::plain_settings;
using testing::seeded;
using testing::with;

constexpr std::int64_t k_features = 12;
constexpr std::int64_t k_people = 60;
constexpr std::int64_t k_trained = 40;

/// People whose weights of twelve features are mixtures of two, chosen at random, and who compare pairs. The last
/// twenty are new: they have comparisons in `history` and in both held-out parts alone.
class Population {
 public:
  explicit Population(std::uint32_t seed) : random_(seed) {
    basis_ = normals(2 * k_features);
    weights_ = normals(2 * k_people);
  }

  TrainingSet set() {
    TrainingSet set;
    set.users = k_people;
    set.groups = {"all"};
    set.user_group.assign(k_people, 0);
    set.user_trained.assign(k_people, false);
    std::fill_n(set.user_trained.begin(), k_trained, true);
    set.train = comparisons(0, k_trained, 30);
    set.validation = comparisons(0, k_people, 8);
    set.test = comparisons(0, k_people, 20);
    set.history = comparisons(k_trained, k_people, 20);
    set.features = at::tensor(at::ArrayRef<double>(features_), at::kDouble).view({-1, k_features}).to(at::kFloat);
    set.user_features = at::zeros({k_people, 0});
    set.user_history = at::zeros({k_people, k_features});
    set.user_history_sum = at::zeros({k_people, k_features});
    return set;
  }

 private:
  std::vector<double> normals(std::int64_t count) {
    std::normal_distribution<double> normal;
    std::vector<double> values;
    values.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(normal(random_));
    return values;
  }

  ComparisonTensors comparisons(std::int64_t first, std::int64_t last, std::int64_t each) {
    ComparisonTensors part;
    const std::int64_t count = (last - first) * each;
    part.candidates = at::empty({count, 2}, at::kLong);
    part.present = at::ones({count, 2}, at::kBool);
    part.ranked = at::ones({count}, at::kLong);
    part.user = at::empty({count}, at::kLong);
    part.group = at::zeros({count}, at::kLong);
    part.weight = at::ones({count});
    part.context_first = at::zeros({count}, at::kLong);
    part.context_size = at::full({count}, 2, at::kLong);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t user = first + i % (last - first);
      const auto row = static_cast<std::int64_t>(features_.size()) / k_features;
      const std::vector<double> pair = normals(2 * k_features);
      double margin = 0;
      for (std::int64_t c = 0; c < k_features; ++c) {
        const double weight =
            weights_[at(2 * user)] * basis_[at(c)] + weights_[at(2 * user + 1)] * basis_[at(k_features + c)];
        margin += weight * (pair[at(c)] - pair[at(k_features + c)]);
      }
      const bool first_is_best = std::uniform_real_distribution<double>()(random_) < 1 / (1 + std::exp(-margin));
      features_.insert(features_.end(), pair.begin(), pair.end());
      part.candidates.data_ptr<std::int64_t>()[2 * i] = first_is_best ? row : row + 1;
      part.candidates.data_ptr<std::int64_t>()[2 * i + 1] = first_is_best ? row + 1 : row;
      part.user.data_ptr<std::int64_t>()[i] = user;
      part.context_first.data_ptr<std::int64_t>()[i] = row;
      part.source.push_back(i);
    }
    return part;
  }

  static std::size_t at(std::int64_t value) { return static_cast<std::size_t>(value); }

  std::mt19937 random_;
  std::vector<double> basis_, weights_, features_;
};

struct Shares {
  double known = 0;  ///< of test comparisons that are right, of people trained on
  double fresh = 0;  ///< of the others
};

Shares right_of(const std::string& user, const std::string& adaptation, const TrainingSet& set) {
  TrialOrder order;
  order.settings = with(plain_settings(), {{"model.user", user},
                                           {"model.adaptation", adaptation},
                                           {"model.reward_features.size", std::int64_t{2}},
                                           {"model.low_rank.rank", std::int64_t{6}},
                                           {"model.ideal_point.prototypes", std::int64_t{6}},
                                           {"model.embedding_size", std::int64_t{2}},
                                           {"training.epochs", std::int64_t{20}},
                                           {"training.batch", std::int64_t{64}},
                                           {"training.learning_rate", 0.05},
                                           {"training.clip_norm", 0.0}});
  const TrialOutcome outcome = outcomes_of({order}, set, seeded(7)).front();
  EXPECT_FALSE(outcome.failed) << outcome.failure.message;
  Shares right;
  double known = 0;
  for (std::int64_t i = 0; i < set.test.count(); ++i) {
    const bool is_known = set.test.user[i].item<std::int64_t>() < k_trained;
    (is_known ? right.known : right.fresh) += outcome.test.margin[static_cast<std::size_t>(i)] > 0 ? 1 : 0;
    known += is_known ? 1 : 0;
  }
  right.known /= known;
  right.fresh /= static_cast<double>(set.test.count()) - known;
  return right;
}

TEST(UserModels, FindAPopulationOfLowRankThatOneModelCannot) {
  const TrainingSet set = Population(5).set();
  const Shares pooled = right_of("none", "mean", set);
  for (const char* user : {"reward_features", "low_rank", "personas", "ideal_point", "offset", "embedding"}) {
    const Shares fitted = right_of(user, "fit", set);
    const Shares mean = right_of(user, "mean", set);
    EXPECT_GT(fitted.known, pooled.known + 0.08) << user;
    EXPECT_GT(fitted.fresh, pooled.fresh + 0.08) << user << ": twenty comparisons tell much of somebody new";
    EXPECT_GT(fitted.fresh, mean.fresh + 0.08) << user;
  }
}

TEST(UserModels, FitsAreWhatAnOutcomeCarries) {
  const TrainingSet set = Population(6).set();
  TrialOrder order;
  order.settings = with(plain_settings(), {{"model.user", std::string("reward_features")}});
  const at::Tensor fitted = outcomes_of({order}, set, seeded(7)).front().parameters.at("user_embedding");
  EXPECT_FALSE(fitted[k_trained].equal(fitted[k_trained + 1])) << "somebody new has numbers of his own";
  order.settings["model.adaptation"] = std::string("mean");
  const at::Tensor mean = outcomes_of({order}, set, seeded(7)).front().parameters.at("user_embedding");
  EXPECT_TRUE(mean[k_trained].equal(mean[k_trained + 1]));
}

TEST(UserModels, PersonasSayWhoDecided) {
  const TrainingSet set = Population(6).set();
  TrialOrder order;
  order.settings = with(plain_settings(), {{"model.user", std::string("personas")}});
  const TrialOutcome outcome = outcomes_of({order}, set, seeded(7)).front();
  ASSERT_EQ(outcome.test_personas.decided.size(), static_cast<std::size_t>(k_people));
  for (std::size_t person = 0; person < outcome.test_personas.decided.size(); ++person) {
    EXPECT_TRUE(outcome.test_personas.decided[person] == 0 || outcome.test_personas.decided[person] == 1);
    EXPECT_GE(outcome.test_personas.share[person], 0.5) << "the larger of two shares";
    EXPECT_LE(outcome.test_personas.share[person], 1.0);
  }
  order.settings["model.user"] = std::string("reward_features");
  EXPECT_TRUE(outcomes_of({order}, set, seeded(7)).front().test_personas.decided.empty());
}

TEST(UserModels, AllOfThePersonalShareIsPlainTraining) {
  const TrainingSet set = Population(8).set();
  TrialOrder order;
  order.settings = with(plain_settings(), {{"model.user", std::string("offset")}, {"training.clip_norm", 0.0}});
  const auto generic = [&](double share) {
    order.settings["model.offset.personal_share"] = share;
    const auto outcome = outcomes_of({order}, set, seeded(7)).front();
    return outcome.parameters.at("user_embedding") - outcome.parameters.at("generic_embedding");
  };
  // With nothing of the loss the offsets stay where they start, but for weight decay; with all of it they move most.
  order.settings["training.weight_decay"] = 0.0;
  const at::Tensor start = generic(0), half = generic(0.5), all = generic(1);
  EXPECT_FALSE(half.equal(start));
  EXPECT_FALSE(half.equal(all));
  order.settings["training.epochs"] = std::int64_t{1};
  EXPECT_TRUE(generic(0).narrow(0, 0, k_trained).allclose(start.narrow(0, 0, k_trained), 1e-5, 1e-6));
}

}  // namespace
}  // namespace fairsweep
