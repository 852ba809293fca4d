#include "workers/data/labels/label_policy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/diagnostics/errors.hpp"
#include "workers/data/labels/consistency.hpp"

namespace fairsweep {

LabelDecision decide_labels(const PreferenceData& data, std::span<const std::int64_t> training,
                            const LabelSettings& settings) {
  LabelDecision decision;
  if (settings.policy == "keep") {
    return decision;
  }
  const Consistency consistency = consistency_of(data, training);
  if (!consistency.known()) {
    throw UserError(ExitCode::configuration,
                    "data.labels.policy is " + settings.policy +
                        ", but no training question was put to anybody twice, so that nobody's consistency can be "
                        "known; use policy: keep");
  }
  const SelfConsistency all = consistency.total();
  const double everybody = static_cast<double>(all.repeat_agreements + all.changed_agreements) /
                           static_cast<double>(all.repeat_pairs + all.changed_pairs);
  for (const SelfConsistency& own : consistency.users) {
    const auto pairs = static_cast<double>(own.repeat_pairs + own.changed_pairs);
    const auto agreements = static_cast<double>(own.repeat_agreements + own.changed_agreements);
    decision.repeated_users += pairs > 0 ? 1 : 0;
    decision.agreement.push_back(
        pairs > 0 ? (agreements + settings.prior_pairs * everybody) / (pairs + settings.prior_pairs) : everybody);
    const double stable = std::max(0.0, 2 * decision.agreement.back() - 1);
    if (settings.policy == "drop") {
      decision.dropped.push_back(2 * decision.agreement.back() - 1 < settings.least_stable);
    } else if (settings.policy == "weight") {
      decision.weight.push_back(stable);
      decision.dropped.push_back(stable == 0);
    } else if (settings.policy == "noise_aware") {
      decision.flip.push_back((1 - std::sqrt(stable)) / 2);
    } else {
      throw UserError(ExitCode::configuration, "data.labels.policy is \"" + settings.policy +
                                                   "\"; it must be keep, drop, weight or noise_aware");
    }
  }
  const auto left_out = [&](std::int64_t row) {
    return !decision.dropped.empty() &&
           decision.dropped[static_cast<std::size_t>(data.comparison_user[static_cast<std::size_t>(row)])];
  };
  if (std::all_of(training.begin(), training.end(), left_out)) {
    const double most = 2 * *std::max_element(decision.agreement.begin(), decision.agreement.end()) - 1;
    throw UserError(
        ExitCode::configuration,
        settings.policy == "drop"
            ? fmt::format(
                  "data.labels.policy drop leaves nobody to train on: data.labels.least_stable is {:g}, and the "
                  "stable share of all repeated answers in training is {:.2f}, of the steadiest person {:.2f} "
                  "(shrunk by data.labels.prior_pairs); give a smaller least_stable, or policy: weight",
                  settings.least_stable, 2 * everybody - 1, most)
            : "data.labels.policy " + settings.policy +
                  " leaves nobody to train on: people agree with themselves no more than by chance; use policy: keep");
  }
  return decision;
}

}  // namespace fairsweep
