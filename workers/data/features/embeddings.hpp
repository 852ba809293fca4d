#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fairsweep {

/// Features that somebody made elsewhere: one row for each candidate, or for each text.
struct Embeddings {
  std::int64_t rows = 0;
  std::int64_t dimensions = 0;
  std::vector<float> values;       ///< [rows, dimensions], finite
  std::vector<std::string> ids;    ///< [rows], different, not empty; empty: rows are in the order of the candidates
  std::vector<std::string> names;  ///< [dimensions], different; "embedding_0", ... where the file does not say
};

/// Reads embeddings; the ending says the form (docs/features.md):
/// - .npy: [rows, dimensions] of float16, float32 or float64, in C or Fortran order;
/// - .h5, .hdf5: /embeddings [rows, dimensions] of float32 or float64, and perhaps /ids [rows] of fixed-width text;
///   tried in a child process first, because the HDF5 library can crash on damaged files;
/// - .csv, .csv.gz: a header and rows of numbers, perhaps with a first column "id".
/// @param ids  text file, plain or gzip, with the id of each row on a line of its own; empty: none. Refused where the
///             embeddings have ids of their own.
/// @throws UserError (file) that names the file, and the row, line or dataset: cut off, a wrong number of dimensions
///         or of ids, a value that is not finite, an id twice, nothing in it, not UTF-8; (configuration) for another
///         ending.
/// Cost: one pass; memory of the result (.h5 with float64: twice that, in the child).
[[nodiscard]] Embeddings read_embeddings(const std::filesystem::path& file, const std::filesystem::path& ids = {});

}  // namespace fairsweep
