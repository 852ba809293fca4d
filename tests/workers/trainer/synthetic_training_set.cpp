#include "tests/workers/trainer/synthetic_training_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <utility>
#include <variant>

namespace fairsweep::testing {
namespace {

/// Everybody but every third listens to the next, every fourth to somebody else, too.
UserLinks some_links(std::int64_t people) {
  UserLinks links;
  const auto count = static_cast<std::int32_t>(people);
  for (std::int32_t person = 0; person < count; ++person) {
    for (const std::int32_t step : {1, 5}) {
      if ((step == 1 ? person % 3 == 0 : person % 4 != 0) || step >= count)
        continue;
      links.from.push_back(person);
      links.to.push_back((person + step) % count);
      links.weight.push_back(static_cast<float>(step));
    }
  }
  return links;
}

class Generator {
 public:
  explicit Generator(const SyntheticRecipe& recipe) : recipe_(recipe), random_(recipe.seed) {}

  Synthetic make() {
    const std::int64_t d = recipe_.features;
    const std::int64_t people = recipe_.users;
    made_.utilities = at::empty({recipe_.groups, d}, at::kDouble);
    for (std::int64_t i = 0; i < made_.utilities.numel(); ++i)
      made_.utilities.data_ptr<double>()[i] = normal() / 2;
    TrainingSet& set = made_.set;
    set.users = people;
    set.links = link_tensors(some_links(people), people, recipe_.type, at::kCPU);
    for (std::int64_t g = 0; g < recipe_.groups; ++g)
      set.groups.push_back("group" + std::to_string(g));
    for (std::int64_t u = 0; u < people; ++u) {
      // Group 0 is the large one; the last user has none.
      const std::int64_t g = u % 3 == 0 && recipe_.groups > 1 ? 1 + (u / 3) % (recipe_.groups - 1) : 0;
      set.user_group.push_back(u + 1 == people ? -1 : static_cast<std::int32_t>(g));
    }
    set.train = comparisons(recipe_.training, people - 2);
    set.validation = comparisons(recipe_.validation, people);
    set.test = comparisons(recipe_.test, people);
    if (recipe_.history > 0) {
      const auto random = random_;  // what is drawn afterwards is the same with and without
      const auto normal = normal_;
      set.history = comparisons(recipe_.history, people, recipe_.newcomers_alone ? people - 2 : 0);
      random_ = random;
      normal_ = normal;
    }
    set.features = at::tensor(at::ArrayRef<double>(features_), at::kDouble).view({-1, d}).to(recipe_.type);
    set.user_trained.assign(static_cast<std::size_t>(people), false);
    for (std::int64_t i = 0; i < set.train.count(); ++i) {
      set.user_trained[static_cast<std::size_t>(set.train.user.data_ptr<std::int64_t>()[i])] = true;
    }
    set.user_features = random_matrix(people, recipe_.user_features);
    make_history();
    return made_;
  }

 private:
  double normal() { return normal_(random_); }

  at::Tensor random_matrix(std::int64_t rows, std::int64_t columns) {
    at::Tensor values = at::empty({rows, columns}, at::kDouble);
    for (std::int64_t i = 0; i < values.numel(); ++i)
      values.data_ptr<double>()[i] = normal();
    return values.to(recipe_.type);
  }

  /// Histories of the training comparisons as make_training_set has them; random for users who have none.
  void make_history() {
    TrainingSet& set = made_.set;
    ComparisonTensors& train = set.train;
    const at::Tensor weight = train.weight.to(at::kDouble);
    const at::Tensor others = (train.present.sum(1) - 1).to(at::kDouble);
    at::Tensor share = at::where(train.present, (-weight / others).unsqueeze(1), at::zeros({}, at::kDouble));
    share.select(1, 0).copy_(weight);
    const at::Tensor term = (share.unsqueeze(-1) * set.features.to(at::kDouble).index({train.candidates})).sum(1);
    const at::Tensor sum = at::zeros({set.users, recipe_.features}, at::kDouble).index_add(0, train.user, term);
    const at::Tensor all = at::zeros({set.users}, at::kDouble).index_add(0, train.user, weight);
    const at::Tensor count = at::zeros({set.users}, at::kDouble).index_add(0, train.user, at::ones_like(weight));
    const at::Tensor rest = (all.index_select(0, train.user) - weight).reciprocal();
    const at::Tensor alone = count.index_select(0, train.user).eq(1);
    train.history_share = share.to(recipe_.type);
    train.history_rest = at::where(alone, at::zeros_like(rest), rest).to(recipe_.type);
    set.user_history_sum = sum.to(recipe_.type);
    set.user_history = at::where(count.gt(0).unsqueeze(1), (sum / all.unsqueeze(1)).to(recipe_.type),
                                 random_matrix(set.users, recipe_.features));
  }

  /// Of people `first` to `people` - 1 in turn.
  ComparisonTensors comparisons(std::int64_t count, std::int64_t people, std::int64_t first = 0) {
    const std::int64_t n = recipe_.candidates;
    ComparisonTensors part;
    part.candidates = at::zeros({count, n}, at::kLong);
    part.present = at::zeros({count, n}, at::kBool);
    part.ranked = at::ones({count}, at::kLong);
    part.user = at::zeros({count}, at::kLong);
    part.group = at::zeros({count}, at::kLong);
    part.weight = at::ones({count}, at::kFloat);
    part.context_first = at::zeros({count}, at::kLong);
    part.context_size = at::zeros({count}, at::kLong);
    std::int64_t first_row = 0;  // of the question's context
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t question = i / recipe_.asked;
      const bool is_new = i % recipe_.asked == 0;
      const std::int64_t user = first + i % (people - first);
      const std::int32_t group = made_.set.user_group[static_cast<std::size_t>(user)];
      const std::int64_t here = recipe_.mixed && question % 2 == 1 ? n - 1 : n;
      // Every third context has a candidate nobody was asked about, before the others.
      const std::int64_t unasked = recipe_.unasked && question % 3 == 0 ? 1 : 0;
      if (is_new)
        first_row = rows_;
      rows_ = first_row;
      for (std::int64_t k = 0; is_new && k < unasked * recipe_.features; ++k)
        features_.push_back(normal());
      part.context_first.data_ptr<std::int64_t>()[i] = rows_;
      part.context_size.data_ptr<std::int64_t>()[i] = here + unasked;
      rows_ += unasked;
      std::vector<std::pair<double, std::int64_t>> order;  // utility with noise, row
      for (std::int64_t j = 0; j < here; ++j) {
        double utility = 0;
        for (std::int64_t k = 0; k < recipe_.features; ++k) {
          if (is_new)
            features_.push_back(normal());
          utility += features_[static_cast<std::size_t>(rows_ * recipe_.features + k)] *
                     made_.utilities[std::max(0, group)][k].item<double>();
        }
        const double uniform = std::uniform_real_distribution<double>(1e-12, 1)(random_);
        order.emplace_back(utility - recipe_.noise * std::log(-std::log(uniform)), rows_++);
      }
      std::sort(order.rbegin(), order.rend());
      for (std::int64_t j = 0; j < here; ++j) {
        part.candidates.data_ptr<std::int64_t>()[i * n + j] = order[static_cast<std::size_t>(j)].second;
        part.present.data_ptr<bool>()[i * n + j] = true;
      }
      part.ranked.data_ptr<std::int64_t>()[i] = recipe_.ties && i % 3 == 0 ? 0 : std::min(recipe_.ranked, here - 1);
      part.user.data_ptr<std::int64_t>()[i] = user;
      part.group.data_ptr<std::int64_t>()[i] = group;
      if (recipe_.weighted)
        part.weight.data_ptr<float>()[i] = 0.5F + static_cast<float>(i % 4) * 0.5F;
      part.source.push_back(i);
    }
    return part;
  }

  SyntheticRecipe recipe_;
  std::mt19937 random_;
  std::normal_distribution<double> normal_;
  std::vector<double> features_;
  std::int64_t rows_ = 0;
  Synthetic made_;
};

template <typename Number>
bool same_bytes(const std::vector<Number>& left, const std::vector<Number>& right) {
  return left.size() == right.size() && std::memcmp(left.data(), right.data(), left.size() * sizeof(Number)) == 0;
}

}  // namespace

Synthetic make_synthetic(const SyntheticRecipe& recipe) { return Generator(recipe).make(); }

Settings plain_settings() {
  return {{"model.head", std::string("linear")},
          {"model.width", std::int64_t{8}},
          {"model.depth", std::int64_t{1}},
          {"model.user", std::string("none")},
          {"model.embedding_size", std::int64_t{4}},
          {"model.reward_features.size", std::int64_t{5}},
          {"model.low_rank.rank", std::int64_t{3}},
          {"model.personas.count", std::int64_t{2}},
          {"model.personas.size", std::int64_t{5}},
          {"model.ideal_point.prototypes", std::int64_t{3}},
          {"model.ideal_point.size", std::int64_t{5}},
          {"model.offset.personal_share", 0.6},
          {"model.variational.size", std::int64_t{3}},
          {"model.variational.hidden", std::int64_t{5}},
          {"model.variational.comparisons", std::int64_t{4}},
          {"model.variational.pooling", std::string("attention")},
          {"model.variational.divergence", 0.05},
          {"model.variational.annealing", std::string("cyclic")},
          {"model.adaptation", std::string("fit")},
          {"method.name", std::string("pooled")},
          {"training.epochs", std::int64_t{2}},
          {"training.batch", std::int64_t{7}},
          {"training.learning_rate", 0.02},
          {"training.weight_decay", 0.01},
          {"training.schedule", std::string("cosine")},
          {"training.warmup", 0.1},
          {"training.clip_norm", 1.0},
          {"training.early_stopping.patience", std::int64_t{0}},
          {"training.early_stopping.watch", std::string("users")}};
}

Settings with(Settings settings, const Settings& changes) {
  for (const auto& [path, value] : changes)
    settings[path] = value;
  return settings;
}

std::vector<TrialOrder> trials_of(const std::vector<Settings>& settings) {
  std::vector<TrialOrder> trials;
  for (const Settings& one : settings) {
    TrialOrder order;
    order.trial.value = static_cast<std::uint32_t>(trials.size());
    order.configuration.value = order.trial.value;
    order.settings = one;
    trials.push_back(order);
  }
  return trials;
}

std::vector<TrialOrder> varied_trials(const Settings& settings, std::uint32_t count) {
  std::vector<TrialOrder> trials;
  for (std::uint32_t i = 0; i < count; ++i) {
    TrialOrder order;
    order.trial.value = i;
    order.configuration.value = i / 2;
    order.replicate = i % 2;
    order.settings = settings;
    order.settings["training.learning_rate"] = 0.004 * (1 + i);
    order.settings["training.weight_decay"] = 0.01 * i;
    order.settings["training.warmup"] = 0.05 * (i % 8);
    order.settings["training.clip_norm"] = i % 3 == 0 ? 0.0 : 0.3 * i;
    // Numbers of a model that is not asked for stay as they are: stages that trials share differ in nothing else.
    const auto& user = std::get<std::string>(order.settings.at("model.user"));
    if (user == "offset")
      order.settings["model.offset.personal_share"] = 0.3 + 0.09 * (i % 8);
    if (user == "variational")
      order.settings["model.variational.divergence"] = 0.02 * i;
    for (auto& [path, value] : order.settings) {
      // Of two groups a soup has no use for further shares, and refuses others than the default.
      if (!path.starts_with("method.") || path == "method.soup.second_share" || path == "method.soup.third_share")
        continue;
      if (auto* real = std::get_if<double>(&value))
        *real *= 0.5 + 0.2 * i;
    }
    trials.push_back(order);
  }
  return trials;
}

PackTrainingOptions seeded(std::uint64_t seed) {
  PackTrainingOptions options;
  options.seed = seed;
  return options;
}

std::vector<TrialOutcome> outcomes_of(const std::vector<TrialOrder>& trials, const TrainingSet& data,
                                      PackTrainingOptions options) {
  std::map<std::uint32_t, TrialOutcome> by_trial;
  options.on_outcome = [&by_trial](TrialOutcome&& outcome) {
    const std::uint32_t trial = outcome.trial.value;
    EXPECT_TRUE(by_trial.emplace(trial, std::move(outcome)).second) << "two outcomes of trial " << trial;
  };
  train_pack(trials, data, options);
  EXPECT_EQ(by_trial.size(), trials.size());
  std::vector<TrialOutcome> outcomes;
  for (const TrialOrder& order : trials) {
    EXPECT_EQ(by_trial.count(order.trial.value), 1U) << "no outcome of trial " << order.trial.value;
    outcomes.push_back(std::move(by_trial[order.trial.value]));
  }
  return outcomes;
}

void expect_same_bits(const TrialOutcome& left, const TrialOutcome& right, const std::string& where) {
  EXPECT_EQ(left.trial, right.trial) << where;
  EXPECT_EQ(left.failed, right.failed) << where << ": " << left.failure.message << right.failure.message;
  EXPECT_EQ(left.failure, right.failure) << where;
  EXPECT_EQ(left.epochs, right.epochs) << where;
  EXPECT_EQ(left.best_epoch, right.best_epoch) << where;
  EXPECT_EQ(left.notes, right.notes) << where;
  EXPECT_EQ(left.words, right.words) << where;
  EXPECT_TRUE(same_bytes(left.validation.margin, right.validation.margin)) << where;
  EXPECT_TRUE(same_bytes(left.validation.log_probability, right.validation.log_probability)) << where;
  EXPECT_TRUE(same_bytes(left.test.margin, right.test.margin)) << where;
  EXPECT_TRUE(same_bytes(left.test.log_probability, right.test.log_probability)) << where;
  ASSERT_EQ(left.oracle.has_value(), right.oracle.has_value()) << where;
  if (left.oracle) {
    EXPECT_TRUE(same_bytes(left.oracle->validation.margin, right.oracle->validation.margin)) << where;
    EXPECT_TRUE(same_bytes(left.oracle->test.log_probability, right.oracle->test.log_probability)) << where;
  }
  ASSERT_EQ(left.parameters.size(), right.parameters.size()) << where;
  for (const auto& [name, values] : left.parameters) {
    ASSERT_EQ(right.parameters.count(name), 1U) << where << " " << name;
    const at::Tensor& others = right.parameters.at(name);
    ASSERT_EQ(values.sizes(), others.sizes()) << where << " " << name;
    EXPECT_EQ(std::memcmp(values.data_ptr(), others.data_ptr(), values.nbytes()), 0) << where << " " << name;
  }
}

}  // namespace fairsweep::testing
