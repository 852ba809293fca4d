#include "workers/data/features/tf_idf.hpp"

#include <cmath>  // for sqrt, which is exact

#include "core/diagnostics/errors.hpp"
#include "core/random/portable_math.hpp"

namespace fairsweep {

TfIdf fit_tf_idf(const std::vector<NgramCounts>& counts, const std::vector<bool>& fitted, std::int64_t bucket_count,
                 std::int64_t minimum_texts) {
  check(fitted.size() == counts.size(), "each text is fitted or not");
  std::vector<std::int64_t> texts_with(static_cast<std::size_t>(bucket_count));
  std::int64_t texts = 0;
  for (std::size_t text = 0; text < counts.size(); ++text) {
    if (fitted[text]) {
      ++texts;
      for (std::size_t entry = 0; entry < counts[text].size(); ++entry) {
        ++texts_with[counts[text].bucket(entry)];
      }
    }
  }
  TfIdf result;
  for (std::size_t bucket = 0; bucket < texts_with.size(); ++bucket) {
    if (texts_with[bucket] >= minimum_texts) {
      const double ratio = static_cast<double>(1 + texts) / static_cast<double>(1 + texts_with[bucket]);
      result.buckets.push_back(static_cast<std::uint32_t>(bucket));
      result.idf.push_back(static_cast<float>(portable::log(ratio) + 1));
    }
  }
  return result;
}

TfIdfWeights::TfIdfWeights(const TfIdf& tf_idf, std::int64_t bucket_count)
    : column_(static_cast<std::size_t>(bucket_count), -1), idf_(tf_idf.idf), count_logarithm_(NgramCounts::k_most + 1) {
  for (std::size_t term = 0; term < tf_idf.buckets.size(); ++term) {
    column_.at(tf_idf.buckets[term]) = static_cast<std::int32_t>(term);
  }
  for (std::size_t count = 1; count < count_logarithm_.size(); ++count) {
    count_logarithm_[count] = 1 + portable::log(static_cast<double>(count));
  }
}

void TfIdfWeights::weigh(const NgramCounts& counts, SparseRow& row) const {
  row.columns.clear();
  row.values.clear();
  double squares = 0;
  for (std::size_t entry = 0; entry < counts.size(); ++entry) {
    const std::int32_t column = column_[counts.bucket(entry)];
    if (column >= 0) {
      const double value =
          count_logarithm_[counts.count(entry)] * static_cast<double>(idf_[static_cast<std::size_t>(column)]);
      row.columns.push_back(column);
      row.values.push_back(value);
      squares += value * value;
    }
  }
  const double length = std::sqrt(squares);
  for (double& value : row.values) {
    value /= length;
  }
}

}  // namespace fairsweep
