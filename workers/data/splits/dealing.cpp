#include "workers/data/splits/dealing.hpp"

#include <algorithm>
#include <map>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"

namespace fairsweep {

void refuse_split(const std::string& message) { throw UserError(ExitCode::configuration, "data.split: " + message); }

std::array<std::size_t, 3> counts_of(std::size_t n, const SplitRecipe& recipe) {
  const std::array<double, 3> shares{recipe.train, recipe.validation, recipe.test};
  std::array<std::size_t, 3> counts{};
  std::array<double, 3> remainder{};
  std::size_t given = 0;
  for (std::size_t part = 0; part < 3; ++part) {
    const double quota = shares[part] * static_cast<double>(n);
    counts[part] = static_cast<std::size_t>(quota + 1e-9);  // 0.15 * 20 is a hair below 3
    remainder[part] = quota - static_cast<double>(counts[part]);
    given += counts[part];
  }
  for (; given < n; ++given) {
    const auto most = std::max_element(remainder.begin(), remainder.end()) - remainder.begin();
    ++counts[static_cast<std::size_t>(most)];
    remainder[static_cast<std::size_t>(most)] -= 1;
  }
  if (n >= 3) {
    for (std::size_t& count : counts) {
      if (count == 0) {
        --*std::max_element(counts.begin(), counts.end());
        count = 1;
      }
    }
  }
  return counts;
}

void deal(const std::vector<std::uint32_t>& order, const SplitRecipe& recipe, std::vector<Split>& part_of_unit) {
  const auto counts = counts_of(order.size(), recipe);
  std::size_t next = 0;
  for (std::size_t part = 0; part < 3; ++part) {
    for (std::size_t taken = 0; taken < counts[part]; ++taken) {
      part_of_unit[order[next++]] = k_parts[part];
    }
  }
}

std::vector<std::uint32_t> random_order(std::size_t n, std::uint64_t seed, std::uint32_t index) {
  RandomStream stream(seed, 0, 0, Purpose::split, index);
  return stream.permutation(static_cast<std::uint32_t>(n));
}

std::vector<std::uint32_t> repeat_units(const PreferenceData& data, std::size_t& unit_count) {
  std::vector<std::uint32_t> unit(data.comparison_user.size());
  std::map<std::int32_t, std::uint32_t> of_repeat;
  std::uint32_t next = 0;
  for (std::size_t row = 0; row < unit.size(); ++row) {
    const std::int32_t repeat = data.comparison_repeat[row];
    if (repeat < 0) {
      unit[row] = next++;
    } else {
      const auto [entry, is_new] = of_repeat.emplace(repeat, next);
      next += is_new ? 1U : 0U;
      unit[row] = entry->second;
    }
  }
  unit_count = next;
  return unit;
}

std::vector<std::uint32_t> used_in_random_order(const std::vector<std::int32_t>& unit_of_row, std::size_t units,
                                                std::uint64_t seed, std::uint32_t index) {
  std::vector<bool> used(units, false);
  for (const std::int32_t unit : unit_of_row) {
    used[static_cast<std::size_t>(unit)] = true;
  }
  std::vector<std::uint32_t> order = random_order(units, seed, index);
  std::erase_if(order, [&](std::uint32_t unit) { return !used[unit]; });
  return order;
}

std::vector<std::vector<std::int32_t>> groups_of_users(const std::vector<std::int32_t>& group_codes,
                                                       const std::vector<std::int64_t>& user_of_person,
                                                       std::size_t users) {
  std::vector<std::vector<std::int32_t>> groups(users);
  for (std::size_t person = 0; person < group_codes.size(); ++person) {
    const std::size_t user = user_of_person.empty() ? person : static_cast<std::size_t>(user_of_person[person]);
    groups[user].push_back(group_codes[person]);
  }
  for (auto& codes : groups) {
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  }
  return groups;
}

}  // namespace fairsweep
