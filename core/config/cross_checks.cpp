#include "core/config/cross_checks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/config/config_errors.hpp"
#include "core/config/likelihood_checks.hpp"
#include "core/domain/people_settings.hpp"

namespace fairsweep {
namespace {

namespace errors = config_errors;

template <typename T>
std::optional<T> fixed(const Options& options, std::string_view path) {
  const auto option = options.find(path);
  if (option == options.end())
    return std::nullopt;
  return std::get<T>(std::get<Value>(option->second.value));
}

/// Whether the option is there and is, or may come to be, this word.
bool can_be(const Options& options, std::string_view path, const std::string& word) {
  const auto option = options.find(path);
  if (option == options.end())
    return false;
  const std::vector<Value> values = possible_values(option->second.value);
  return std::find(values.begin(), values.end(), Value(word)) != values.end();
}

void check_shares(const Options& options, MistakeList& mistakes) {
  const auto train = fixed<double>(options, "data.split.train");
  const auto validation = fixed<double>(options, "data.split.validation");
  const auto test = fixed<double>(options, "data.split.test");
  if (!train || !validation || !test)
    return;
  const double sum = *train + *validation + *test;
  if (std::fabs(sum - 1) <= 1e-9)
    return;
  mistakes.add(place_of(options, {"data.split.train", "data.split.validation", "data.split.test"}),
               errors::shares_do_not_sum(sum));
}

void check_people(const Options& options, MistakeList& mistakes) {
  const auto by = fixed<std::string>(options, "data.groups.by");
  const auto stratified = fixed<bool>(options, "data.split.stratified");
  if (by && stratified && *stratified && *by != "attribute" && *by != "combination")
    mistakes.add(place_of(options, {"data.split.stratified"}), errors::stratified_by_unknown_groups(*by));
  if (fixed<bool>(options, "data.split.few_shot").value_or(false) &&
      fixed<std::int64_t>(options, "data.split.history").value_or(0) == 0)
    mistakes.add(place_of(options, {"data.split.few_shot"}), errors::few_shot_without_history());
  const auto membership = fixed<std::string>(options, "data.groups.membership");
  for (const char* path : {"method.pafo_dvao.membership", "method.dvao_listwise.membership"}) {
    if (membership.value_or("hard") != "soft" && can_be(options, path, "of_groups"))
      mistakes.add(place_of(options, {path}), errors::membership_of_hard_groups(path));
  }
  const auto attributes = options.find("data.groups.attributes");
  if (attributes != options.end()) {
    std::vector<std::string> names = std::get<std::vector<std::string>>(attributes->second.value);
    if (names.size() < 2)
      mistakes.add(place_of(options, {"data.groups.attributes"}), errors::combination_of_one());
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
      mistakes.add(place_of(options, {"data.groups.attributes"}), errors::combination_with_itself(*twice));
  }
  const auto imbalance = options.find("data.split.imbalance");
  if (imbalance == options.end())
    return;
  const auto& proportions = std::get<std::vector<std::string>>(imbalance->second.value);
  for (const std::string& text : proportions) {
    if (!proportion_in(text))
      mistakes.add(place_of(options, {"data.split.imbalance"}), errors::no_proportion(text));
  }
  if (proportions.size() == 1)
    mistakes.add(place_of(options, {"data.split.imbalance"}), errors::imbalance_of_one());
}

/// Why the fairness index is undefined somewhere in [low, high]; empty where it is not.
std::string undefined_fairness(double low, double high, bool as_coefficient) {
  constexpr double k_least_distance = 1e-3;
  const auto meets = [&](double hole) { return low < hole + k_least_distance && high > hole - k_least_distance; };
  if (meets(0))
    return "comes within 0.001 of 0, where the fairness has the exponent 1 / beta";
  if (meets(1))
    return "comes within 0.001 of 1, where the fairness says nothing";
  return as_coefficient && high > 1 ? "is above 1, where the fairness is negative and has no real power" : "";
}

void check_fairness_index(const Options& options, MistakeList& mistakes) {
  const auto beta = options.find("method.reward_fairness.beta");
  const auto form = options.find("method.reward_fairness.form");
  if (beta == options.end() || form == options.end())
    return;
  const std::vector<Value> forms = possible_values(form->second.value);
  const bool coefficient = std::find(forms.begin(), forms.end(), Value(std::string("coefficient"))) != forms.end();
  std::vector<std::pair<double, double>> ranges;
  for (const Value& value : possible_values(beta->second.value))
    ranges.emplace_back(std::get<double>(value), std::get<double>(value));
  if (const auto* distribution = std::get_if<Distribution>(&beta->second.value)) {
    if (const auto* uniform = std::get_if<Uniform>(distribution))
      ranges.emplace_back(uniform->low, uniform->high);
    if (const auto* logarithmic = std::get_if<LogUniform>(distribution))
      ranges.emplace_back(logarithmic->low, logarithmic->high);
  }
  for (const auto& [low, high] : ranges) {
    const std::string why = undefined_fairness(low, high, coefficient);
    if (why.empty())
      continue;
    mistakes.add(place_of(options, {"method.reward_fairness.beta", "method.reward_fairness.form"}),
                 errors::undefined_fairness(why));
    return;
  }
}

void check_teachers(const Options& options, MistakeList& mistakes) {
  if (!can_be(options, "method.name", "pafo_dvao"))
    return;
  for (const char* condition : {"agreement", "soft_membership", "average"}) {
    if (can_be(options, "method.pafo.condition", condition)) {
      mistakes.add(place_of(options, {"method.pafo.condition"}), errors::condition_of_pafo_alone(condition));
      return;
    }
  }
}

void check_lease(const Options& options, MistakeList& mistakes) {
  const auto lease = fixed<double>(options, "resources.lease_seconds");
  const auto heartbeat = fixed<double>(options, "resources.heartbeat_seconds");
  if (!lease || !heartbeat || *lease > 3 * *heartbeat)
    return;
  mistakes.add(place_of(options, {"resources.lease_seconds", "resources.heartbeat_seconds"}),
               errors::lease_too_short(*lease, *heartbeat));
}

void check_counts(const Options& options, MistakeList& mistakes) {
  const auto strategy = fixed<std::string>(options, "search.strategy");
  const auto configurations = fixed<std::int64_t>(options, "search.configurations");
  const auto replicates = fixed<std::int64_t>(options, "search.replicates");
  if (strategy && configurations && *configurations == 0 && *strategy != "grid" && *strategy != "listed") {
    mistakes.add(place_of(options, {"search.configurations"}), errors::configurations_needed(*strategy));
  }
  constexpr std::int64_t k_most_trials = 4294967295;  // trials are numbered with 32 bits
  if (configurations && replicates && *configurations > k_most_trials / *replicates) {
    mistakes.add(place_of(options, {"search.configurations", "search.replicates"}),
                 errors::too_many_trials(*configurations, *replicates));
  }
}

}  // namespace

void check_together(const Options& options, MistakeList& mistakes) {
  check_shares(options, mistakes);
  check_people(options, mistakes);
  check_fairness_index(options, mistakes);
  check_teachers(options, mistakes);
  check_likelihoods(options, mistakes);
  check_lease(options, mistakes);
  check_counts(options, mistakes);
}

}  // namespace fairsweep
