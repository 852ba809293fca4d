#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/workers/data/judgements.hpp"
#include "tests/workers/data/sample_data.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/description/describe_data.hpp"
#include "workers/data/generators/draw_links.hpp"
#include "workers/data/generators/generate_typed_people.hpp"
#include "workers/data/importers/import_links.hpp"

namespace fairsweep {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing_support::refusal;
using testing_support::sample_data;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

TEST(Links, AreInTheDigestOnlyWhereThereAreAny) {
  PreferenceData data = sample_data();
  const std::string without = digest_of(data);
  data.user_links = {{0}, {1}, {}};
  const std::string with = digest_of(data);
  EXPECT_NE(with, without);
  data.user_links = {{1}, {0}, {}};
  EXPECT_NE(digest_of(data), with) << "who listens to whom matters";
  data.user_links = {{0}, {1}, {1}};
  EXPECT_NE(digest_of(data), with);
  data.user_links = {};
  EXPECT_EQ(digest_of(data), without);
}

TEST(DrawLinks, ReachSoManyDifferentOthersOfOnesTypeAsOftenAsAsked) {
  constexpr std::size_t k_people = 1000;
  std::vector<std::size_t> type(k_people);
  for (std::size_t person = 0; person < k_people; ++person)
    type[person] = person % 10 == 0 ? 1 : 0;  // a tenth
  for (const double homophily : {0.0, 0.6, 1.0}) {
    const UserLinks links = draw_links(type, 5, homophily, 3);
    ASSERT_EQ(links.count(), 5000);
    EXPECT_THAT(links.weight, IsEmpty());
    std::set<std::pair<std::int32_t, std::int32_t>> different;
    double within = 0, of_the_few = 0;
    for (std::size_t row = 0; row < 5000; ++row) {
      EXPECT_EQ(links.from[row], static_cast<std::int32_t>(row / 5));
      EXPECT_NE(links.from[row], links.to[row]);
      different.emplace(links.from[row], links.to[row]);
      const bool same =
          type[static_cast<std::size_t>(links.from[row])] == type[static_cast<std::size_t>(links.to[row])];
      within += same ? 1 : 0;
      of_the_few += same && type[static_cast<std::size_t>(links.from[row])] == 1 ? 1 : 0;
    }
    EXPECT_EQ(different.size(), 5000U);
    // h + (1 - h) p, but for the few links that find somebody already linked.
    const double many = homophily + (1 - homophily) * 0.9;
    const double few = homophily + (1 - homophily) * 0.1;
    EXPECT_NEAR(of_the_few / 500, few, 0.01 + 4 * std::sqrt(few * (1 - few) / 500)) << "seed 3";
    EXPECT_NEAR((within - of_the_few) / 4500, many, 0.01 + 4 * std::sqrt(many * (1 - many) / 4500)) << "seed 3";
  }
}

TEST(DrawLinks, GoToAnybodyWhereNobodyAlikeIsLeft) {
  const UserLinks links = draw_links({0, 0, 1, 1, 1, 1, 1}, 3, 1, 1);
  EXPECT_EQ(links.to[0] == 1 || links.to[1] == 1 || links.to[2] == 1, true) << "the one who is alike comes first";
  EXPECT_EQ(links.count(), 21);
}

TEST(TypedPeople, MayBeLinked) {
  TypedPeopleRecipe recipe;
  const PreferenceData alone = generate_typed_people(recipe).data;
  recipe.links = 4;
  recipe.homophily = 0.9;
  PreferenceData linked = generate_typed_people(recipe).data;
  EXPECT_THAT(problems_of(linked), IsEmpty());
  EXPECT_EQ(linked.user_links.count(), 1200);
  EXPECT_THAT(linked.about.at("recipe"), HasSubstr(" --temperature 0.5 --links 4 --homophily 0.9 --seed 1"));
  const LinkAgreement links = *describe_data(linked).links;
  EXPECT_EQ(links.people, 300);
  EXPECT_GT(links.linked_agreement, links.unlinked_agreement + 0.1) << "people of a type agree";
  linked.user_links = {};
  linked.about = alone.about;
  EXPECT_EQ(linked, alone) << "links change nothing else";
  recipe.links = 150;
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)generate_typed_people(recipe); }),
              HasSubstr("--links is 150; it must be from 0 to 149: half of the others"));
  recipe.links = 1;
  recipe.homophily = 1.5;
  EXPECT_THAT(refusal(ExitCode::configuration, [&] { (void)generate_typed_people(recipe); }),
              HasSubstr("--homophily is 1.5; it must be from 0 to 1"));
}

/// The same number by looking at every two comparisons of every two people.
std::pair<double, double> agreement_the_slow_way(const PreferenceData& data, bool wants_linked) {
  std::set<std::pair<std::int32_t, std::int32_t>> linked;
  for (std::size_t row = 0; row < data.user_links.from.size(); ++row) {
    linked.emplace(data.user_links.from[row], data.user_links.to[row]);
    linked.emplace(data.user_links.to[row], data.user_links.from[row]);
  }
  double agreeing = 0, count = 0;
  const auto users = static_cast<std::int32_t>(data.user_count());
  for (std::int32_t one = 0; one < users; ++one) {
    for (std::int32_t other = 0; other < one; ++other) {
      if (linked.contains({one, other}) != wants_linked)
        continue;
      for (std::int64_t low = 0; low < data.candidate_count; ++low) {
        for (std::int64_t high = low + 1; high < data.candidate_count; ++high) {
          const auto share = [&](std::int32_t person) {
            double votes = 0, prefers = 0;
            for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
              const auto begin = data.comparison_candidate.begin() + data.comparison_offset[row];
              if (data.comparison_user[row] == person &&
                  std::set<std::int64_t>{begin[0], begin[1]} == std::set<std::int64_t>{low, high}) {
                votes += 1;
                prefers += begin[0] == low ? 1 : 0;
              }
            }
            return votes == 0 ? std::nan("") : prefers / votes;
          };
          const double m = share(one), w = share(other);
          if (!std::isnan(m) && !std::isnan(w)) {
            agreeing += m * w + (1 - m) * (1 - w);
            count += 1;
          }
        }
      }
    }
  }
  return {agreeing / count, count};
}

TEST(LinkAgreement, IsThatOfEveryTwoPeople) {
  TypedPeopleRecipe recipe;
  recipe.users = 12;
  recipe.contexts = 6;
  recipe.candidates = 2;
  recipe.comparisons_per_user = 5;
  recipe.links = 2;
  PreferenceData data = generate_typed_people(recipe).data;
  data.comparison_user[7] = data.comparison_user[0];  // somebody answers more than once
  data.comparison_context[7] = data.comparison_context[0];
  data.comparison_candidate[14] = data.comparison_candidate[1];
  data.comparison_candidate[15] = data.comparison_candidate[0];
  const LinkAgreement links = *describe_data(data).links;
  const auto [linked, linked_pairs] = agreement_the_slow_way(data, true);
  const auto [unlinked, unlinked_pairs] = agreement_the_slow_way(data, false);
  EXPECT_NEAR(links.linked_agreement, linked, 1e-12);
  EXPECT_NEAR(links.unlinked_agreement, unlinked, 1e-12);
  EXPECT_EQ(static_cast<double>(links.linked_answer_pairs), linked_pairs);
  EXPECT_EQ(static_cast<double>(links.unlinked_answer_pairs), unlinked_pairs);
}

TEST(LinkAgreement, IsDescribedWhereThereAreLinks) {
  PreferenceData data = sample_data();
  EXPECT_FALSE(nlohmann::json::parse(describe_json(describe_data(data))).contains("links"));
  data.user_links = {{0, 0}, {1, 2}, {0.5F, 1}};
  const auto json = nlohmann::json::parse(describe_json(describe_data(data))).at("links");
  EXPECT_EQ(json.at("links"), 2);
  EXPECT_EQ(json.at("people"), 1);
  EXPECT_EQ(json.at("weighted"), true);
  EXPECT_DOUBLE_EQ(json.at("share_of_people"), 1.0 / 3);
  EXPECT_THAT(describe_text(describe_data(data)),
              HasSubstr("\nlinks          2 links, weighted, from 1 person (33.3 %)"));
}

class ImportLinks : public testing::Test {
 protected:
  ImportedLinks read(const std::string& text, const std::string& name = "links.csv") {
    write_bytes(folder_ / name, text);
    data_ = sample_data();
    return add_links(folder_ / name, data_);
  }
  std::string refused(const std::string& text, ExitCode code = ExitCode::file) {
    return refusal(code, [&] { (void)read(text); });
  }
  TemporaryFolder folder_;
  PreferenceData data_;
};

TEST_F(ImportLinks, FollowNamesInEitherOrderOfColumns) {
  EXPECT_EQ(read("to,from,weight,since\nann,cy,0.5,2001\nbé,ann,2,2002\nzoe,ann,1,2003\n").kept, 2);
  EXPECT_THAT(data_.user_links.from, ElementsAre(0, 2)) << "sorted";
  EXPECT_THAT(data_.user_links.to, ElementsAre(1, 0));
  EXPECT_THAT(data_.user_links.weight, ElementsAre(2.0F, 0.5F));
  EXPECT_THAT(problems_of(data_), IsEmpty());
  EXPECT_EQ(data_.about.at("links"), "links.csv");
  EXPECT_EQ(data_.about.at("links sha256").size(), 64U);
  EXPECT_EQ(data_.about.at("links of strangers left out"), "1");
  EXPECT_EQ(read("from\tto\nann\tcy\n", "links.tsv").kept, 1);
  EXPECT_THAT(data_.user_links.weight, IsEmpty());
  EXPECT_FALSE(data_.about.contains("links of strangers left out"));
}

TEST_F(ImportLinks, WrongRowsAreNamed) {
  EXPECT_THAT(refused("from,to\nann,cy\nann,ann\n"), EndsWith("links.csv:3: links \"ann\" to himself"));
  EXPECT_THAT(refused("from,to\nann,cy\nann,cy\n"), EndsWith(":3: links \"ann\" to \"cy\", which line 2 does, too"));
  EXPECT_THAT(refused("from,to\nann,\n"), EndsWith(":2: from and to must name a person each"));
  EXPECT_THAT(refused("from,to,weight\nann,cy,0\n"), EndsWith(":2: weight is \"0\"; it must be a number above 0"));
  EXPECT_THAT(refused("from,to,weight\nann,cy,1e-60\n"), HasSubstr("must be a number above 0"))
      << "it is 0 as a float32";
  EXPECT_THAT(refused("from,to,weight\nann,cy,1e60\n"), HasSubstr("must be a number above 0"));
  EXPECT_THAT(refused("from,to\n"), EndsWith("no row links two people of the data; it has none"));
  EXPECT_THAT(refused("from,to\nann,zoe\n"), EndsWith("1 name others: names must be written as in the other files"));
  EXPECT_THAT(refused("form,to\nann,cy\n", ExitCode::configuration),
              AllOf(HasSubstr("there is no column \"from\"; did you mean \"form\"?"), EndsWith("there are form, to")));
}

}  // namespace
}  // namespace fairsweep
