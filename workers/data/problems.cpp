#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/hdf5/text.hpp"
#include "workers/data/link_problems.hpp"
#include "workers/data/preference_data.hpp"
#include "workers/data/problem_list.hpp"

namespace fairsweep {

namespace {

// rows * columns, or the largest size where that does not fit.
std::size_t cells(std::int64_t rows, std::int64_t columns) {
  const auto high = static_cast<std::uint64_t>(rows);
  const auto wide = static_cast<std::uint64_t>(columns);
  constexpr auto k_most = std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::size_t>(wide != 0 && high > k_most / wide ? k_most : high * wide);
}

void check_attributes(const std::string& group, const std::map<std::string, Attribute>& attributes, std::size_t rows,
                      std::string_view reason, Problems& problems) {
  for (const auto& [name, attribute] : attributes) {
    const std::string path = group + "/" + name;
    if (name.empty() || name == "." || name.find('/') != std::string::npos || !hdf5::is_storable_text(name)) {
      problems.add(path + ": an attribute's name is UTF-8, not empty, not \".\" and without \"/\"");
    }
    problems.names(path + "/labels", attribute.labels);
    if (attribute.labels.empty()) {
      problems.add(path + "/labels: is empty; an attribute has at least one label");
    }
    problems.length(path + "/codes", attribute.codes.size(), rows, reason);
    problems.each_row(path + "/codes", attribute.codes.size(), [&](std::size_t row) -> std::string {
      const std::int64_t code = attribute.codes[row];
      return code >= -1 && code < std::ssize(attribute.labels)
                 ? ""
                 : "is " + std::to_string(code) + "; it must be -1 (not known) or one of the " +
                       std::to_string(attribute.labels.size()) + " labels, from 0";
    });
  }
}

// Arrays that may be left out; only where the contexts' offsets are right.
void check_sources(const PreferenceData& data, Problems& problems) {
  const auto candidates = static_cast<std::size_t>(data.candidate_count);
  const auto contexts = static_cast<std::size_t>(data.context_count());
  const auto length = [&problems](const std::string& path, std::size_t found, std::size_t wanted,
                                  std::string_view reason) {
    return found == 0 || problems.length(path, found, wanted, reason);
  };
  constexpr std::string_view k_each_candidate = "one for each candidate, or be left out";
  constexpr std::string_view k_each_context = "one for each context, or be left out";
  length("/candidates/text", data.candidate_text.size(), candidates, k_each_candidate);
  length("/contexts/text", data.context_text.size(), contexts, k_each_context);
  if (length("/contexts/names", data.context_names.size(), contexts, k_each_context)) {
    problems.names("/contexts/names", data.context_names);
  }
  if (length("/candidates/names", data.candidate_names.size(), candidates, k_each_candidate) &&
      !data.candidate_names.empty()) {
    std::set<std::string_view> seen;
    problems.each_row("/candidates/names", contexts, [&](std::size_t context) -> std::string {
      seen.clear();
      for (auto row = data.context_offset[context]; row < data.context_offset[context + 1]; ++row) {
        const std::string& name = data.candidate_names[static_cast<std::size_t>(row)];
        if (name.empty() || !hdf5::is_storable_text(name)) {
          return "candidate " + std::to_string(row) + " has a name that is empty or not UTF-8";
        }
        if (!seen.insert(name).second) {
          return "two candidates of context " + std::to_string(context) + " are called \"" + name + "\"";
        }
      }
      return "";
    });
  }
  if (length("/contexts/fitted", data.context_fitted.size(), contexts, k_each_context)) {
    problems.each_row("/contexts/fitted", data.context_fitted.size(), [&](std::size_t row) -> std::string {
      return data.context_fitted[row] <= 1 ? "" : "must be 1 (the features were fitted on it) or 0";
    });
  }
  if (length("/contexts/wording", data.context_wording.size(), contexts, k_each_context)) {
    std::map<std::int32_t, std::int64_t> size_of;
    problems.each_row("/contexts/wording", data.context_wording.size(), [&](std::size_t row) -> std::string {
      const std::int32_t wording = data.context_wording[row];
      const std::int64_t candidates_here = data.context_offset[row + 1] - data.context_offset[row];
      if (wording < -1) {
        return "is " + std::to_string(wording) + "; it must be -1 (none) or an id from 0";
      }
      const auto [entry, is_new] = size_of.emplace(wording, candidates_here);
      return wording == -1 || is_new || entry->second == candidates_here
                 ? ""
                 : "shares its id with a context of " + std::to_string(entry->second) + " candidates, but has " +
                       std::to_string(candidates_here);
    });
  }
}

void check_feature_model(const PreferenceData& data, Problems& problems) {
  const FeatureModel& model = data.feature_model;
  if (model.recipe.empty() && !model.arrays.empty()) {
    problems.add("/feature_model: has arrays but no attribute \"recipe\"");
  }
  if (!hdf5::is_storable_text(model.recipe)) {
    problems.add("/feature_model: its recipe is not UTF-8");
  }
  for (const auto& [name, array] : model.arrays) {
    const std::string path = "/feature_model/" + name;
    std::size_t count = 1;
    for (const std::int64_t extent : array.shape) {
      count = cells(static_cast<std::int64_t>(count), extent);
    }
    problems.length(path, array.values.size(), count, "the product of its shape");
    problems.finite(path, array.values);
  }
}

void check_candidates(const PreferenceData& data, Problems& problems) {
  if (data.candidate_count < 0 || data.feature_count < 1) {
    problems.add("/candidates/features: is " + std::to_string(data.candidate_count) + " x " +
                 std::to_string(data.feature_count) + "; there must be at least one feature");
    return;
  }
  problems.length("/candidates/features", data.features.size(), cells(data.candidate_count, data.feature_count),
                  "candidates times features");
  problems.length("/candidates/feature_names", data.feature_names.size(), static_cast<std::size_t>(data.feature_count),
                  "one for each feature");
  problems.names("/candidates/feature_names", data.feature_names);
  problems.finite("/candidates/features", data.features, data.feature_count);
  if (problems.offsets("/contexts/offset", data.context_offset, static_cast<std::size_t>(data.candidate_count), 1)) {
    check_sources(data, problems);
  }
  check_feature_model(data, problems);
}

void check_users(const PreferenceData& data, Problems& problems) {
  const std::size_t users = data.user_names.size();
  problems.names("/users/names", data.user_names);
  if (data.user_feature_count < 0) {
    problems.add("/users/features: has a negative number of columns");
  } else {
    problems.length("/users/features", data.user_features.size(),
                    cells(static_cast<std::int64_t>(users), data.user_feature_count), "users times user features");
    problems.length("/users/feature_names", data.user_feature_names.size(),
                    static_cast<std::size_t>(data.user_feature_count), "one for each user feature");
  }
  problems.names("/users/feature_names", data.user_feature_names);
  problems.finite("/users/features", data.user_features, data.user_feature_count);
  check_attributes("/users/attributes", data.user_attributes, users, "one for each user", problems);
  check_links(data, problems);
}

void check_ceilings(const PreferenceData& data, Problems& problems) {
  for (std::size_t row = 0; row < data.ceilings.size(); ++row) {
    const Ceiling& ceiling = data.ceilings[row];
    const std::string path = "/ceilings/" + ceiling.attribute;
    const auto attribute = data.user_attributes.find(ceiling.attribute);
    if (attribute == data.user_attributes.end()) {
      problems.add(path + ": there is no user attribute of this name");
      continue;
    }
    if (row > 0 && data.ceilings[row - 1].attribute >= ceiling.attribute) {
      problems.add(path + ": ceilings are sorted by attribute, one for each");
    }
    problems.length(path, ceiling.accuracy.size(), attribute->second.labels.size(), "one for each label");
    problems.each_row(path, ceiling.accuracy.size(), [&](std::size_t at) -> std::string {
      return ceiling.accuracy[at] >= 0 && ceiling.accuracy[at] <= 1 ? "" : "is not an accuracy from 0 to 1";
    });
  }
}

// Rules of single comparisons; only where the arrays have the right lengths.
void check_rows(const PreferenceData& data, Problems& problems) {
  const auto rows = static_cast<std::size_t>(data.comparison_count());
  const std::size_t before = problems.count();
  problems.each_row("/comparisons/user", rows, [&](std::size_t row) -> std::string {
    const std::int64_t user = data.comparison_user[row];
    return user >= 0 && user < data.user_count()
               ? ""
               : "is " + std::to_string(user) + "; there are " + std::to_string(data.user_count()) + " users, from 0";
  });
  problems.each_row("/comparisons/context", rows, [&](std::size_t row) -> std::string {
    const std::int64_t context = data.comparison_context[row];
    return context >= 0 && context < data.context_count()
               ? ""
               : "is " + std::to_string(context) + "; there are " + std::to_string(data.context_count()) +
                     " contexts, from 0";
  });
  if (problems.count() > before) {
    return;
  }
  std::vector<std::int64_t> sorted;
  problems.each_row("/comparisons/candidate", rows, [&](std::size_t row) -> std::string {
    const auto context = static_cast<std::size_t>(data.comparison_context[row]);
    const auto first = data.comparison_candidate.begin() + data.comparison_offset[row];
    const auto last = data.comparison_candidate.begin() + data.comparison_offset[row + 1];
    for (auto candidate = first; candidate != last; ++candidate) {
      if (*candidate < data.context_offset[context] || *candidate >= data.context_offset[context + 1]) {
        return "candidate " + std::to_string(*candidate) + " is not one of context " + std::to_string(context);
      }
    }
    sorted.assign(first, last);
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end() ? "" : "a candidate is there twice";
  });
  problems.each_row("/comparisons/ranked", rows, [&](std::size_t row) -> std::string {
    const std::int64_t shown = data.comparison_offset[row + 1] - data.comparison_offset[row];
    const std::int64_t ranked = data.comparison_ranked[row];
    return ranked >= 0 && ranked < shown
               ? ""
               : "is " + std::to_string(ranked) + "; of " + std::to_string(shown) + " candidates 0 (a tie) to " +
                     std::to_string(shown - 1) + " can be ranked";
  });
  problems.each_row("/comparisons/weight", rows, [&](std::size_t row) -> std::string {
    return std::isfinite(data.comparison_weight[row]) && data.comparison_weight[row] > 0 ? ""
                                                                                         : "must be finite and above 0";
  });
}

// The places of one comparison's candidates are 0 to n - 1, each once.
void check_positions(const PreferenceData& data, Problems& problems) {
  if (data.comparison_position.empty()) {
    return;
  }
  std::vector<std::int32_t> sorted;
  problems.each_row("/comparisons/position", data.comparison_user.size(), [&](std::size_t row) -> std::string {
    sorted.assign(data.comparison_position.begin() + data.comparison_offset[row],
                  data.comparison_position.begin() + data.comparison_offset[row + 1]);
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t place = 0; place < sorted.size(); ++place) {
      if (sorted[place] != static_cast<std::int32_t>(place)) {
        return "the places of its candidates must be 0 to " + std::to_string(sorted.size() - 1) + ", each once";
      }
    }
    return "";
  });
}

// Repeats are the same question put to the same user.
void check_repeats(const PreferenceData& data, Problems& problems) {
  const auto question = [&](std::size_t row) {
    std::vector<std::int64_t> key(data.comparison_candidate.begin() + data.comparison_offset[row],
                                  data.comparison_candidate.begin() + data.comparison_offset[row + 1]);
    std::sort(key.begin(), key.end());
    key.push_back(data.comparison_user[row]);
    key.push_back(data.comparison_context[row]);
    return key;
  };
  std::map<std::int32_t, std::size_t> first_of;
  problems.each_row("/comparisons/repeat", data.comparison_repeat.size(), [&](std::size_t row) -> std::string {
    const std::int32_t repeat = data.comparison_repeat[row];
    if (repeat < -1) {
      return "is " + std::to_string(repeat) + "; it must be -1 (none) or an id from 0";
    }
    if (repeat == -1) {
      return "";
    }
    const auto [first, is_new] = first_of.emplace(repeat, row);
    return is_new || question(first->second) == question(row)
               ? ""
               : "repeats row " + std::to_string(first->second) + ", but has another user, context or candidates";
  });
}

void check_comparisons(const PreferenceData& data, Problems& problems) {
  const std::size_t rows = data.comparison_user.size();
  if (rows == 0) {
    problems.add("/comparisons/user: is empty; there must be at least one comparison");
  }
  constexpr std::string_view k_reason = "one for each comparison";
  const std::size_t before = problems.count();
  problems.length("/comparisons/context", data.comparison_context.size(), rows, k_reason);
  problems.length("/comparisons/offset", data.comparison_offset.size(), rows + 1, "one more than comparisons");
  problems.length("/comparisons/ranked", data.comparison_ranked.size(), rows, k_reason);
  problems.length("/comparisons/weight", data.comparison_weight.size(), rows, k_reason);
  problems.length("/comparisons/repeat", data.comparison_repeat.size(), rows, k_reason);
  if (!data.comparison_time.empty()) {
    problems.length("/comparisons/time", data.comparison_time.size(), rows, "one for each comparison, or be left out");
  }
  if (!data.comparison_position.empty()) {
    problems.length("/comparisons/position", data.comparison_position.size(), data.comparison_candidate.size(),
                    "as many as /comparisons/candidate, or be left out");
  }
  check_attributes("/comparisons/attributes", data.comparison_attributes, rows, k_reason, problems);
  problems.offsets("/comparisons/offset", data.comparison_offset, data.comparison_candidate.size(), 2);
  if (problems.count() == before) {
    check_rows(data, problems);
    check_positions(data, problems);
    check_repeats(data, problems);
  }
}

}  // namespace

std::vector<std::string> problems_of(const PreferenceData& data) {
  Problems problems;
  check_candidates(data, problems);
  check_users(data, problems);
  constexpr auto k_most = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
  if (data.user_names.size() > k_most || data.context_offset.size() > k_most) {
    problems.add("/users/names, /contexts/offset: a file holds at most 2147483646 users and contexts");
  }
  if (problems.count() == 0) {
    check_comparisons(data, problems);
  }
  check_ceilings(data, problems);
  for (const auto& [key, value] : data.about) {
    if (key.empty() || !hdf5::is_storable_text(key) || !hdf5::is_storable_text(value)) {
      problems.add("/about, \"" + key + "\": names and values are UTF-8, and names are not empty");
    }
  }
  return problems.take();
}

}  // namespace fairsweep
