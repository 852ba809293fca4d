#include "workers/data/importers/import_choices.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/hdf5/text.hpp"
#include "workers/data/importers/file_sha256.hpp"
#include "workers/data/importers/people_table.hpp"
#include "workers/data/importers/table_reader.hpp"

namespace fairsweep {

namespace {

std::string_view trimmed(std::string_view cell) {
  const auto first = cell.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : cell.substr(first, cell.find_last_not_of(" \t") - first + 1);
}

// Where the mapping's columns are in the table.
class Columns {
 public:
  Columns(const TableReader& table, const ChoiceMapping& mapping) : table_(table), mapping_(mapping) {}

  std::size_t find(const MappedColumn& wanted) {
    const auto& names = table_.columns();
    const auto found = std::find(names.begin(), names.end(), wanted.name);
    if (found == names.end()) {
      missing_ += (missing_.empty() ? "" : "\n") + mapping_.file + ":" + std::to_string(wanted.place.line) + ":" +
                  std::to_string(wanted.place.column) + ": the table has no column \"" + wanted.name + "\"" +
                  did_you_mean(wanted.name, names);
      return 0;
    }
    return static_cast<std::size_t>(found - names.begin());
  }
  void finish() const {
    if (!missing_.empty()) {
      throw UserError(ExitCode::configuration, missing_);
    }
  }

 private:
  const TableReader& table_;
  const ChoiceMapping& mapping_;
  std::string missing_;
};

struct Feature {
  std::optional<std::size_t> column;
  double constant = 0;
  double scale = 1;
  std::optional<std::size_t> zero_column;
  std::set<std::string, std::less<>> zero_codes;
};
struct Alternative {
  std::string code;
  std::optional<std::size_t> available;
  std::vector<Feature> features;
};

class Import {
 public:
  Import(const std::filesystem::path& file, const ChoiceMapping& mapping, ImportOptions options)
      : file_(file.string()),
        mapping_(mapping),
        options_(std::move(options)),
        table_(file),
        people_(mapping.user_features, mapping.attributes) {
    bind();
    start();
  }

  void read() {
    constexpr std::int64_t k_rows_between_reports = 10'000;
    const auto done = [this] {
      return options_.most_comparisons >= 0 && result_.data.comparison_count() >= options_.most_comparisons;
    };
    for (bool more = true; more && !done();) {
      const Mark mark = marked();
      try {
        ++result_.rows;  // a wrong row is one, too
        more = table_.next();
        if (more) {
          read_row();
        }
      } catch (const RecordError& error) {
        skip(error, mark);
      }
      result_.rows -= more ? 0 : 1;
      if (options_.progress && result_.rows % k_rows_between_reports == 0) {
        options_.progress(result_.rows, static_cast<double>(table_.bytes_read()) /
                                            static_cast<double>(std::max<std::uint64_t>(1, table_.bytes_total())));
      }
    }
    if (result_.data.comparison_count() == 0) {
      table_.refuse(table_.line(), "no row of the table holds a choice that can be used" +
                                       (result_.first_errors.empty() ? "" : "; " + result_.first_errors.front()));
    }
  }

  ImportedChoices finish() {
    people_.finish(file_, result_.data);
    return std::move(result_);
  }

  /// What was read, as it was understood.
  [[nodiscard]] ImportPreview preview() const {
    const PreferenceData& data = result_.data;
    ImportPreview preview;
    for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
      PreviewedComparison& shown = preview.comparisons.emplace_back();
      shown.user = people_.name(data.comparison_user[row]);
      shown.context = "row on line " + std::to_string(line_of_comparison_[row]);
      for (auto entry = data.comparison_offset[row]; entry < data.comparison_offset[row + 1]; ++entry) {
        const auto candidate = static_cast<std::size_t>(data.comparison_candidate[static_cast<std::size_t>(entry)]);
        shown.candidates.emplace_back(mapping_.alternatives[alternative_of_candidate_[candidate]].name, "");
      }
      shown.weight = data.comparison_weight[row];
      preview.people[shown.user] = people_.known_of(data.comparison_user[row]);
    }
    preview.records = result_.rows;
    preview.skipped = result_.skipped;
    preview.dropped = result_.dropped;
    preview.first_errors = result_.first_errors;
    return preview;
  }

 private:
  /// What there was before a row, to come back to.
  struct Mark {
    std::int32_t people = 0;
    std::size_t features = 0;
    std::map<std::string, std::int64_t> dropped;
  };

  [[nodiscard]] Mark marked() const { return {people_.size(), result_.data.features.size(), result_.dropped}; }

  /// A row adds its comparison last, so that a wrong one leaves people, features and counts behind at most.
  void skip(const RecordError& error, const Mark& mark) {
    constexpr std::size_t k_most_errors = 10;
    if (!options_.skip_errors) {
      throw UserError(error.code(),
                      std::string(error.what()) + "; mend the row, or leave such rows out with --on-error skip");
    }
    people_.forget_from(mark.people);
    result_.data.features.resize(mark.features);
    result_.dropped = mark.dropped;
    ++result_.skipped;
    if (result_.first_errors.size() < k_most_errors) {
      result_.first_errors.emplace_back(error.what());
    }
  }

  void bind() {
    Columns columns(table_, mapping_);
    user_ = columns.find(mapping_.user);
    choice_ = columns.find(mapping_.choice);
    if (mapping_.weight) {
      weight_ = columns.find(*mapping_.weight);
    }
    for (const MappedUserFeature& feature : mapping_.user_features) {
      user_columns_.push_back(columns.find(feature.column));
    }
    for (const MappedAttribute& attribute : mapping_.attributes) {
      user_columns_.push_back(columns.find(attribute.column));
    }
    for (const MappedAlternative& mapped : mapping_.alternatives) {
      Alternative alternative{mapped.code, std::nullopt, {}};
      if (mapped.available) {
        alternative.available = columns.find(*mapped.available);
      }
      for (const MappedFeature& source : mapped.features) {
        Feature feature{std::nullopt, source.constant, source.scale, std::nullopt, {}};
        if (source.column) {
          feature.column = columns.find(*source.column);
        }
        if (source.zero_where) {
          feature.zero_column = columns.find(source.zero_where->column);
          feature.zero_codes.insert(source.zero_where->codes.begin(), source.zero_where->codes.end());
        }
        alternative.features.push_back(std::move(feature));
      }
      alternatives_.push_back(std::move(alternative));
    }
    columns.finish();
  }

  void start() {
    PreferenceData& data = result_.data;
    for (const MappedFeature& feature : mapping_.alternatives.front().features) {
      data.feature_names.push_back(feature.name);
    }
    if (mapping_.alternative_constants) {
      for (const MappedAlternative& alternative : mapping_.alternatives) {
        data.feature_names.push_back(std::string(k_alternative_prefix) + alternative.name);
      }
    }
    data.feature_count = std::ssize(data.feature_names);
    data.context_offset = {0};
    data.comparison_offset = {0};
  }

  [[nodiscard]] std::string_view cell(std::size_t column) const { return trimmed(table_.cells()[column]); }

  [[nodiscard]] double number(std::size_t column) const {
    double value = 0;
    if (!parses_as_number(cell(column), value)) {
      refuse(column, "must be a finite number");
    }
    return value;
  }

  [[noreturn]] void refuse(std::size_t column, const std::string& what) const {
    refuse_value(table_.columns()[column], cell(column), what);
  }

  [[noreturn]] void refuse_value(const std::string& column, std::string_view value, const std::string& what) const {
    throw RecordError(file_ + ":" + std::to_string(table_.line()) + ": column \"" + column + "\" is \"" +
                      std::string(value.substr(0, 40)) + "\"; it " + what);
  }

  void drop(const std::string& reason) { ++result_.dropped[reason]; }

  std::int32_t user_of_row() {
    values_.clear();
    for (const std::size_t column : user_columns_) {
      values_.push_back(cell(column));
    }
    const auto refuse = [this](const std::string& column, std::string_view value, const std::string& what) {
      refuse_value(column == "user" ? mapping_.user.name : column, value, what);
    };
    return people_.number_of(cell(user_), values_, table_.line(), refuse);
  }

  [[nodiscard]] bool offered(const Alternative& alternative) const {
    if (!alternative.available) {
      return true;
    }
    const double value = number(*alternative.available);
    if (value != 0 && value != 1) {
      refuse(*alternative.available, "must be 1 (offered) or 0 (not)");
    }
    return value == 1;
  }

  [[nodiscard]] float value_of(const Feature& feature) const {
    if (feature.zero_column && feature.zero_codes.contains(cell(*feature.zero_column))) {
      return 0;
    }
    const double value = feature.column ? number(*feature.column) * feature.scale : feature.constant;
    if (std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())) {
      refuse(feature.column.value_or(choice_), "is too large for a feature");
    }
    return static_cast<float>(value);
  }

  void read_row() {
    const std::int32_t user = user_of_row();
    const std::string_view code = cell(choice_);
    const auto& missing = mapping_.missing_choices;
    if (code.empty() || std::find(missing.begin(), missing.end(), code) != missing.end()) {
      drop("no choice");
      return;
    }
    const auto chosen = std::find_if(alternatives_.begin(), alternatives_.end(),
                                     [&](const Alternative& alternative) { return alternative.code == code; });
    if (chosen == alternatives_.end()) {
      refuse(choice_, "must be the code of an alternative or one of missing_choices");
    }
    std::vector<std::size_t> present;
    for (std::size_t at = 0; at < alternatives_.size(); ++at) {
      if (offered(alternatives_[at])) {
        present.push_back(at);
      }
    }
    const auto chosen_at = static_cast<std::size_t>(chosen - alternatives_.begin());
    if (std::find(present.begin(), present.end(), chosen_at) == present.end()) {
      drop("the chosen alternative was not offered");
    } else if (present.size() < 2) {
      drop("only one alternative was offered");
    } else {
      add_comparison(user, present, chosen_at);
    }
  }

  void add_comparison(std::int32_t user, const std::vector<std::size_t>& present, std::size_t chosen) {
    PreferenceData& data = result_.data;
    const float weight = weight_of_row();
    const std::int64_t first = data.candidate_count;
    std::int64_t chosen_candidate = first;
    for (std::size_t place = 0; place < present.size(); ++place) {
      for (const Feature& feature : alternatives_[present[place]].features) {
        data.features.push_back(value_of(feature));
      }
      for (std::size_t at = 0; mapping_.alternative_constants && at < alternatives_.size(); ++at) {
        data.features.push_back(at == present[place] ? 1.0F : 0.0F);
      }
      if (present[place] == chosen) {
        chosen_candidate = first + static_cast<std::int64_t>(place);
      }
    }
    if (options_.most_comparisons >= 0) {
      alternative_of_candidate_.insert(alternative_of_candidate_.end(), present.begin(), present.end());
      line_of_comparison_.push_back(table_.line());
    }
    data.candidate_count += std::ssize(present);
    data.comparison_context.push_back(static_cast<std::int32_t>(data.context_count()));
    data.context_offset.push_back(data.candidate_count);
    data.comparison_candidate.push_back(chosen_candidate);
    for (std::int64_t candidate = first; candidate < data.candidate_count; ++candidate) {
      if (candidate != chosen_candidate) {
        data.comparison_candidate.push_back(candidate);
      }
    }
    data.comparison_offset.push_back(std::ssize(data.comparison_candidate));
    data.comparison_user.push_back(user);
    data.comparison_ranked.push_back(1);
    data.comparison_weight.push_back(weight);
    data.comparison_repeat.push_back(-1);
  }

  [[nodiscard]] float weight_of_row() const {
    if (!weight_) {
      return 1.0F;
    }
    const auto weight = static_cast<float>(number(*weight_));
    if (!(weight > 0) || !std::isfinite(weight)) {
      refuse(*weight_, "must be a weight above 0");
    }
    return weight;
  }

  std::string file_;
  const ChoiceMapping& mapping_;
  ImportOptions options_;
  TableReader table_;
  PeopleTable people_;
  // For a preview.
  std::vector<std::size_t> alternative_of_candidate_;
  std::vector<std::int64_t> line_of_comparison_;
  std::size_t user_ = 0;
  std::size_t choice_ = 0;
  std::optional<std::size_t> weight_;
  std::vector<std::size_t> user_columns_;  ///< user features, then attributes
  std::vector<Alternative> alternatives_;
  std::vector<std::string_view> values_;  ///< of the current row, at user_columns_
  ImportedChoices result_;
};

}  // namespace

ImportedChoices import_choices(const std::filesystem::path& table, const ChoiceMapping& mapping,
                               const ImportOptions& options) {
  Import import(table, mapping, options);
  import.read();
  ImportedChoices result = import.finish();
  auto& about = result.data.about;
  about = mapping.about;
  about["recipe"] = "fairsweep import choices";
  about["table"] = table.filename().string();
  about["table_sha256"] = digest_of_file(table);
  about["mapping"] = mapping.text;
  about["rows"] = std::to_string(result.rows);
  for (const auto& [reason, rows] : result.dropped) {
    about["rows dropped: " + reason] = std::to_string(rows);
  }
  if (result.skipped > 0) {
    about["rows skipped"] = std::to_string(result.skipped);
  }
  const std::vector<std::string> problems = problems_of(result.data);
  if (!problems.empty()) {
    throw UserError(ExitCode::file,
                    table.string() + ": the table cannot be used as this mapping says: " + problems.front());
  }
  return result;
}

ImportPreview preview_choices(const std::filesystem::path& table, const ChoiceMapping& mapping,
                              const ImportOptions& options, std::int64_t choices) {
  ImportOptions limited = options;
  limited.most_comparisons = choices;
  Import import(table, mapping, limited);
  import.read();
  return import.preview();
}

}  // namespace fairsweep
