#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/candidate_table.hpp"
#include "workers/data/importers/people_table.hpp"
#include "workers/data/importers/preference_builder.hpp"
#include "workers/data/importers/record_mapping.hpp"
#include "workers/data/importers/record_reader.hpp"

namespace fairsweep {

/// Called now and then with the records read and the share of the file (0 to 1).
using ImportProgress = std::function<void(std::int64_t records, double share)>;

/// How an import deals with what it reads.
struct ImportOptions {
  bool skip_errors = false;            ///< leave a wrong record out and count it; otherwise it ends the import
  std::int64_t most_comparisons = -1;  ///< stop after so many (a dry run); negative: all
  ImportProgress progress;
};

/// Shows a candidate's text when the candidate first comes, with the question it answers; for features made of text.
using TextListener = std::function<void(std::int32_t candidate, std::string_view text, std::string_view question)>;

/// In place of a field: the number of the record in its file, from 1. A mapping says "#".
inline constexpr std::size_t k_record_number = static_cast<std::size_t>(-1);

/// What all importers share: the files, the people, the comparisons, and what was left out.
class ImportSession {
 public:
  ImportSession(RecordMapping mapping, ImportOptions options);

  /// Opens a file of records, with the mapping's joins. The first file opened is the one the others lie beside.
  /// @param json_lines  how records are written, where the name is not to decide
  void open(const std::filesystem::path& file, std::optional<bool> json_lines = std::nullopt);
  [[nodiscard]] RecordReader& records() { return *records_; }
  [[nodiscard]] const RecordMapping& mapping() const { return mapping_; }
  [[nodiscard]] PreferenceBuilder& builder() { return builder_; }
  [[nodiscard]] PeopleTable& people() { return people_; }

  /// The field that plays a role: as the mapping says, or the first of `usual` that the records have. In JSON the first
  /// record decides; a later one with a field of `usual` is then refused, lest it be ignored.
  [[nodiscard]] std::optional<std::size_t> role(const std::string& name, const std::vector<std::string>& usual);
  /// The same by name, "#" for the number of the record.
  [[nodiscard]] std::optional<std::string> role_name(const std::string& name,
                                                     const std::vector<std::string>& usual) const;
  /// The same. @throws UserError (configuration) where there is none, naming the role, the fields there are, and
  /// `otherwise`, what else could be said.
  [[nodiscard]] std::size_t needed_role(const std::string& name, const std::vector<std::string>& usual,
                                        const std::string& otherwise = "");
  /// Refuses the record where it has none of the fields, which a record of JSON may lack: an empty text may be no
  /// answer, a missing key is a mistake. @param what  they are called in the message
  void require_any(const std::vector<std::optional<std::size_t>>& fields, const std::string& what);

  /// Reads every record through `read`, which calls the functions below; skips, counts and reports progress.
  void each_record(const std::function<void()>& read);
  /// Runs `use`. A RecordError ends the import. Where wrong records are skipped, it is noted, `records` are counted,
  /// and what `use` added to this session is forgotten.
  void attempt(const std::function<void()>& use, std::int64_t records = 1);

  /// The user of the current record. @param field  of the name; none: everybody is one user called "everybody"
  std::int32_t user(std::optional<std::size_t> field);
  /// A candidate of a context by name, with its text where it has one; without a name, the text's digest is the name.
  std::int32_t candidate(std::int32_t context, std::string_view name, std::string_view text, std::string_view question);
  /// A context by name, with the question's text where there is one; without a name, the text's digest is the name.
  std::int32_t context(std::string_view name, std::string_view text);
  /// Adds a comparison of the current record with its circumstances.
  void add(BuiltComparison comparison);
  /// Adds a comparison that no record is behind: of a simulated person.
  void add_simulated(const BuiltComparison& comparison) { builder_.add(comparison); }
  /// A simulated person: labels by attribute, and values of the features named before. The same ones for each person.
  std::int32_t simulated_person(const std::string& name, const std::map<std::string, std::string>& labels,
                                const std::vector<float>& features = {});
  void name_simulated_features(std::vector<std::string> names) { simulated_feature_names_ = std::move(names); }
  /// What is known of a person: features by column, attributes by name.
  [[nodiscard]] std::map<std::string, std::string> known_of(std::int32_t person) const;
  /// What is known of the people, into `data`.
  void finish_people(PreferenceData& data) const;

  /// Something about the data that a reader of the file should know.
  void note(const std::string& name, const std::string& value) { notes_[name] = value; }
  [[nodiscard]] const std::map<std::string, std::string>& notes() const { return notes_; }
  /// For comparisons made of several records: what the current record says of the circumstances, as a number. Equal
  /// ones share it, so that it takes memory only where comparisons have attributes.
  [[nodiscard]] std::int32_t keep_circumstances();
  /// Circumstances of both together: one in which the two differ is not known.
  [[nodiscard]] std::int32_t merge_circumstances(std::int32_t one, std::int32_t other);
  /// Adds a comparison that is not of the current record.
  void add_kept(BuiltComparison comparison, std::int32_t circumstances);
  void drop(const std::string& reason, std::int64_t records = 1) { count(dropped_, reason, records); }
  void drop_pairs(const std::string& reason, std::int64_t pairs) { count(dropped_pairs_, reason, pairs); }

  /// Says that tables, embeddings and texts are not about candidates but about their contexts, such as statements that
  /// are voted on: the candidate called `bearer` of each context stands for it, any other has zeros for features.
  void describe_contexts(std::string bearer) { bearer_ = std::move(bearer); }
  [[nodiscard]] bool describes_contexts() const { return !bearer_.empty(); }
  /// What tables, embeddings and texts are about, as a number; -1: the candidate stands for nothing.
  [[nodiscard]] std::int32_t source_of(std::int32_t candidate) const;
  [[nodiscard]] std::int32_t source_count() const;
  [[nodiscard]] std::string_view source_name(std::int32_t source) const;

  /// A finite number. @throws RecordError naming the field
  [[nodiscard]] double number(std::size_t field, std::string_view what);
  /// Seconds since 1970 UTC from a number of seconds (or of milliseconds, where it is that large) or a date as
  /// 2016-05-01, 2016-05-01T10:20:30Z or "2016-05-01 10:20:30 UTC"; nothing for an empty field.
  [[nodiscard]] std::optional<std::int64_t> time(std::optional<std::size_t> field);
  [[nodiscard]] float weight(std::optional<std::size_t> field);

  void set_text_listener(TextListener listener) { listener_ = std::move(listener); }
  [[nodiscard]] bool done() const;
  [[nodiscard]] const std::map<std::string, std::int64_t>& dropped() const { return dropped_; }
  [[nodiscard]] const std::map<std::string, std::int64_t>& dropped_pairs() const { return dropped_pairs_; }
  [[nodiscard]] const std::vector<std::string>& first_errors() const { return first_errors_; }
  [[nodiscard]] std::int64_t skipped() const { return skipped_; }
  /// Of all files, wrong ones and those that are left out among them.
  [[nodiscard]] std::int64_t record_count() const { return record_count_; }
  [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }
  [[nodiscard]] std::filesystem::path folder() const { return files_.front().parent_path(); }
  [[nodiscard]] bool has_texts() const { return has_texts_; }
  [[nodiscard]] bool reads_json() const { return reads_json_; }
  /// Features that the mapping's table of candidates has; no names where there is none. Views of this session.
  [[nodiscard]] FeatureBlock candidate_features() const;

 private:
  using Counts = std::map<std::string, std::int64_t>;
  /// What was left out since the mark.
  struct LeftOut {
    Counts* counts = nullptr;
    std::string reason;
    std::int64_t count = 0;
  };
  /// A candidate's text that waits until its record is known to be right.
  struct WaitingText {
    std::int32_t candidate = 0;
    std::string text, question;
  };

  void mark();
  void forget();
  void count(Counts& counts, const std::string& reason, std::int64_t count);
  void refuse_late_fields() const;
  void bind_people();
  [[nodiscard]] std::string digest_name(std::string_view text) const;
  void read_circumstances(std::vector<std::string_view>& values) const;

  RecordMapping mapping_;
  ImportOptions options_;
  PeopleTable people_;
  PreferenceBuilder builder_;
  std::vector<std::filesystem::path> files_;
  std::unique_ptr<RecordReader> records_;
  std::vector<std::size_t> people_fields_;
  std::vector<std::size_t> circumstance_fields_;
  std::vector<std::string_view> values_;
  NameTable kept_circumstances_;  ///< the values, a NUL behind each
  std::optional<CandidateRows> candidate_rows_;
  std::vector<std::int64_t> row_of_candidate_;  ///< in candidate_rows_
  TextListener listener_;
  std::map<std::string, std::vector<std::string>> simulated_labels_;  ///< attribute -> [people]
  std::vector<std::string> simulated_feature_names_;
  std::vector<float> simulated_features_;  ///< [people, names]
  std::map<std::string, std::string> notes_;
  std::string bearer_;  ///< empty: candidates stand for themselves
  Counts dropped_;
  Counts dropped_pairs_;
  std::vector<std::string> first_errors_;
  std::vector<std::pair<std::string, std::vector<std::string>>> open_roles_;  ///< roles that no field plays, with usual
  std::vector<LeftOut> left_out_since_mark_;
  std::vector<WaitingText> waiting_texts_;
  std::int32_t people_at_mark_ = 0;
  bool had_texts_at_mark_ = false;
  bool attempts_ = false;  ///< something that may have to be forgotten
  std::int64_t skipped_ = 0;
  std::int64_t record_count_ = 0;
  std::int64_t record_of_file_ = 0;  ///< from 1
  bool has_texts_ = false;
  bool reads_json_ = false;
};

}  // namespace fairsweep
