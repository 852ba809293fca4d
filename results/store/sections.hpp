#pragma once

#include <cstddef>

#include "core/hdf5/file_reader.hpp"
#include "core/hdf5/file_writer.hpp"
#include "results/store/front.hpp"
#include "results/store/result_file.hpp"
#include "results/store/run_record.hpp"

namespace fairsweep::store {

// The parts of results.h5, each written and read side by side in one file, so that the two cannot drift apart.
// Readers throw UserError (file) with the path inside the file. docs/result_format.md describes every dataset.

/// Root attributes, /configuration, /data_description, /declaration, /provenance, /groups, /objectives.
void write_about(hdf5::FileWriter& file, const RunRecord& record);
void read_about(hdf5::FileReader& file, RunRecord& record);

/// /space
void write_space(hdf5::FileWriter& file, const SearchSpace& space);
[[nodiscard]] SearchSpace read_space(hdf5::FileReader& file);

/// /configurations; `record.space` is read before.
void write_configurations(hdf5::FileWriter& file, const RunRecord& record);
void read_configurations(hdf5::FileReader& file, RunRecord& record);

/// /trials, /artefacts, /notes, /words, /failures
void write_trials(hdf5::FileWriter& file, const RunRecord& record);
void read_trials(hdf5::FileReader& file, RunRecord& record);

/// /metrics; the trials are read before.
void write_metrics(hdf5::FileWriter& file, const RunRecord& record);
void read_metrics(hdf5::FileReader& file, RunRecord& record);

/// /people, /users and /front with its margins. Views of the rest and of the artefacts: not read back.
void write_people(hdf5::FileWriter& file, const RunRecord& record);
void write_users(hdf5::FileWriter& file, const RunRecord& record, const ArtefactReader& artefacts);
void write_front(hdf5::FileWriter& file, const RunRecord& record, const ArtefactReader& artefacts);

}  // namespace fairsweep::store
