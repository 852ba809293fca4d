#pragma once

#include "workers/data/importers/importer.hpp"

namespace fairsweep {

/// Responses with several scores each (reward models, criteria), and people simulated as weights over them, as
/// PersonalLLM does (Zollo et al., arXiv 2409.20296): a person's utility of a response is the weighted sum of its
/// scores, standardised over all responses. Every response of a context can be asked about.
[[nodiscard]] Importer scores_importer();

}  // namespace fairsweep
