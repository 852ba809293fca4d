#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/domain/objective.hpp"

namespace fairsweep {

/// What a model said about the comparisons of one split. All spans have one entry a comparison.
struct ScoredComparisons {
  std::span<const float> margin;           ///< score of the best-ranked minus the best of the others; > 0: right
  std::span<const float> log_probability;  ///< of what the user did, natural logarithm, <= 0
  std::span<const float> weight;           ///< > 0
  std::span<const std::int32_t> user;      ///< row of the user
  /// 1: `log_probability` is that of one first choice; 0: of an order of several. Empty: of a first choice everywhere.
  std::span<const std::uint8_t> first_choice = {};
};

/// A number over the users of one group.
struct GroupValue {
  double value = 0;
  double standard_error = 0;  ///< over users, sd / sqrt(n); 0 for fewer than two
  std::uint32_t users = 0;
};

/// What the front compares: users first, then groups, so that heavy users do not decide.
class Metric {
 public:
  virtual ~Metric() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::string_view sentence() const = 0;
  [[nodiscard]] virtual std::string_view unit() const = 0;
  [[nodiscard]] virtual Direction direction() const = 0;
  /// Has a single person a value of it? A metric of groups alone needs more comparisons than one person has.
  [[nodiscard]] virtual bool of_people() const { return true; }
  /// Is a tie an answer to it? Of a tie there is a probability and no margin; metrics that do not count ties are not
  /// shown them.
  [[nodiscard]] virtual bool counts_ties() const { return false; }
  /// One value a user: [user_count], NaN for users without a comparison here, or of a metric of groups alone.
  /// O(comparisons).
  [[nodiscard]] virtual std::vector<double> per_user(const ScoredComparisons& scored, std::size_t user_count) const = 0;
  /// Over the users of one group; NaN entries are left out. The mean, unless a metric says otherwise.
  [[nodiscard]] virtual GroupValue over_users(std::span<const double> user_values) const;
  /// Over the users whose `member` is not 0, from their comparisons. over_users() of their values, unless a metric is
  /// of groups alone. @param member [users]
  [[nodiscard]] virtual GroupValue over_group(const ScoredComparisons& scored,
                                              std::span<const std::uint8_t> member) const;
};

/// Every metric there is, in the order they are shown.
[[nodiscard]] const std::vector<std::unique_ptr<Metric>>& metric_catalogue();
/// Null where there is none of that name.
[[nodiscard]] const Metric* find_metric(std::string_view name);

}  // namespace fairsweep
