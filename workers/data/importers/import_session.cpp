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
  open_roles_.clear();
  RecordFormat format = mapping_.format.applied_to(format_of(file));
  format.json_lines = json_lines.value_or(format.json_lines);
  reads_json_ = format.json_lines;
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
            const std::size_t width = candidate_rows_->feature_names().size();
            const std::int64_t row = row_of_candidate_[static_cast<std::size_t>(candidate)];
            if (row < 0) {
              std::fill_n(values, width, 0.0F);
            } else {
              std::copy_n(candidate_rows_->features(row), width, values);
            }
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

std::optional<std::string> ImportSession::role_name(const std::string& name,
                                                    const std::vector<std::string>& usual) const {
  if (const auto mapped = mapping_.fields.find(name); mapped != mapping_.fields.end()) {
    return mapped->second;
  }
  const auto& names = records_->names();
  const auto found = std::find_if(usual.begin(), usual.end(), [&](const std::string& field) {
    return std::find(names.begin(), names.end(), field) != names.end();
  });
  return found == usual.end() ? std::nullopt : std::optional(*found);
}

std::optional<std::size_t> ImportSession::role(const std::string& name, const std::vector<std::string>& usual) {
  const auto field = role_name(name, usual);
  if (!field) {
    open_roles_.emplace_back(name, usual);
    return std::nullopt;
  }
  if (*field == "#" && name != "user") {
    throw UserError(ExitCode::configuration,
                    fmt::format("the field for \"{}\" is \"#\"; only the user may be the number of the record", name));
  }
  return *field == "#" ? k_record_number : records_->field(*field);
}

std::size_t ImportSession::needed_role(const std::string& name, const std::vector<std::string>& usual,
                                       const std::string& otherwise) {
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
                              "--field {}=NAME{}. There are: {}",
                              files_.back().string(), name, fmt::join(usual, ", "), name, otherwise, fields));
}

bool ImportSession::done() const {
  return options_.most_comparisons >= 0 && builder_.comparison_count() >= options_.most_comparisons;
}

void ImportSession::each_record(const std::function<void()>& read) {
  constexpr std::int64_t k_records_between_reports = 1 << 16U;
  for (bool more = true; more && !done();) {
    attempt([&] {
      ++record_of_file_;  // a record that cannot be read has a number, too
      ++record_count_;
      more = records_->next();
      if (more) {
        refuse_late_fields();
        read();
      }
    });
    record_count_ -= more ? 0 : 1;
    if (options_.progress && record_count_ % k_records_between_reports == 0) {
      options_.progress(record_count_, records_->share_read());
    }
  }
}

void ImportSession::attempt(const std::function<void()>& use, std::int64_t records) {
  constexpr std::size_t k_most_errors = 10;
  attempts_ = options_.skip_errors;  // else nothing is ever forgotten
  if (attempts_) {
    mark();
  }
  try {
    use();
    for (const WaitingText& waiting : waiting_texts_) {
      listener_(waiting.candidate, waiting.text, waiting.question);
    }
  } catch (const RecordError& error) {
    if (!options_.skip_errors) {
      throw UserError(error.code(),
                      std::string(error.what()) + "; mend the record, or leave such records out with --on-error skip");
    }
    forget();
    skipped_ += records;
    if (first_errors_.size() < k_most_errors) {
      first_errors_.emplace_back(error.what());
    }
  }
  attempts_ = false;
}

std::int32_t ImportSession::source_of(std::int32_t candidate) const {
  if (bearer_.empty()) {
    return candidate;
  }
  return builder_.candidate_name(candidate) == bearer_ ? builder_.context_of(candidate) : -1;
}

std::int32_t ImportSession::source_count() const {
  return bearer_.empty() ? builder_.candidate_count() : builder_.context_count();
}

std::string_view ImportSession::source_name(std::int32_t source) const {
  return bearer_.empty() ? builder_.candidate_name(source) : builder_.context_name(source);
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
  const bool stands_for_something = bearer_.empty() || name == bearer_;
  std::int64_t row = -1;
  if (candidate_rows_ && stands_for_something) {
    const std::string_view key = bearer_.empty() ? name : builder_.context_name(context);
    row = candidate_rows_->find(key);
    if (row < 0) {
      records_->refuse(fmt::format("{} has no candidate \"{}\"", candidate_rows_->file(), key));
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
    if (!bearer_.empty()) {
      builder_.set_context_text(context, text);
    }
  }
  if (is_new && listener_) {
    if (attempts_) {
      waiting_texts_.push_back({candidate, std::string(text), std::string(question)});
    } else {
      listener_(candidate, text, question);
    }
  }
  return candidate;
}

void ImportSession::add(BuiltComparison comparison) {
  std::vector<std::string_view> circumstances;
  read_circumstances(circumstances);
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

std::map<std::string, std::string> ImportSession::known_of(std::int32_t person) const {
  std::map<std::string, std::string> known = people_.known_of(person);
  for (const auto& [attribute, labels] : simulated_labels_) {
    known[attribute] = labels[static_cast<std::size_t>(person)];
  }
  for (std::size_t at = 0; at < simulated_feature_names_.size(); ++at) {
    known[simulated_feature_names_[at]] = fmt::format(
        "{:.3g}", simulated_features_[static_cast<std::size_t>(person) * simulated_feature_names_.size() + at]);
  }
  return known;
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

void ImportSession::read_circumstances(std::vector<std::string_view>& values) const {
  values.reserve(circumstance_fields_.size());
  for (const std::size_t field : circumstance_fields_) {
    values.push_back(records_->text(field));
    if (!hdf5::is_storable_text(values.back())) {
      records_->refuse("a comparison attribute is not UTF-8");
    }
  }
}

std::int32_t ImportSession::keep_circumstances() {
  if (circumstance_fields_.empty()) {
    return 0;
  }
  std::vector<std::string_view> values;
  read_circumstances(values);
  std::string all;
  for (const std::string_view value : values) {
    all.append(value).push_back('\0');
  }
  return kept_circumstances_.number_of(0, all);
}

std::int32_t ImportSession::merge_circumstances(std::int32_t one, std::int32_t other) {
  if (one == other) {
    return one;
  }
  std::string_view left = kept_circumstances_.name(one);
  std::string_view right = kept_circumstances_.name(other);
  std::string merged;
  while (!left.empty()) {
    const std::string_view value = left.substr(0, left.find('\0'));
    merged.append(right.starts_with(value) && right[value.size()] == '\0' ? value : "").push_back('\0');
    left.remove_prefix(value.size() + 1);
    right.remove_prefix(right.find('\0') + 1);
  }
  return kept_circumstances_.number_of(0, merged);
}

void ImportSession::add_kept(BuiltComparison comparison, std::int32_t circumstances) {
  std::vector<std::string_view> values;
  if (!mapping_.comparison_attributes.empty()) {
    for (std::string_view all = kept_circumstances_.name(circumstances); !all.empty();) {
      values.push_back(all.substr(0, all.find('\0')));
      all.remove_prefix(values.back().size() + 1);
    }
  }
  comparison.circumstances = values;
  builder_.add(comparison);
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
