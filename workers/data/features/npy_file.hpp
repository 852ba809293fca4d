#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep {

/// What the header of a .npy file says (numpy's format, versions 1.0, 2.0 and 3.0).
struct NpyHeader {
  std::string type;  ///< as numpy writes it: "<f4" (little-endian float32), "|u1", ...
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::uint64_t values_at = 0;  ///< bytes before the values
};

/// Reads the first bytes of a .npy file; `bytes` holds at least the header, or the whole file where it is shorter.
/// @throws UserError (file) as "<name>: what".
[[nodiscard]] NpyHeader read_npy_header(std::string_view bytes, const std::string& name);

/// A table: two dimensions, row-major whatever the order in the file.
template <typename T>
struct NpyTable {
  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::vector<T> values;  ///< [rows, columns]
};

/// Float16, float32 or float64, little-endian; float64 is rounded. Sizes are checked against the file before memory is
/// taken. Memory: the result, and blocks of at most 16 MiB. Little-endian float32 in C order is read in place.
/// @throws UserError (file): not a .npy file, another type, not two dimensions, no rows or columns, cut off, too long,
///         or a value that is not a finite float32, with its row and column (from 0).
[[nodiscard]] NpyTable<float> read_npy_reals(const std::filesystem::path& file);

/// The same for integers of any width and sign, and truth values; the values must fit in 64 bits with a sign.
[[nodiscard]] NpyTable<std::int64_t> read_npy_integers(const std::filesystem::path& file);

}  // namespace fairsweep
