#include "orchestrator/apps/sweep_advice.hpp"

#include <algorithm>
#include <variant>

#include "core/domain/search_space.hpp"

namespace fairsweep::apps {

bool may_be(const SweepConfiguration& sweep, const std::string& path, const std::string& value) {
  if (const auto fixed = sweep.settings.find(path); fixed != sweep.settings.end()) {
    return fixed->second == Value(value);
  }
  return std::any_of(sweep.space.parameters.begin(), sweep.space.parameters.end(), [&](const Parameter& parameter) {
    const auto* choice = std::get_if<Choice>(&parameter.distribution);
    return parameter.path == path && choice != nullptr &&
           std::find(choice->values.begin(), choice->values.end(), Value(value)) != choice->values.end();
  });
}

namespace {

/// "model.user is none", or "can be" where it is searched.
std::string said_of(const SweepConfiguration& sweep, const std::string& path, const std::string& value) {
  return path + (sweep.settings.contains(path) ? " is " : " can be ") + value;
}

}  // namespace

std::vector<std::string> advice_on(const SweepConfiguration& sweep) {
  std::vector<std::string> advice;
  for (const char* method : {"pafo", "pafo_dvao", "dvao_listwise"}) {
    if (may_be(sweep, "method.name", method) && may_be(sweep, "model.user", "none")) {
      advice.push_back(said_of(sweep, "method.name", method) + " while " + said_of(sweep, "model.user", "none") +
                       ": a model that does not know whom it answers can only trade one group for another; set "
                       "model.user: features, or history or embedding");
      break;
    }
  }
  if (sweep.data.split.by == "user" && sweep.data.split.history == 0 && may_be(sweep, "model.user", "history")) {
    advice.push_back(said_of(sweep, "model.user", "history") +
                     " while data.split.by is user and data.split.history is 0: nothing is known of the people of "
                     "validation and test; set data.split.history, for example to 20");
  }
  if (sweep.data.split.by != "user" || sweep.data.split.history > 0)
    return advice;
  if (may_be(sweep, "method.name", "personal_soup")) {
    advice.push_back(said_of(sweep, "method.name", "personal_soup") +
                     " while data.split.by is user and data.split.history is 0: the people of validation and test told "
                     "nothing and have the groups' shares at every sharpness; split by context or comparison, or set "
                     "data.split.history, for example to 20");
  }
  for (const char* user : {"embedding", "reward_features", "low_rank", "personas", "ideal_point", "offset"}) {
    if (may_be(sweep, "model.user", user)) {
      advice.push_back(said_of(sweep, "model.user", user) +
                       " while data.split.by is user and data.split.history is 0: the people of validation and test "
                       "have no numbers of their own and nothing to fit them to; split by context or comparison, or "
                       "set data.split.history, for example to 20");
      break;
    }
  }
  return advice;
}

}  // namespace fairsweep::apps
