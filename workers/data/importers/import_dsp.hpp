#pragma once

#include "workers/data/importers/importer.hpp"

namespace fairsweep {

/// Domain-specific preferences (DSP; Cheng et al., arXiv 2309.03126), in its own JSON. Entries with `query` and
/// `responses` by domain: a person of a domain prefers the domain's response to each of the others. Entries with `text`
/// and `score`, two of each: the higher score is preferred, and the file's name is the domain. People are simulated:
/// one for each domain who answers everything, or many, allotted to domains by shares, each answering some queries.
[[nodiscard]] Importer dsp_importer();

}  // namespace fairsweep
