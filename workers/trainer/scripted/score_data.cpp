#include "workers/trainer/scripted/score_data.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <unordered_map>

#include "core/diagnostics/errors.hpp"
#include "workers/data/groups/people_by_label.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_entries_at_once = 65536;

std::size_t index(std::int64_t value) { return static_cast<std::size_t>(value); }

void require_columns(const std::vector<std::string>& wanted, const std::vector<std::string>& found,
                     const std::string& what) {
  if (wanted == found) {
    return;
  }
  std::size_t column = 0;
  while (column < wanted.size() && column < found.size() && wanted[column] == found[column]) {
    ++column;
  }
  throw UserError(ExitCode::file, "the model was trained on " + std::to_string(wanted.size()) + " " + what +
                                      " and the data have " + std::to_string(found.size()) + "; column " +
                                      std::to_string(column) + " is \"" +
                                      (column < wanted.size() ? wanted[column] : "") + "\" for the model and \"" +
                                      (column < found.size() ? found[column] : "") +
                                      "\" in the data: make the data with the recipe of the model");
}

/// Rows of the model's people, -1 for a user it does not know.
std::vector<std::int64_t> people_of_users(const ScriptedModel& model, const PreferenceData& data) {
  std::unordered_map<std::string, std::int64_t> row_of;
  for (const std::string& name : model.people()) {
    row_of.emplace(name, static_cast<std::int64_t>(row_of.size()));
  }
  std::vector<std::int64_t> rows;
  rows.reserve(data.user_names.size());
  for (const std::string& name : data.user_names) {
    const auto place = row_of.find(name);
    rows.push_back(place == row_of.end() ? -1 : place->second);
  }
  return rows;
}

/// Rows `rows` of a table [n, width] as a tensor.
at::Tensor rows_of(const std::vector<float>& table, std::int64_t width, const std::vector<std::int64_t>& rows) {
  at::Tensor taken = at::empty({static_cast<std::int64_t>(rows.size()), width}, at::kFloat);
  auto* target = taken.data_ptr<float>();
  for (const std::int64_t row : rows) {
    target = std::copy_n(table.begin() + row * width, width, target);
  }
  return taken;
}

void count_right(const PreferenceData& data, DataScores& scores) {
  std::vector<double> right(data.user_names.size(), 0), judged(data.user_names.size(), 0);
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    if (data.comparison_ranked[row] == 0) {
      continue;
    }
    const auto begin = scores.score.begin() + data.comparison_offset[row];
    const auto end = scores.score.begin() + data.comparison_offset[row + 1];
    const float others = *std::max_element(begin + 1, end);
    const double value = *begin > others ? 1.0 : *begin == others ? 0.5 : 0.0;
    scores.right += value;
    ++scores.judged;
    right[index(data.comparison_user[row])] += value;
    judged[index(data.comparison_user[row])] += 1;
  }
  double sum = 0, people = 0;
  for (std::size_t user = 0; user < judged.size(); ++user) {
    if (judged[user] > 0) {
      sum += right[user] / judged[user];
      people += 1;
    }
  }
  scores.right_people = people > 0 ? sum / people : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

DataScores score_data(const ScriptedModel& model, PreferenceData& data) {
  require_columns(model.feature_names(), data.feature_names, "features");
  if (model.user() == UserInput::features) {
    require_columns(model.user_feature_names(), data.user_feature_names, "features of users");
  }
  for (const std::string& name : model.people_by()) {
    if (!data.comparison_attributes.contains(name)) {
      throw UserError(ExitCode::file, "the model tells people apart by the attribute \"" + name +
                                          "\" of comparisons, which the data do not have");
    }
  }
  if (!model.people_by().empty()) {
    (void)make_people_of_labels(data, model.people_by());
  }
  const std::vector<std::int64_t> person_of =
      model.knows_people() ? people_of_users(model, data) : std::vector<std::int64_t>();
  std::vector<std::int64_t> user_of_entry;
  user_of_entry.reserve(data.comparison_candidate.size());
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    user_of_entry.resize(index(data.comparison_offset[row + 1]), data.comparison_user[row]);
  }
  DataScores scores;
  scores.score.reserve(user_of_entry.size());
  std::set<std::int64_t> unknown;
  for (std::size_t first = 0; first < data.comparison_user.size();) {  // whole comparisons, at least one
    const std::int64_t begin = data.comparison_offset[first];
    std::vector<std::int64_t> ends;
    while (first < data.comparison_user.size() &&
           (ends.empty() || data.comparison_offset[first + 1] - begin <= k_entries_at_once)) {
      ends.push_back(data.comparison_offset[++first] - begin);
    }
    const std::int64_t end = begin + ends.back();
    const std::vector<std::int64_t> candidates(data.comparison_candidate.begin() + begin,
                                               data.comparison_candidate.begin() + end);
    const std::vector<std::int64_t> users(user_of_entry.begin() + begin, user_of_entry.begin() + end);
    at::Tensor user_features, person;
    if (model.user() == UserInput::features)
      user_features = rows_of(data.user_features, data.user_feature_count, users);
    if (model.knows_people()) {
      std::vector<std::int64_t> people;
      people.reserve(users.size());
      for (const std::int64_t row : users) {
        people.push_back(person_of[index(row)]);
        if (people.back() < 0) {
          unknown.insert(row);
        }
      }
      person = at::tensor(people, at::kLong);
    }
    const at::Tensor values =
        model.scores(rows_of(data.features, data.feature_count, candidates), user_features, person, ends)
            .to(at::kFloat)
            .contiguous();
    scores.score.insert(scores.score.end(), values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
  }
  scores.unknown.assign(unknown.begin(), unknown.end());
  count_right(data, scores);
  return scores;
}

}  // namespace fairsweep
