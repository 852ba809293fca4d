#include "orchestrator/apps/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace fairsweep::apps {
namespace {

/// A variable that holds a whole number above 0.
std::optional<std::int64_t> number_of(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) {
    return std::nullopt;
  }
  const std::string_view digits = text;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() && number > 0 ? std::optional(number)
                                                                                    : std::nullopt;
}

}  // namespace

std::vector<int> usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &set)) {
        cores.push_back(core);
      }
    }
  }
  return cores.empty() ? std::vector<int>{0} : cores;
}

std::optional<std::size_t> granted_cores() {
  const std::optional<std::int64_t> cores = number_of("SLURM_CPUS_ON_NODE");
  return cores ? std::optional(static_cast<std::size_t>(*cores)) : std::nullopt;
}

std::int64_t trainer_threads(std::int64_t configured) {
  constexpr std::int64_t k_most = 1024;
  return configured > 0 ? configured : std::min(number_of("SLURM_CPUS_PER_TASK").value_or(1), k_most);
}

std::vector<int> cores_of_worker(std::size_t index, std::int64_t threads, const std::vector<int>& usable,
                                 std::optional<std::size_t> granted) {
  const std::size_t shares = usable.size() / static_cast<std::size_t>(threads);
  if (usable.size() != granted || shares == 0) {
    return {};
  }
  const auto first = usable.begin() + static_cast<std::ptrdiff_t>(index % shares) * threads;
  return {first, first + threads};
}

}  // namespace fairsweep::apps
