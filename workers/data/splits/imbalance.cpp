#include "workers/data/splits/imbalance.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/domain/people_settings.hpp"
#include "workers/data/splits/dealing.hpp"

namespace fairsweep {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw UserError(ExitCode::configuration, "data.split.imbalance: " + message);
}

/// The number of each group, 0 where it is not named.
std::vector<double> numbers_of(const std::vector<std::string>& proportions, const std::vector<std::string>& groups) {
  std::vector<double> numbers(groups.size(), 0);
  for (const std::string& text : proportions) {
    const std::optional<Proportion> one = proportion_in(text);
    if (!one)
      refuse(fmt::format("\"{}\" is not of the form group=number with a number above 0, such as majority=10", text));
    const auto found = std::find(groups.begin(), groups.end(), one->group);
    if (found == groups.end()) {
      refuse(fmt::format("there is no group \"{}\"{}; the groups are {}", one->group, did_you_mean(one->group, groups),
                         fmt::join(groups, ", ")));
    }
    double& number = numbers[static_cast<std::size_t>(found - groups.begin())];
    if (number > 0)
      refuse(fmt::format("the group \"{}\" is named twice", one->group));
    number = one->number;
  }
  return numbers;
}

}  // namespace

std::vector<std::int64_t> make_imbalance(const PreferenceData& data, const std::vector<std::string>& proportions,
                                         const std::vector<std::string>& groups, const std::vector<std::int32_t>& group,
                                         std::uint64_t seed, std::vector<Split>& split) {
  if (proportions.size() < 2)
    refuse("name at least two groups, such as [majority=10, minority=1]");
  const std::vector<double> numbers = numbers_of(proportions, groups);
  std::vector<bool> trained(group.size(), false);
  for (std::size_t row = 0; row < split.size(); ++row) {
    // A tie says nothing that is trained on.
    if (split[row] == Split::train && data.comparison_ranked[row] > 0)
      trained[static_cast<std::size_t>(data.comparison_user[row])] = true;
  }
  std::vector<std::int64_t> people(groups.size(), 0);
  for (std::size_t user = 0; user < group.size(); ++user) {
    if (trained[user] && group[user] >= 0)
      ++people[static_cast<std::size_t>(group[user])];
  }
  double scale = std::numeric_limits<double>::infinity();
  for (std::size_t code = 0; code < groups.size(); ++code) {
    if (numbers[code] > 0 && people[code] == 0)
      refuse(fmt::format("the group \"{}\" has nobody in training", groups[code]));
    if (numbers[code] > 0)
      scale = std::min(scale, static_cast<double>(people[code]) / numbers[code]);
  }
  std::vector<std::int64_t> left_out(groups.size(), 0);
  std::vector<std::int64_t> places(groups.size(), std::numeric_limits<std::int64_t>::max());
  for (std::size_t code = 0; code < groups.size(); ++code) {
    if (numbers[code] > 0) {
      places[code] = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(numbers[code] * scale + 1e-9)));
      left_out[code] = std::max<std::int64_t>(0, people[code] - places[code]);
    }
  }
  std::vector<bool> out(group.size(), false);
  for (const std::uint32_t user : random_order(group.size(), seed, k_imbalance_stream)) {
    if (trained[user] && group[user] >= 0)
      out[user] = places[static_cast<std::size_t>(group[user])]-- <= 0;
  }
  for (std::size_t row = 0; row < split.size(); ++row) {
    if (split[row] == Split::train && out[static_cast<std::size_t>(data.comparison_user[row])])
      split[row] = Split::unused;
  }
  return left_out;
}

}  // namespace fairsweep
