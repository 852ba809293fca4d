#pragma once

#include <cstdint>
#include <vector>

#include "workers/data/features/ngrams.hpp"

namespace fairsweep {

/// Some entries of a row of numbers, in the order of their columns.
struct SparseRow {
  std::vector<std::int32_t> columns;
  std::vector<double> values;
};

/// The terms that count, and how much each: of the texts that were fitted.
struct TfIdf {
  std::vector<std::uint32_t> buckets;  ///< [terms], ascending
  std::vector<float> idf;              ///< [terms], ln((1 + texts) / (1 + texts with the term)) + 1
};

/// Fits on the texts for which `fitted` says so: terms are the buckets that at least `minimum_texts` of them have.
/// @param counts  [texts]
[[nodiscard]] TfIdf fit_tf_idf(const std::vector<NgramCounts>& counts, const std::vector<bool>& fitted,
                               std::int64_t bucket_count, std::int64_t minimum_texts);

/// Turns counts into weights: (1 + ln(count)) * idf for each term, divided by their Euclidean length. Buckets that are
/// no term count for nothing; a text without any term is a row without entries.
class TfIdfWeights {
 public:
  TfIdfWeights(const TfIdf& tf_idf, std::int64_t bucket_count);
  [[nodiscard]] std::int64_t terms() const { return static_cast<std::int64_t>(idf_.size()); }
  /// Replaces `row`.
  void weigh(const NgramCounts& counts, SparseRow& row) const;

 private:
  std::vector<std::int32_t> column_;     // [buckets] -1: no term
  std::vector<float> idf_;               // [terms]
  std::vector<double> count_logarithm_;  // [counts] 1 + ln(count)
};

}  // namespace fairsweep
