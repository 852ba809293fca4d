// What the text features are worth on real answers: UKPConvArg1 (Habernal and Gurevych, ACL 2016), topics held out.
// The set is not in the repository: FAIRSWEEP_DATA says where it is.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "core/random/philox.hpp"
#include "workers/data/features/text_features.hpp"
#include "workers/data/features/text_lines.hpp"
#include "workers/data/importers/table_reader.hpp"

namespace fairsweep {
namespace {

struct Argument {
  std::string topic;
  std::string text;
};

struct Vote {
  std::size_t better = 0;
  std::size_t worse = 0;
};

struct Corpus {
  std::vector<Argument> arguments;
  std::vector<Vote> votes;  // of workers who preferred one
};

std::size_t column_of(const TableReader& table, const std::string& name) {
  const auto found = std::find(table.columns().begin(), table.columns().end(), name);
  return static_cast<std::size_t>(found - table.columns().begin());
}

Corpus read_corpus(const std::filesystem::path& folder) {
  Corpus corpus;
  std::map<std::string, std::size_t> number;
  TextLines lines(folder / "arguments.jsonl.gz");
  for (std::string line; lines.next(line);) {
    const auto object = nlohmann::json::parse(line);
    number[object.at("arg_id")] = corpus.arguments.size();
    corpus.arguments.push_back({object.at("topic"), object.at("text")});
  }
  std::map<std::string, Vote> pairs;
  TableReader pair_table(folder / "pairs.csv.gz");
  while (pair_table.next()) {
    const auto& cells = pair_table.cells();
    pairs[cells[column_of(pair_table, "pair_id")]] = {number.at(cells[column_of(pair_table, "arg1_id")]),
                                                      number.at(cells[column_of(pair_table, "arg2_id")])};
  }
  TableReader votes(folder / "annotations.csv.gz");
  while (votes.next()) {
    const Vote pair = pairs.at(votes.cells()[column_of(votes, "pair_id")]);
    const std::string& label = votes.cells()[column_of(votes, "label")];
    if (label != "equal") {
      corpus.votes.push_back(label == "a1" ? pair : Vote{pair.worse, pair.better});
    }
  }
  return corpus;
}

/// Scores of all arguments by a linear Bradley-Terry model of the training votes: Newton's method on the mean loss plus
/// 0.05 |w|^2, over features standardised on the training arguments.
Eigen::VectorXd scores(const Corpus& corpus, const TextFeatures::Result& features, const std::vector<bool>& training) {
  const auto rows = static_cast<Eigen::Index>(corpus.arguments.size());
  const Eigen::Index width = features.dimensions;
  Eigen::MatrixXd x(rows, width);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    x(i / width, i % width) = features.features[static_cast<std::size_t>(i)];
  }
  std::vector<Eigen::Index> fitted;
  for (Eigen::Index row = 0; row < rows; ++row) {
    if (training[static_cast<std::size_t>(row)]) {
      fitted.push_back(row);
    }
  }
  const Eigen::MatrixXd of_training = x(fitted, Eigen::all);
  const Eigen::RowVectorXd mean = of_training.colwise().mean();
  const Eigen::RowVectorXd deviation =
      ((of_training.rowwise() - mean).array().square().colwise().mean().sqrt() + 1e-9).matrix();
  x = (x.rowwise() - mean).array().rowwise() / deviation.array();
  std::vector<Vote> votes;
  std::copy_if(corpus.votes.begin(), corpus.votes.end(), std::back_inserter(votes),
               [&](const Vote& vote) { return training[vote.better]; });
  Eigen::MatrixXd differences(static_cast<Eigen::Index>(votes.size()), width);
  for (std::size_t vote = 0; vote < votes.size(); ++vote) {
    differences.row(static_cast<Eigen::Index>(vote)) =
        x.row(static_cast<Eigen::Index>(votes[vote].better)) - x.row(static_cast<Eigen::Index>(votes[vote].worse));
  }
  constexpr double k_penalty = 0.1;
  const auto count = static_cast<double>(votes.size());
  Eigen::VectorXd weights = Eigen::VectorXd::Zero(width);
  for (int step = 0; step < 8; ++step) {
    const Eigen::ArrayXd surprise = 1 / (1 + (differences * weights).array().exp());
    const Eigen::VectorXd gradient = -differences.transpose() * surprise.matrix() / count + k_penalty * weights;
    const Eigen::MatrixXd weighted = differences.array().colwise() * (surprise * (1 - surprise));
    const Eigen::MatrixXd curvature =
        weighted.transpose() * differences / count + k_penalty * Eigen::MatrixXd::Identity(width, width);
    weights -= curvature.ldlt().solve(gradient);
  }
  return x * weights;
}

double held_out_accuracy(const Corpus& corpus, const TextFeatures::Result& features,
                         const std::vector<bool>& training) {
  const Eigen::VectorXd score = scores(corpus, features, training);
  double right = 0;
  double all = 0;
  for (const Vote& vote : corpus.votes) {
    if (!training[vote.better]) {
      const double margin =
          score[static_cast<Eigen::Index>(vote.better)] - score[static_cast<Eigen::Index>(vote.worse)];
      right += margin > 0 ? 1 : margin == 0 ? 0.5 : 0;
      all += 1;
    }
  }
  return right / all;
}

TEST(TextQuality, HeldOutDebatesOfUkpConvArg) {
  const char* data = std::getenv("FAIRSWEEP_DATA");
  if (data == nullptr || !std::filesystem::exists(std::filesystem::path(data) / "ukpconvarg")) {
    GTEST_SKIP() << "FAIRSWEEP_DATA names no folder with ukpconvarg";
  }
  const Corpus corpus = read_corpus(std::filesystem::path(data) / "ukpconvarg");
  ASSERT_EQ(corpus.arguments.size(), 1052U);
  ASSERT_EQ(corpus.votes.size(), 32849U + 32491U);
  std::set<std::string> names;
  for (const Argument& argument : corpus.arguments) {
    names.insert(argument.topic);
  }
  const std::vector<std::string> topics(names.begin(), names.end());
  ASSERT_EQ(topics.size(), 32U);
  constexpr std::uint32_t k_splits = 3;
  double mean = 0;
  for (std::uint32_t split = 0; split < k_splits; ++split) {
    const auto order =
        RandomStream(2016, 0, split, Purpose::split).permutation(static_cast<std::uint32_t>(topics.size()));
    std::set<std::string> held_out;
    for (std::size_t i = 0; i < topics.size() * 3 / 10; ++i) {
      held_out.insert(topics[order[i]]);
    }
    TextFeatures maker({});
    std::vector<bool> training;
    for (const Argument& argument : corpus.arguments) {
      std::string question = argument.topic;
      std::replace_if(question.begin(), question.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
      maker.add(argument.text, question);
      training.push_back(!held_out.contains(argument.topic));
    }
    const double accuracy = held_out_accuracy(corpus, maker.finish(training), training);
    std::cout << "split " << split << ": " << accuracy << "\n";
    mean += accuracy / k_splits;
  }
  std::cout << "mean accuracy of held-out votes: " << mean << "\n";
  EXPECT_GE(mean, 0.683);  // eight surface features with logistic regression
}

}  // namespace
}  // namespace fairsweep
