#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace fairsweep {

/// One question to StackSizeSearch.
struct StackSizeQuestion {
  std::string shape;             ///< names whatever decides the rate: two stages of one shape are measured once
  std::int64_t runs = 1;         ///< to be trained
  std::int64_t trial_steps = 0;  ///< that their training takes, all together
  std::int64_t most = 1;         ///< trials in a stack at most
  std::int64_t fallback = 1;     ///< what to take where the training is too short to measure anything
};

/// Finds how many trials of a shape are best trained in one stack, by measuring: 1, 2, 4, 8 ... and all runs together,
/// until the rate falls. What was measured is remembered, and a later question goes on from there. A question costs at
/// most 2 % of the training it is asked for. The answer decides how fast trials are trained, never what comes out.
class StackSizeSearch {
 public:
  /// Trial-steps a second of a stack of this many trials.
  using Measure = std::function<double(std::int64_t size)>;

  /// @param cost  trial-steps that a measurement costs for each trial in the stack
  explicit StackSizeSearch(std::int64_t cost) : cost_(cost) {}

  /// The smallest size whose rate is within 2 % of the best one's, 1 to min(runs, most). Where the measurements had to
  /// end while the rate still rose, at least the fallback.
  [[nodiscard]] std::int64_t choose(const StackSizeQuestion& question, const Measure& measure);

 private:
  std::int64_t cost_;
  std::map<std::string, std::map<std::int64_t, double>> rates_;  ///< shape -> size -> trial-steps a second
};

}  // namespace fairsweep
