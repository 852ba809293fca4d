#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/importers/name_table.hpp"
#include "workers/data/importers/preference_builder.hpp"
#include "workers/data/text_digest.hpp"

namespace fairsweep {
namespace {

using testing::ElementsAre;
using testing_support::TemporaryFolder;

TEST(NameTable, NumbersLikeAMap) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  NameTable table;
  std::map<std::pair<int, std::string>, std::int32_t> twin;
  for (int draw = 0; draw < 50'000; ++draw) {
    const int space = static_cast<int>(random() % 5);
    std::string name = std::to_string(random() % 4000);
    name.resize(name.size() + random() % 3, 'x');
    if (random() % 100 == 0) {
      name = std::string(70'000, 'y') + name;
    }
    const auto known = twin.find({space, name});
    EXPECT_EQ(table.find(space, name), known == twin.end() ? -1 : known->second);
    const auto number = twin.emplace(std::pair(space, name), static_cast<std::int32_t>(twin.size())).first->second;
    ASSERT_EQ(table.number_of(space, name), number);
  }
  for (const auto& [key, number] : twin) {
    EXPECT_EQ(table.name(number), key.second);
    EXPECT_EQ(table.space(number), key.first);
  }
  EXPECT_EQ(table.size(), static_cast<std::int32_t>(twin.size()));
}

TEST(NameTable, ForgetsTheLast) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    NameTable table;
    std::vector<std::pair<int, std::string>> names;
    for (int step = 0; step < 3000; ++step) {
      if (random() % 10 == 0) {
        names.resize(names.size() - std::min<std::size_t>(names.size(), random() % 40));
        table.forget_from(static_cast<std::int32_t>(names.size()));
      } else {
        names.emplace_back(static_cast<int>(random() % 3), std::to_string(random()));
        ASSERT_EQ(table.number_of(names.back().first, names.back().second),
                  static_cast<std::int32_t>(names.size() - 1));
      }
      if (step % 100 == 99) {
        ASSERT_EQ(table.size(), static_cast<std::int32_t>(names.size()));
        for (std::size_t at = 0; at < names.size(); ++at) {
          ASSERT_EQ(table.find(names[at].first, names[at].second), static_cast<std::int32_t>(at));
        }
      }
    }
  }
}

FeatureBlock numbers_as_features(std::size_t width) {
  std::vector<std::string> names;
  for (std::size_t column = 0; column < width; ++column) {
    names.push_back("f" + std::to_string(column));
  }
  return {names, [width](std::int32_t number, float* values) {
            for (std::size_t column = 0; column < width; ++column) {
              values[column] = static_cast<float>(100 * number) + static_cast<float>(column);
            }
          }};
}

PreferenceData finished(PreferenceBuilder& builder, std::int32_t users, std::size_t width = 3) {
  PreferenceData data;
  for (std::int32_t user = 0; user < users; ++user) {
    data.user_names.push_back("u" + std::to_string(user));
  }
  builder.finish({numbers_as_features(width)}, data);
  builder.copy_columns(data);
  return data;
}

TEST(PreferenceBuilder, LaysContextsOutOneBehindTheOther) {
  PreferenceBuilder builder;
  const auto first = builder.context("x"), second = builder.context("y");
  const std::array pair{builder.candidate(second, "a"), builder.candidate(second, "b")};
  const std::array three{builder.candidate(first, "a"), builder.candidate(first, "c"), builder.candidate(first, "d")};
  const std::array again{pair[1], pair[0]};
  builder.add({.user = 1, .candidates = pair});
  builder.add({.user = 0, .candidates = three, .ranked = 2, .weight = 0.5F});
  builder.add({.user = 1, .candidates = again, .ranked = 0});
  (void)builder.context("nobody answered this");
  const PreferenceData data = finished(builder, 2);
  EXPECT_THAT(problems_of(data), testing::IsEmpty());
  EXPECT_THAT(data.context_names, ElementsAre("x", "y"));
  EXPECT_THAT(data.context_offset, ElementsAre(0, 3, 5));
  EXPECT_THAT(data.candidate_names, ElementsAre("a", "c", "d", "a", "b"));
  EXPECT_THAT(data.features, ElementsAre(200, 201, 202, 300, 301, 302, 400, 401, 402, 0, 1, 2, 100, 101, 102));
  EXPECT_THAT(data.comparison_user, ElementsAre(1, 0, 1));
  EXPECT_THAT(data.comparison_context, ElementsAre(1, 0, 1));
  EXPECT_THAT(data.comparison_offset, ElementsAre(0, 2, 5, 7));
  EXPECT_THAT(data.comparison_candidate, ElementsAre(3, 4, 0, 1, 2, 4, 3));
  EXPECT_THAT(data.comparison_ranked, ElementsAre(1, 2, 0));
  EXPECT_THAT(data.comparison_weight, ElementsAre(1, 0.5F, 1));
  EXPECT_THAT(data.comparison_repeat, ElementsAre(0, -1, 0)) << "the same question to the same user";
  EXPECT_TRUE(data.comparison_time.empty());
}

TEST(PreferenceBuilder, ForgetsWhatCameSinceTheMark) {
  const MappedAttribute mood{"mood", {"mood", {}}, {}};
  const std::string_view good = "good";
  const std::string_view bad = "bad";
  const auto build = [&](bool with_more) {
    PreferenceBuilder builder({mood});
    const std::int32_t x = builder.context("x");
    const std::array pair{builder.candidate(x, "a"), builder.candidate(x, "b")};
    builder.set_context_wording(x, "one");
    builder.add({.user = 0, .candidates = pair, .time = 5, .position = pair, .circumstances = {&good, 1}});
    builder.mark();
    if (with_more) {
      const std::int32_t y = builder.context("y");
      const std::array three{builder.candidate(y, "c"), builder.candidate(y, "d"), builder.candidate(y, "e")};
      builder.set_context_text(x, "why?");
      builder.set_candidate_text(three[1], "so");
      builder.set_context_wording(x, "other");
      builder.set_context_wording(y, "one");
      builder.add({.user = 0, .candidates = three, .ranked = 0, .weight = 3, .circumstances = {&bad, 1}});
      builder.forget();
    }
    const std::int32_t z = builder.context("z");
    const std::array again{builder.candidate(z, "b"), builder.candidate(z, "a")};
    builder.set_context_wording(z, "one");
    builder.set_context_text(z, "how?");
    builder.add({.user = 1, .candidates = again, .time = 6, .position = pair, .circumstances = {&good, 1}});
    EXPECT_EQ(builder.circumstances_of(1), (std::map<std::string, std::string>{{"mood", "good"}}));
    EXPECT_EQ(builder.time_of(1), 6);
    EXPECT_EQ(builder.weight_of(1), 1.0F);
    return finished(builder, 2);
  };
  EXPECT_EQ(build(true), build(false));
  EXPECT_EQ(build(true).comparison_time, (std::vector<std::int64_t>{5, 6}));
}

TEST(PreferenceBuilder, AgreesWithASlowTwinOnRandomComparisons) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  PreferenceBuilder builder;
  struct Act {
    std::int32_t user;
    int context;
    std::vector<int> items;
    std::int32_t ranked;
  };
  std::vector<Act> acts;
  std::vector<std::vector<std::string>> items_of(7);  // in order of appearance
  for (int row = 0; row < 3000; ++row) {
    Act act{static_cast<std::int32_t>(random() % 11), static_cast<int>(random() % 7), {}, 1};
    std::set<int> drawn;
    const std::size_t size = row < 500 ? 2 : 2 + random() % 3;
    while (act.items.size() < size) {
      const int item = static_cast<int>(random() % 9);
      if (drawn.insert(item).second) {
        act.items.push_back(item);
      }
    }
    act.ranked = static_cast<std::int32_t>(random() % size);
    const auto context = builder.context("c" + std::to_string(act.context));
    std::vector<std::int32_t> numbers;
    for (const int item : act.items) {
      const std::string name = "i" + std::to_string(item);
      numbers.push_back(builder.candidate(context, name));
      auto& known = items_of[static_cast<std::size_t>(act.context)];
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        known.push_back(name);
      }
    }
    builder.add({.user = act.user, .candidates = numbers, .ranked = act.ranked, .time = row});
    acts.push_back(act);
  }
  const PreferenceData data = finished(builder, 11, 5);
  EXPECT_THAT(problems_of(data), testing::IsEmpty());
  std::map<std::pair<std::int32_t, std::set<std::string>>, std::vector<std::size_t>> asked;
  for (std::size_t row = 0; row < acts.size(); ++row) {
    const auto context = static_cast<std::size_t>(data.comparison_context[row]);
    EXPECT_EQ(data.context_names[context], "c" + std::to_string(acts[row].context));
    std::set<std::string> question{data.context_names[context]};
    ASSERT_EQ(data.comparison_offset[row + 1] - data.comparison_offset[row], std::ssize(acts[row].items));
    for (std::size_t place = 0; place < acts[row].items.size(); ++place) {
      const auto candidate = data.comparison_candidate[static_cast<std::size_t>(data.comparison_offset[row]) + place];
      const std::string name = "i" + std::to_string(acts[row].items[place]);
      EXPECT_EQ(data.candidate_names[static_cast<std::size_t>(candidate)], name);
      const auto& known = items_of[static_cast<std::size_t>(acts[row].context)];
      EXPECT_EQ(candidate - data.context_offset[context], std::find(known.begin(), known.end(), name) - known.begin());
      question.insert(name);
    }
    asked[{acts[row].user, question}].push_back(row);
    EXPECT_EQ(data.comparison_ranked[row], acts[row].ranked);
    EXPECT_EQ(data.comparison_time[row], static_cast<std::int64_t>(row));
  }
  for (const auto& [question, rows] : asked) {
    for (const std::size_t row : rows) {
      EXPECT_EQ(data.comparison_repeat[row], rows.size() > 1 ? data.comparison_repeat[rows.front()] : -1);
      EXPECT_EQ(data.comparison_repeat[row] >= 0, rows.size() > 1);
    }
  }
}

TEST(PreferenceBuilder, WritesWhatItWouldHoldInMemory) {
  const TemporaryFolder folder;
  PreferenceBuilder builder;
  const auto context = builder.context("");
  for (int row = 0; row < 200'000; ++row) {
    const std::array pair{builder.candidate(context, "i" + std::to_string(row % 300)),
                          builder.candidate(context, "i" + std::to_string((row * 7 + 1) % 300))};
    if (pair[0] != pair[1]) {
      builder.add({.user = row % 1000, .candidates = pair});
    }
  }
  PreferenceData small;
  for (int user = 0; user < 1000; ++user) {
    small.user_names.push_back("u" + std::to_string(user));
  }
  builder.finish({numbers_as_features(2),
                  {{"g"}, [](std::int32_t number, float* value) { *value = -static_cast<float>(number); }}},
                 small);
  const PreferenceColumns columns = builder.columns();
  write_data_file(folder / "streamed.h5", small, columns);
  PreferenceData whole = small;
  builder.copy_columns(whole);
  EXPECT_THAT(problems_of(whole), testing::IsEmpty());
  EXPECT_EQ(digest_of(small, columns), digest_of(whole));
  EXPECT_EQ(read_data_file(folder / "streamed.h5"), whole);
  write_data_file(folder / "whole.h5", whole);
  EXPECT_EQ(testing_support::read_bytes(folder / "streamed.h5"), testing_support::read_bytes(folder / "whole.h5"));
}

TEST(PreferenceBuilder, OrdersCandidatesOfOtherWordingsAlike) {
  PreferenceBuilder builder;
  for (const std::string name : {"plain", "polite"}) {
    const auto context = builder.context(name);
    builder.set_context_wording(context, "question 1");
    const std::array pair{builder.candidate(context, name == "plain" ? "yes" : "no"),
                          builder.candidate(context, name == "plain" ? "no" : "yes")};
    builder.add({.user = 0, .candidates = pair});
  }
  const PreferenceData data = finished(builder, 1);
  EXPECT_THAT(problems_of(data), testing::IsEmpty());
  EXPECT_THAT(data.candidate_names, ElementsAre("no", "yes", "no", "yes"));
  EXPECT_THAT(data.context_wording, ElementsAre(0, 0));
  EXPECT_THAT(data.comparison_candidate, ElementsAre(1, 0, 2, 3));
}

TEST(TextDigest, SeesThroughWhiteSpaceAlone) {
  EXPECT_EQ(text_digest(" a  b\n"), text_digest("a b"));
  EXPECT_NE(text_digest("ab"), text_digest("a b"));
  EXPECT_EQ(text_digest(" \n\t"), 0U);
  // The first 8 bytes of the SHA-256 of "a b", little-endian: printf 'a b' | sha256sum
  EXPECT_EQ(text_digest("a b"), 0xd26e5daa087a68c8U);
}

}  // namespace
}  // namespace fairsweep
