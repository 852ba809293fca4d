#include "orchestrator/search/random.hpp"

#include <utility>
#include <vector>

#include "core/random/philox.hpp"
#include "orchestrator/search/point.hpp"

namespace fairsweep {
namespace {

class Random final : public SearchStrategy {
 public:
  Random(SearchSpace space, std::uint64_t seed) : space_(std::move(space)), seed_(seed) {}

  [[nodiscard]] std::string_view name() const override { return "random"; }

  [[nodiscard]] std::optional<Settings> suggest(std::uint32_t index) override {
    RandomStream stream(seed_, index, 0, Purpose::search);
    std::vector<double> coordinates(space_.parameters.size());
    for (double& coordinate : coordinates) {
      coordinate = stream.uniform();
    }
    return settings_at(space_, coordinates);
  }

 private:
  SearchSpace space_;
  std::uint64_t seed_;
};

}  // namespace

std::unique_ptr<SearchStrategy> make_random(SearchSpace space, std::uint64_t seed) {
  return std::make_unique<Random>(std::move(space), seed);
}

}  // namespace fairsweep
