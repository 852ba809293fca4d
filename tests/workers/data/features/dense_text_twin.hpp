#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace fairsweep::testing_support {

/// tf-idf and its decomposition as the textbook has them, over named n-grams ("w:a cat", "c: ca") instead of buckets,
/// in dense matrices. For texts of plain lower-case words.
class DenseTextTwin {
 public:
  static std::map<std::string, double> counts_of(const std::string& text) {
    std::vector<std::string> words;
    std::istringstream stream(text);
    for (std::string word; stream >> word;) {
      words.push_back(word);
    }
    std::map<std::string, double> counts;
    for (std::size_t i = 0; i < words.size(); ++i) {
      counts["w:" + words[i]] += 1;
      if (i + 1 < words.size()) {
        counts["w:" + words[i] + " " + words[i + 1]] += 1;
      }
      const std::string around = " " + words[i] + " ";
      for (std::size_t length = 3; length <= 5; ++length) {
        for (std::size_t at = 0; at + length <= around.size(); ++at) {
          counts["c:" + around.substr(at, length)] += 1;
        }
      }
    }
    return counts;
  }

  DenseTextTwin(const std::vector<std::string>& texts, const std::vector<bool>& fitted) {
    std::map<std::string, double> texts_with;
    double fitted_count = 0;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      if (fitted[row]) {
        fitted_count += 1;
        for (const auto& [term, count] : counts_of(texts[row])) {
          texts_with[term] += 1;
        }
      }
    }
    for (const auto& [term, count] : texts_with) {
      terms.push_back(term);
    }
    weights = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(texts.size()), static_cast<Eigen::Index>(terms.size()));
    std::vector<Eigen::Index> fitted_rows;
    for (Eigen::Index row = 0; row < weights.rows(); ++row) {
      const auto counts = counts_of(texts[static_cast<std::size_t>(row)]);
      for (Eigen::Index column = 0; column < weights.cols(); ++column) {
        const std::string& term = terms[static_cast<std::size_t>(column)];
        if (counts.contains(term)) {
          const double idf = std::log((1 + fitted_count) / (1 + texts_with.at(term))) + 1;
          weights(row, column) = (1 + std::log(counts.at(term))) * idf;
        }
      }
      const double norm = weights.row(row).norm();
      weights.row(row) /= norm > 0 ? norm : 1;
      if (fitted[static_cast<std::size_t>(row)]) {
        fitted_rows.push_back(row);
      }
    }
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(weights(fitted_rows, Eigen::all), Eigen::ComputeThinV);
    singular_values = svd.singularValues();
    basis = svd.matrixV();
  }

  std::vector<std::string> terms;  ///< of the fitted texts, sorted
  Eigen::MatrixXd weights;         ///< [texts, terms]
  Eigen::VectorXd singular_values;
  Eigen::MatrixXd basis;  ///< [terms, rank], of whatever signs
};

}  // namespace fairsweep::testing_support
