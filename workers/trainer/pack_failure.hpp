#pragma once

#include <exception>
#include <string>

#include "core/domain/trial.hpp"

namespace fairsweep {

/// An exception as the failure of a trial (its number is left for the caller to fill in). The words of `reason`:
///   bad_setting    a setting the trainer cannot use; the same again would fail again
///   out_of_memory  host or device memory; may pass on a smaller pack or another node
///   environment    a folder, disk or file; may pass elsewhere
///   internal       anything else; a broken invariant of ours is not tried again, a fault of a library is
/// @param stage  where it happened, as in TrialFailure
[[nodiscard]] TrialFailure failure_from(const std::exception& error, const std::string& stage);

/// What the exception says, without LibTorch's list of stack frames.
[[nodiscard]] std::string sentence_of(const std::exception& error);

}  // namespace fairsweep
