// k-means, the cut of two means, agreement and its eigenvectors, against slow twins and planted people.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "core/diagnostics/errors.hpp"
#include "tests/workers/data/planted_people.hpp"
#include "workers/data/groups/agreement_groups.hpp"
#include "workers/data/groups/k_means.hpp"
#include "workers/data/groups/support_groups.hpp"
#include "workers/data/groups/user_agreement.hpp"
#include "workers/data/groups/user_tastes.hpp"

namespace fairsweep {
namespace {

using testing_support::all_rows;
using testing_support::planted_people;
using testing_support::purity;

double within(const std::vector<double>& numbers) {
  double mean = 0;
  for (const double number : numbers)
    mean += number / static_cast<double>(numbers.size());
  double squares = 0;
  for (const double number : numbers)
    squares += (number - mean) * (number - mean);
  return squares;
}

TEST(BestCut, IsTheBestOfAllCuts) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    std::vector<double> numbers(2 + random() % 30);
    for (double& number : numbers)
      number = static_cast<double>(random() % (seed % 2 == 0 ? 8 : 1000)) / 8;
    if (std::set<double>(numbers.begin(), numbers.end()).size() < 2)
      continue;
    const double cut = best_cut(numbers);
    double least = std::numeric_limits<double>::infinity();
    double reached = 0;
    for (unsigned at = 0; at < numbers.size() + 1; ++at) {  // every number as the last of the left side, and the cut
      const double limit = at < numbers.size() ? numbers[at] : cut;
      std::vector<double> left, right;
      for (const double number : numbers)
        (number <= limit ? left : right).push_back(number);
      if (left.empty() || right.empty())
        continue;
      const double sum = within(left) + within(right);
      least = std::min(least, sum);
      if (at == numbers.size())
        reached = sum;
    }
    EXPECT_NEAR(reached, least, 1e-9 * (1 + least)) << "seed " << seed;
  }
}

TEST(BestCut, LiesBetweenItsNeighbours) {
  EXPECT_EQ(best_cut({1, 9, 2, 10}), 5.5);
  EXPECT_TRUE(std::isnan(best_cut({3, 3, 3})));
  EXPECT_TRUE(std::isnan(best_cut({})));
}

std::vector<double> random_points(unsigned seed, std::size_t n, std::size_t width) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> points(n * width);
  for (double& value : points)
    value = normal(random);
  return points;
}

TEST(KMeans, InertiaFallsAndIsThatOfTheClustersSaid) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const std::size_t width = 1 + seed % 4;
    const auto points = random_points(seed, 60, width);
    const Clusters found = k_means(points, width, 3, seed, 3);
    EXPECT_TRUE(std::is_sorted(found.inertia_by_step.rbegin(), found.inertia_by_step.rend(),
                               [](double left, double right) { return left < right - 1e-9; }))
        << "seed " << seed;
    // Slow twin: centres are means of their points, every point is with the nearest, sizes fall.
    double inertia = 0;
    std::vector<std::size_t> size(found.centres.size() / width, 0);
    std::vector<double> sum(found.centres.size(), 0);
    for (std::size_t i = 0; i < 60; ++i) {
      const auto own = static_cast<std::size_t>(found.cluster[i]);
      ++size[own];
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t cluster = 0; cluster < size.size(); ++cluster) {
        double squared = 0;
        for (std::size_t at = 0; at < width; ++at)
          squared += std::pow(points[i * width + at] - found.centres[cluster * width + at], 2);
        least = std::min(least, squared);
        if (cluster == own)
          inertia += squared;
      }
      for (std::size_t at = 0; at < width; ++at)
        sum[own * width + at] += points[i * width + at];
      EXPECT_NEAR(squared_distances(points.data() + i * width, found.centres, width)[own], least, 1e-12);
    }
    for (std::size_t cell = 0; cell < sum.size(); ++cell)
      EXPECT_NEAR(found.centres[cell], sum[cell] / static_cast<double>(size[cell / width]), 1e-12);
    EXPECT_NEAR(found.inertia(), inertia, 1e-9);
    EXPECT_TRUE(std::is_sorted(size.rbegin(), size.rend())) << "seed " << seed;
  }
}

TEST(KMeans, FindsTheBestPartitionOfAFewPoints) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto points = random_points(seed, 9, 2);
    double best = std::numeric_limits<double>::infinity();
    for (unsigned sides = 1; sides < (1U << 9U) - 1; ++sides) {
      double sum = 0;
      for (const bool side : {false, true}) {
        for (std::size_t column = 0; column < 2; ++column) {
          std::vector<double> column_values;
          for (std::size_t i = 0; i < 9; ++i) {
            if ((sides >> i & 1U) == (side ? 1U : 0U))
              column_values.push_back(points[2 * i + column]);
          }
          sum += within(column_values);
        }
      }
      best = std::min(best, sum);
    }
    EXPECT_NEAR(k_means(points, 2, 2, seed, 20).inertia(), best, 1e-9) << "seed " << seed;
  }
}

TEST(KMeans, DependsOnTheSeedOnlyAndLeavesNoClusterEmpty) {
  const auto points = random_points(3, 40, 3);
  EXPECT_EQ(k_means(points, 3, 4, 11).cluster, k_means(points, 3, 4, 11).cluster);
  const Clusters few = k_means({1, 1, 5, 5, 5}, 1, 4, 2);
  EXPECT_EQ(few.cluster, (std::vector<std::int32_t>{1, 1, 0, 0, 0}));
  EXPECT_EQ(few.centres, (std::vector<double>{5, 1}));
}

// Over every two users and pairs of candidates, as the sentence says it.
std::vector<double> slow_agreement(const PreferenceData& data) {
  const auto users = static_cast<std::size_t>(data.user_count());
  std::vector<std::map<std::pair<std::int64_t, std::int64_t>, std::pair<double, double>>> said(users);
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const auto begin = static_cast<std::size_t>(data.comparison_offset[row]);
    const std::int64_t best = data.comparison_candidate[begin];
    for (std::size_t at = begin + 1; at < static_cast<std::size_t>(data.comparison_offset[row + 1]); ++at) {
      const std::int64_t worse = data.comparison_candidate[at];
      auto& [low, count] = said[static_cast<std::size_t>(data.comparison_user[row])][std::minmax(best, worse)];
      low += best < worse ? 1 : 0;
      count += 1;
    }
  }
  std::vector<double> sum(users * users, 0), pairs(users * users, 0);
  double total = 0, all = 0;
  for (std::size_t u = 0; u < users; ++u) {
    for (std::size_t v = 0; v < users; ++v) {
      for (const auto& [pair, mine] : said[u]) {
        const auto theirs = said[v].find(pair);
        if (u == v || theirs == said[v].end())
          continue;
        const double a = mine.first / mine.second, b = theirs->second.first / theirs->second.second;
        sum[u * users + v] += a * b + (1 - a) * (1 - b);
        pairs[u * users + v] += 1;
        total += a * b + (1 - a) * (1 - b);
        all += 1;
      }
    }
  }
  for (std::size_t cell = 0; cell < sum.size(); ++cell) {
    sum[cell] = cell % (users + 1) == 0 ? 1 : (sum[cell] + 2 * total / all) / (pairs[cell] + 2);
  }
  return sum;
}

TEST(UserAgreement, IsTheSlowTwins) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    const auto made = planted_people({.people = {7, 5}, .contexts = 12, .answers = 6, .seed = seed});
    std::vector<std::int32_t> place(12);
    for (std::size_t i = 0; i < place.size(); ++i)
      place[i] = static_cast<std::int32_t>(i);
    const auto fast = user_agreement(made.data, all_rows(made.data), place);
    const auto slow = slow_agreement(made.data);
    ASSERT_EQ(fast.size(), slow.size());
    for (std::size_t cell = 0; cell < slow.size(); ++cell)
      EXPECT_NEAR(fast[cell], slow[cell], 1e-12) << "seed " << seed << ", cell " << cell;
  }
}

TEST(SpectralEmbedding, RowsHaveLengthOneAndTwoBlocksAreTwoPoints) {
  // Two blocks that share nothing: every row of a block is the same point, and the two are at right angles.
  std::vector<double> similarity(36, 0);
  for (std::size_t u = 0; u < 6; ++u) {
    for (std::size_t v = 0; v < 6; ++v)
      similarity[6 * u + v] = (u < 4) == (v < 4) ? 0.8 : 0;
  }
  const auto rows = spectral_embedding(similarity, 6, 2);
  const auto dot = [&](std::size_t u, std::size_t v) {
    return rows[2 * u] * rows[2 * v] + rows[2 * u + 1] * rows[2 * v + 1];
  };
  for (std::size_t u = 0; u < 6; ++u) {
    for (std::size_t v = 0; v < 6; ++v)
      EXPECT_NEAR(dot(u, v), (u < 4) == (v < 4) ? 1 : 0, 1e-9) << u << " " << v;
  }
}

GroupSettings clusters_by(const std::string& algorithm, std::int64_t clusters) {
  GroupSettings settings;
  settings.by = "agreement";
  settings.algorithm = algorithm;
  settings.clusters = clusters;
  settings.membership = "soft";
  return settings;
}

TEST(AgreementGroups, RecoverPlantedPeople) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    for (const char* algorithm : {"spectral", "k_means"}) {
      const auto made = planted_people({.people = {40, 25, 15}, .contexts = 60, .answers = 40, .seed = seed});
      const auto rows = all_rows(made.data);
      const auto found = groups_by_agreement(made.data, rows, rows, clusters_by(algorithm, 3), seed);
      EXPECT_EQ(found.names, (std::vector<std::string>{"cluster_1", "cluster_2", "cluster_3"}));
      EXPECT_GE(purity(found.group, made.block), 0.95) << algorithm << ", seed " << seed;
      for (std::size_t user = 0; user < found.group.size(); ++user) {
        const auto row = found.membership.begin() + static_cast<std::ptrdiff_t>(3 * user);
        EXPECT_NEAR(row[0] + row[1] + row[2], 1, 1e-12);
        EXPECT_EQ(std::max_element(row, row + 3) - row, found.group[user]);
      }
    }
  }
}

TEST(AgreementGroups, LeaveOutThoseOfWhomNothingMayBeRead) {
  const auto made = planted_people({.people = {20, 10}, .contexts = 30, .answers = 20, .seed = 1});
  std::vector<std::int64_t> rows;
  for (const std::int64_t row : all_rows(made.data)) {
    if (made.data.comparison_user[static_cast<std::size_t>(row)] % 7 != 3)
      rows.push_back(row);
  }
  const auto found = groups_by_agreement(made.data, rows, rows, clusters_by("spectral", 2), 5);
  for (std::size_t user = 0; user < found.group.size(); ++user) {
    EXPECT_EQ(found.group[user] < 0, user % 7 == 3) << user;
    EXPECT_EQ(std::isnan(found.membership[2 * user]), user % 7 == 3) << user;
  }
}

TEST(AgreementGroups, SayWhatToUseInstead) {
  const auto sparse = planted_people({.people = {20, 10}, .contexts = 900, .answers = 1, .seed = 2, .own_pairs = true});
  const auto rows = all_rows(sparse.data);
  try {
    (void)groups_by_agreement(sparse.data, rows, rows, clusters_by("spectral", 2), 1);
    ADD_FAILURE() << "nothing was refused";
  } catch (const UserError& error) {
    EXPECT_NE(std::string(error.what()).find("use data.groups.algorithm: k_means"), std::string::npos) << error.what();
  }
  EXPECT_NO_THROW((void)groups_by_agreement(sparse.data, rows, rows, clusters_by("k_means", 2), 1));
}

TEST(UserTastes, AreTheMeanDifferenceShrunkToEverybodys) {
  auto made = planted_people({.people = {3, 2}, .contexts = 8, .answers = 5, .seed = 4});
  PreferenceData& data = made.data;
  const auto rows = all_rows(data);
  const auto tastes = user_tastes(data, rows, rows);
  const auto width = static_cast<std::size_t>(data.feature_count);
  std::set<std::int64_t> used(data.comparison_candidate.begin(), data.comparison_candidate.end());
  for (std::size_t column = 0; column < width; ++column) {
    const auto value = [&](std::int64_t candidate) {
      return static_cast<double>(data.features[static_cast<std::size_t>(candidate) * width + column]);
    };
    double mean = 0, squares = 0;
    for (const std::int64_t candidate : used)
      mean += value(candidate) / static_cast<double>(used.size());
    for (const std::int64_t candidate : used)
      squares += std::pow(value(candidate) - mean, 2) / static_cast<double>(used.size());
    std::vector<double> sum(5, 0), count(5, 0);
    double everybody = 0;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const auto user = static_cast<std::size_t>(data.comparison_user[row]);
      const double difference =
          (value(data.comparison_candidate[2 * row]) - value(data.comparison_candidate[2 * row + 1])) /
          std::sqrt(squares);
      sum[user] += difference;
      count[user] += 1;
      everybody += difference / static_cast<double>(rows.size());
    }
    for (std::size_t user = 0; user < 5; ++user) {
      EXPECT_NEAR(tastes[user * width + column], (sum[user] + 4 * everybody) / (count[user] + 4), 1e-6)
          << user << " " << column;
    }
  }
}

TEST(SupportByClusters, IsTheShareOfTheOthersInTheCluster) {
  const auto made = planted_people({.people = {30, 10}, .contexts = 900, .answers = 30, .seed = 6, .own_pairs = true});
  const auto rows = all_rows(made.data);
  std::vector<std::int64_t> training;
  for (const std::int64_t row : rows) {
    if (made.data.comparison_user[static_cast<std::size_t>(row)] != 0)
      training.push_back(row);
  }
  const auto rates = support_by_clusters(made.data, rows, training, 2, 3);
  for (std::size_t user = 0; user < 40; ++user) {
    // 29 of the 30 are in training: user 0 is placed, but is nobody's other.
    const double expected = user == 0 ? 29.0 / 39 : (user < 30 ? 28.0 / 38 : 9.0 / 38);
    EXPECT_NEAR(rates[user], expected, 1e-12) << user;
  }
}

}  // namespace
}  // namespace fairsweep
