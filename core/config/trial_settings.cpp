#include <string>

#include "core/config/schema.hpp"
#include "core/config/sweep_configuration.hpp"

namespace fairsweep {
namespace {

/// Whether the field has a meaning under these settings: its condition holds, and that of the field it depends on.
bool has_meaning(const Field& field, const Settings& chosen) {
  for (const Field* one = &field; one->only_with; one = find_field(one->only_with->path)) {
    if (!holds(*one->only_with, chosen))
      return false;
  }
  return true;
}

}  // namespace

Settings trial_settings(const SweepConfiguration& sweep, const Settings& sampled) {
  Settings chosen = sweep.settings;
  for (const auto& [path, value] : sampled)
    chosen.insert_or_assign(path, value);
  Settings active;
  for (const auto& [path, value] : chosen) {
    const Field* field = find_field(path);
    if (field == nullptr || has_meaning(*field, chosen))
      active.emplace(path, value);
  }
  return active;
}

std::string shape_key(const Settings& settings) {
  std::string key;
  for (const auto& [path, value] : settings) {
    const Field* field = find_field(path);
    if (field == nullptr || !field->stackable)
      key += path + ": " + to_text(value) + "\n";
  }
  return key;
}

}  // namespace fairsweep
