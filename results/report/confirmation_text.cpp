#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "results/report/confirmation.hpp"
#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/number_text.hpp"
#include "results/report/text_table.hpp"

namespace fairsweep::report {
namespace {

std::string members_table(const RunSummary& run, const Confirmation& confirmation) {
  TextTable table;
  table.add_column("");
  table.add_column("configuration\nthere", Align::right);
  table.add_column("method");
  for (const Objective& objective : run.front.objectives) {
    table.add_column(objective.label() + "\nvalidation, first");
    table.add_column("\nfresh");
    table.add_column("\ntest, first");
    table.add_column("\nfresh");
  }
  table.add_column("on the fresh\nfront");
  for (std::size_t i = 0; i < confirmation.members.size(); ++i) {
    const ConfirmedMember& member = confirmation.members[i];
    const FrontPoint* fresh = member.fresh(run.front) ? &run.front.points[*member.point] : nullptr;
    std::vector<std::string> cells = {
        std::string(1, key_of(i)), std::to_string(member.there.value),
        member.point ? method_of(run, configuration_of(run.record, run.front.points[*member.point].configuration))
                     : "-"};
    for (std::size_t axis = 0; axis < run.front.objectives.size(); ++axis) {
      cells.push_back(estimate_text(member.first_validation[axis]));
      cells.push_back(fresh != nullptr ? estimate_text(fresh->validation[axis]) : "-");
      cells.push_back(estimate_text(member.first_test[axis]));
      cells.push_back(fresh != nullptr ? estimate_text(fresh->test[axis]) : "-");
    }
    if (fresh == nullptr) {
      cells.emplace_back("no value");
    } else {
      cells.emplace_back(fresh->on_front ? "yes" : "no");
    }
    table.add_row(cells);
  }
  return table.text();
}

std::string volume_text(const char* split, double first, double fresh) {
  std::string change;
  if (first > 0 && std::isfinite(fresh))
    change = fmt::format(" ({:+.1f} %)", 100 * (fresh - first) / first);
  return fmt::format("Hypervolume on {}: {} first, {} on fresh seeds{}.\n", split, number_text(first, 6),
                     number_text(fresh, 6), change);
}

}  // namespace

std::string confirmation_text(const RunSummary& run, const Confirmation& confirmation) {
  std::string text = fmt::format("{}: the front of {}, {} configurations, trained again on {} fresh seeds each{}\n\n",
                                 printable(run.name), printable(confirmation.run), confirmation.members.size(),
                                 run.record.replicates, run.record.complete ? "" : "; not all of it yet");
  text += members_table(run, confirmation);
  text +=
      "Mean ± standard error over replicates. The first validation values chose the front, which favours "
      "lucky seeds;\nthe fresh ones chose nothing and are the ones to publish.\n";
  if (confirmation.fresh < confirmation.members.size()) {
    text += fmt::format("{} configurations have no fresh values and are left out of what follows.\n",
                        confirmation.members.size() - confirmation.fresh);
  }
  text += fmt::format("\n{} of {} stay non-dominated among themselves on validation.\n", confirmation.stay,
                      confirmation.fresh);
  text += volume_text("validation", confirmation.first_validation_volume, confirmation.fresh_validation_volume);
  text += volume_text("test", confirmation.first_test_volume, confirmation.fresh_test_volume);
  std::vector<std::string> reference;
  reference.reserve(confirmation.reference.size());
  for (const double value : confirmation.reference)
    reference.push_back(number_text(value));
  return text +
         fmt::format("All with respect to ({}), the reference point of the first front.\n", fmt::join(reference, ", "));
}

}  // namespace fairsweep::report
