#include "results/report/type_warnings.hpp"

#include <nlohmann/json.hpp>

#include "core/domain/hidden_types.hpp"

namespace fairsweep::report {

std::vector<std::string> type_warnings(const RunSummary& run) {
  const auto description = nlohmann::json::parse(run.record.data_description, nullptr, false);
  if (!description.is_object() || !description.contains("identifiability")) {
    return {};
  }
  const nlohmann::json& found = description.at("identifiability");
  AnswersAPerson answers;
  answers.median = found.value("median_votes", 0.0);
  answers.pairs_only = found.value("pairs_only", false);
  answers.most_types = found.value("most_types", std::int64_t{0});
  std::vector<Settings> trials;
  trials.reserve(run.record.configurations.size());
  for (const Configuration& configuration : run.record.configurations) {
    trials.push_back(run.all_settings(configuration));
  }
  return warnings_on_types(most_types_asked(trials), answers);
}

}  // namespace fairsweep::report
