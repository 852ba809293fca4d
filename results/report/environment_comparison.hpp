#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "results/store/trial_environments.hpp"

namespace fairsweep::report {

/// What a fact is about. The last bits of a trial's numbers may depend on all but the last of these.
enum class EnvironmentPart { versions, kernels, threads, device, place };
/// "versions", "kernel set", "threads", "device", "place"
[[nodiscard]] std::string_view name_of(EnvironmentPart part);
/// By the fact's name: "trainer.blas" is of the kernel set, "library.glibc" of the versions, "host" of the place.
[[nodiscard]] EnvironmentPart part_of(const std::string& fact);

/// fact -> its values over a set of trials; a fact that some of them lack has the value "", too
using FactSets = std::map<std::string, std::set<std::string>>;
/// @param rows  of the trials that count, in the record's order; those that have not ended are passed over
[[nodiscard]] FactSets facts_of(const TrialEnvironments& environments, const std::vector<std::size_t>& rows);
/// Of every trial that has ended.
[[nodiscard]] FactSets facts_of(const TrialEnvironments& environments);

/// A fact that is not the same in all of several runs.
struct EnvironmentDifference {
  EnvironmentPart part = EnvironmentPart::place;
  std::string fact;
  std::vector<std::string> values;  ///< by run; several values of one run parted by " | ", "" where there is none
};
/// In the order of the parts, then of the facts. What the environment asks for (OPENBLAS_CORETYPE, ATEN_CPU_CAPABILITY)
/// is passed over where the trainers of all runs say which kernels they got.
[[nodiscard]] std::vector<EnvironmentDifference> environment_differences(const std::vector<FactSets>& runs);

/// The parts that differ and may change numbers, each once, in order.
[[nodiscard]] std::vector<EnvironmentPart> parts_that_matter(const std::vector<EnvironmentDifference>& differences);

/// "versions, kernel set and threads"; "" for none.
[[nodiscard]] std::string list_of(const std::vector<EnvironmentPart>& parts);

/// Fact and the value in each run, long values a line each; place is left out unless `with_place`. "" where there is
/// nothing to say.
/// @param names  of the runs
[[nodiscard]] std::string environment_table(const std::vector<EnvironmentDifference>& differences,
                                            const std::vector<std::string>& names, bool with_place);

}  // namespace fairsweep::report
