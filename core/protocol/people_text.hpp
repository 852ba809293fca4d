#pragma once

#include <string>
#include <string_view>

#include "core/domain/people.hpp"

namespace fairsweep {

/// People as one JSON object, the file that a run keeps and that trainers are told of; docs/trainer_protocol.md names
/// its fields.
[[nodiscard]] std::string people_text(const People& people);

/// @param source file name, for messages. @throws UserError (file) where the text is no such object.
[[nodiscard]] People read_people_text(std::string_view text, const std::string& source);

/// SHA-256 over the names of the groups, the group of every person and the part of every comparison: what has to be the
/// same wherever it is worked out.
[[nodiscard]] std::string people_digest(const People& people);

}  // namespace fairsweep
