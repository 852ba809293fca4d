#include "workers/data/description/describe_attribute.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "workers/data/description/conflict.hpp"

namespace fairsweep {
namespace {

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

/// Codes of comparisons, whichever kind of attribute it is.
class CodeOf {
 public:
  CodeOf(const PreferenceData& data, const Attribute& attribute, bool of_comparisons)
      : data_(data), codes_(attribute.codes), of_comparisons_(of_comparisons) {}
  std::int32_t operator()(std::size_t row) const {
    return codes_[of_comparisons_ ? row : static_cast<std::size_t>(data_.comparison_user[row])];
  }

 private:
  const PreferenceData& data_;
  const std::vector<std::int32_t>& codes_;
  bool of_comparisons_;
};

void count_comparisons(const PreferenceData& data, const CodeOf& code_of, const std::vector<UserLabels>& classes,
                       AttributeDescription& description) {
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const std::int32_t code = code_of(row);
    if (code < 0) {
      ++description.unknown_comparisons;
      continue;
    }
    GroupDescription& group = description.groups[static_cast<std::size_t>(code)];
    ++group.comparisons;
    const UserLabels& labels = classes[static_cast<std::size_t>(data.comparison_user[row])];
    ++group.classes.comparisons[static_cast<std::size_t>(labels.label_class)];
  }
}

void count_people(const PreferenceData& data, const Attribute& attribute, const std::vector<UserLabels>& classes,
                  AttributeDescription& description) {
  const auto add = [&](std::int32_t code, std::size_t user) {
    GroupDescription& group = description.groups[static_cast<std::size_t>(code)];
    ++group.users;
    ++group.classes.people[static_cast<std::size_t>(classes[user].label_class)];
  };
  if (!description.of_comparisons) {
    for (std::size_t user = 0; user < attribute.codes.size(); ++user) {
      if (attribute.codes[user] < 0) {
        ++description.unknown_users;
      } else {
        add(attribute.codes[user], user);
      }
    }
    return;
  }
  std::vector<std::size_t> rows(attribute.codes.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::sort(rows.begin(), rows.end(), [&](std::size_t left, std::size_t right) {
    return data.comparison_user[left] != data.comparison_user[right]
               ? data.comparison_user[left] < data.comparison_user[right]
               : attribute.codes[left] < attribute.codes[right];
  });
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const std::int32_t user = data.comparison_user[rows[at]], code = attribute.codes[rows[at]];
    const bool again = at > 0 && data.comparison_user[rows[at - 1]] == user && attribute.codes[rows[at - 1]] == code;
    if (code >= 0 && !again) {
      add(code, static_cast<std::size_t>(user));
    }
  }
}

void add_choice_shares(const PreferenceData& data, const CodeOf& code_of, AttributeDescription& description) {
  const std::vector<std::size_t> columns = alternative_columns(data);
  if (columns.empty()) {
    return;
  }
  std::vector<std::vector<double>> chosen(description.groups.size(), std::vector<double>(columns.size(), 0.0));
  std::vector<double> ordered(description.groups.size(), 0);
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const std::int32_t code = code_of(row);
    if (code < 0 || data.comparison_ranked[row] == 0) {
      continue;
    }
    const std::int64_t favourite = data.comparison_candidate[static_cast<std::size_t>(data.comparison_offset[row])];
    const auto first = static_cast<std::size_t>(favourite * data.feature_count);
    ordered[static_cast<std::size_t>(code)] += 1;
    for (std::size_t at = 0; at < columns.size(); ++at) {
      chosen[static_cast<std::size_t>(code)][at] += data.features[first + columns[at]] == 1.0F ? 1 : 0;
    }
  }
  for (std::size_t group = 0; group < chosen.size(); ++group) {
    for (std::size_t at = 0; at < columns.size() && ordered[group] > 0; ++at) {
      description.groups[group].choice_shares.emplace_back(
          data.feature_names[columns[at]].substr(k_alternative_prefix.size()), chosen[group][at] / ordered[group]);
    }
  }
}

void add_conflicts(const PairVotes& votes, const VoteGroups& groups, const Attribute& attribute,
                   AttributeDescription& description) {
  const std::size_t count = attribute.labels.size();
  if (count > k_most_conflict_groups) {
    return;
  }
  const ConflictMatrix matrix = conflict_between(votes, groups, count);
  description.conflicts.reserve(count * (count - 1) / 2);
  for (std::size_t first = 0; first < count; ++first) {
    for (std::size_t second = first + 1; second < count; ++second) {
      const ConflictMatrix::Cell& cell = matrix.at(first, second);
      description.conflicts.push_back({attribute.labels[first], attribute.labels[second], cell.shared, cell.opposite});
    }
  }
}

}  // namespace

AttributeDescription describe_attribute(const PreferenceData& data, const std::string& name, const Attribute& attribute,
                                        bool of_comparisons, const PairVotes& votes, const SupportSummary& support,
                                        const std::vector<UserLabels>& classes, const DescribeOptions& options) {
  AttributeDescription description;
  description.name = name;
  description.of_comparisons = of_comparisons;
  description.groups.resize(attribute.labels.size());
  for (std::size_t label = 0; label < description.groups.size(); ++label) {
    GroupDescription& group = description.groups[label];
    group.label = attribute.labels[label];
    if (of_comparisons) {
      continue;
    }
    group.support = support_of_group(support, attribute.codes, static_cast<std::int32_t>(label));
    for (const Ceiling& ceiling : data.ceilings) {
      if (ceiling.attribute == name) {
        group.ceiling = ceiling.accuracy[label];
      }
    }
  }
  const CodeOf code_of(data, attribute, of_comparisons);
  count_comparisons(data, code_of, classes, description);
  count_people(data, attribute, classes, description);
  add_choice_shares(data, code_of, description);
  const VoteGroups groups =
      of_comparisons ? VoteGroups::by_comparison(attribute.codes) : VoteGroups::by_user(attribute.codes);
  add_conflicts(votes, groups, attribute, description);
  description.ceiling = single_model_ceiling(votes, groups, attribute.labels.size(), options.minimum_votes);
  return description;
}

}  // namespace fairsweep
