#include "workers/data/features/text_features.hpp"

#include <algorithm>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/data/features/surface_features.hpp"
#include "workers/data/features/text_recipe.hpp"
#include "workers/data/features/tf_idf.hpp"
#include "workers/data/features/truncated_svd.hpp"

namespace fairsweep {

namespace {

/// Writes the columns from n-grams. The one place that does, so that a stored model gives the same bits.
class Projection {
 public:
  explicit Projection(const FittedText& fitted)
      : weights_(fitted.tf_idf, fitted.options.buckets),
        basis_(fitted.basis),
        sums_(static_cast<std::size_t>(fitted.columns)) {}

  void project(const NgramCounts& counts, std::span<float> features) {
    weights_.weigh(counts, row_);
    std::fill(sums_.begin(), sums_.end(), 0.0);
    for (std::size_t entry = 0; entry < row_.columns.size(); ++entry) {
      const float* direction = basis_.data() + static_cast<std::size_t>(row_.columns[entry]) * sums_.size();
      for (std::size_t column = 0; column < sums_.size(); ++column) {
        sums_[column] += row_.values[entry] * static_cast<double>(direction[column]);
      }
    }
    std::transform(sums_.begin(), sums_.end(), features.begin(), [](double sum) { return static_cast<float>(sum); });
  }

 private:
  TfIdfWeights weights_;
  const std::vector<float>& basis_;
  std::vector<double> sums_;
  SparseRow row_;
};

// At most `most` of the fitted rows, evenly spread over them.
std::vector<std::size_t> spread(const std::vector<bool>& fitted, std::int64_t fitted_count, std::int64_t most) {
  const std::int64_t count = std::min(most, fitted_count);
  std::vector<std::size_t> rows;
  rows.reserve(static_cast<std::size_t>(count));
  std::int64_t seen = 0;
  for (std::size_t row = 0; row < fitted.size(); ++row) {
    if (fitted[row]) {
      // The k-th of `count` rows is number floor(k * fitted_count / count).
      const auto next = static_cast<std::int64_t>(rows.size());
      if (next < count && seen == next * fitted_count / count) {
        rows.push_back(row);
      }
      ++seen;
    }
  }
  return rows;
}

void fit_columns(const std::vector<NgramCounts>& counts, const std::vector<bool>& training, FittedText& fitted) {
  const TextFeatureOptions& options = fitted.options;
  fitted.tf_idf = fit_tf_idf(counts, training, options.buckets, options.minimum_texts);
  const TfIdfWeights weights(fitted.tf_idf, options.buckets);
  const std::vector<std::size_t> rows = spread(training, fitted.fitted_texts, options.decomposed_texts);
  const TruncatedSvd svd = truncated_svd(
      static_cast<std::int64_t>(rows.size()), weights.terms(),
      [&](std::int64_t row, SparseRow& into) { weights.weigh(counts[rows[static_cast<std::size_t>(row)]], into); },
      options.dimensions, SvdSettings{.seed = options.seed});
  fitted.columns = svd.dimensions;
  if (svd.dimensions == 0) {
    fitted.tf_idf = {};
  }
  fitted.basis.assign(svd.basis.begin(), svd.basis.end());
  fitted.singular_values.assign(svd.singular_values.begin(), svd.singular_values.end());
}

}  // namespace

TextFeatures::TextFeatures(const TextFeatureOptions& options) : options_(options), hasher_(options) {
  require_valid(options);
}

void TextFeatures::add(std::string_view text, std::string_view question) {
  ++rows_;
  if (options_.surface) {
    const std::size_t count = surface_feature_names().size();
    surface_.resize(surface_.size() + count);
    surface_features(text, question, std::span(surface_).last(count));
  }
  if (options_.dimensions > 0) {
    counts_.push_back(hasher_.count(text));
  }
}

TextFeatures::Result TextFeatures::finish(const std::vector<bool>& fitted) {
  check(std::cmp_equal(fitted.size(), rows_), "each row is fitted or not");
  FittedText model;
  model.options = options_;
  model.fitted_texts = std::count(fitted.begin(), fitted.end(), true);
  if (model.fitted_texts == 0) {
    throw UserError(ExitCode::file, "there is no text in a training context to fit text features on");
  }
  if (options_.dimensions > 0) {
    fit_columns(counts_, fitted, model);
  }
  Result result;
  result.names = text_feature_names(model);
  if (result.names.empty()) {
    throw UserError(ExitCode::file,
                    "no text of a training context has a word, so n-grams give no feature; turn surface "
                    "features on");
  }
  result.dimensions = static_cast<std::int64_t>(result.names.size());
  const std::size_t width = result.names.size();
  const std::size_t surface = options_.surface ? surface_feature_names().size() : 0;
  result.features.resize(static_cast<std::size_t>(rows_) * width);
  Projection projection(model);
  for (std::size_t row = 0; std::cmp_less(row, rows_); ++row) {
    const std::span<float> features = std::span(result.features).subspan(row * width, width);
    std::copy_n(surface_.data() + row * surface, surface, features.begin());
    if (model.columns > 0) {
      projection.project(counts_[row], features.subspan(surface));
    }
  }
  result.model = text_model(model);
  return result;
}

std::vector<float> apply_text_features(const FeatureModel& model, std::span<const TextAndQuestion> texts) {
  const FittedText fitted = read_text_model(model);
  const std::size_t surface = fitted.options.surface ? surface_feature_names().size() : 0;
  const std::size_t width = surface + static_cast<std::size_t>(fitted.columns);
  std::vector<float> result(texts.size() * width);
  NgramHasher hasher(fitted.options);
  Projection projection(fitted);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::span<float> features = std::span(result).subspan(row * width, width);
    if (surface > 0) {
      surface_features(texts[row].text, texts[row].question, features.first(surface));
    }
    if (fitted.columns > 0) {
      projection.project(hasher.count(texts[row].text), features.subspan(surface));
    }
  }
  return result;
}

}  // namespace fairsweep
