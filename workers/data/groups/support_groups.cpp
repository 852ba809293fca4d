#include "workers/data/groups/support_groups.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>

#include "core/diagnostics/errors.hpp"
#include "core/domain/quantile.hpp"

namespace fairsweep {
namespace {

std::string no_rate_known(const GroupSettings& settings) {
  if (settings.similarity == "clusters")
    return "data.groups.by is support_rate, but nobody has training comparisons that say what is preferred";
  return "data.groups.by is support_rate, but no two people compared the same two candidates in the training part, so "
         "nobody's agreement with others is known; set data.groups.similarity: clusters, which compares what people "
         "chose by its features, or use data.groups.by: attribute";
}

double deviation_of(const std::vector<double>& numbers) {
  double sum = 0;
  for (const double number : numbers)
    sum += number;
  const double mean = sum / static_cast<double>(numbers.size());
  double squares = 0;
  for (const double number : numbers)
    squares += (number - mean) * (number - mean);
  return std::sqrt(squares / static_cast<double>(numbers.size()));
}

double threshold_of(const std::vector<double>& known, const GroupSettings& settings) {
  if (settings.threshold == "absolute")
    return settings.absolute;
  if (settings.threshold == "quantile")
    return quantile_of_known(known, settings.quantile);
  const double cut = best_cut(known);
  if (std::isnan(cut)) {
    throw UserError(ExitCode::configuration,
                    "data.groups.threshold is two_means, but all people have the same support rate; use "
                    "data.groups.by: attribute");
  }
  return cut;
}

}  // namespace

SupportGroups groups_by_support(const std::vector<double>& rates, const std::vector<bool>& user_trained,
                                const GroupSettings& settings) {
  std::vector<double> known;
  known.reserve(rates.size());
  for (std::size_t user = 0; user < rates.size(); ++user) {
    if (user_trained[user] && !std::isnan(rates[user]))
      known.push_back(rates[user]);
  }
  if (known.empty())
    throw UserError(ExitCode::configuration, no_rate_known(settings));
  SupportGroups answer;
  answer.threshold = threshold_of(known, settings);
  const auto [lowest, highest] = std::minmax_element(known.begin(), known.end());
  if (*highest <= answer.threshold && settings.threshold == "absolute") {
    throw UserError(ExitCode::configuration,
                    "data.groups.absolute leaves nobody in the majority: the highest support rate is " +
                        std::to_string(*highest) + "; give a smaller one");
  }
  if (*highest <= answer.threshold) {
    throw UserError(
        ExitCode::configuration,
        "data.groups.quantile leaves nobody in the majority: the highest support rate is shared by too many; "
        "give a smaller quantile, or data.groups.threshold: two_means");
  }
  if (*lowest > answer.threshold) {
    throw UserError(ExitCode::configuration,
                    "data.groups.absolute leaves nobody in the minority: the lowest support rate is " +
                        std::to_string(*lowest) + "; give a larger one");
  }
  answer.group.reserve(rates.size());
  for (const double rate : rates)
    answer.group.push_back(std::isnan(rate) ? -1 : (rate <= answer.threshold ? 1 : 0));
  if (settings.membership == "soft") {
    const double width = settings.softness * deviation_of(known);
    for (const double rate : rates) {
      const double minority = 1 / (1 + std::exp((rate - answer.threshold) / width));
      answer.membership.insert(answer.membership.end(), {1 - minority, minority});
    }
  }
  return answer;
}

double best_cut(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  double right_sum = 0;
  for (const double number : numbers)
    right_sum += number;
  const auto n = static_cast<double>(numbers.size());
  double left_sum = 0;
  double best = 0;
  double cut = std::nan("");
  // The sum of squares within both sides is least where sum^2 / count, added over the sides, is most.
  for (std::size_t left = 1; left < numbers.size(); ++left) {
    left_sum += numbers[left - 1];
    right_sum -= numbers[left - 1];
    if (numbers[left - 1] == numbers[left])
      continue;
    const auto count = static_cast<double>(left);
    const double between = left_sum * left_sum / count + right_sum * right_sum / (n - count);
    if (std::isnan(cut) || between > best) {
      best = between;
      cut = numbers[left - 1] + (numbers[left] - numbers[left - 1]) / 2;
    }
  }
  return cut;
}

}  // namespace fairsweep
