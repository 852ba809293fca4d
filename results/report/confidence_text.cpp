#include "results/report/confidence_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace fairsweep::report {

ConfidenceCounts confidence_counts(const RunSummary& run) {
  ConfidenceCounts counts;
  if (!run.confidence)
    return counts;
  const auto on_front = [&run](std::size_t point) { return run.front.points[point].on_front; };
  counts.sure_members = static_cast<std::size_t>(std::ranges::count_if(run.confidence->sure, on_front));
  counts.possible_others = run.confidence->possible.size() -
                           static_cast<std::size_t>(std::ranges::count_if(run.confidence->possible, on_front));
  return counts;
}

double probability_of(const RunSummary& run, std::size_t point) {
  return run.confidence ? run.confidence->probability[point] : std::numeric_limits<double>::quiet_NaN();
}

std::string probability_text(double probability) {
  if (std::isnan(probability))
    return "-";
  // What lies halfway between two hundredths, an odd number of eighths, goes up: so do browsers round in the page.
  const bool halfway = std::fmod(8 * probability, 2) == 1;
  return fmt::format("{:.2f}", halfway ? std::nextafter(probability, 1.0) : probability);
}

std::string probability_meaning(const RunSummary& run) {
  if (!run.confidence)
    return "";
  return fmt::format("that no other configuration is better in everything once seeds no longer matter ({}).",
                     run.confidence->draws > 0
                         ? fmt::format("{} draws, seed {}", run.confidence->draws, run.confidence->seed)
                         : std::string("no seed changes anything here"));
}

std::string confidence_sentence(const RunSummary& run) {
  if (run.front.members.empty())
    return "";
  if (!run.confidence) {
    const bool one =
        std::ranges::all_of(run.front.points, [](const FrontPoint& point) { return point.replicates < 2; });
    return one ? "How sure the front is cannot be said: no configuration has two replicates."
               : "How sure the front is cannot be said.";
  }
  const ConfidenceCounts counts = confidence_counts(run);
  const auto is_are = [](std::size_t n) { return n == 1 ? "is" : "are"; };
  return fmt::format(
      "Of the {} on the front, {} {} sure at {:.0f} %; {:.1f} are expected not to belong there, and {} other{} cannot "
      "be ruled out.",
      run.front.members.size(), counts.sure_members, is_are(counts.sure_members), 100 * run.confidence->level,
      run.confidence->expected_false, counts.possible_others, counts.possible_others == 1 ? "" : "s");
}

}  // namespace fairsweep::report
