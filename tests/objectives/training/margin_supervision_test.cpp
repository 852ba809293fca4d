#include "objectives/training/margin_supervision.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/domain/quantile.hpp"
#include "objectives/training/context_advantages.hpp"
#include "objectives/training/fair_weights.hpp"
#include "objectives/training/group_membership.hpp"
#include "objectives/training/pafo_dvao.hpp"
#include "objectives/training/pafo_targets.hpp"
#include "objectives/training/score_scale.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_comparisons = 40;
constexpr std::int64_t k_candidates = 3;
constexpr std::int64_t k_users = 9;

/// Comparisons of users 0 .. 8 by turns; user 8 has no group, users 0, 3 and 6 are the small group 1. Every other
/// comparison has two candidates only where `mixed`.
ComparisonFacts comparisons(bool mixed) {
  ComparisonFacts facts;
  facts.user = at::arange(k_comparisons, at::kLong).remainder(k_users);
  facts.group =
      at::where(facts.user.eq(k_users - 1), at::full({}, -1, at::kLong), facts.user.remainder(3).eq(0).to(at::kLong));
  facts.weight = at::ones({k_comparisons}, at::kDouble) + 0.1 * at::arange(k_comparisons, at::kDouble).remainder(4);
  facts.weight = facts.weight / facts.weight.mean();
  facts.present = at::ones({k_comparisons, k_candidates}, at::kBool);
  if (mixed)
    facts.present.select(1, 2).copy_(at::arange(k_comparisons, at::kLong).remainder(2).eq(0));
  return facts;
}

TrainingFacts facts_of(bool mixed) {
  TrainingFacts facts;
  facts.comparisons = k_comparisons;
  facts.users = k_users;
  facts.groups = {"large", "small"};
  facts.group_users = {5, 3};
  facts.training = comparisons(mixed);
  facts.validation = comparisons(mixed);
  return facts;
}

at::Tensor random_tensor(std::mt19937& random, at::IntArrayRef shape, double size) {
  std::normal_distribution<double> normal(0, size);
  at::Tensor values = at::empty(shape, at::kDouble);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    values.data_ptr<double>()[i] = normal(random);
  return values;
}

Settings settings(const std::string& form, const std::string& condition, double distillation = 0.6) {
  return {{"method.pafo.distillation", distillation},
          {"method.pafo.minority_share", 0.3},
          {"method.pafo.condition", condition},
          {"method.pafo.gate", 0.2},
          {"method.pafo.form", form},
          {"method.pafo.temperature", 1.7}};
}

/// A batch that holds every comparison once, in order, and padding.
PackBatch whole_batch(const TrainingFacts& facts, const at::Tensor& scores) {
  const std::int64_t trials = scores.size(0);
  const std::int64_t padding = 64 - k_comparisons;
  PackBatch batch;
  batch.index =
      at::constant_pad_nd(at::arange(k_comparisons, at::kLong), {0, padding}).unsqueeze(0).expand({trials, -1});
  batch.group = facts.training.group.index_select(0, batch.index[0]).unsqueeze(0).expand({trials, -1});
  batch.weight = at::constant_pad_nd(facts.training.weight, {0, padding}).unsqueeze(0).expand({trials, -1});
  batch.present = facts.training.present.index_select(0, batch.index[0]).unsqueeze(0).expand({trials, -1, -1});
  batch.scores = scores.index_select(1, batch.index[0]);
  const at::Tensor open = batch.scores.masked_fill(batch.present.logical_not(), -INFINITY);
  batch.loss = at::logsumexp(open, 2) - batch.scores.select(2, 0);
  batch.margin = batch.scores.select(2, 0) - open.narrow(2, 1, k_candidates - 1).amax(2);
  return batch;
}

/// The loss of one trial by the formulas of docs/methods/pafo.md, a comparison at a time.
double plain_loss(const TrainingFacts& facts, const Settings& how, const at::Tensor& target, const at::Tensor& scores) {
  const bool soft = std::get<std::string>(how.at("method.pafo.form")) == "soft_label";
  const bool all = std::get<std::string>(how.at("method.pafo.condition")) == "group";
  const double lambda = std::get<double>(how.at("method.pafo.distillation"));
  const double share = std::get<double>(how.at("method.pafo.minority_share"));
  const double temperature = std::get<double>(how.at("method.pafo.temperature"));
  const auto number = [](const at::Tensor& of, std::int64_t i, std::int64_t j) { return of[i][j].item<double>(); };
  double labels = 0;
  double weight_sum = 0;
  std::vector<double> by_user(k_users, 0), weight_of_user(k_users, 0);
  for (std::int64_t i = 0; i < k_comparisons; ++i) {
    const std::int64_t n = facts.training.present[i].sum().item<std::int64_t>();
    const double weight = facts.training.weight[i].item<double>();
    double partition = 0;
    for (std::int64_t j = 0; j < n; ++j)
      partition += std::exp(number(scores, i, j));
    labels += weight * (std::log(partition) - number(scores, i, 0));
    weight_sum += weight;
    double nearest = INFINITY;
    for (std::int64_t j = 1; j < n; ++j)
      nearest = std::min(nearest, -number(target, i, j));
    if (!all && nearest <= 0.2)
      continue;
    double distance = 0;
    if (soft) {
      double of_target = 0;
      double of_scores = 0;
      for (std::int64_t j = 0; j < n; ++j) {
        of_target += std::exp(number(target, i, j) / temperature);
        of_scores += std::exp(number(scores, i, j) / temperature);
      }
      for (std::int64_t j = 0; j < n; ++j) {
        distance -= std::exp(number(target, i, j) / temperature) / of_target *
                    (number(scores, i, j) / temperature - std::log(of_scores));
      }
      distance *= temperature * temperature;
    } else {
      for (std::int64_t j = 1; j < n; ++j) {
        const double d = std::fabs(number(scores, i, j) - number(scores, i, 0) - number(target, i, j));
        distance += (d < 1 ? d * d / 2 : d - 0.5) / static_cast<double>(n - 1);
      }
    }
    const auto user = static_cast<std::size_t>(facts.training.user[i].item<std::int64_t>());
    by_user[user] += weight * distance;
    weight_of_user[user] += weight;
  }
  std::vector<double> group(2, 0), users(2, 0);
  for (std::size_t u = 0; u + 1 < by_user.size(); ++u) {
    if (weight_of_user[u] == 0)
      continue;
    group[u % 3 == 0 ? 1 : 0] += by_user[u] / weight_of_user[u];
    users[u % 3 == 0 ? 1 : 0] += 1;
  }
  const double supervision = (1 - share) * group[0] / users[0] + share * group[1] / users[1];
  return (1 - lambda) * labels / weight_sum + lambda * supervision;
}

at::Tensor targets(std::mt19937& random, const TrainingFacts& facts) {
  return margins_to_best(random_tensor(random, {k_comparisons, k_candidates}, 1.0), facts.training.present);
}

TEST(MarginSupervision, IsTheSlowTwinOverTheWholeTrainingSet) {
  std::mt19937 random(7);
  for (const bool mixed : {false, true}) {
    const TrainingFacts facts = facts_of(mixed);
    for (const std::string form : {"soft_label", "smooth_l1"}) {
      for (const std::string condition : {"group", "group_and_correct"}) {
        const std::vector<Settings> trials = {settings(form, condition, 0.6), settings(form, condition, 1.0)};
        const std::vector<at::Tensor> target = {targets(random, facts), targets(random, facts)};
        const ObjectiveConstants constants =
            supervision_constants(trials, facts, target, at::TensorOptions(at::kDouble));
        const at::Tensor scores = random_tensor(random, {2, k_comparisons, k_candidates}, 2.0);
        const at::Tensor loss = supervised_loss(whole_batch(facts, scores), constants);
        for (std::int64_t k = 0; k < 2; ++k) {
          const auto place = static_cast<std::size_t>(k);
          EXPECT_NEAR(loss[k].item<double>(), plain_loss(facts, trials[place], target[place], scores[k]), 1e-12)
              << form << " " << condition << " mixed " << mixed << " trial " << k;
        }
      }
    }
  }
}

TEST(MarginSupervision, TowardsGivenTargetsIsTheSame) {
  std::mt19937 random(8);
  const TrainingFacts facts = facts_of(true);
  for (const std::string form : {"soft_label", "smooth_l1"}) {
    const std::vector<Settings> trials = {settings(form, "group")};
    const at::Tensor target = targets(random, facts);
    const ObjectiveConstants constants = supervision_constants(trials, facts, {target}, at::TensorOptions(at::kDouble));
    const PackBatch batch = whole_batch(facts, random_tensor(random, {1, k_comparisons, k_candidates}, 1.0));
    const at::Tensor now = target.index_select(0, batch.index[0]).transpose(0, 1).narrow(0, 1, 2).unsqueeze(0);
    EXPECT_NEAR(supervised_loss_towards(batch, constants, now).item<double>(),
                supervised_loss(batch, constants).item<double>(), 1e-12)
        << form;
  }
}

TEST(MarginSupervision, OfAPairIsTheBinaryCrossEntropyOfTheMargins) {
  TrainingFacts facts = facts_of(false);
  facts.training.present.select(1, 2).fill_(false);
  std::mt19937 random(9);
  const at::Tensor target = targets(random, facts);
  Settings how = settings("soft_label", "group", 1.0);
  const at::Tensor scores = random_tensor(random, {1, k_comparisons, k_candidates}, 1.0);
  const double loss = supervised_loss(whole_batch(facts, scores),
                                      supervision_constants({how}, facts, {target}, at::TensorOptions(at::kDouble)))
                          .item<double>();
  const at::Tensor weight = weights_by_group_and_user(facts.training, at::ones({k_comparisons}, at::kBool), {0.7, 0.3});
  double expected = 0;
  for (std::int64_t i = 0; i < k_comparisons; ++i) {
    const double p = 1 / (1 + std::exp(target[i][1].item<double>() / 1.7));
    const double q = 1 / (1 + std::exp((scores[0][i][1] - scores[0][i][0]).item<double>() / 1.7));
    expected -= weight[i].item<double>() * (p * std::log(q) + (1 - p) * std::log(1 - q)) * 1.7 * 1.7;
  }
  EXPECT_NEAR(loss, expected, 1e-12);
}

TEST(MarginSupervision, WithoutDistillationIsPooledAndFollowsNoTeacher) {
  std::mt19937 random(10);
  const TrainingFacts facts = facts_of(true);
  const PackBatch batch = whole_batch(facts, random_tensor(random, {1, k_comparisons, k_candidates}, 1.0));
  for (const std::string form : {"soft_label", "smooth_l1"}) {
    const ObjectiveConstants constants = supervision_constants(
        {settings(form, "group", 0.0)}, facts, {targets(random, facts)}, at::TensorOptions(at::kDouble));
    EXPECT_EQ(supervised_loss(batch, constants).item<double>(),
              ((batch.weight * batch.loss).sum(-1) / batch.weight.sum(-1)).item<double>());
  }
}

TEST(MarginSupervision, IsLeastAtTheTeacher) {
  std::mt19937 random(11);
  const TrainingFacts facts = facts_of(true);
  const at::Tensor target = targets(random, facts);
  for (const std::string form : {"soft_label", "smooth_l1"}) {
    const ObjectiveConstants constants =
        supervision_constants({settings(form, "group", 1.0)}, facts, {target}, at::TensorOptions(at::kDouble));
    at::Tensor at_teacher = target.unsqueeze(0).clone().requires_grad_(true);
    const at::Tensor least = supervised_loss(whole_batch(facts, at_teacher), constants);
    least.backward(at::ones({1}, at::kDouble));
    EXPECT_LT(at_teacher.grad().abs().max().item<double>(), 1e-14) << form;
    for (int i = 0; i < 20; ++i) {
      const at::Tensor elsewhere = target.unsqueeze(0) + random_tensor(random, {1, k_comparisons, k_candidates}, 0.3);
      EXPECT_GT(supervised_loss(whole_batch(facts, elsewhere), constants).item<double>(), least.item<double>());
    }
  }
}

/// d loss / d scores against central differences.
void expect_gradient(const std::function<at::Tensor(const at::Tensor&)>& loss, const at::Tensor& at_scores,
                     const std::string& what) {
  constexpr double k_step = 1e-5;
  at::Tensor scores = at_scores.clone().requires_grad_(true);
  loss(scores).backward(at::ones({scores.size(0)}, at::kDouble));
  for (std::int64_t i = 0; i < scores.numel(); i += 7) {
    at::Tensor up = at_scores.clone();
    at::Tensor down = at_scores.clone();
    up.view({-1})[i] += k_step;
    down.view({-1})[i] -= k_step;
    const double slope = (loss(up).sum().item<double>() - loss(down).sum().item<double>()) / (2 * k_step);
    EXPECT_NEAR(scores.grad().view({-1})[i].item<double>(), slope, 1e-9) << what << " " << i;
  }
}

TEST(MarginSupervision, GradientsAreThoseOfFiniteDifferences) {
  std::mt19937 random(12);
  for (const bool mixed : {false, true}) {
    const TrainingFacts facts = facts_of(mixed);
    for (const std::string form : {"soft_label", "smooth_l1"}) {
      const ObjectiveConstants constants =
          supervision_constants({settings(form, "group_and_correct"), settings(form, "group_and_correct", 0.2)}, facts,
                                {targets(random, facts), targets(random, facts)}, at::TensorOptions(at::kDouble));
      expect_gradient([&](const at::Tensor& scores) { return supervised_loss(whole_batch(facts, scores), constants); },
                      random_tensor(random, {2, k_comparisons, k_candidates}, 2.0), form);
    }
  }
}

TEST(MarginSupervision, LargeScoresStayFinite) {
  const TrainingFacts facts = facts_of(true);
  std::mt19937 random(13);
  for (const std::string form : {"soft_label", "smooth_l1"}) {
    const ObjectiveConstants constants = supervision_constants({settings(form, "group")}, facts,
                                                               {targets(random, facts)}, at::TensorOptions(at::kFloat));
    at::Tensor scores =
        random_tensor(random, {1, k_comparisons, k_candidates}, 300.0).to(at::kFloat).requires_grad_(true);
    PackBatch batch = whole_batch(facts, scores);
    batch.weight = batch.weight.to(at::kFloat);
    const at::Tensor loss = supervised_loss(batch, constants);
    loss.backward(at::ones({1}, at::kFloat));
    EXPECT_TRUE(loss.isfinite().all().item<bool>());
    EXPECT_TRUE(scores.grad().isfinite().all().item<bool>());
  }
}

TEST(MarginSupervision, UnknownWordsAreNamed) {
  std::mt19937 random(14);
  const TrainingFacts facts = facts_of(false);
  try {
    (void)supervision_constants({settings("sharp", "group")}, facts, {targets(random, facts)},
                                at::TensorOptions(at::kDouble));
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "setting \"method.pafo.form\" is \"sharp\"; it must be soft_label, hard_label or smooth_l1");
  }
}

TEST(FairWeights, SumToTheSharesUsersAlikeComparisonsByWeight) {
  const TrainingFacts facts = facts_of(false);
  const at::Tensor among = at::arange(k_comparisons, at::kLong).remainder(5).ne(1);
  const at::Tensor weight = weights_by_group_and_user(facts.training, among, {0.7, 0.3});
  EXPECT_NEAR(weight.masked_select(facts.training.group.eq(0)).sum().item<double>(), 0.7, 1e-14);
  EXPECT_NEAR(weight.masked_select(facts.training.group.eq(1)).sum().item<double>(), 0.3, 1e-14);
  EXPECT_EQ(weight.masked_select(facts.training.group.lt(0)).abs().sum().item<double>(), 0);
  EXPECT_EQ(weight.masked_select(among.logical_not()).abs().sum().item<double>(), 0);
  for (const std::int64_t user : {0, 3, 6})
    EXPECT_NEAR(weight.masked_select(facts.training.user.eq(user)).sum().item<double>(), 0.1, 1e-14);
  const at::Tensor own = facts.training.user.eq(3).logical_and(among);
  const at::Tensor ratio = weight.masked_select(own) / facts.training.weight.masked_select(own);
  EXPECT_NEAR(ratio.max().item<double>(), ratio.min().item<double>(), 1e-14);
}

TEST(FairWeights, TheSmallestGroupHasTheMinorityShare) {
  TrainingFacts facts;
  facts.group_users = {50, 7, 20};
  EXPECT_EQ(shares_of_groups(facts, 0.4), (std::vector<double>{0.3, 0.4, 0.3}));
  facts.group_users = {12};
  EXPECT_EQ(shares_of_groups(facts, 0.4), (std::vector<double>{1.0})) << "one group has all";
}

TEST(ScoreScale, RecoversTheTemperatureOfASample) {
  // Choices drawn at temperature 2.5: the likeliest factor on the true margins is 1 / 2.5.
  std::mt19937 random(15);
  std::normal_distribution<double> normal(0, 3);
  std::uniform_real_distribution<double> uniform(0, 1);
  constexpr std::int64_t k_pairs = 40000;
  at::Tensor margins = at::zeros({k_pairs, 2}, at::kDouble);
  for (std::int64_t i = 0; i < k_pairs; ++i) {
    const double difference = normal(random);  // second minus first, as drawn
    const bool first = uniform(random) < 1 / (1 + std::exp(difference / 2.5));
    margins[i][1] = first ? difference : -difference;
  }
  const at::Tensor present = at::ones({k_pairs, 2}, at::kBool);
  const double scale = likeliest_scale(margins, present, at::ones({k_pairs}, at::kDouble));
  EXPECT_NEAR(scale, 1 / 2.5, 0.01);
  EXPECT_NEAR(likeliest_scale(margins * 10, present, at::ones({k_pairs}, at::kDouble)), scale / 10, 1e-9);
  EXPECT_NEAR(unit_scale(margins, present, at::ones({k_pairs}, at::kDouble)), 1.0 / 3, 0.005);
}

TEST(ScoreScale, IsALeastPointOfTheLogLossFoundByWalking) {
  std::mt19937 random(16);
  const TrainingFacts facts = facts_of(true);
  const at::Tensor margins = targets(random, facts) - 0.4;
  const at::Tensor here = at::where(facts.training.present, margins, at::zeros({}, at::kDouble));
  const at::Tensor clean = here - here.narrow(1, 0, 1);
  const at::Tensor open = at::where(facts.training.present, clean, at::zeros({}, at::kDouble));
  const auto loss = [&](double b) {
    const at::Tensor logits = (open * b).masked_fill(facts.training.present.logical_not(), -INFINITY);
    return (facts.training.weight * at::logsumexp(logits, 1)).sum().item<double>();
  };
  double best = 1e-3;
  for (double b = 1e-3; b < 100; b *= 1.001) {
    if (loss(b) < loss(best))
      best = b;
  }
  EXPECT_NEAR(likeliest_scale(open, facts.training.present, facts.training.weight) / best, 1, 2e-3);
}

TEST(ScoreScale, HasAnswersWhereThereIsNoOptimum) {
  const at::Tensor present = at::ones({4, 2}, at::kBool);
  const at::Tensor weight = at::ones({4}, at::kDouble);
  at::Tensor margins = at::zeros({4, 2}, at::kDouble);
  EXPECT_EQ(likeliest_scale(margins, present, weight), 1) << "no margins";
  EXPECT_EQ(unit_scale(margins, present, weight), 1);
  margins.select(1, 1).fill_(-2.0);
  EXPECT_NEAR(likeliest_scale(margins, present, weight), 500, 1e-9) << "always right: the upper bound";
  margins.select(1, 1).fill_(2.0);
  EXPECT_NEAR(likeliest_scale(margins, present, weight), 0.0005, 1e-15) << "always wrong: the lower bound";
  EXPECT_EQ(likeliest_scale(at::zeros({0, 2}, at::kDouble), at::zeros({0, 2}, at::kBool), at::zeros({0}, at::kDouble)),
            1);
}

TEST(Pafo, TargetsAreTheOwnGroupsTeachersMarginsScaledAndCut) {
  std::mt19937 random(17);
  const TrainingFacts facts = facts_of(true);
  const std::vector<at::Tensor> scores = {random_tensor(random, {k_comparisons, k_candidates}, 3.0),
                                          random_tensor(random, {k_comparisons, k_candidates}, 3.0)};
  const std::vector<double> scale = {0.5, 2.0};
  const at::Tensor target = group_target_margins(facts.training, scores, scale);
  for (std::int64_t i = 0; i < k_comparisons; ++i) {
    const auto group = facts.training.group[i].item<std::int64_t>();
    for (std::int64_t j = 0; j < k_candidates; ++j) {
      double expected = 0;
      if (group >= 0 && facts.training.present[i][j].item<bool>()) {
        const auto g = static_cast<std::size_t>(group);
        expected = std::clamp((scores[g][i][j] - scores[g][i][0]).item<double>() * scale[g], -5.0, 5.0);
      }
      EXPECT_NEAR(target[i][j].item<double>(), expected, 1e-14);
    }
  }
}

TEST(Certificate, FollowsFromTheTransferBound) {
  // Whatever teacher and student: where it says 1, every group's student gains. Both happen.
  std::mt19937 random(18);
  const TrainingFacts facts = facts_of(true);
  const at::Tensor& present = facts.validation.present;
  int proven = 0;
  for (int i = 0; i < 200; ++i) {
    at::Tensor teacher = random_tensor(random, {k_comparisons, k_candidates}, 1.0);
    teacher.select(1, 0).add_(1.0);  // right more often than not
    teacher = margins_to_best(teacher, present);
    const double size = 0.01 * i;
    const at::Tensor student =
        margins_to_best(teacher + random_tensor(random, {k_comparisons, k_candidates}, size), present);
    const at::Tensor pooled = margins_to_best(random_tensor(random, {k_comparisons, k_candidates}, 1.0), present);
    const auto notes = transfer_certificate(facts, teacher, pooled, student);
    for (const std::string group : {"large", "small"}) {
      const double moved = notes.at("student_gain " + group) - notes.at("teacher_gain " + group);
      EXPECT_LE(std::fabs(moved), notes.at("distillation_error " + group) + 1e-12) << "the bound itself";
      if (notes.at("certificate") == 1) {
        EXPECT_GT(notes.at("student_gain " + group), 0);
      }
    }
    proven += notes.at("certificate") == 1 ? 1 : 0;
  }
  EXPECT_GT(proven, 5);
  EXPECT_LT(proven, 195);
}

TEST(Membership, OwnGroupSoftAndShared) {
  TrainingFacts facts = facts_of(false);
  const at::Tensor own = group_membership(
      "method.pafo_dvao", {{"method.pafo_dvao.membership", std::string("own_group")}}, facts, facts.training);
  EXPECT_EQ(own[0][1].item<double>(), 1) << "user 0 is of the small group";
  EXPECT_EQ(own[1][0].item<double>(), 1);
  EXPECT_EQ(own[8][0].item<double>(), 0.5) << "no group";
  const at::Tensor shared = group_membership(
      "method.pafo_dvao",
      {{"method.pafo_dvao.membership", std::string("shared")}, {"method.pafo_dvao.minority_weight", 0.1}}, facts,
      facts.training);
  EXPECT_EQ(shared[5][1].item<double>(), 0.1);
  EXPECT_EQ(shared[5][0].item<double>(), 0.9);

  Settings soft = {{"method.pafo_dvao.membership", std::string("soft")}, {"method.pafo_dvao.softness", 0.1}};
  EXPECT_THROW((void)group_membership("method.pafo_dvao", soft, facts, facts.training), UserError) << "no support rate";
  facts.user_support = {0.2, 0.9, 0.8, 0.1, 0.7, 0.95, 0.3, 0.6, NAN};
  const double tau = quantile_of_known(facts.user_support, 3.0 / 8);
  const at::Tensor some = group_membership("method.pafo_dvao", soft, facts, facts.training);
  EXPECT_NEAR(some[0][1].item<double>(), 1 / (1 + std::exp((0.2 - tau) / 0.1)), 1e-15);
  EXPECT_EQ(some[8][0].item<double>(), 0.5);
  EXPECT_TRUE(at::allclose(some.sum(1), at::ones({k_comparisons}, at::kDouble)));
  soft["method.pafo_dvao.softness"] = 1e-9;  // the limit: the side of tau alone, here the groups themselves
  const at::Tensor hard = group_membership("method.pafo_dvao", soft, facts, facts.training);
  EXPECT_TRUE(at::allclose(hard, own));
  facts.groups.push_back("third");
  EXPECT_THROW((void)group_membership("method.pafo_dvao", soft, facts, facts.training), UserError);
}

TEST(Membership, OfGroupsIsWhatTheSweepSays) {
  TrainingFacts facts = facts_of(false);
  const Settings settings = {{"method.pafo_dvao.membership", std::string("of_groups")}};
  EXPECT_THROW((void)group_membership("method.pafo_dvao", settings, facts, facts.training), UserError) << "hard groups";
  const at::Tensor own = group_membership(
      "method.pafo_dvao", {{"method.pafo_dvao.membership", std::string("own_group")}}, facts, facts.training);
  for (std::int64_t user = 0; user < facts.users; ++user) {
    const double small = user == 3 ? NAN : static_cast<double>(user) / 10;
    facts.user_membership.insert(facts.user_membership.end(), {1 - small, small});
  }
  const at::Tensor member = group_membership("method.pafo_dvao", settings, facts, facts.training);
  for (std::int64_t i = 0; i < member.size(0); ++i) {
    const auto user = facts.training.user[i].item<std::int64_t>();
    EXPECT_EQ(member[i][1].item<double>(), user == 3 ? own[i][1].item<double>() : static_cast<double>(user) / 10) << i;
    EXPECT_NEAR(member[i].sum().item<double>(), 1, 1e-15);
  }
}

/// Contexts of four candidates, of which the comparisons are about places 2, 0 and 3 in that order.
ComparisonFacts in_contexts() {
  ComparisonFacts facts = comparisons(true);
  facts.context_place = at::tensor({2, 0, 3}, at::kLong).unsqueeze(0).expand({k_comparisons, -1}).contiguous();
  facts.context_place.masked_fill_(facts.present.logical_not(), 0);
  facts.context_size = at::full({k_comparisons}, 4, at::kLong);
  return facts;
}

TEST(PafoDvao, OneHotMembershipGivesTheTeachersMarginOverItsDeviation) {
  std::mt19937 random(19);
  const ComparisonFacts facts = in_contexts();
  const at::Tensor rewards = context_rewards(
      facts, {random_tensor(random, {k_comparisons, 4}, 1.0), random_tensor(random, {k_comparisons, 4}, 2.0)},
      {1.0, 0.5});
  EXPECT_TRUE(rewards.gt(0).all().item<bool>() && rewards.lt(1).all().item<bool>());
  at::Tensor membership = at::zeros({k_comparisons, 2}, at::kDouble);
  membership.select(1, 1).fill_(1);
  const at::Tensor margins = advantage_margins(CombineRule::dvao, facts, rewards, membership);
  const at::Tensor own = rewards.select(2, 1);
  const at::Tensor deviation = (own - own.mean(1, true)).square().mean(1).sqrt();
  const at::Tensor expected =
      margins_to_best(own.gather(1, facts.context_place) / deviation.unsqueeze(1), facts.present);
  EXPECT_TRUE(at::allclose(margins, expected, 1e-12, 1e-12));
  EXPECT_TRUE(margins.abs().le(std::sqrt(8.0) + 1e-12).all().item<bool>()) << "sqrt(2 G)";
}

TEST(PafoDvao, RewardsDoNotDependOnAConstantAddedToAContext) {
  std::mt19937 random(20);
  const ComparisonFacts facts = in_contexts();
  const at::Tensor scores = random_tensor(random, {k_comparisons, 4}, 1.0);
  const at::Tensor shifted = scores + random_tensor(random, {k_comparisons, 1}, 5.0);
  EXPECT_TRUE(
      at::allclose(context_rewards(facts, {scores}, {1.3}), context_rewards(facts, {shifted}, {1.3}), 1e-9, 1e-12));
}

TEST(PafoDvao, TheRunningScaleIsTheFormula) {
  std::mt19937 random(21);
  const at::Tensor margin = random_tensor(random, {2, 3, 1, 5}, 1.0);
  at::Tensor membership = random_tensor(random, {2, 3, 5}, 1.0).abs();
  membership = membership / membership.sum(1, true);
  const at::Tensor scale = random_tensor(random, {2, 3}, 1.0).abs() + 0.1;
  const at::Tensor result = running_scale_margins(margin, membership, scale);
  for (std::int64_t k = 0; k < 2; ++k) {
    for (std::int64_t b = 0; b < 5; ++b) {
      double above = 0;
      double below = 0;
      for (std::int64_t g = 0; g < 3; ++g) {
        above += membership[k][g][b].item<double>() * margin[k][g][0][b].item<double>();
        below += membership[k][g][b].item<double>() * scale[k][g].item<double>();
      }
      EXPECT_NEAR(result[k][0][b].item<double>(), above / below, 1e-12);
    }
  }
  EXPECT_EQ(running_scale_margins(margin, membership, at::zeros({2, 3}, at::kDouble)).abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace fairsweep
