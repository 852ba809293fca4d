#include "workers/data/importers/preference_builder.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/hdf5/text.hpp"
#include "workers/data/importers/people_table.hpp"
#include "workers/data/text_digest.hpp"

namespace fairsweep {

namespace {

template <typename T>
std::size_t index(T number) {
  return static_cast<std::size_t>(number);
}

/// A value for every comparison so far, the usual one, before the first unusual one is added.
template <typename T>
void begin_column(std::deque<T>& column, std::size_t rows, T usual) {
  if (column.empty()) {
    column.assign(rows, usual);
  }
}

}  // namespace

PreferenceBuilder::PreferenceBuilder(std::vector<MappedAttribute> comparison_attributes)
    : attributes_(std::move(comparison_attributes)),
      attribute_values_(attributes_.size()),
      attribute_codes_(attributes_.size()) {}

std::int32_t PreferenceBuilder::context(std::string_view name) {
  const std::string_view wanted = name.empty() ? "all" : name;
  const std::int32_t known = contexts_.find(0, wanted);
  if (known >= 0) {
    return known;
  }
  if (!hdf5::is_storable_text(wanted)) {
    throw UserError(ExitCode::file, "the context must be named in UTF-8");
  }
  return contexts_.number_of(0, wanted);
}

std::int32_t PreferenceBuilder::candidate(std::int32_t context, std::string_view name, bool* is_new) {
  const std::int32_t known = candidates_.find(context, name);
  if (is_new != nullptr) {
    *is_new = known < 0;
  }
  if (known >= 0) {
    return known;
  }
  if (name.empty()) {
    throw UserError(ExitCode::file, "a candidate has no name");
  }
  if (!hdf5::is_storable_text(name)) {
    throw UserError(ExitCode::file, "a candidate must be named in UTF-8");
  }
  return candidates_.number_of(context, name);
}

void PreferenceBuilder::set_context_text(std::int32_t context, std::string_view text) {
  if (context_text_.emplace(context, text_digest(text)).second && mark_.is_set) {
    mark_.new_texts.push_back(context);
  }
}

void PreferenceBuilder::set_candidate_text(std::int32_t candidate, std::string_view text) {
  if (candidate_text_.size() <= index(candidate)) {
    candidate_text_.resize(index(candidate) + 1, 0);
  }
  candidate_text_[index(candidate)] = text_digest(text);
}

void PreferenceBuilder::set_context_wording(std::int32_t context, std::string_view name) {
  if (!name.empty()) {
    const auto [found, is_new] = context_wording_.emplace(context, -1);
    note_wording(context, is_new ? std::nullopt : std::optional(found->second));
    found->second = wordings_.number_of(0, name);
  }
}

void PreferenceBuilder::add(const BuiltComparison& comparison) {
  const auto& candidates = comparison.candidates;
  if (candidates.size() < 2) {
    throw UserError(ExitCode::file, "there is nothing to compare: only one candidate");
  }
  if (candidates.size() == 2) {
    if (candidates[0] == candidates[1]) {
      throw UserError(ExitCode::file, "compares a candidate with itself");
    }
  } else {
    std::vector<std::int32_t> sorted(candidates.begin(), candidates.end());
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) {
      throw UserError(ExitCode::file, "names a candidate twice");
    }
  }
  const std::size_t rows = user_.size();
  if (candidates.size() != 2 && end_.empty()) {
    for (std::size_t row = 0; row < rows; ++row) {
      end_.push_back(static_cast<std::int64_t>(2 * (row + 1)));
    }
  }
  const bool has_ends = candidates.size() != 2 || !end_.empty();
  if (comparison.ranked != 1) {
    begin_column(ranked_, rows, 1);
  }
  const bool has_ranked = comparison.ranked != 1 || !ranked_.empty();
  if (comparison.weight != 1.0F) {
    begin_column(weight_, rows, 1.0F);
  }
  const bool has_weight = comparison.weight != 1.0F || !weight_.empty();
  user_.push_back(comparison.user);
  entries_.insert(entries_.end(), candidates.begin(), candidates.end());
  if (has_ends) {
    end_.push_back(static_cast<std::int64_t>(entries_.size()));
  }
  if (has_ranked) {
    ranked_.push_back(comparison.ranked);
  }
  if (has_weight) {
    weight_.push_back(comparison.weight);
  }
  all_have_time_ = all_have_time_ && comparison.time.has_value();
  if (all_have_time_) {
    time_.push_back(*comparison.time);
  }
  all_have_position_ = all_have_position_ && comparison.position.size() == candidates.size();
  if (all_have_position_) {
    position_.insert(position_.end(), comparison.position.begin(), comparison.position.end());
  }
  check(comparison.circumstances.size() == attributes_.size(), "a comparison has a value for each of its attributes");
  for (std::size_t at = 0; at < attributes_.size(); ++at) {
    attribute_codes_[at].push_back(attribute_values_[at].number_of(0, comparison.circumstances[at]));
  }
}

std::int64_t PreferenceBuilder::begin_of(std::int64_t row) const {
  return end_.empty() ? 2 * row : row == 0 ? 0 : end_[index(row - 1)];
}

std::int64_t PreferenceBuilder::end_of(std::int64_t row) const { return end_.empty() ? 2 * row + 2 : end_[index(row)]; }

std::int32_t PreferenceBuilder::ranked_of(std::int64_t row) const { return ranked_.empty() ? 1 : ranked_[index(row)]; }

std::int64_t PreferenceBuilder::tie_count() const { return std::count(ranked_.begin(), ranked_.end(), 0); }

std::vector<std::int32_t> PreferenceBuilder::candidates_of(std::int64_t row) const {
  return {entries_.begin() + begin_of(row), entries_.begin() + end_of(row)};
}

// The same for the same user and the same candidates in any order; almost surely different otherwise.
std::uint64_t PreferenceBuilder::question_of(std::int64_t row) const {
  constexpr std::uint64_t k_odd = 0x9E3779B97F4A7C15U;
  std::uint64_t sum = 0;
  for (std::int64_t entry = begin_of(row); entry < end_of(row); ++entry) {
    std::uint64_t bits = (static_cast<std::uint64_t>(entries_[index(entry)]) + 1) * k_odd;
    bits ^= bits >> 29U;
    sum += bits * 0xBF58476D1CE4E5B9U;
  }
  sum ^= (static_cast<std::uint64_t>(user_[index(row)]) + 1) * 0x94D049BB133111EBU;
  sum *= k_odd;
  return sum ^ (sum >> 32U);
}

void PreferenceBuilder::find_repeats() {
  const std::int64_t rows = comparison_count();
  // A user's comparisons fall into one pass, so that each pass needs memory for a part of the keys only.
  constexpr std::int64_t k_rows_at_once = 500'000;
  const auto passes = static_cast<std::int32_t>(rows / k_rows_at_once + 1);
  std::vector<std::pair<std::uint64_t, std::int64_t>> keys;
  std::vector<std::vector<std::int64_t>> groups;
  for (std::int32_t pass = 0; pass < passes; ++pass) {
    keys.clear();
    std::int64_t row = 0;
    for (const std::int32_t user : user_) {
      if (user % passes == pass) {
        keys.emplace_back(question_of(row), row);
      }
      ++row;
    }
    std::sort(keys.begin(), keys.end());
    for (std::size_t first = 0; first < keys.size();) {
      std::size_t last = first + 1;
      while (last < keys.size() && keys[last].first == keys[first].first) {
        ++last;
      }
      if (last - first > 1) {
        // Equal keys are compared in full: chance must not make a repeat.
        std::map<std::pair<std::int32_t, std::vector<std::int32_t>>, std::vector<std::int64_t>> same;
        for (std::size_t at = first; at < last; ++at) {
          auto question = candidates_of(keys[at].second);
          std::sort(question.begin(), question.end());
          same[{user_[index(keys[at].second)], std::move(question)}].push_back(keys[at].second);
        }
        for (auto& [question, of_question] : same) {
          if (of_question.size() > 1) {
            groups.push_back(std::move(of_question));
          }
        }
      }
      first = last;
    }
  }
  std::sort(groups.begin(), groups.end());  // by first row, so that ids do not depend on the passes
  for (std::size_t id = 0; id < groups.size(); ++id) {
    for (const std::int64_t row : groups[id]) {
      repeats_.push_back({row, static_cast<std::int32_t>(id)});
    }
  }
  std::sort(repeats_.begin(), repeats_.end(),
            [](const RepeatedRow& left, const RepeatedRow& right) { return left.row < right.row; });
}

void PreferenceBuilder::lay_out(PreferenceData& data) {
  const auto contexts = index(contexts_.size());
  const auto candidates = index(candidates_.size());
  std::vector<std::int64_t> count(contexts + 1, 0);
  for (std::int32_t number = 0; number < candidates_.size(); ++number) {
    ++count[index(candidates_.space(number)) + 1];
  }
  context_of_number_.assign(contexts, -1);
  data.context_offset = {0};
  for (std::size_t context = 0; context < contexts; ++context) {
    if (count[context + 1] > 0) {
      context_of_number_[context] = static_cast<std::int32_t>(data.context_count());
      data.context_offset.push_back(data.context_offset.back() + count[context + 1]);
    }
  }
  std::partial_sum(count.begin(), count.end(), count.begin());
  row_of_candidate_.resize(candidates);
  candidate_of_row_.resize(candidates);
  for (std::int32_t number = 0; number < candidates_.size(); ++number) {
    const std::int64_t row = count[index(candidates_.space(number))]++;
    row_of_candidate_[index(number)] = row;
    candidate_of_row_[index(row)] = number;
  }
  data.candidate_count = static_cast<std::int64_t>(candidates);
  order_wordings();
}

// Contexts that put one question in other words have their candidates in one order: that of their names.
void PreferenceBuilder::order_wordings() {
  std::map<std::int32_t, std::vector<std::string_view>> names_of_wording;
  for (const auto& [context, wording] : context_wording_) {
    std::vector<std::int32_t> numbers;
    for (std::int32_t number = 0; number < candidates_.size(); ++number) {
      if (candidates_.space(number) == context) {
        numbers.push_back(number);
      }
    }
    if (numbers.empty()) {
      continue;
    }
    std::int64_t row = row_of_candidate_[index(numbers.front())];
    std::sort(numbers.begin(), numbers.end(), [this](std::int32_t left, std::int32_t right) {
      return candidates_.name(left) < candidates_.name(right);
    });
    std::vector<std::string_view> names;
    for (const std::int32_t number : numbers) {
      names.push_back(candidates_.name(number));
      row_of_candidate_[index(number)] = row;
      candidate_of_row_[index(row++)] = number;
    }
    const auto [known, is_new] = names_of_wording.emplace(wording, names);
    if (!is_new && known->second != names) {
      throw UserError(ExitCode::file, "contexts that share the wording \"" + std::string(wordings_.name(wording)) +
                                          "\" have different candidates, for example context \"" +
                                          std::string(contexts_.name(context)) + "\"");
    }
  }
}

void PreferenceBuilder::name_sources(PreferenceData& data) const {
  const bool has_fitted = !fitted_.empty();
  data.candidate_names.reserve(candidate_of_row_.size());
  for (const std::int32_t number : candidate_of_row_) {
    data.candidate_names.emplace_back(candidates_.name(number));
    if (!candidate_text_.empty()) {
      data.candidate_text.push_back(index(number) < candidate_text_.size() ? candidate_text_[index(number)] : 0);
    }
  }
  for (std::int32_t number = 0; number < contexts_.size(); ++number) {
    if (context_of_number_[index(number)] < 0) {
      continue;
    }
    data.context_names.emplace_back(contexts_.name(number));
    if (!context_text_.empty()) {
      const auto text = context_text_.find(number);
      data.context_text.push_back(text == context_text_.end() ? 0 : text->second);
    }
    if (!context_wording_.empty()) {
      const auto wording = context_wording_.find(number);
      data.context_wording.push_back(wording == context_wording_.end() ? -1 : wording->second);
    }
    if (has_fitted) {
      data.context_fitted.push_back(fitted_[index(number)]);
    }
  }
}

void PreferenceBuilder::finish_attributes(PreferenceData& data) const {
  for (std::size_t at = 0; at < attributes_.size(); ++at) {
    const MappedAttribute& mapped = attributes_[at];
    const NameTable& values = attribute_values_[at];
    std::vector<std::string> found;
    found.reserve(static_cast<std::size_t>(values.size()));
    for (std::int32_t value = 0; value < values.size(); ++value) {
      found.emplace_back(values.name(value));
    }
    AttributeLabels labels = attribute_labels(mapped, found);
    if (labels.labels.empty()) {
      throw UserError(ExitCode::file, "column \"" + mapped.column.name +
                                          "\" is empty everywhere; leave comparison attribute \"" + mapped.name +
                                          "\" out of the mapping");
    }
    std::vector<std::int32_t> code_of_value;
    for (const std::string& value : found) {
      code_of_value.push_back(labels.code(value));
      if (code_of_value.back() == AttributeLabels::k_no_label) {
        throw UserError(ExitCode::file, "column \"" + mapped.column.name + "\" has the value \"" + value +
                                            "\", which has no label in comparison attribute \"" + mapped.name +
                                            "\" of the mapping");
      }
    }
    Attribute attribute{std::move(labels.labels), {}};
    attribute.codes.reserve(attribute_codes_[at].size());
    for (const std::int32_t value : attribute_codes_[at]) {
      attribute.codes.push_back(code_of_value[index(value)]);
    }
    data.comparison_attributes[mapped.name] = std::move(attribute);
  }
}

void PreferenceBuilder::finish(const std::vector<FeatureBlock>& features, PreferenceData& data) {
  features_ = features;
  for (const FeatureBlock& block : features_) {
    data.feature_names.insert(data.feature_names.end(), block.names.begin(), block.names.end());
  }
  feature_count_ = data.feature_names.size();
  data.feature_count = static_cast<std::int64_t>(feature_count_);
  lay_out(data);
  name_sources(data);
  finish_attributes(data);
  find_repeats();
}

void PreferenceBuilder::fill_features(std::uint64_t first, std::span<float> block) const {
  std::vector<float> row(feature_count_);
  for (std::size_t at = 0; at < block.size();) {
    const std::size_t begin = (first + at) % feature_count_;
    const std::size_t size = std::min(feature_count_ - begin, block.size() - at);
    const bool whole = size == feature_count_;
    float* values = whole ? &block[at] : row.data();
    for (const FeatureBlock& part : features_) {
      part.fill(candidate_of_row_[(first + at) / feature_count_], values);
      values += part.names.size();
    }
    if (!whole) {
      std::copy_n(row.begin() + static_cast<std::ptrdiff_t>(begin), size, &block[at]);
    }
    at += size;
  }
}

PreferenceColumns PreferenceBuilder::columns() const {
  const std::uint64_t rows = user_.size();
  const std::uint64_t entries = entries_.size();
  PreferenceColumns columns;
  columns.features = {candidate_of_row_.size() * feature_count_,
                      [this](std::uint64_t first, std::span<float> block) { fill_features(first, block); }};
  columns.user = {rows, [this](std::uint64_t first, std::span<std::int32_t> block) {
                    std::copy_n(user_.begin() + static_cast<std::ptrdiff_t>(first), block.size(), block.begin());
                  }};
  columns.context = {rows, [this](std::uint64_t first, std::span<std::int32_t> block) {
                       for (std::size_t at = 0; at < block.size(); ++at) {
                         const std::int32_t any = entries_[index(begin_of(static_cast<std::int64_t>(first + at)))];
                         block[at] = context_of_number_[index(candidates_.space(any))];
                       }
                     }};
  columns.offset = {rows + 1, [this](std::uint64_t first, std::span<std::int64_t> block) {
                      for (std::size_t at = 0; at < block.size(); ++at) {
                        const auto row = static_cast<std::int64_t>(first + at);
                        block[at] = row == 0 ? 0 : end_of(row - 1);
                      }
                    }};
  columns.candidate = {entries, [this](std::uint64_t first, std::span<std::int64_t> block) {
                         auto entry = entries_.begin() + static_cast<std::ptrdiff_t>(first);
                         for (std::int64_t& value : block) {
                           value = row_of_candidate_[index(*entry++)];
                         }
                       }};
  columns.ranked = {rows, [this](std::uint64_t first, std::span<std::int32_t> block) {
                      for (std::size_t at = 0; at < block.size(); ++at) {
                        block[at] = ranked_of(static_cast<std::int64_t>(first + at));
                      }
                    }};
  columns.weight = {rows, [this](std::uint64_t first, std::span<float> block) {
                      for (std::size_t at = 0; at < block.size(); ++at) {
                        block[at] = weight_.empty() ? 1.0F : weight_[first + at];
                      }
                    }};
  columns.repeat = {rows, [this](std::uint64_t first, std::span<std::int32_t> block) {
                      std::fill(block.begin(), block.end(), -1);
                      auto repeat =
                          std::lower_bound(repeats_.begin(), repeats_.end(), static_cast<std::int64_t>(first),
                                           [](const RepeatedRow& left, std::int64_t row) { return left.row < row; });
                      for (; repeat != repeats_.end() && index(repeat->row) < first + block.size(); ++repeat) {
                        block[index(repeat->row) - first] = repeat->id;
                      }
                    }};
  if (all_have_time_) {
    columns.time = {rows, [this](std::uint64_t first, std::span<std::int64_t> block) {
                      std::copy_n(time_.begin() + static_cast<std::ptrdiff_t>(first), block.size(), block.begin());
                    }};
  }
  if (all_have_position_) {
    columns.position = {entries, [this](std::uint64_t first, std::span<std::int32_t> block) {
                          std::copy_n(position_.begin() + static_cast<std::ptrdiff_t>(first), block.size(),
                                      block.begin());
                        }};
  }
  return columns;
}

void PreferenceBuilder::copy_columns(PreferenceData& data) const {
  const PreferenceColumns all = columns();
  const auto copy = [](const auto& column, auto& values) {
    values.resize(column.count);
    if (column.count > 0) {
      column.fill(0, values);
    }
  };
  copy(all.features, data.features);
  copy(all.user, data.comparison_user);
  copy(all.context, data.comparison_context);
  copy(all.offset, data.comparison_offset);
  copy(all.candidate, data.comparison_candidate);
  copy(all.ranked, data.comparison_ranked);
  copy(all.weight, data.comparison_weight);
  copy(all.repeat, data.comparison_repeat);
  copy(all.time, data.comparison_time);
  copy(all.position, data.comparison_position);
}

}  // namespace fairsweep
