#include "workers/data/description/describe_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "workers/data/description/describe_attribute.hpp"
#include "workers/data/description/pair_votes.hpp"
#include "workers/data/description/quantile.hpp"

namespace fairsweep {
namespace {

void refuse_options(const PreferenceData& data, const DescribeOptions& options) {
  const auto refuse = [](const std::string& sentence) { throw UserError(ExitCode::configuration, sentence); };
  if (options.minimum_votes < 2) {
    refuse("the ceiling needs at least 2 votes a pair, not " + std::to_string(options.minimum_votes));
  }
  if (options.rules.least_pairs < 1) {
    refuse("a person is judged by at least 1 repeat, not " + std::to_string(options.rules.least_pairs));
  }
  if (!(options.rules.least_stable_share >= 0 && options.rules.least_stable_share <= 1)) {
    refuse("the least stable share is a number from 0 to 1");
  }
  if (!(options.rules.shrinkage >= 0 && std::isfinite(options.rules.shrinkage))) {
    refuse("the shrinkage is a finite number, 0 or more");
  }
  const std::string& attribute = options.attribute;
  if (attribute.empty() || data.user_attributes.contains(attribute) || data.comparison_attributes.contains(attribute)) {
    return;
  }
  std::vector<std::string> names;
  std::string list;
  for (const auto* attributes : {&data.user_attributes, &data.comparison_attributes}) {
    for (const auto& [name, unused] : *attributes) {
      names.push_back(name);
      list += (list.empty() ? "" : ", ") + name;
    }
  }
  refuse("there is no attribute \"" + attribute + "\"" + did_you_mean(attribute, names) +
         (list.empty() ? "; the file has none" : "; the file has " + list));
}

void describe_kinds(const PreferenceData& data, DataDescription& description) {
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    const std::int64_t shown = data.comparison_offset[row + 1] - data.comparison_offset[row];
    const std::int32_t ranked = data.comparison_ranked[row];
    ++(ranked == 0   ? description.ties
       : shown == 2  ? description.pairs
       : ranked == 1 ? description.choices
                     : description.rankings);
    description.weighted = description.weighted || data.comparison_weight[row] != data.comparison_weight[0];
  }
}

std::vector<std::int64_t> comparisons_per_user(const PreferenceData& data) {
  std::vector<std::int64_t> counts(data.user_names.size(), 0);
  for (const std::int32_t user : data.comparison_user) {
    ++counts[static_cast<std::size_t>(user)];
  }
  return counts;
}

void describe_people(std::vector<std::int64_t> counts, DataDescription& description) {
  description.users_without_comparisons = std::count(counts.begin(), counts.end(), 0);
  std::erase(counts, 0);
  std::sort(counts.begin(), counts.end());
  description.least_per_user = counts.front();
  description.most_per_user = counts.back();
  description.median_per_user = quantile_of_sorted(std::span<const std::int64_t>(counts), 0.5);
}

}  // namespace

DataDescription describe_data(const PreferenceData& data, const DescribeOptions& options) {
  refuse_options(data, options);
  DataDescription description;
  description.options = options;
  description.digest = digest_of(data);
  description.users = data.user_count();
  description.contexts = data.context_count();
  description.candidates = data.candidate_count;
  description.comparisons = data.comparison_count();
  description.features = data.feature_names;
  description.user_features = data.user_feature_names;
  description.about = data.about;
  describe_kinds(data, description);
  const std::vector<std::int64_t> per_user = comparisons_per_user(data);
  describe_people(per_user, description);
  description.identifiability = identifiability_of(data);

  std::vector<UserLabels> classes;
  {
    const Consistency consistency = consistency_of(data);
    description.consistency = consistency.total();
    classes = classify(consistency, options.rules);
  }
  for (std::size_t user = 0; user < classes.size(); ++user) {
    const auto label_class = static_cast<std::size_t>(classes[user].label_class);
    ++description.classes.people[label_class];
    description.classes.comparisons[label_class] += per_user[user];
  }

  const PairVotes votes(data);
  description.votes = count_votes(votes);
  description.disagreement = disagreement_between(votes, data.user_count());
  if (!data.user_links.empty()) {
    description.links = link_agreement(data.user_links, votes, data.user_count(), description.disagreement);
  }
  description.ceiling = single_model_ceiling(votes, {}, 1, options.minimum_votes);
  description.flips = top_answer_flips(data, votes);
  description.support = support_summary(votes, data.user_count());
  const auto describe = [&](const std::map<std::string, Attribute>& attributes, bool of_comparisons) {
    for (const auto& [name, attribute] : attributes) {
      if (options.attribute.empty() || options.attribute == name) {
        description.attributes.push_back(
            describe_attribute(data, name, attribute, of_comparisons, votes, description.support, classes, options));
      }
    }
  };
  describe(data.user_attributes, false);
  describe(data.comparison_attributes, true);
  return description;
}

}  // namespace fairsweep
