#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/name_table.hpp"
#include "workers/data/preference_columns.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

/// One comparison as an importer understood it.
struct BuiltComparison {
  std::int32_t user = 0;
  std::span<const std::int32_t> candidates;  ///< numbers of the builder, best first; all of one context
  std::int32_t ranked = 1;                   ///< 0: a tie
  float weight = 1;
  std::optional<std::int64_t> time = std::nullopt;       ///< seconds since 1970 UTC
  std::span<const std::int32_t> position = {};           ///< place at which each candidate was shown; empty: not known
  std::span<const std::string_view> circumstances = {};  ///< value of each comparison attribute
};

/// Columns of features for all candidates of an import: `fill` writes candidate `number`'s `names.size()` values.
struct FeatureBlock {
  std::vector<std::string> names;
  std::function<void(std::int32_t number, float* values)> fill;
};

/// Puts comparisons together while they are read, in 12 bytes a pair, and lays them out as data.h5 wants them in the
/// end: contexts in order of appearance, the candidates of each one behind the other.
class PreferenceBuilder {
 public:
  explicit PreferenceBuilder(std::vector<MappedAttribute> comparison_attributes = {});

  /// Number of a context, new where the name is. An empty name is "all": one context for everything.
  std::int32_t context(std::string_view name);
  /// Number of a candidate of a context, new where the name is. @param is_new  told, if not null
  std::int32_t candidate(std::int32_t context, std::string_view name, bool* is_new = nullptr);
  void set_context_text(std::int32_t context, std::string_view text);
  void set_candidate_text(std::int32_t candidate, std::string_view text);
  void set_context_wording(std::int32_t context, std::string_view name);

  /// @throws UserError (file) where a comparison names a candidate twice or fewer than two; the message is without
  ///         the place, which the caller knows
  void add(const BuiltComparison& comparison);

  /// Begins something that may be forgotten. Cost: O(attributes).
  void mark();
  /// Forgets everything since mark().
  void forget();

  [[nodiscard]] std::int32_t context_count() const { return contexts_.size(); }
  [[nodiscard]] std::int32_t candidate_count() const { return candidates_.size(); }
  [[nodiscard]] std::int64_t comparison_count() const { return static_cast<std::int64_t>(user_.size()); }
  [[nodiscard]] std::int64_t tie_count() const;
  /// Of comparisons that put a question again; after finish().
  [[nodiscard]] std::int64_t repeat_count() const { return static_cast<std::int64_t>(repeats_.size()); }
  [[nodiscard]] std::string_view context_name(std::int32_t context) const { return contexts_.name(context); }
  [[nodiscard]] std::string_view candidate_name(std::int32_t candidate) const { return candidates_.name(candidate); }
  [[nodiscard]] std::int32_t context_of(std::int32_t candidate) const { return candidates_.space(candidate); }
  /// A comparison already added, for those who want to see it.
  [[nodiscard]] std::int32_t user_of(std::int64_t row) const { return user_[static_cast<std::size_t>(row)]; }
  [[nodiscard]] std::int32_t ranked_of(std::int64_t row) const;
  [[nodiscard]] std::vector<std::int32_t> candidates_of(std::int64_t row) const;
  [[nodiscard]] float weight_of(std::int64_t row) const;
  /// Nothing where any comparison so far has no time.
  [[nodiscard]] std::optional<std::int64_t> time_of(std::int64_t row) const;
  /// Comparison attribute -> value.
  [[nodiscard]] std::map<std::string, std::string> circumstances_of(std::int64_t row) const;

  /// Contexts to be marked as those the features were fitted on; empty: none.
  void set_fitted(std::vector<std::uint8_t> fitted) { fitted_ = std::move(fitted); }
  /// Contexts without a candidate are left out. Questions put to the same user again get an id
  /// (`comparison_repeat`). Nothing may be added afterwards.
  /// @param features  blocks side by side; together at least one column
  /// Cost: O(n) for n comparisons, and sorting 8 bytes for each in several passes over 2 million.
  void finish(const std::vector<FeatureBlock>& features, PreferenceData& data);
  /// After finish(): the large arrays of `data`, made as they are used; views of this builder.
  [[nodiscard]] PreferenceColumns columns() const;
  /// After finish(), copies the columns into `data`: for imports that fit in memory and for tests.
  void copy_columns(PreferenceData& data) const;

 private:
  /// What there was at mark(), and what changed since in tables that are no lists.
  struct Mark {
    bool is_set = false;
    std::int32_t contexts = 0, candidates = 0, wordings = 0;
    std::size_t candidate_texts = 0, comparisons = 0, entries = 0;
    bool all_have_time = true, all_have_position = true;
    std::vector<std::int32_t> attribute_values;                                         ///< [attributes]
    std::vector<std::int32_t> new_texts;                                                ///< contexts
    std::vector<std::pair<std::int32_t, std::optional<std::int32_t>>> wordings_before;  ///< contexts
  };
  struct RepeatedRow {
    std::int64_t row = 0;
    std::int32_t id = 0;
  };

  [[nodiscard]] std::int64_t begin_of(std::int64_t row) const;
  [[nodiscard]] std::int64_t end_of(std::int64_t row) const;
  [[nodiscard]] std::uint64_t question_of(std::int64_t row) const;
  void fill_features(std::uint64_t first, std::span<float> block) const;
  void note_wording(std::int32_t context, std::optional<std::int32_t> before);
  void lay_out(PreferenceData& data);
  void order_wordings();
  void find_repeats();
  void name_sources(PreferenceData& data) const;
  void finish_attributes(PreferenceData& data) const;

  NameTable contexts_;
  NameTable candidates_;
  std::map<std::int32_t, std::uint64_t> context_text_;
  std::vector<std::uint64_t> candidate_text_;  ///< as long as candidates that have a text were seen
  std::map<std::int32_t, std::int32_t> context_wording_;
  Mark mark_;
  NameTable wordings_;
  std::vector<std::uint8_t> fitted_;

  // One entry a comparison. What is the same for all of them takes no memory until one differs.
  std::deque<std::int32_t> user_;
  std::deque<std::int32_t> entries_;  ///< candidate numbers
  std::deque<std::int64_t> end_;      ///< of each comparison in entries_; empty while all are pairs
  std::deque<std::int32_t> ranked_;   ///< empty while all are 1
  std::deque<float> weight_;          ///< empty while all are 1
  std::deque<std::int64_t> time_;
  std::deque<std::int32_t> position_;
  bool all_have_time_ = true;
  bool all_have_position_ = true;
  std::vector<MappedAttribute> attributes_;
  std::vector<NameTable> attribute_values_;
  std::vector<std::deque<std::int32_t>> attribute_codes_;
  std::vector<RepeatedRow> repeats_;  ///< sorted by row

  // Made by finish().
  std::vector<std::int64_t> row_of_candidate_;   ///< candidate number -> row of the file
  std::vector<std::int32_t> candidate_of_row_;   ///< and back
  std::vector<std::int32_t> context_of_number_;  ///< context number -> context of the file, -1: none
  std::vector<FeatureBlock> features_;
  std::size_t feature_count_ = 0;
};

}  // namespace fairsweep
