#include "objectives/metrics/calibration_error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/calibration/reliability.hpp"

namespace fairsweep {
namespace {

using fairness::JudgedChoice;
using fairness::Reliability;

bool counts(const ScoredComparisons& scored, std::span<const std::uint8_t> member, std::size_t i) {
  return (scored.first_choice.empty() || scored.first_choice[i] != 0) &&
         member[static_cast<std::size_t>(scored.user[i])] != 0;
}

/// The members' choices, mass 1 a user.
struct ChoicesOfGroup {
  std::vector<JudgedChoice> choices;
  std::uint32_t users = 0;  ///< who have any
};

ChoicesOfGroup choices_of(const ScoredComparisons& scored, std::span<const std::uint8_t> member) {
  const std::size_t comparisons = scored.user.size();
  check(scored.margin.size() == comparisons && scored.log_probability.size() == comparisons &&
            scored.weight.size() == comparisons &&
            (scored.first_choice.empty() || scored.first_choice.size() == comparisons),
        "margins, log-probabilities, weights and users of a split differ in number");
  std::vector<double> weight_of(member.size(), 0.0);
  for (std::size_t i = 0; i < comparisons; ++i) {
    check(scored.user[i] >= 0 && static_cast<std::size_t>(scored.user[i]) < member.size(),
          "a scored comparison has no such user");
    check(scored.weight[i] > 0, "a scored comparison has a weight that is not above 0");
    if (counts(scored, member, i)) {
      weight_of[static_cast<std::size_t>(scored.user[i])] += static_cast<double>(scored.weight[i]);
    }
  }
  ChoicesOfGroup group;
  group.choices.reserve(comparisons);
  for (std::size_t i = 0; i < comparisons; ++i) {
    if (!counts(scored, member, i)) {
      continue;
    }
    const auto user = static_cast<std::size_t>(scored.user[i]);
    const auto margin = static_cast<double>(scored.margin[i]);
    group.choices.push_back(
        {.confidence = fairness::confidence_of(margin, static_cast<double>(scored.log_probability[i])),
         .right = margin > 0 ? 1.0 : (margin < 0 ? 0.0 : 0.5),
         .mass = static_cast<double>(scored.weight[i]) / weight_of[user],
         .user = static_cast<std::uint32_t>(user)});
    if (std::isnan(margin)) {
      group.choices.back().confidence = margin;  // no answer is not a wrong answer
    }
  }
  group.users = static_cast<std::uint32_t>(std::ranges::count_if(weight_of, [](double weight) { return weight > 0; }));
  return group;
}

/// The error is the mean over users of the sum over their choices of mass x sign of the bin x (confidence - right). The
/// standard error of that mean is the error's own while bins and signs stay.
double standard_error(const ChoicesOfGroup& group, const Reliability& reliability, std::size_t user_count) {
  if (group.users < 2) {
    return 0;
  }
  std::vector<double> part(user_count, 0.0);
  std::vector<std::uint8_t> counted(user_count, 0);
  for (const JudgedChoice& choice : group.choices) {
    const auto bin = std::ranges::lower_bound(reliability.bins, choice.level, {}, &fairness::ReliabilityBin::highest);
    const double gap = choice.confidence - choice.right;
    part[choice.user] += choice.mass * (bin->confidence >= bin->right ? gap : -gap);
    counted[choice.user] = 1;
  }
  double squares = 0;
  for (std::size_t user = 0; user < user_count; ++user) {
    if (counted[user] != 0) {
      squares += (part[user] - reliability.error) * (part[user] - reliability.error);
    }
  }
  const double n = group.users;
  return std::sqrt(squares / (n - 1) / n);
}

}  // namespace

std::vector<double> CalibrationError::per_user(const ScoredComparisons&, std::size_t user_count) const {
  return std::vector<double>(user_count, std::numeric_limits<double>::quiet_NaN());
}

GroupValue CalibrationError::over_group(const ScoredComparisons& scored, std::span<const std::uint8_t> member) const {
  ChoicesOfGroup group = choices_of(scored, member);
  GroupValue answer;
  answer.users = group.users;
  if (group.choices.empty() ||
      std::ranges::any_of(group.choices, [](const JudgedChoice& choice) { return std::isnan(choice.confidence); })) {
    answer.value = std::numeric_limits<double>::quiet_NaN();
    return answer;
  }
  fairness::sort_by_confidence(group.choices);
  const Reliability reliability = fairness::reliability_of(group.choices);
  answer.value = reliability.error;
  answer.standard_error = standard_error(group, reliability, member.size());
  return answer;
}

}  // namespace fairsweep
