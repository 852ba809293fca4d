#include "objectives/training/stage_settings.hpp"

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

Settings settings_of_stage(const Settings& trial, const std::string& method, std::span<const OwnSetting> own) {
  Settings stage;
  for (const auto& [path, value] : trial) {
    if (!path.starts_with("method."))
      stage[path] = value;
  }
  stage["method.name"] = method;
  for (const OwnSetting& setting : own) {
    const auto found = trial.find(setting.own);
    if (found == trial.end()) {
      throw UserError(ExitCode::configuration, "the trial's settings have no \"" + std::string(setting.own) +
                                                   "\"; the sweep configuration must give one");
    }
    stage[setting.general] = found->second;
  }
  return stage;
}

}  // namespace fairsweep
