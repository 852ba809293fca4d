#include "workers/data/groups/people_by_label.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace fairsweep {
namespace {

/// A user and the codes under which the user answered; a user without labels has none.
using Key = std::pair<std::int32_t, std::vector<std::int32_t>>;

Key key_of(const PreferenceData& data, const std::vector<std::string>& names, std::size_t row) {
  Key key{data.comparison_user[row], {}};
  for (const std::string& name : names) {
    const std::int32_t code = data.comparison_attributes.at(name).codes[row];
    if (code < 0)
      return {data.comparison_user[row], {}};
    key.second.push_back(code);
  }
  return key;
}

std::string name_of(const PreferenceData& data, const std::vector<std::string>& names, const Key& key) {
  std::string name = data.user_names[static_cast<std::size_t>(key.first)];
  for (std::size_t i = 0; i < key.second.size(); ++i) {
    name += i == 0 ? " [" : ", ";
    name += data.comparison_attributes.at(names[i]).labels[static_cast<std::size_t>(key.second[i])];
  }
  return key.second.empty() ? name : name + "]";
}

template <typename T>
std::vector<T> rows_of(const std::vector<T>& values, std::size_t width, const std::vector<std::int64_t>& rows) {
  std::vector<T> taken;
  if (values.empty())
    return taken;
  taken.reserve(rows.size() * width);
  for (const std::int64_t row : rows) {
    const auto first = values.begin() + row * static_cast<std::ptrdiff_t>(width);
    taken.insert(taken.end(), first, first + static_cast<std::ptrdiff_t>(width));
  }
  return taken;
}

/// Everybody that a user became listens to everybody that the other one became. @param user_of [people], ascending
UserLinks links_of_people(const UserLinks& links, const std::vector<std::int64_t>& user_of) {
  UserLinks answer;
  for (std::size_t row = 0; row < links.from.size(); ++row) {
    const auto [first, last] = std::equal_range(user_of.begin(), user_of.end(), std::int64_t{links.from[row]});
    const auto [others, others_end] = std::equal_range(user_of.begin(), user_of.end(), std::int64_t{links.to[row]});
    for (auto from = first; from != last; ++from) {
      for (auto to = others; to != others_end; ++to) {
        answer.from.push_back(static_cast<std::int32_t>(from - user_of.begin()));
        answer.to.push_back(static_cast<std::int32_t>(to - user_of.begin()));
        if (!links.weight.empty())
          answer.weight.push_back(links.weight[row]);
      }
    }
  }
  return answer;
}

}  // namespace

std::vector<std::int64_t> make_people_of_labels(PreferenceData& data, const std::vector<std::string>& names) {
  std::map<Key, std::int32_t> people;
  std::vector<bool> answered(data.user_names.size(), false);
  for (std::size_t row = 0; row < data.comparison_user.size(); ++row) {
    people.emplace(key_of(data, names, row), 0);
    answered[static_cast<std::size_t>(data.comparison_user[row])] = true;
  }
  for (std::size_t user = 0; user < answered.size(); ++user) {
    if (!answered[user])
      people.emplace(Key{static_cast<std::int32_t>(user), {}}, 0);
  }
  std::vector<std::int64_t> user_of;
  std::vector<std::string> person_names;
  std::map<std::string, Attribute> labels;
  user_of.reserve(people.size());
  person_names.reserve(people.size());
  for (const std::string& name : names)
    labels[name].labels = data.comparison_attributes.at(name).labels;
  for (auto& [key, person] : people) {
    person = static_cast<std::int32_t>(user_of.size());
    user_of.push_back(key.first);
    person_names.push_back(name_of(data, names, key));
    for (std::size_t i = 0; i < names.size(); ++i)
      labels[names[i]].codes.push_back(key.second.empty() ? -1 : key.second[i]);
  }
  std::vector<std::int32_t> person_of_row(data.comparison_user.size());
  for (std::size_t row = 0; row < person_of_row.size(); ++row)
    person_of_row[row] = people.at(key_of(data, names, row));

  data.user_links = links_of_people(data.user_links, user_of);
  data.comparison_user = std::move(person_of_row);
  data.user_names = std::move(person_names);
  data.user_features = rows_of(data.user_features, static_cast<std::size_t>(data.user_feature_count), user_of);
  for (auto& [name, attribute] : data.user_attributes)
    attribute.codes = rows_of(attribute.codes, 1, user_of);
  for (auto& [name, attribute] : labels)
    data.user_attributes[name] = std::move(attribute);
  return user_of;
}

}  // namespace fairsweep
