#include "workers/data/importers/candidate_table.hpp"

#include <optional>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/people.hpp"
#include "workers/data/importers/record_reader.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

CandidateRows::CandidateRows(const CandidateTable& table, const std::filesystem::path& file) : file_(file.string()) {
  const auto records = open_records(file, table.format.applied_to(format_of(file)));
  const std::size_t key = records->field(table.key);
  std::optional<std::size_t> text;
  if (!table.text.empty()) {
    text = records->field(table.text);
  }
  // Columns of a table are the same work whatever the rows are: people or candidates.
  People rows(table.features, {});
  std::vector<std::size_t> fields;
  fields.reserve(rows.value_count());
  for (std::size_t at = 0; at < rows.value_count(); ++at) {
    fields.push_back(records->field(rows.value_column(at)));
  }
  std::vector<std::string_view> values;
  while (records->next()) {
    const std::string name(records->text(key));
    if (!row_of_name_.emplace(name, static_cast<std::int64_t>(row_of_name_.size())).second) {
      records->refuse("candidate \"" + name + "\" is there twice");
    }
    if (text) {
      texts_.emplace_back(records->text(*text));
    }
    values.clear();
    for (const std::size_t field : fields) {
      values.push_back(records->text(field));
    }
    (void)rows.number_of(name, values, records->line(),
                         [&](const std::string&, std::string_view, const std::string& what) {
                           records->refuse("the candidate's name " + what);
                         });
  }
  PreferenceData columns;
  rows.finish(file_, columns);
  feature_names_ = std::move(columns.user_feature_names);
  features_ = std::move(columns.user_features);
}

std::int64_t CandidateRows::find(std::string_view name) const {
  const auto found = row_of_name_.find(std::string(name));
  return found == row_of_name_.end() ? -1 : found->second;
}

std::string_view CandidateRows::text(std::int64_t row) const {
  return texts_.empty() ? std::string_view() : texts_[static_cast<std::size_t>(row)];
}

const float* CandidateRows::features(std::int64_t row) const {
  return features_.data() + static_cast<std::size_t>(row) * feature_names_.size();
}

}  // namespace fairsweep
