#include "core/protocol/people_text.hpp"

#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

using Json = nlohmann::json;

constexpr std::string_view k_format = "fairsweep-people";
constexpr int k_version = 1;
constexpr std::string_view k_letters = "tvsh-";  // by the codes of Split

std::string letters_of(const std::vector<Split>& split) {
  std::string letters;
  letters.reserve(split.size());
  for (const Split part : split)
    letters.push_back(k_letters[static_cast<std::size_t>(part)]);
  return letters;
}

std::vector<Split> split_in(const std::string& letters) {
  std::vector<Split> split;
  split.reserve(letters.size());
  for (const char letter : letters) {
    const std::size_t code = k_letters.find(letter);
    if (code == std::string_view::npos)
      throw std::out_of_range("a part of no known letter");
    split.push_back(static_cast<Split>(code));
  }
  return split;
}

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values)
    list.push_back(std::isnan(value) ? Json(nullptr) : Json(value));
  return list;
}

std::vector<double> numbers_in(const Json& list) {
  std::vector<double> values;
  values.reserve(list.size());
  for (const Json& value : list)
    values.push_back(value.is_null() ? std::nan("") : value.get<double>());
  return values;
}

/// Every list has one entry a person.
void check_lengths(const People& people) {
  const std::size_t n = people.names.size();
  if (people.user.size() != n || people.group.size() != n || people.support.size() != n ||
      people.in_training.size() != n || (!people.label_weight.empty() && people.label_weight.size() != n) ||
      (!people.label_flip.empty() && people.label_flip.size() != n) ||
      (!people.membership.empty() && people.membership.size() != n * people.groups.size()) ||
      (!people.person.empty() && people.person.size() != people.split.size()) ||
      (!people.weight.empty() && people.weight.size() != people.split.size()))
    throw std::out_of_range("lists of different lengths");
}

}  // namespace

std::string people_text(const People& people) {
  Json comparisons = {{"split", letters_of(people.split)}, {"person", people.person}};
  if (!people.weight.empty())
    comparisons["weight"] = people.weight;
  const Json text = {{"format", k_format},
                     {"format_version", k_version},
                     {"groups", people.groups},
                     {"how", people.how},
                     {"people",
                      {{"name", people.names},
                       {"user", people.user},
                       {"group", people.group},
                       {"in_training", people.in_training},
                       {"support_rate", numbers(people.support)},
                       {"membership", numbers(people.membership)},
                       {"label_weight", numbers(people.label_weight)},
                       {"label_flip", numbers(people.label_flip)}}},
                     {"comparisons", std::move(comparisons)}};
  return text.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

People read_people_text(std::string_view text, const std::string& source) {
  try {
    const Json root = Json::parse(text);
    if (root.at("format") != k_format || root.at("format_version") != k_version)
      throw std::out_of_range("another format or version");
    People people;
    people.groups = root.at("groups").get<std::vector<std::string>>();
    people.how = root.at("how").get<std::map<std::string, std::string>>();
    const Json& of = root.at("people");
    people.names = of.at("name").get<std::vector<std::string>>();
    people.user = of.at("user").get<std::vector<std::int64_t>>();
    people.group = of.at("group").get<std::vector<std::int32_t>>();
    people.in_training = of.at("in_training").get<std::vector<std::uint8_t>>();
    people.support = numbers_in(of.at("support_rate"));
    people.membership = numbers_in(of.at("membership"));
    people.label_weight = numbers_in(of.at("label_weight"));
    people.label_flip = numbers_in(of.at("label_flip"));
    people.split = split_in(root.at("comparisons").at("split").get<std::string>());
    people.person = root.at("comparisons").at("person").get<std::vector<std::int32_t>>();
    people.weight = root.at("comparisons").value("weight", std::vector<float>{});
    check_lengths(people);
    return people;
  } catch (const std::exception& error) {
    throw UserError(ExitCode::file, source + ": says who is in which group and cannot be read (" + error.what() +
                                        "); it was changed by hand, or another version of fairsweep wrote it");
  }
}

std::string people_digest(const People& people) {
  const Json text = {people.groups, people.group, letters_of(people.split)};
  return sha256(text.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace fairsweep
