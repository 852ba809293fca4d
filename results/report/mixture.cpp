#include "results/report/mixture.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "results/report/display_text.hpp"
#include "results/report/front_report.hpp"
#include "results/report/number_text.hpp"

namespace fairsweep::report {
namespace {

constexpr std::string_view k_weight_of = "weight of ";

std::string word(const TrialRecord& trial, const char* name) {
  const auto place = trial.words.find(name);
  return place == trial.words.end() ? std::string() : place->second;
}

}  // namespace

std::optional<Mixture> mixture_of(const TrialRecord& trial) {
  if (word(trial, "trained") != "nothing")
    return std::nullopt;
  Mixture mixture{word(trial, "joined"), {word(trial, "models")}, {}};
  if (const auto largest = trial.notes.find("largest weight of people"); largest != trial.notes.end())
    mixture.largest = largest->second;
  for (const auto& [name, value] : trial.notes) {
    if (name.starts_with(k_weight_of))
      mixture.weight[name.substr(k_weight_of.size())] = value;
  }
  return mixture;
}

std::optional<Mixture> mixture_of(const RunRecord& record, ConfigurationId configuration) {
  std::optional<Mixture> sum;
  double trials = 0;
  for (const TrialRecord& trial : record.trials) {
    if (trial.configuration != configuration || trial.state != TrialState::reported)
      continue;
    std::optional<Mixture> one = mixture_of(trial);
    if (!one)
      return std::nullopt;
    ++trials;
    if (!sum) {
      sum = std::move(one);
      continue;
    }
    sum->models.push_back(one->models.front());
    for (const auto& [name, value] : one->weight)
      sum->weight[name] += value;
    if (sum->largest)
      *sum->largest += one->largest.value_or(0);
  }
  if (sum) {
    for (auto& [name, value] : sum->weight)
      value /= trials;
    if (sum->largest)
      *sum->largest /= trials;
  }
  return sum;
}

std::string mixture_text(const Mixture& mixture) {
  std::string text;
  for (const auto& [name, value] : mixture.weight)
    text += fmt::format("{} {} {}", text.empty() ? "mixes" : ",", printable(name), number_text(value, 3));
  if (mixture.largest)
    text += fmt::format(" on average over people, whose largest is {}", number_text(*mixture.largest, 3));
  return fmt::format("{} ({})", text, printable(mixture.joined));
}

nlohmann::json mixture_json(const std::optional<Mixture>& mixture) {
  if (!mixture)
    return nullptr;
  nlohmann::json models = nlohmann::json::array(), weights = nlohmann::json::object();
  for (const std::string& digest : mixture->models)
    models.push_back(printable(digest));
  for (const auto& [name, value] : mixture->weight)
    weights[printable(name)] = number_json(value);
  return {{"trained", "nothing"},
          {"joined", printable(mixture->joined)},
          {"models", std::move(models)},
          {"weights", std::move(weights)},
          {"largest_weight_of_people", mixture->largest ? number_json(*mixture->largest) : nlohmann::json(nullptr)}};
}

}  // namespace fairsweep::report
