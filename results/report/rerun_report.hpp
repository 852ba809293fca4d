#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "results/report/environment_comparison.hpp"
#include "results/report/number_agreement.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep::report {

/// A trial and what came of it when it was trained again.
struct RerunTrial {
  enum class Verdict {
    identical,  ///< every metric the same bits, and so the values of each person and comparison, where both have them
    within,     ///< the numbers agree within the tolerance
    beyond,     ///< they do not
    failed_alike,     ///< failed for good then, and again for the same reason
    ended_otherwise,  ///< failed then and not now, or now and not then, or for another reason
    open              ///< not trained again yet
  };
  TrialId trial;
  ConfigurationId configuration;
  std::uint32_t replicate = 0;
  Verdict verdict = Verdict::open;
  NumberAgreement numbers;  ///< where both are reported
  std::string before, now;  ///< "reported", or "failed (reason)"
};
[[nodiscard]] std::string_view name_of(RerunTrial::Verdict verdict);

/// Trials that were trained again, beside what was recorded.
struct RerunReport {
  std::string results;  ///< as the user called them
  std::string run;      ///< where they were trained again
  std::vector<RerunTrial> trials;
  std::vector<EnvironmentDifference> environment;  ///< of these trials, then and now
  bool on_cpu = false;                             ///< all of them, then and now

  [[nodiscard]] std::size_t count(RerunTrial::Verdict verdict) const;
  /// All are identical, or failed alike.
  [[nodiscard]] bool identical() const;
  /// Identical, or within the tolerance where versions, kernels, threads or the device differ, or where a device other
  /// than a CPU added up in an order of its own.
  [[nodiscard]] bool reproduced() const;
};

/// @param trials  ascending; ended in `before`; `now` has the same trials by the same numbers
[[nodiscard]] RerunReport compare_rerun(const RunRecord& before, const RunRecord& now,
                                        const std::vector<TrialId>& trials);

[[nodiscard]] std::string rerun_text(const RerunReport& report);
[[nodiscard]] nlohmann::json rerun_json(const RerunReport& report);

}  // namespace fairsweep::report
