#pragma once

#include <filesystem>

#include "workers/data/features/embeddings.hpp"

/// Embeddings in HDF5, as fairsweep-trainer embed writes them and h5py may.
namespace fairsweep::embeddings_file {

/// Reads and validates in this process, where a damaged file can crash the HDF5 library. For the probe, and for
/// read_embeddings() after the probe. `names` stays empty.
/// @throws UserError (file) with the path of the dataset.
[[nodiscard]] Embeddings read_here(const std::filesystem::path& file);

}  // namespace fairsweep::embeddings_file
