#include "workers/data/importers/candidate_table.hpp"

#include <algorithm>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "workers/data/importers/people_table.hpp"
#include "workers/data/importers/record_reader.hpp"
#include "workers/data/importers/white_space.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

CandidateRows::CandidateRows(const CandidateTable& table, const std::filesystem::path& file)
    : file_(file.string()), spellings_(table.spellings) {
  const auto records = open_records(file, table.format.applied_to(format_of(file)));
  const std::size_t key = records->field(table.key);
  std::optional<std::size_t> text;
  if (!table.text.empty()) {
    text = records->field(table.text);
  }
  // Columns of a table are the same work whatever the rows are: people or candidates.
  PeopleTable rows(table.features, {});
  std::vector<std::size_t> fields;
  fields.reserve(rows.value_count());
  for (std::size_t at = 0; at < rows.value_count(); ++at) {
    fields.push_back(records->field(rows.value_column(at)));
  }
  std::vector<std::string_view> values;
  while (records->next()) {
    const std::string name(records->text(key));
    if (name.empty() && (!text || records->text(*text).empty()) &&
        std::all_of(fields.begin(), fields.end(), [&](std::size_t field) { return records->text(field).empty(); })) {
      continue;
    }
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
  for (const auto& [name, spelling] : spellings_) {
    if (!row_of_name_.contains(spelling)) {
      throw UserError(ExitCode::configuration, file_ + ": has no \"" + spelling +
                                                   "\", which spellings of the mapping names for \"" + name + "\"");
    }
  }
  PreferenceData columns;
  rows.finish(file_, columns);
  feature_names_ = std::move(columns.user_feature_names);
  features_ = std::move(columns.user_features);
}

std::int64_t CandidateRows::find(std::string_view name) const {
  const std::int64_t found = find_spelt(std::string(name));
  return found < 0 ? find_spelt(with_single_spaces(name)) : found;
}

std::int64_t CandidateRows::find_spelt(const std::string& name) const {
  const auto spelling = spellings_.find(name);
  const auto found = row_of_name_.find(spelling == spellings_.end() ? name : spelling->second);
  return found == row_of_name_.end() ? -1 : found->second;
}

std::string_view CandidateRows::text(std::int64_t row) const {
  return texts_.empty() ? std::string_view() : texts_[static_cast<std::size_t>(row)];
}

const float* CandidateRows::features(std::int64_t row) const {
  return features_.data() + static_cast<std::size_t>(row) * feature_names_.size();
}

}  // namespace fairsweep
