#include "workers/data/importers/import_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/hdf5/text.hpp"
#include "workers/data/importers/joined_records.hpp"
#include "workers/data/importers/time_text.hpp"
#include "workers/data/text_digest.hpp"

namespace fairsweep {

ImportSession::ImportSession(RecordMapping mapping, ImportOptions options)
    : mapping_(std::move(mapping)),
      options_(std::move(options)),
      people_(mapping_.user_features, mapping_.attributes),
      builder_(mapping_.comparison_attributes) {}

void ImportSession::open(const std::filesystem::path& file, std::optional<bool> json_lines) {
  files_.push_back(file);
  record_of_file_ = 0;
  RecordFormat format = mapping_.format.applied_to(format_of(file));
  format.json_lines = json_lines.value_or(format.json_lines);
  records_ = open_records(file, format);
  if (!mapping_.joins.empty()) {
    records_ = std::make_unique<JoinedRecords>(std::move(records_), mapping_.joins, folder());
  }
  if (mapping_.candidates && !candidate_rows_) {
    candidate_rows_.emplace(*mapping_.candidates, beside(folder(), mapping_.candidates->file));
  }
  bind_people();
}

FeatureBlock ImportSession::candidate_features() const {
  if (!candidate_rows_) {
    return {};
  }
  return {candidate_rows_->feature_names(), [this](std::int32_t candidate, float* values) {
            const float* row = candidate_rows_->features(row_of_candidate_[static_cast<std::size_t>(candidate)]);
            std::copy_n(row, candidate_rows_->feature_names().size(), values);
          }};
}

void ImportSession::bind_people() {
  people_fields_.clear();
  for (std::size_t at = 0; at < people_.value_count(); ++at) {
    people_fields_.push_back(records_->field(people_.value_column(at)));
  }
  circumstance_fields_.clear();
  for (const MappedAttribute& attribute : mapping_.comparison_attributes) {
    circumstance_fields_.push_back(records_->field(attribute.column.name));
  }
}

std::optional<std::size_t> ImportSession::role(const std::string& name, const std::vector<std::string>& usual) {
  if (const auto mapped = mapping_.fields.find(name); mapped != mapping_.fields.end()) {
    return mapped->second == "#" ? k_record_number : records_->field(mapped->second);
  }
  const auto& names = records_->names();
  for (const std::string& field : usual) {
    if (std::find(names.begin(), names.end(), field) != names.end()) {
      return records_->field(field);
    }
  }
  return std::nullopt;
}

std::size_t ImportSession::needed_role(const std::string& name, const std::vector<std::string>& usual) {
  if (const auto found = role(name, usual)) {
    return *found;
  }
  std::string fields;
  for (const std::string& field : records_->names()) {
    if (fields.size() > 300) {
      fields += ", ...";
      break;
    }
    fields += (fields.empty() ? "" : ", ") + field;
  }
  throw UserError(ExitCode::configuration,
                  fmt::format("{}: which field is \"{}\"? None is called {}; say it with "
                              "--field {}=NAME. There are: {}",
                              files_.back().string(), name, fmt::join(usual, ", "), name, fields));
}

bool ImportSession::done() const {
  return options_.most_comparisons >= 0 && builder_.comparison_count() >= options_.most_comparisons;
}

void ImportSession::each_record(const std::function<void()>& read) {
  constexpr std::int64_t k_records_between_reports = 1 << 16U;
  constexpr std::size_t k_most_errors = 10;
  for (bool more = true; more && !done();) {
    try {
      more = records_->next();
      if (more) {
        ++record_count_;
        ++record_of_file_;
        read();
      }
    } catch (const RecordError& error) {
      if (!options_.skip_errors) {
        throw UserError(error.code(), std::string(error.what()) +
                                          "; mend the record, or leave such records out with --on-error skip");
      }
      ++skipped_;
      if (first_errors_.size() < k_most_errors) {
        first_errors_.emplace_back(error.what());
      }
    }
    if (options_.progress && record_count_ % k_records_between_reports == 0) {
      options_.progress(record_count_, records_->share_read());
    }
  }
}

std::int32_t ImportSession::user(std::optional<std::size_t> field) {
  values_.clear();
  for (const std::size_t value : people_fields_) {
    values_.push_back(records_->text(value));
  }
  for (std::size_t at = 0; at < values_.size(); ++at) {
    if (!hdf5::is_storable_text(values_[at])) {
      records_->refuse("field \"" + people_.value_column(at) + "\" is not UTF-8");
    }
  }
  const auto refuse = [this](const std::string& column, std::string_view value, const std::string& what) {
    records_->refuse("field \"" + column + "\" is \"" + std::string(value.substr(0, 40)) + "\"; it " + what);
  };
  if (field == k_record_number) {
    return people_.number_of(std::to_string(record_of_file_), values_, records_->line(), refuse);
  }
  return people_.number_of(field ? records_->text(*field) : "everybody", values_, records_->line(), refuse);
}

std::string ImportSession::digest_name(std::string_view text) const {
  return fmt::format("text-{:016x}", text_digest(text));
}

std::int32_t ImportSession::context(std::string_view name, std::string_view text) {
  try {
    const std::int32_t context =
        name.empty() && !text.empty() ? builder_.context(digest_name(text)) : builder_.context(name);
    if (!text.empty()) {
      builder_.set_context_text(context, text);
    }
    return context;
  } catch (const RecordError&) {
    throw;
  } catch (const UserError& error) {
    records_->refuse(error.what());
  }
}

std::int32_t ImportSession::candidate(std::int32_t context, std::string_view name, std::string_view text,
                                      std::string_view question) {
  if (name.empty() && text_digest(text) == 0) {
    records_->refuse("a candidate is empty");
  }
  std::int64_t row = -1;
  if (candidate_rows_) {
    row = candidate_rows_->find(name);
    if (row < 0) {
      records_->refuse(fmt::format("{} has no candidate \"{}\"", candidate_rows_->file(), name));
    }
    text = text.empty() ? candidate_rows_->text(row) : text;
  }
  bool is_new = false;
  std::int32_t candidate = 0;
  try {
    candidate = name.empty() ? builder_.candidate(context, digest_name(text), &is_new)
                             : builder_.candidate(context, name, &is_new);
  } catch (const UserError& error) {
    records_->refuse(error.what());
  }
  if (is_new && candidate_rows_) {
    row_of_candidate_.push_back(row);
  }
  if (is_new && !text.empty()) {
    has_texts_ = true;
    builder_.set_candidate_text(candidate, text);
  }
  if (is_new && listener_) {
    listener_(candidate, text, question);
  }
  return candidate;
}

void ImportSession::add(BuiltComparison comparison) {
  std::vector<std::string_view> circumstances;
  for (const std::size_t field : circumstance_fields_) {
    circumstances.push_back(records_->text(field));
    if (!hdf5::is_storable_text(circumstances.back())) {
      records_->refuse("a comparison attribute is not UTF-8");
    }
  }
  comparison.circumstances = circumstances;
  try {
    builder_.add(comparison);
  } catch (const UserError& error) {
    records_->refuse(error.what());
  }
}

std::int32_t ImportSession::simulated_person(const std::string& name, const std::map<std::string, std::string>& labels,
                                             const std::vector<float>& features) {
  if (people_.value_count() > 0 || !mapping_.comparison_attributes.empty()) {
    throw UserError(ExitCode::configuration,
                    "the people are simulated: the mapping cannot give them attributes, features or circumstances");
  }
  const std::int32_t before = people_.size();
  const std::int32_t person = people_.number_of(
      name, {}, 0, [](const std::string&, std::string_view, const std::string& what) { check(false, what); });
  check(person == before && features.size() == simulated_feature_names_.size(), "a simulated person comes once");
  for (const auto& [attribute, label] : labels) {
    simulated_labels_[attribute].push_back(label);
  }
  simulated_features_.insert(simulated_features_.end(), features.begin(), features.end());
  return person;
}

void ImportSession::finish_people(PreferenceData& data) const {
  people_.finish(files_.front().string(), data);
  for (const auto& [name, labels] : simulated_labels_) {
    Attribute attribute;
    for (const std::string& label : labels) {
      const auto found = std::find(attribute.labels.begin(), attribute.labels.end(), label);
      attribute.codes.push_back(static_cast<std::int32_t>(found - attribute.labels.begin()));
      if (found == attribute.labels.end()) {
        attribute.labels.push_back(label);
      }
    }
    data.user_attributes[name] = std::move(attribute);
  }
  if (!simulated_feature_names_.empty()) {
    data.user_feature_names = simulated_feature_names_;
    data.user_feature_count = std::ssize(simulated_feature_names_);
    data.user_features = simulated_features_;
  }
}

double ImportSession::number(std::size_t field, std::string_view what) {
  double value = 0;
  const std::string_view text = records_->text(field);
  if (!parses_as_number(text, value)) {
    records_->refuse(fmt::format("{} is \"{}\"; it must be a finite number", what, text.substr(0, 40)));
  }
  return value;
}

std::optional<std::int64_t> ImportSession::time(std::optional<std::size_t> field) {
  if (!field || records_->text(*field).empty()) {
    return std::nullopt;
  }
  const std::string_view text = records_->text(*field);
  const auto seconds = seconds_of(text);
  if (!seconds) {
    records_->refuse(
        fmt::format("the time is \"{}\"; it must be seconds since 1970, or a date such as "
                    "2016-05-01T10:20:30Z",
                    text.substr(0, 40)));
  }
  return seconds;
}

float ImportSession::weight(std::optional<std::size_t> field) {
  if (!field || records_->text(*field).empty()) {
    return 1;
  }
  const auto value = static_cast<float>(number(*field, "the weight"));
  if (!(value > 0) || !std::isfinite(value)) {
    records_->refuse("the weight must be above 0");
  }
  return value;
}

}  // namespace fairsweep
