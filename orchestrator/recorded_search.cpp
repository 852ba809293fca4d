#include "orchestrator/recorded_search.hpp"

#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

class Recorded final : public SearchStrategy {
 public:
  explicit Recorded(std::vector<Settings> configurations) : configurations_(std::move(configurations)) {
    check(!configurations_.empty(), "a run that repeats another has its configurations");
  }

  [[nodiscard]] std::string_view name() const override { return "recorded"; }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return configurations_.size(); }
  [[nodiscard]] std::optional<Settings> suggest(std::uint32_t index) override {
    check(index < configurations_.size(), "a recorded run is asked for a configuration it does not have");
    return configurations_[index];
  }

 private:
  std::vector<Settings> configurations_;
};

}  // namespace

std::unique_ptr<SearchStrategy> make_recorded(std::vector<Settings> configurations) {
  return std::make_unique<Recorded>(std::move(configurations));
}

}  // namespace fairsweep
