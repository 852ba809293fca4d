#include "orchestrator/apps/data_advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "core/domain/hidden_types.hpp"
#include "workers/data/description/identifiability.hpp"

namespace fairsweep::apps {

std::vector<std::string> advice_on_people(const SweepConfiguration& sweep, const PreferenceData& data,
                                          const People& people) {
  std::vector<std::string> advice;
  const TypesAsked asked = most_types_asked(sweep.settings, sweep.space);
  if (asked.number > 1) {
    const Identifiability found = identifiability_of(data);
    advice = warnings_on_types(asked, {found.median_votes, found.pairs_only, found.most_types});
  }
  if (sweep.data.groups.by == "support_rate") {
    const auto majority = std::count(people.group.begin(), people.group.end(), 0);
    const auto minority = std::count(people.group.begin(), people.group.end(), 1);
    if (minority > majority) {
      advice.push_back(fmt::format(
          "the minority has {} people and the majority {}: a support rate says how common somebody's preferences are, "
          "and most people are at or below the threshold; set data.groups.threshold: quantile for a minority of a "
          "known share, or look at data.groups.similarity",
          minority, majority));
    }
  }
  if (sweep.data.split.history > 0) {
    std::vector<std::int64_t> shown(people.group.size(), 0), scored(people.group.size(), 0);
    std::vector<bool> held_out(people.group.size(), false);
    for (std::size_t row = 0; row < people.split.size(); ++row) {
      const auto person = static_cast<std::size_t>(data.comparison_user[row]);
      shown[person] += people.split[row] == Split::history ? 1 : 0;
      scored[person] += people.split[row] == Split::validation || people.split[row] == Split::test ? 1 : 0;
      held_out[person] = held_out[person] || (people.split[row] != Split::train && people.split[row] != Split::unused);
    }
    std::int64_t all = 0;
    std::int64_t short_of = 0, one_left = 0;
    for (std::size_t person = 0; person < shown.size(); ++person) {
      all += held_out[person] ? 1 : 0;
      if (!held_out[person])
        continue;
      short_of += shown[person] < sweep.data.split.history ? 1 : 0;
      one_left += shown[person] == sweep.data.split.history && scored[person] == 1 ? 1 : 0;
    }
    if (short_of > 0) {
      advice.push_back(
          fmt::format("data.split.history is {}, which {} of the {} held-out people do not have beside one comparison "
                      "that is scored: all but that one of theirs are history, so they are measured by a single "
                      "answer; set a smaller history",
                      sweep.data.split.history, short_of, all));
    } else if (2 * one_left > all) {
      advice.push_back(
          fmt::format("data.split.history is {}, which leaves {} of the {} held-out people one comparison that is "
                      "scored: they are measured by a single answer; set a smaller history",
                      sweep.data.split.history, one_left, all));
    }
  }
  return advice;
}

}  // namespace fairsweep::apps
