// Time, texts, fitted features, strata, unseen users and imbalance.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/data/planted_people.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/people/resolve_people.hpp"
#include "workers/data/splits/imbalance.hpp"
#include "workers/data/splits/same_texts.hpp"
#include "workers/data/splits/split.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_support::planted_people;
using testing_support::refusal;

GroupSettings by_block() {
  GroupSettings settings;
  settings.attribute = "block";
  return settings;
}

SplitSettings split_by(const std::string& by) {
  SplitSettings settings;
  settings.by = by;
  return settings;
}

SplitRecipe recipe_by(const std::string& by, std::uint64_t seed) { return {by, 0.6, 0.2, 0.2, 0, seed}; }

PreferenceData sample(unsigned seed) {
  return planted_people({.people = {40, 25}, .contexts = 50, .answers = 15, .seed = seed}).data;
}

std::string refused(PreferenceData data, const SplitSettings& split, std::uint64_t seed = 1) {
  return refusal(ExitCode::configuration, [&] { (void)resolve_people(data, by_block(), split, seed); });
}

class SplitOptions : public testing::TestWithParam<unsigned> {};

TEST_P(SplitOptions, ByTimeTrainingIsOlderThanEverythingHeldOut) {
  std::mt19937 random(GetParam());
  PreferenceData data = sample(GetParam());
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    data.comparison_time.push_back(static_cast<std::int64_t>(random() % 40) - 20);
    data.comparison_repeat[row] = random() % 5 == 0 ? static_cast<std::int32_t>(random() % 50) : -1;
  }
  const auto split = deal_comparisons(data, recipe_by("time", 1), {});
  EXPECT_EQ(split, deal_comparisons(data, recipe_by("time", 2), {})) << "nothing is random";
  std::map<std::int32_t, std::int64_t> last;
  for (std::size_t row = 0; row < split.size(); ++row) {
    auto& time = last.emplace(data.comparison_repeat[row], data.comparison_time[row]).first->second;
    time = std::max(time, data.comparison_time[row]);
  }
  std::map<Split, std::pair<std::int64_t, std::int64_t>> range;
  for (std::size_t row = 0; row < split.size(); ++row) {
    const std::int64_t time =
        data.comparison_repeat[row] < 0 ? data.comparison_time[row] : last.at(data.comparison_repeat[row]);
    auto& [low, high] = range.emplace(split[row], std::pair(time, time)).first->second;
    low = std::min(low, time);
    high = std::max(high, time);
  }
  EXPECT_LT(range.at(Split::train).second, range.at(Split::validation).first) << "seed " << GetParam();
  EXPECT_LT(range.at(Split::validation).second, range.at(Split::test).first) << "seed " << GetParam();
}

TEST_P(SplitOptions, UnseenUsersAreNeverTrainedOn) {
  PreferenceData data = sample(GetParam());
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row)
    data.comparison_time.push_back(static_cast<std::int64_t>(row * 7919 % 1000));
  for (const char* by : {"context", "comparison", "time"}) {
    SplitSettings settings = split_by(by);
    settings.unseen_users = 0.2;
    PreferenceData copy = data;
    const People people = resolve_people(copy, by_block(), settings, GetParam());
    std::map<std::int32_t, std::set<Split>> parts;
    for (std::size_t row = 0; row < people.split.size(); ++row)
      parts[data.comparison_user[row]].insert(people.split[row]);
    std::map<std::int32_t, int> unseen;
    for (const auto& [user, in] : parts) {
      EXPECT_EQ(people.in_training[static_cast<std::size_t>(user)] != 0, in.contains(Split::train));
      if (in.contains(Split::train))
        continue;
      ++unseen[people.group[static_cast<std::size_t>(user)]];
      if (std::string(by) == "comparison") {
        EXPECT_EQ(in.size(), 1U) << "whole to validation or test";
      }
    }
    EXPECT_EQ(unseen[0], 8) << by << ", seed " << GetParam();  // 0.2 of 40
    EXPECT_EQ(unseen[1], 5) << by << ", seed " << GetParam();  // 0.2 of 25
    // Those who are seen are dealt as without the option, except that unseen people's training is not used.
    SplitSettings plain = split_by(by);
    const People without = resolve_people(copy, by_block(), plain, GetParam());
    for (std::size_t row = 0; row < people.split.size(); ++row) {
      if (people.in_training[static_cast<std::size_t>(data.comparison_user[row])] != 0) {
        EXPECT_EQ(people.split[row], without.split[row]);
      }
    }
  }
}

TEST_P(SplitOptions, StratifiedPartsHaveTheSharesOfTheirGroups) {
  PreferenceData data = sample(GetParam());
  SplitRecipe recipe = recipe_by("comparison", GetParam());
  recipe.stratified = true;
  const auto& group = data.user_attributes.at("block").codes;
  const auto split = deal_comparisons(data, recipe, group);
  std::map<std::pair<std::int32_t, Split>, double> count;
  for (std::size_t row = 0; row < split.size(); ++row)
    ++count[{group[static_cast<std::size_t>(data.comparison_user[row])], split[row]}];
  EXPECT_NEAR((count[{0, Split::test}]), 0.2 * 600, 1) << "seed " << GetParam();
  EXPECT_NEAR((count[{1, Split::test}]), 0.2 * 375, 1) << "seed " << GetParam();
  EXPECT_NEAR((count[{1, Split::train}]), 0.6 * 375, 1) << "seed " << GetParam();

  recipe.by = "context";
  const auto by_context = deal_comparisons(data, recipe, group);
  std::map<std::int32_t, std::set<Split>> parts;
  std::map<std::int32_t, std::array<int, 2>> answers;
  for (std::size_t row = 0; row < split.size(); ++row) {
    parts[data.comparison_context[row]].insert(by_context[row]);
    ++answers[data.comparison_context[row]]
             [static_cast<std::size_t>(group[static_cast<std::size_t>(data.comparison_user[row])])];
  }
  std::map<bool, std::array<int, 3>> contexts;
  for (const auto& [context, in] : parts) {
    ASSERT_EQ(in.size(), 1U);
    ++contexts[answers[context][1] > answers[context][0]][static_cast<std::size_t>(*in.begin())];
  }
  for (const auto& [stratum, counts] : contexts) {
    const int n = counts[0] + counts[1] + counts[2];
    EXPECT_NEAR(counts[0], 0.6 * n, n < 5 ? 2 : 1) << "seed " << GetParam();
  }
}

TEST_P(SplitOptions, TextsThatAreTheSameAreDealtAsOne) {
  std::mt19937 random(GetParam());
  PreferenceData data = sample(GetParam());
  const auto contexts = static_cast<std::size_t>(data.context_count());
  data.context_text.assign(contexts, 0);
  data.context_wording.assign(contexts, -1);
  data.candidate_text.assign(static_cast<std::size_t>(data.candidate_count), 0);
  for (std::size_t context = 0; context < contexts; ++context) {
    data.context_text[context] = random() % 3 == 0 ? 0 : 1 + random() % 40;
    if (random() % 6 == 0)
      data.context_wording[context] = static_cast<std::int32_t>(random() % 6);
    data.candidate_text[2 * context] = random() % 2 == 0 ? 0 : 1 + random() % 60;
  }
  // Slow twin: the smallest of the contexts that can be reached.
  std::vector<std::int32_t> first(contexts);
  for (std::size_t context = 0; context < contexts; ++context)
    first[context] = static_cast<std::int32_t>(context);
  const auto alike = [&](std::size_t a, std::size_t b) {
    if (data.context_text[a] != 0 && data.context_text[a] == data.context_text[b])
      return true;
    if (data.context_wording[a] >= 0 && data.context_wording[a] == data.context_wording[b])
      return true;
    return data.context_text[a] == 0 && data.context_text[b] == 0 && data.candidate_text[2 * a] != 0 &&
           data.candidate_text[2 * a] == data.candidate_text[2 * b];
  };
  for (std::size_t round = 0; round < contexts; ++round) {
    for (std::size_t a = 0; a < contexts; ++a) {
      for (std::size_t b = 0; b < contexts; ++b) {
        if (alike(a, b))
          first[a] = first[b] = std::min(first[a], first[b]);
      }
    }
  }
  EXPECT_EQ(contexts_that_ask_the_same(data), first) << "seed " << GetParam();
  SplitSettings settings = split_by("context");
  EXPECT_THAT(refused(data, settings, GetParam()), HasSubstr("set data.split.same_text: together"));
  settings.same_text = "together";
  const People people = resolve_people(data, by_block(), settings, GetParam());
  std::map<std::int32_t, std::set<Split>> parts;
  for (std::size_t row = 0; row < people.split.size(); ++row)
    parts[first[static_cast<std::size_t>(data.comparison_context[row])]].insert(people.split[row]);
  for (const auto& [unit, in] : parts)
    EXPECT_EQ(in.size(), 1U) << "seed " << GetParam() << ", unit " << unit;
  EXPECT_NO_THROW(refuse_same_texts(data, people.split));
  settings.same_text = "allow";
  PreferenceData copy = data, plain = sample(GetParam());
  EXPECT_EQ(resolve_people(copy, by_block(), settings, GetParam()).split,
            resolve_people(plain, by_block(), split_by("context"), GetParam()).split);
}

TEST_P(SplitOptions, ContextsThatFeaturesWereFittedOnAreTrainedOn) {
  std::mt19937 random(GetParam());
  PreferenceData data = sample(GetParam());
  for (std::int64_t context = 0; context < data.context_count(); ++context)
    data.context_fitted.push_back(random() % 2 == 0 ? 1 : 0);
  const People people = resolve_people(data, by_block(), split_by("context"), GetParam());
  std::set<std::int32_t> trained;
  for (std::size_t row = 0; row < people.split.size(); ++row) {
    const std::int32_t context = data.comparison_context[row];
    if (people.split[row] == Split::train)
      trained.insert(context);
    else
      EXPECT_EQ(data.context_fitted[static_cast<std::size_t>(context)], 0) << "seed " << GetParam();
  }
  EXPECT_EQ(trained.size(), 35U) << "0.7 of 50 all the same";
  data.context_fitted.assign(50, 1);
  EXPECT_EQ(refused(data, split_by("context")),
            "data.split: the features were fitted on 50 of 50 contexts, and training gets 35; set data.split.train to "
            "1.000 or more, or import the data again with a smaller --fit-share");
  // By user, a context that only held-out people answered must not have been fitted.
  for (std::size_t row = 0; row < data.comparison_context.size(); ++row) {
    if (data.comparison_context[row] == 3 && people.split[row] != Split::unused)
      data.comparison_user[row] = 0;
  }
  const auto by_user = deal_comparisons(data, recipe_by("user", GetParam()), {});
  const bool held_out =
      by_user[static_cast<std::size_t>(std::find(data.comparison_user.begin(), data.comparison_user.end(), 0) -
                                       data.comparison_user.begin())] != Split::train;
  if (held_out) {
    EXPECT_THAT(refusal(ExitCode::configuration, [&] { refuse_fitted_on_held_out(data, by_user, "user"); }),
                HasSubstr("use data.split.by: context"));
  } else {
    EXPECT_NO_THROW(refuse_fitted_on_held_out(data, by_user, "user"));
  }
}

TEST_P(SplitOptions, ImbalanceKeepsTheProportionAndTouchesTrainingOnly) {
  PreferenceData data = sample(GetParam());
  for (const char* by : {"user", "comparison"}) {
    SplitSettings settings = split_by(by);
    const People before = resolve_people(data, by_block(), settings, GetParam());
    settings.imbalance = {"block 0=4", "block 1=1"};
    const People after = resolve_people(data, by_block(), settings, GetParam());
    std::array<std::set<std::int32_t>, 2> was, is;
    for (std::size_t row = 0; row < before.split.size(); ++row) {
      const std::int32_t user = data.comparison_user[row];
      const auto group = static_cast<std::size_t>(before.group[static_cast<std::size_t>(user)]);
      if (before.split[row] != Split::train) {
        EXPECT_EQ(after.split[row], before.split[row]);
        continue;
      }
      was[group].insert(user);
      EXPECT_TRUE(after.split[row] == Split::train || after.split[row] == Split::unused);
      if (after.split[row] == Split::train)
        is[group].insert(user);
    }
    EXPECT_EQ(is[0], was[0]) << "nobody of the scarcest for its number is left out";
    EXPECT_EQ(is[1].size(), was[0].size() / 4) << by << ", seed " << GetParam();
    EXPECT_EQ(std::stoul(after.how.at("left out of training by imbalance, block 1")), was[1].size() - is[1].size());
    EXPECT_EQ(after.group, before.group);
    for (std::size_t user = 0; user < before.support.size(); ++user) {
      EXPECT_EQ(std::isnan(after.support[user]), std::isnan(before.support[user]));
      if (!std::isnan(before.support[user])) {
        EXPECT_EQ(after.support[user], before.support[user]) << "measured before anybody was left out";
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SplitOptions, testing::Range(0U, 12U));

TEST(SplitOptionsRefuse, WhatCannotBe) {
  const PreferenceData data = sample(1);
  EXPECT_EQ(refused(data, split_by("time")),
            "data.split: by is time, but the data do not say when anybody answered (/comparisons/time); use by: "
            "comparison");
  SplitSettings few = split_by("comparison");
  few.unseen_users = 0.001;
  EXPECT_EQ(refused(data, few),
            "data.split: unseen_users is 0.001, which of 65 users keeps out nobody; give a larger share");
  PreferenceData at_once = data;
  at_once.comparison_time.assign(at_once.comparison_user.size(), 5);
  EXPECT_THAT(refused(at_once, split_by("time")), HasSubstr("there are too few different times"));
  SplitSettings lopsided = split_by("user");
  lopsided.imbalance = {"block 0=2", "blok 1=1"};
  EXPECT_THAT(refused(data, lopsided), HasSubstr("there is no group \"blok 1\"; did you mean \"block 1\"?"));
  lopsided.imbalance = {"block 0=2", "block 0=1"};
  EXPECT_THAT(refused(data, lopsided), HasSubstr("the group \"block 0\" is named twice"));
  lopsided.imbalance = {"block 0=2", "block 1=-1"};
  EXPECT_THAT(refused(data, lopsided), HasSubstr("not of the form group=number"));
  lopsided.imbalance = {"block 0=2"};
  EXPECT_THAT(refused(data, lopsided), HasSubstr("name at least two groups"));
}

TEST(SameTexts, TheMessageNamesAnExample) {
  PreferenceData data = sample(2);
  data.context_text.assign(50, 0);
  for (std::int64_t context = 0; context < 50; ++context)
    data.context_names.push_back("q" + std::to_string(context));
  const auto split = deal_comparisons(data, recipe_by("context", 1), {});
  std::int32_t trained = -1, held_out = -1;
  for (std::size_t row = 0; row < split.size(); ++row)
    (split[row] == Split::train ? trained : held_out) = data.comparison_context[row];
  data.context_text[static_cast<std::size_t>(trained)] = 77;
  data.context_text[static_cast<std::size_t>(held_out)] = 77;
  std::set<std::int32_t> held_contexts;
  for (std::size_t row = 0; row < split.size(); ++row) {
    if (split[row] == Split::validation || split[row] == Split::test)
      held_contexts.insert(data.comparison_context[row]);
  }
  const std::size_t held = held_contexts.size();
  EXPECT_EQ(refusal(ExitCode::configuration, [&] { refuse_same_texts(data, split); }),
            "data.split: 1 of the " + std::to_string(held) +
                " contexts held out ask what a training context asks, for example \"q" + std::to_string(trained) +
                "\" and \"q" + std::to_string(held_out) +
                "\" have the same text; set data.split.same_text: together to deal such contexts as one, or allow");
  data.context_fitted.assign(50, 0);
  data.context_fitted[static_cast<std::size_t>(held_out)] = 1;
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { refuse_same_texts(data, split); }),
              testing::EndsWith("then import the data again with a smaller --fit-share"));
}

}  // namespace
}  // namespace fairsweep
