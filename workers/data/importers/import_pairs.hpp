#pragma once

#include "workers/data/importers/importer.hpp"

namespace fairsweep {

/// Records of pairs, each one act of one user. Either `chosen` and `rejected`, or `first` and `second` in the order
/// shown and a `label` that says which was preferred; as ids (`chosen_id`, ...), as texts, or both. Texts may be
/// dialogues: of a list of messages, or of a text with "\n\nHuman:" and "\n\nAssistant:", the last answer is the
/// candidate and all before it the question, unless a `prompt` is there. Without a context the question is one.
[[nodiscard]] Importer pairs_jsonl_importer();
/// The same from tables.
[[nodiscard]] Importer pairs_csv_importer();

}  // namespace fairsweep
