#pragma once

#include "workers/data/importers/importer.hpp"

namespace fairsweep {

/// Votes of users on statements, as Polis exports them: one record a vote (votes.csv), or one record a user and one
/// field a statement (participants-votes.csv). A vote is a comparison of the candidates "agree" and "disagree" in the
/// statement's context; a pass is a tie. "agree" has the statement's features and 1 in the column "alternative=agree",
/// "disagree" has zeros, so that the difference of their rewards is what a model makes of the statement.
[[nodiscard]] Importer votes_importer();

}  // namespace fairsweep
