#include "orchestrator/search/sobol.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/random/philox.hpp"
#include "orchestrator/search/point.hpp"
#include "orchestrator/search/sobol_sequence.hpp"

namespace fairsweep {
namespace {

class Sobol final : public SearchStrategy {
 public:
  Sobol(SearchSpace space, std::uint64_t seed) : space_(std::move(space)) {
    if (space_.parameters.size() > k_sobol_dimensions) {
      throw UserError(ExitCode::configuration, "search.strategy: sobol reaches " + std::to_string(k_sobol_dimensions) +
                                                   " parameters and this search space has " +
                                                   std::to_string(space_.parameters.size()) +
                                                   "; use the strategy \"random\", or fix some parameters");
    }
    RandomStream stream(seed, 0, 0, Purpose::search);
    scramble_ = {stream.next_u32(), stream.next_u32()};
  }

  [[nodiscard]] std::string_view name() const override { return "sobol"; }

  [[nodiscard]] std::optional<Settings> suggest(std::uint32_t index) override {
    std::vector<double> coordinates(space_.parameters.size());
    for (std::size_t j = 0; j < coordinates.size(); ++j) {
      const auto dimension = static_cast<std::uint32_t>(j);
      const std::uint32_t fraction = owen_scramble(sobol_fraction(index, dimension), dimension, scramble_);
      coordinates[j] = std::ldexp(static_cast<double>(fraction) + 0.5, -32);  // the middle of its cell, never 0 or 1
    }
    return settings_at(space_, coordinates);
  }

 private:
  SearchSpace space_;
  std::array<std::uint32_t, 2> scramble_{};
};

}  // namespace

std::unique_ptr<SearchStrategy> make_sobol(SearchSpace space, std::uint64_t seed) {
  return std::make_unique<Sobol>(std::move(space), seed);
}

}  // namespace fairsweep
