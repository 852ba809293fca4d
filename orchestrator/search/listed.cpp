#include "orchestrator/search/listed.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

template <typename Range>
bool within(const Range& range, const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    const auto number = static_cast<double>(*whole);
    return range.integer && number >= range.low && number <= range.high;
  }
  const auto* real = std::get_if<double>(&value);
  return real != nullptr && !range.integer && *real >= range.low && *real <= range.high;
}

bool can_be(const Distribution& distribution, const Value& value) {
  if (const auto* choice = std::get_if<Choice>(&distribution)) {
    return std::find(choice->values.begin(), choice->values.end(), value) != choice->values.end();
  }
  if (const auto* uniform = std::get_if<Uniform>(&distribution)) {
    return within(*uniform, value);
  }
  return within(std::get<LogUniform>(distribution), value);
}

[[noreturn]] void refuse(std::size_t number, const std::string& what) {
  throw UserError(ExitCode::configuration,
                  "search.listed: configuration " + std::to_string(number + 1) + " of the list " + what);
}

void check_settings(const SearchSpace& space, const Settings& settings, std::size_t number) {
  std::size_t active = 0;
  for (const Parameter& parameter : space.parameters) {
    const auto given = settings.find(parameter.path);
    if (parameter.condition && !holds(*parameter.condition, settings)) {
      if (given != settings.end()) {
        refuse(number, "has " + parameter.path + ", which its other settings leave without a meaning; take it out");
      }
      continue;
    }
    if (given == settings.end()) {
      refuse(number, "lacks " + parameter.path + ", which this sweep gives as a distribution; write its value");
    }
    if (!can_be(parameter.distribution, given->second)) {
      refuse(number, "has " + parameter.path + ": " + to_text(given->second) +
                         ", which the distribution of the sweep cannot give; change one of them");
    }
    ++active;
  }
  if (active == settings.size()) {
    return;
  }
  for (const auto& [path, value] : settings) {
    const bool searched = std::any_of(space.parameters.begin(), space.parameters.end(),
                                      [&path](const Parameter& parameter) { return parameter.path == path; });
    if (!searched) {
      refuse(number, "has " + path + ", which this sweep gives as one value; take it out, or give it a distribution");
    }
  }
}

class Listed final : public SearchStrategy {
 public:
  Listed(const SearchSpace& space, std::vector<Settings> listed) : listed_(std::move(listed)) {
    for (std::size_t i = 0; i < listed_.size(); ++i) {
      check_settings(space, listed_[i], i);
    }
  }
  [[nodiscard]] std::string_view name() const override { return "listed"; }
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return listed_.size(); }
  [[nodiscard]] std::optional<Settings> suggest(std::uint32_t index) override {
    check(index < listed_.size(), "a list is asked for a configuration it does not have");
    return listed_[index];
  }

 private:
  std::vector<Settings> listed_;
};

}  // namespace

std::unique_ptr<SearchStrategy> make_listed(const SearchSpace& space, std::vector<Settings> listed) {
  return std::make_unique<Listed>(space, std::move(listed));
}

}  // namespace fairsweep
