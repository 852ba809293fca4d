#include "workers/data/description/describe_data.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep {

namespace {

using Question = std::vector<std::int64_t>;  // sorted candidate rows

Question question_of(const PreferenceData& data, std::size_t row) {
  Question question(data.comparison_candidate.begin() + data.comparison_offset[row],
                    data.comparison_candidate.begin() + data.comparison_offset[row + 1]);
  std::sort(question.begin(), question.end());
  return question;
}

std::int64_t favourite_of(const PreferenceData& data, std::size_t row) {
  return data.comparison_candidate[static_cast<std::size_t>(data.comparison_offset[row])];
}

void describe_kinds(const PreferenceData& data, DataDescription& description) {
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const std::int64_t shown = data.comparison_offset[row + 1] - data.comparison_offset[row];
    ++(shown == 2 ? description.pairs : data.comparison_ranked[row] == 1 ? description.choices : description.rankings);
  }
}

void describe_people(const PreferenceData& data, DataDescription& description) {
  std::vector<std::int64_t> counts(data.user_names.size(), 0);
  for (const std::int32_t user : data.comparison_user) {
    ++counts[static_cast<std::size_t>(user)];
  }
  description.users_without_comparisons = std::count(counts.begin(), counts.end(), 0);
  std::erase(counts, 0);
  std::sort(counts.begin(), counts.end());
  description.least_per_user = counts.front();
  description.most_per_user = counts.back();
  const std::size_t half = counts.size() / 2;
  description.median_per_user = counts.size() % 2 == 1 ? static_cast<double>(counts[half])
                                                       : static_cast<double>(counts[half - 1] + counts[half]) / 2;
}

void describe_repeats(const PreferenceData& data, DataDescription& description) {
  std::map<std::int32_t, std::map<std::int64_t, std::int64_t>> answers;  // repeat -> favourite -> times
  for (std::size_t row = 0; row < data.comparison_repeat.size(); ++row) {
    if (data.comparison_repeat[row] >= 0) {
      ++answers[data.comparison_repeat[row]][favourite_of(data, row)];
    }
  }
  for (const auto& [repeat, favourites] : answers) {
    std::int64_t total = 0;
    for (const auto& [favourite, times] : favourites) {
      total += times;
      description.consistent_pairs += times * (times - 1) / 2;
    }
    description.repeat_pairs += total * (total - 1) / 2;
    description.repeated += total > 1 ? 1 : 0;
  }
}

/// Columns of `features` that say which alternative a candidate is.
std::vector<std::size_t> alternative_columns(const PreferenceData& data) {
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < data.feature_names.size(); ++column) {
    if (data.feature_names[column].starts_with(k_alternative_prefix)) {
      columns.push_back(column);
    }
  }
  return columns;
}

std::vector<GroupDescription> describe_groups(const PreferenceData& data, const std::string& name,
                                              const Attribute& attribute) {
  std::vector<GroupDescription> groups(attribute.labels.size());
  for (std::size_t label = 0; label < groups.size(); ++label) {
    groups[label].label = attribute.labels[label];
    groups[label].users = std::count(attribute.codes.begin(), attribute.codes.end(), static_cast<std::int32_t>(label));
    for (const Ceiling& ceiling : data.ceilings) {
      if (ceiling.attribute == name) {
        groups[label].ceiling = ceiling.accuracy[label];
      }
    }
  }
  const std::vector<std::size_t> columns = alternative_columns(data);
  std::vector<std::vector<double>> chosen(groups.size(), std::vector<double>(columns.size(), 0.0));
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const std::int32_t code = attribute.codes[static_cast<std::size_t>(data.comparison_user[row])];
    if (code < 0) {
      continue;
    }
    const auto group = static_cast<std::size_t>(code);
    ++groups[group].comparisons;
    const auto first = static_cast<std::size_t>(favourite_of(data, row) * data.feature_count);
    for (std::size_t at = 0; at < columns.size(); ++at) {
      chosen[group][at] += data.features[first + columns[at]] == 1.0F ? 1 : 0;
    }
  }
  for (std::size_t group = 0; group < groups.size(); ++group) {
    for (std::size_t at = 0; at < columns.size() && groups[group].comparisons > 0; ++at) {
      groups[group].choice_shares.emplace_back(data.feature_names[columns[at]].substr(k_alternative_prefix.size()),
                                               chosen[group][at] / static_cast<double>(groups[group].comparisons));
    }
  }
  return groups;
}

/// The one candidate that was the favourite most often; -1 where two were.
std::int64_t clear_favourite(const std::map<std::int64_t, std::int64_t>& votes) {
  std::int64_t best = -1;
  std::int64_t most = 0;
  for (const auto& [candidate, count] : votes) {
    if (count > most) {
      best = candidate;
      most = count;
    } else if (count == most) {
      best = -1;
    }
  }
  return best;
}

std::vector<Conflict> describe_conflicts(const PreferenceData& data, const Attribute& attribute) {
  std::vector<Conflict> conflicts;
  const std::size_t labels = attribute.labels.size();
  if (labels > k_most_conflict_groups) {
    return conflicts;
  }
  std::map<Question, std::vector<std::map<std::int64_t, std::int64_t>>> votes;  // question -> group -> favourite
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const std::int32_t code = attribute.codes[static_cast<std::size_t>(data.comparison_user[row])];
    if (code >= 0) {
      auto& of_question = votes[question_of(data, row)];
      of_question.resize(labels);
      ++of_question[static_cast<std::size_t>(code)][favourite_of(data, row)];
    }
  }
  for (std::size_t first = 0; first < labels; ++first) {
    for (std::size_t second = first + 1; second < labels; ++second) {
      Conflict conflict{attribute.labels[first], attribute.labels[second], 0, 0};
      for (const auto& [question, groups] : votes) {
        const std::int64_t one = clear_favourite(groups[first]);
        const std::int64_t other = clear_favourite(groups[second]);
        conflict.shared += one >= 0 && other >= 0 ? 1 : 0;
        conflict.opposite += one >= 0 && other >= 0 && one != other ? 1 : 0;
      }
      conflicts.push_back(std::move(conflict));
    }
  }
  return conflicts;
}

}  // namespace

DataDescription describe_data(const PreferenceData& data, const std::string& attribute) {
  DataDescription description;
  if (!attribute.empty() && !data.user_attributes.contains(attribute)) {
    std::vector<std::string> names;
    std::string list;
    for (const auto& [name, unused] : data.user_attributes) {
      names.push_back(name);
      list += (list.empty() ? "" : ", ") + name;
    }
    throw UserError(ExitCode::configuration, "there is no user attribute \"" + attribute + "\"" +
                                                 did_you_mean(attribute, names) +
                                                 (list.empty() ? "; the file has none" : "; the file has " + list));
  }
  description.digest = digest_of(data);
  description.users = data.user_count();
  description.contexts = data.context_count();
  description.candidates = data.candidate_count;
  description.comparisons = data.comparison_count();
  description.features = data.feature_names;
  description.user_features = data.user_feature_names;
  description.about = data.about;
  describe_kinds(data, description);
  describe_people(data, description);
  describe_repeats(data, description);
  for (const auto& [name, values] : data.user_attributes) {
    if (attribute.empty() || attribute == name) {
      description.attributes.push_back({name, std::count(values.codes.begin(), values.codes.end(), -1),
                                        describe_groups(data, name, values), describe_conflicts(data, values)});
    }
  }
  return description;
}

}  // namespace fairsweep
