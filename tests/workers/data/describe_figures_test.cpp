// What is known of two published data sets, from their files: votes and groups of ukpconvarg, conflict of hanna.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/random/philox.hpp"
#include "tests/workers/data/judgements.hpp"
#include "workers/data/description/conflict.hpp"
#include "workers/data/description/describe_data.hpp"

namespace fairsweep {
namespace {

using testing_support::judged;
using testing_support::say;

std::filesystem::path data_file(const std::string& name) {
  const char* folder = std::getenv("FAIRSWEEP_DATA");
  const std::filesystem::path file = std::filesystem::path(folder == nullptr ? "" : folder) / name;
  return folder != nullptr && std::filesystem::exists(file) ? file : std::filesystem::path();
}

/// The first `columns` cells of each line but the first; these files quote none of them.
std::vector<std::vector<std::string>> cells_of(const std::filesystem::path& file, std::size_t columns) {
  std::vector<std::vector<std::string>> rows;
  const gzFile input = gzopen(file.c_str(), "rb");
  if (input == nullptr) {
    return rows;
  }
  std::vector<char> buffer(1U << 20U);
  while (gzgets(input, buffer.data(), static_cast<int>(buffer.size())) != nullptr) {
    std::string line(buffer.data());
    line.erase(line.find_last_not_of("\r\n") + 1);
    std::vector<std::string> cells;
    std::size_t begin = 0;
    while (cells.size() < columns && begin != std::string::npos) {
      const std::size_t end = line.find(',', begin);
      cells.push_back(line.substr(begin, end == std::string::npos ? end : end - begin));
      begin = end == std::string::npos ? end : end + 1;
    }
    rows.push_back(std::move(cells));
  }
  gzclose(input);
  rows.erase(rows.begin());
  return rows;
}

TEST(UkpConvArg, HasTheVotesAndStancesOfItsReadme) {
  const auto annotations = data_file("ukpconvarg/annotations.csv.gz");
  if (annotations.empty()) {
    GTEST_SKIP() << "FAIRSWEEP_DATA does not name a folder with ukpconvarg/annotations.csv.gz";
  }
  std::map<std::string, std::int64_t> rows;  // "context candidate"; each topic is a context
  std::map<std::string, std::vector<std::string>> topics;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& cells : cells_of(data_file("ukpconvarg/pairs.csv.gz"), 4)) {
    for (const std::size_t side : {2U, 3U}) {
      if (rows.emplace(cells[1] + ' ' + cells[side], 0).second) {
        topics[cells[1]].push_back(cells[side]);
      }
    }
    pairs.emplace_back(cells[1] + ' ' + cells[2], cells[1] + ' ' + cells[3]);
  }
  std::vector<std::int64_t> sizes;
  std::int64_t next = 0;
  for (const auto& [topic, arguments] : topics) {
    sizes.push_back(std::ssize(arguments));
    for (const std::string& argument : arguments) {
      rows[topic + ' ' + argument] = next++;
    }
  }
  PreferenceData data = judged(3815, sizes);
  Attribute stance{{"same", "none", "opposite"}, {}};
  for (const auto& cells : cells_of(annotations, 4)) {
    const auto& [first, second] = pairs[std::stoul(cells[0])];
    const bool second_is_better = cells[2] == "a2";
    say(data, std::stoi(cells[1]), {rows[second_is_better ? second : first], rows[second_is_better ? first : second]},
        cells[2] == "equal" ? 0 : 1);
    stance.codes.push_back(cells[3] == "same" ? 0 : (cells[3] == "none" ? 1 : (cells[3] == "opposite" ? 2 : -1)));
  }
  data.comparison_attributes["stance"] = stance;
  const DataDescription found = describe_data(data);
  EXPECT_EQ(found.comparisons, 84'445);
  EXPECT_EQ(found.users, 3'815);
  EXPECT_EQ(found.users_without_comparisons, 0);
  EXPECT_EQ(found.pairs, 32'849 + 32'491);
  EXPECT_EQ(found.ties, 19'105);
  EXPECT_EQ(found.votes.pairs, 16'927);
  EXPECT_EQ(found.votes.votes, 84'445) << "nobody judged a pair twice";
  EXPECT_EQ(found.votes.ties, 19'105);
  EXPECT_EQ(found.votes.least_per_pair, 4);
  EXPECT_EQ(found.votes.most_per_pair, 5);
  ASSERT_EQ(found.attributes.size(), 1U);
  EXPECT_EQ(found.attributes[0].groups[0].comparisons, 17'088);
  EXPECT_EQ(found.attributes[0].groups[1].comparisons, 15'001);
  EXPECT_EQ(found.attributes[0].groups[2].comparisons, 11'817);
  EXPECT_EQ(found.attributes[0].unknown_comparisons, 40'539);
  EXPECT_EQ(found.consistency, SelfConsistency()) << "nothing was asked twice";
  EXPECT_NE(describe_text(found).find("cannot be known"), std::string::npos);
}

/// The six human criteria of 96 prompts x 11 stories, [stories][criteria], prompt by prompt, times 3 so that they are
/// whole numbers and ties are exact.
std::vector<std::vector<double>> hanna_scores() {
  const auto file = data_file("hanna/hanna_tidy.csv.gz");
  std::map<int, std::vector<std::vector<double>>> prompts;
  if (!file.empty()) {
    for (const auto& cells : cells_of(file, 8)) {
      auto& row = prompts[std::stoi(cells[0])].emplace_back();
      for (std::size_t at = 2; at < 8; ++at) {
        row.push_back(std::round(3 * std::stod(cells[at])));
      }
    }
  }
  std::vector<std::vector<double>> scores;
  for (const auto& [prompt, stories] : prompts) {
    scores.insert(scores.end(), stories.begin(), stories.end());
  }
  return scores;
}

/// One person for each of `scores_of`, who answers all pairs of stories of a prompt by his score; none where it ties.
PreferenceData hanna_people(const std::vector<std::function<double(std::size_t)>>& scores_of) {
  PreferenceData data = judged(std::ssize(scores_of), std::vector<std::int64_t>(96, 11));
  for (std::size_t user = 0; user < scores_of.size(); ++user) {
    for (std::int64_t context = 0; context < 96; ++context) {
      for (std::int64_t one = 11 * context; one < 11 * context + 11; ++one) {
        for (std::int64_t other = one + 1; other < 11 * context + 11; ++other) {
          const double gap =
              scores_of[user](static_cast<std::size_t>(one)) - scores_of[user](static_cast<std::size_t>(other));
          if (std::fabs(gap) > 1e-9) {
            data.comparison_context.push_back(static_cast<std::int32_t>(context));
            data.comparison_user.push_back(static_cast<std::int32_t>(user));
            data.comparison_candidate.push_back(gap > 0 ? one : other);
            data.comparison_candidate.push_back(gap > 0 ? other : one);
            data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
            data.comparison_ranked.push_back(1);
          }
        }
      }
    }
  }
  return data;
}

TEST(Hanna, RelevanceAgainstSurprise) {
  const auto scores = hanna_scores();
  if (scores.empty()) {
    GTEST_SKIP() << "FAIRSWEEP_DATA does not name a folder with hanna/hanna_tidy.csv.gz";
  }
  const PreferenceData data = hanna_people(
      {[&](std::size_t story) { return scores[story][0]; }, [&](std::size_t story) { return scores[story][3]; }});
  const std::vector<std::int32_t> side = {0, 1};
  const ConflictMatrix matrix = conflict_between(PairVotes(data), VoteGroups::by_user(side), 2);
  EXPECT_EQ(matrix.at(0, 1).shared, 4014);
  EXPECT_EQ(matrix.at(0, 1).opposite, 1389) << "34.6 %";
}

/// Disagreement of people whose weights of the standardised criteria are Dirichlet(alpha).
double hanna_disagreement(std::vector<std::vector<double>> scores, double alpha, std::uint32_t people) {
  for (std::size_t criterion = 0; criterion < 6; ++criterion) {
    double mean = 0, square = 0;
    for (const auto& row : scores) {
      mean += row[criterion] / static_cast<double>(scores.size());
    }
    for (const auto& row : scores) {
      square += (row[criterion] - mean) * (row[criterion] - mean) / static_cast<double>(scores.size());
    }
    for (auto& row : scores) {
      row[criterion] = (row[criterion] - mean) / std::sqrt(square);
    }
  }
  std::vector<std::function<double(std::size_t)>> scores_of;
  for (std::uint32_t user = 0; user < people; ++user) {
    RandomStream stream(1, 0, 0, Purpose::generator_users, user);
    std::vector<double> weights;
    double sum = 0;
    for (std::size_t criterion = 0; criterion < 6; ++criterion) {
      weights.push_back(stream.gamma(alpha));
      sum += weights.back();
    }
    std::vector<double> total(scores.size(), 0);
    for (std::size_t story = 0; story < scores.size(); ++story) {
      for (std::size_t criterion = 0; criterion < 6; ++criterion) {
        total[story] += weights[criterion] / sum * scores[story][criterion];
      }
    }
    scores_of.emplace_back([total](std::size_t story) { return total[story]; });
  }
  return disagreement_between(PairVotes(hanna_people(scores_of)), people).between_people;
}

// The standard deviations of the figures between draws of 200 people are 0.4 and 0.3 points.
TEST(Hanna, DirichletPeople) {
  const auto scores = hanna_scores();
  if (scores.empty()) {
    GTEST_SKIP() << "FAIRSWEEP_DATA does not name a folder with hanna/hanna_tidy.csv.gz";
  }
  EXPECT_NEAR(hanna_disagreement(scores, 0.1, 200), 0.184, 0.012);
  EXPECT_NEAR(hanna_disagreement(scores, 1, 200), 0.109, 0.009);
}

}  // namespace
}  // namespace fairsweep
