#include "workers/data/labels/label_classes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

double shrunk(std::int64_t agreements, std::int64_t pairs, double mean, const ClassRules& rules) {
  if (pairs < rules.least_pairs) {
    return k_nan;
  }
  return (static_cast<double>(agreements) + rules.shrinkage * mean) / (static_cast<double>(pairs) + rules.shrinkage);
}

LabelClass class_of(double repeat, double changed, double least) {
  const bool repeats_known = !std::isnan(repeat), changes_known = !std::isnan(changed);
  if (repeats_known && stable_share(repeat) < least) {
    return LabelClass::non_attitude;
  }
  if (changes_known && stable_share(changed) < least) {
    return repeats_known ? LabelClass::constructed : LabelClass::unstable;
  }
  return changes_known ? LabelClass::genuine : (repeats_known ? LabelClass::stable : LabelClass::unknown);
}

}  // namespace

std::string_view to_text(LabelClass label_class) {
  switch (label_class) {
    case LabelClass::unknown:
      return "unknown";
    case LabelClass::non_attitude:
      return "non_attitude";
    case LabelClass::unstable:
      return "unstable";
    case LabelClass::constructed:
      return "constructed";
    case LabelClass::stable:
      return "stable";
    case LabelClass::genuine:
      break;
  }
  return "genuine";
}

double stable_share(double agreement) { return std::isnan(agreement) ? k_nan : std::max(0.0, 2 * agreement - 1); }

double label_noise(double agreement) {
  return std::isnan(agreement) ? k_nan : (1 - std::sqrt(stable_share(agreement))) / 2;
}

std::vector<UserLabels> classify(const Consistency& consistency, const ClassRules& rules) {
  check(rules.least_pairs >= 1 && rules.shrinkage >= 0, "rules of label classes that cannot be");
  const SelfConsistency total = consistency.total();
  std::vector<UserLabels> labels;
  labels.reserve(consistency.users.size());
  for (const SelfConsistency& user : consistency.users) {
    UserLabels& his = labels.emplace_back();
    his.repeat_agreement = shrunk(user.repeat_agreements, user.repeat_pairs, total.repeat_rate(), rules);
    his.changed_agreement = shrunk(user.changed_agreements, user.changed_pairs, total.changed_rate(), rules);
    his.label_class = class_of(his.repeat_agreement, his.changed_agreement, rules.least_stable_share);
    const double agreement = std::isnan(his.repeat_agreement) ? his.changed_agreement : his.repeat_agreement;
    his.stable_share = stable_share(agreement);
    his.noise = label_noise(agreement);
  }
  return labels;
}

}  // namespace fairsweep
