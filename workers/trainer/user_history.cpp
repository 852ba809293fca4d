#include "workers/trainer/user_history.hpp"

#include <algorithm>
#include <cstddef>
#include <map>

namespace fairsweep {
namespace {

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

/// Candidates of a comparison, best first.
std::span<const std::int64_t> candidates_of(const PreferenceData& data, std::size_t row) {
  const auto begin = index(data.comparison_offset[row]);
  return std::span(data.comparison_candidate).subspan(begin, index(data.comparison_offset[row + 1]) - begin);
}

/// How often the features of candidate `place` of the comparison go into its term, times its weight.
double share_of(const PreferenceData& data, std::size_t row, std::size_t place) {
  const auto weight = static_cast<double>(data.comparison_weight[row]);
  return place == 0 ? weight : -weight / static_cast<double>(candidates_of(data, row).size() - 1);
}

}  // namespace

UserHistory user_history(const PreferenceData& data, std::span<const float> features,
                         std::span<const std::int64_t> shown) {
  const auto width = index(data.feature_count);
  std::vector<double> sum(index(data.user_count()) * width, 0);
  std::vector<double> total(index(data.user_count()), 0);
  for (const auto shown_row : shown) {
    const auto row = index(shown_row);
    const auto user = index(data.comparison_user[row]);
    const auto candidates = candidates_of(data, row);
    total[user] += static_cast<double>(data.comparison_weight[row]);
    for (std::size_t place = 0; place < candidates.size(); ++place) {
      const double share = share_of(data, row, place);
      for (std::size_t column = 0; column < width; ++column) {
        sum[user * width + column] += share * static_cast<double>(features[index(candidates[place]) * width + column]);
      }
    }
  }
  UserHistory history{std::vector<float>(sum.size()), std::vector<float>(sum.size(), 0.0F)};
  for (std::size_t cell = 0; cell < sum.size(); ++cell) {
    history.sum[cell] = static_cast<float>(sum[cell]);
    if (total[cell / width] > 0) {
      history.mean[cell] = static_cast<float>(sum[cell] / total[cell / width]);
    }
  }
  return history;
}

OwnAnswers own_answers(const PreferenceData& data, std::span<const std::int64_t> comparisons,
                       std::span<const std::int64_t> shown, std::int64_t widest) {
  std::vector<double> total(index(data.user_count()), 0);
  std::vector<std::size_t> count(index(data.user_count()), 0);
  std::map<std::int32_t, std::vector<std::size_t>> repeats;
  for (const auto shown_row : shown) {
    const auto row = index(shown_row);
    total[index(data.comparison_user[row])] += static_cast<double>(data.comparison_weight[row]);
    ++count[index(data.comparison_user[row])];
    if (data.comparison_repeat[row] >= 0) {
      repeats[data.comparison_repeat[row]].push_back(row);
    }
  }
  OwnAnswers own{std::vector<float>(comparisons.size() * index(widest), 0.0F), {}};
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    const auto row = index(comparisons[i]);
    const auto user = index(data.comparison_user[row]);
    const auto candidates = candidates_of(data, row);
    const auto repeat = data.comparison_repeat[row];
    // A tie is in no history itself, its repeats may be.
    const auto found = repeats.find(repeat);
    const bool alone = repeat < 0 && data.comparison_ranked[row] > 0;
    const auto together = found != repeats.end() ? found->second
                          : alone                ? std::vector<std::size_t>{row}
                                                 : std::vector<std::size_t>{};
    std::vector<double> share(candidates.size(), 0);
    double rest = total[user];
    for (const auto left_out : together) {
      rest -= static_cast<double>(data.comparison_weight[left_out]);
      const auto others = candidates_of(data, left_out);
      for (std::size_t place = 0; place < others.size(); ++place) {
        const auto here = std::find(candidates.begin(), candidates.end(), others[place]) - candidates.begin();
        share[index(here)] += share_of(data, left_out, place);
      }
    }
    std::transform(share.begin(), share.end(), own.share.begin() + static_cast<std::ptrdiff_t>(i * index(widest)),
                   [](double value) { return static_cast<float>(value); });
    // Counted, because what rounding leaves of a weight must not become a history.
    own.rest.push_back(count[user] > together.size() && rest > 0 ? static_cast<float>(1 / rest) : 0.0F);
  }
  return own;
}

}  // namespace fairsweep
