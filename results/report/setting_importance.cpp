#include "results/report/setting_importance.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <variant>

#include "core/random/philox.hpp"
#include "results/pareto/ranks.hpp"
#include "results/report/number_text.hpp"

namespace fairsweep::report {
namespace {

constexpr double k_least_share = 0.1;
constexpr std::size_t k_least_chosen = 5;
constexpr int k_blind_choices = 1000;

/// The bins of one setting.
struct Bins {
  std::vector<std::string> names;
  const Distribution* distribution = nullptr;

  [[nodiscard]] std::size_t of(const Value& value) const {
    if (const auto* choice = std::get_if<Choice>(distribution)) {
      return static_cast<std::size_t>(std::ranges::find(choice->values, value) - choice->values.begin());
    }
    const double number = std::holds_alternative<double>(value) ? std::get<double>(value)
                          : std::holds_alternative<std::int64_t>(value)
                              ? static_cast<double>(std::get<std::int64_t>(value))
                              : 0.0;
    const double share = share_below(number);
    return std::min(static_cast<std::size_t>(std::max(0.0, share * static_cast<double>(names.size()))),
                    names.size() - 1);
  }

 private:
  [[nodiscard]] double share_below(double number) const {
    if (const auto* range = std::get_if<Uniform>(distribution))
      return (number - range->low) / (range->high - range->low);
    const LogUniform& range = std::get<LogUniform>(*distribution);
    return std::log(number / range.low) / std::log(range.high / range.low);
  }
};

Bins bins_of(const Distribution& distribution, std::size_t range_bins) {
  Bins bins;
  bins.distribution = &distribution;
  if (const auto* choice = std::get_if<Choice>(&distribution)) {
    for (const Value& value : choice->values)
      bins.names.push_back(to_text(value));
    return bins;
  }
  const auto edge = [&](std::size_t i) {
    const double share = static_cast<double>(i) / static_cast<double>(range_bins);
    if (const auto* range = std::get_if<Uniform>(&distribution))
      return range->low + share * (range->high - range->low);
    const LogUniform& range = std::get<LogUniform>(distribution);
    return range.low * std::pow(range.high / range.low, share);
  };
  for (std::size_t i = 0; i < range_bins; ++i)
    bins.names.push_back(fmt::format("{} to {}", number_text(edge(i), 3), number_text(edge(i + 1), 3)));
  return bins;
}

double divergence_of(const std::vector<double>& chosen, const std::vector<double>& all) {
  double sum = 0;
  for (std::size_t bin = 0; bin < all.size(); ++bin) {
    if (all[bin] > 0)
      sum += (chosen[bin] - all[bin]) * (chosen[bin] - all[bin]) / all[bin];
  }
  return sum;
}

std::vector<double> shares_of(const std::vector<std::size_t>& bins, std::size_t count, std::size_t bin_count) {
  std::vector<double> shares(bin_count, 0.0);
  for (std::size_t i = 0; i < count; ++i)
    shares[bins[i]] += 1 / static_cast<double>(count);
  return shares;
}

/// Sets what blind choices of as many would show. @param bins  of every configuration looked at; changes its order
void set_chance(SettingImportance& setting, std::vector<std::size_t> bins, std::uint32_t index) {
  const double all = static_cast<double>(setting.all), chosen = static_cast<double>(setting.chosen);
  const auto used = std::ranges::count_if(setting.share_all, [](double share) { return share > 0; });
  // Each bin's share among those chosen is hypergeometric: its variance is p (1 - p) / chosen (all - chosen) / (all -
  // 1).
  setting.by_chance = all > 1 ? static_cast<double>(used - 1) / chosen * (all - chosen) / (all - 1) : 0;
  RandomStream random(0, index, 0, Purpose::bootstrap);
  std::vector<double> blind(k_blind_choices);
  for (double& divergence : blind) {
    for (std::size_t i = 0; i < setting.chosen; ++i)
      std::swap(bins[i], bins[i + random.below(bins.size() - i)]);
    divergence = divergence_of(shares_of(bins, setting.chosen, setting.share_all.size()), setting.share_all);
  }
  const auto place = blind.begin() + k_blind_choices * 95 / 100;
  std::ranges::nth_element(blind, place);
  setting.chance_high = *place;
}

/// The configurations that compete, and whether each is chosen.
struct Competitors {
  std::vector<const Configuration*> configurations;
  std::vector<bool> chosen;
};

Competitors choose(const RunSummary& run, FrontImportance& importance) {
  Competitors competitors;
  std::vector<double> values;
  for (const FrontPoint& point : run.front.points) {
    if (!point.competes)
      continue;
    competitors.configurations.push_back(&configuration_of(run.record, point.configuration));
    for (std::size_t axis = 0; axis < run.front.objectives.size(); ++axis)
      values.push_back(run.front.objectives[axis].to_minimisation(point.validation[axis].mean));
  }
  importance.all = competitors.configurations.size();
  const auto ranks = pareto::non_dominated_ranks({values, run.front.objectives.size()});
  const auto wanted = std::max(
      k_least_chosen, static_cast<std::size_t>(std::ceil(k_least_share * static_cast<double>(importance.all))));
  while (importance.chosen < std::min(wanted, importance.all)) {
    importance.chosen += static_cast<std::size_t>(std::ranges::count(ranks, importance.ranks));
    ++importance.ranks;
  }
  competitors.chosen.reserve(ranks.size());
  for (const std::size_t rank : ranks)
    competitors.chosen.push_back(rank < importance.ranks);
  return competitors;
}

std::optional<SettingImportance> importance_of(const Parameter& parameter, const Competitors& competitors,
                                               std::size_t range_bins, std::uint32_t index) {
  const Bins bins = bins_of(parameter.distribution, range_bins);
  SettingImportance setting;
  setting.path = parameter.path;
  setting.bins = bins.names;
  std::vector<std::size_t> all, chosen;
  for (std::size_t i = 0; i < competitors.configurations.size(); ++i) {
    const auto value = competitors.configurations[i]->values.find(parameter.path);
    if (value == competitors.configurations[i]->values.end())
      continue;
    const std::size_t bin = bins.of(value->second);
    if (bin >= bins.names.size())
      continue;  // a value that the space does not have: a run whose choices were changed
    all.push_back(bin);
    if (competitors.chosen[i])
      chosen.push_back(bin);
  }
  setting.all = all.size();
  setting.chosen = chosen.size();
  if (setting.chosen < 2 || setting.chosen == setting.all)
    return std::nullopt;  // nothing to compare
  setting.share_all = shares_of(all, all.size(), bins.names.size());
  setting.share_chosen = shares_of(chosen, chosen.size(), bins.names.size());
  setting.divergence = divergence_of(setting.share_chosen, setting.share_all);
  set_chance(setting, std::move(all), index);
  return setting;
}

}  // namespace

FrontImportance front_importance(const RunSummary& run, std::size_t range_bins) {
  FrontImportance importance;
  const Competitors competitors = choose(run, importance);
  const std::vector<std::string> varying = varying_settings(run.record);
  std::uint32_t index = 0;
  for (const Parameter& parameter : run.record.space.parameters) {
    if (std::ranges::find(varying, parameter.path) == varying.end())
      continue;
    if (auto setting = importance_of(parameter, competitors, range_bins, index++))
      importance.settings.push_back(std::move(*setting));
  }
  std::ranges::stable_sort(importance.settings, [](const SettingImportance& a, const SettingImportance& b) {
    return a.divergence - a.by_chance > b.divergence - b.by_chance;
  });
  return importance;
}

}  // namespace fairsweep::report
