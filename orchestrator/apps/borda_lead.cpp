#include "orchestrator/apps/borda_lead.hpp"

#include <cmath>
#include <filesystem>
#include <span>
#include <system_error>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/errors.hpp"
#include "objectives/metrics/borda/borda_count.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {
namespace {

/// The file that the run was trained on, where it is still there under that name.
std::string data_of(const report::RunSummary& run) {
  const ReadResult read = read_sweep_text(run.record.resolved_configuration, run.name);
  std::error_code ignored;
  return read.ok() && std::filesystem::exists(read.sweep.data.file, ignored) ? read.sweep.data.file : "";
}

}  // namespace

std::vector<double> borda_lead(const report::RunSummary& run, const PersonResults& people, const std::string& named) {
  const std::string file = named.empty() ? data_of(run) : named;
  if (file.empty() || people.people.split.empty())
    return {};
  const PreferenceData data = read_data_file(file);
  const std::size_t comparisons = data.comparison_user.size();
  if (comparisons != people.people.split.size() || digest_of(data) != run.record.data_digest) {
    if (named.empty())
      return {};  // other data have taken the place
    throw UserError(ExitCode::file, file + ": these are not the data that " + run.name +
                                        " was trained on; name the right file with --data");
  }
  const auto order_of = [&](std::size_t row) {
    return std::span(data.comparison_candidate)
        .subspan(static_cast<std::size_t>(data.comparison_offset[row]),
                 static_cast<std::size_t>(data.comparison_offset[row + 1] - data.comparison_offset[row]));
  };
  fairness::BordaCount count(static_cast<std::size_t>(data.candidate_count));
  for (std::size_t row = 0; row < comparisons; ++row) {
    if (people.people.split[row] == Split::train)
      count.add(order_of(row), static_cast<std::size_t>(data.comparison_ranked[row]), data.comparison_weight[row]);
  }
  std::vector<double> lead;
  lead.reserve(comparisons);
  for (std::size_t row = 0; row < comparisons; ++row) {
    const auto order = order_of(row);
    lead.push_back(order.size() == 2 && data.comparison_ranked[row] > 0
                       ? count.of(static_cast<std::size_t>(order[0])) - count.of(static_cast<std::size_t>(order[1]))
                       : std::nan(""));
  }
  return lead;
}

}  // namespace fairsweep::apps
