#include <algorithm>

#include "workers/data/importers/preference_builder.hpp"

namespace fairsweep {

namespace {

template <typename T>
void cut(std::deque<T>& column, std::size_t size) {
  column.resize(std::min(column.size(), size));
}

}  // namespace

float PreferenceBuilder::weight_of(std::int64_t row) const {
  return weight_.empty() ? 1.0F : weight_[static_cast<std::size_t>(row)];
}

std::optional<std::int64_t> PreferenceBuilder::time_of(std::int64_t row) const {
  return all_have_time_ ? std::optional(time_[static_cast<std::size_t>(row)]) : std::nullopt;
}

std::map<std::string, std::string> PreferenceBuilder::circumstances_of(std::int64_t row) const {
  std::map<std::string, std::string> values;
  for (std::size_t at = 0; at < attributes_.size(); ++at) {
    values[attributes_[at].name] = attribute_values_[at].name(attribute_codes_[at][static_cast<std::size_t>(row)]);
  }
  return values;
}

void PreferenceBuilder::note_wording(std::int32_t context, std::optional<std::int32_t> before) {
  if (mark_.is_set) {
    mark_.wordings_before.emplace_back(context, before);
  }
}

void PreferenceBuilder::mark() {
  mark_.is_set = true;
  mark_.contexts = contexts_.size();
  mark_.candidates = candidates_.size();
  mark_.wordings = wordings_.size();
  mark_.candidate_texts = candidate_text_.size();
  mark_.comparisons = user_.size();
  mark_.entries = entries_.size();
  mark_.all_have_time = all_have_time_;
  mark_.all_have_position = all_have_position_;
  mark_.attribute_values.clear();
  for (const NameTable& values : attribute_values_) {
    mark_.attribute_values.push_back(values.size());
  }
  mark_.new_texts.clear();
  mark_.wordings_before.clear();
}

void PreferenceBuilder::forget() {
  for (const std::int32_t context : mark_.new_texts) {
    context_text_.erase(context);
  }
  std::for_each(mark_.wordings_before.rbegin(), mark_.wordings_before.rend(), [this](const auto& change) {
    if (change.second) {
      context_wording_[change.first] = *change.second;
    } else {
      context_wording_.erase(change.first);
    }
  });
  contexts_.forget_from(mark_.contexts);
  candidates_.forget_from(mark_.candidates);
  wordings_.forget_from(mark_.wordings);
  candidate_text_.resize(mark_.candidate_texts);
  cut(user_, mark_.comparisons);
  cut(entries_, mark_.entries);
  cut(end_, mark_.comparisons);
  cut(ranked_, mark_.comparisons);
  cut(weight_, mark_.comparisons);
  cut(time_, mark_.comparisons);
  cut(position_, mark_.entries);
  all_have_time_ = mark_.all_have_time;
  all_have_position_ = mark_.all_have_position;
  for (std::size_t at = 0; at < attribute_values_.size(); ++at) {
    attribute_values_[at].forget_from(mark_.attribute_values[at]);
    cut(attribute_codes_[at], mark_.comparisons);
  }
  mark();
}

}  // namespace fairsweep
