#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/hdf5/element.hpp"
#include "core/hdf5/file_writer.hpp"
#include "core/hdf5/handle.hpp"

namespace fairsweep::hdf5 {

/// Reads an HDF5 file that somebody else may have written. Paths are absolute ("/users/names"). Only hard links,
/// plain numbers, fixed-width text and the usual filters are followed, so no other file is ever opened.
/// Every function throws UserError (file) that names the file and the path inside it.
///
/// The HDF5 library itself can crash on a damaged file: read foreign files in a child process first.
class FileReader {
 public:
  /// @param memory_limit  bytes that all reads of this object together may take
  explicit FileReader(const std::filesystem::path& file, std::uint64_t memory_limit = k_default_memory_limit);

  [[nodiscard]] bool exists(const std::string& path) const;
  [[nodiscard]] bool is_group(const std::string& path) const;
  [[nodiscard]] bool is_dataset(const std::string& path) const;
  /// Names in a group, sorted by their bytes.
  [[nodiscard]] std::vector<std::string> children(const std::string& group) const;
  [[nodiscard]] Shape shape(const std::string& dataset) const;
  /// All values, row-major. Integers may be stored in any width, as long as every value fits; reals as float32 or
  /// float64, and a float64 read as float is rounded. Sizes are checked against the file before memory is taken.
  template <Number T>
  [[nodiscard]] std::vector<T> read(const std::string& dataset);
  /// The same where the shape has to be this one.
  template <Number T>
  [[nodiscard]] std::vector<T> read(const std::string& dataset, const Shape& expected) {
    require_shape(dataset, expected);
    return read<T>(dataset);
  }
  /// Single rows of a dataset of reals with two dimensions, one after the other, each as wide as the dataset.
  /// Cost: the chunks these rows lie in. @param rows  each below the first extent
  [[nodiscard]] std::vector<double> read_real_rows(const std::string& dataset, const std::vector<std::uint64_t>& rows);
  [[nodiscard]] std::vector<std::string> read_texts(const std::string& dataset);

  [[nodiscard]] bool has_attribute(const std::string& object, const std::string& name) const;
  [[nodiscard]] std::vector<std::string> attribute_names(const std::string& object) const;
  [[nodiscard]] std::string text(const std::string& object, const std::string& name) const;
  [[nodiscard]] std::int64_t integer(const std::string& object, const std::string& name) const;
  [[nodiscard]] double real(const std::string& object, const std::string& name) const;

  /// UserError (file): "<file>: <path>: <what>".
  [[noreturn]] void refuse(const std::string& path, const std::string& what) const;

  static constexpr std::uint64_t k_default_memory_limit = std::uint64_t{1} << 40U;

 private:
  [[nodiscard]] Handle open(const std::string& path) const;
  [[nodiscard]] Handle open_dataset(const std::string& path) const;
  void require_shape(const std::string& dataset, const Shape& expected) const;
  /// Elements of the dataset, after every check that keeps a damaged size from taking memory.
  [[nodiscard]] std::size_t admit(const std::string& path, const Handle& dataset, std::uint64_t stored_element_bytes,
                                  std::uint64_t memory_element_bytes);
  /// The same for some of its rows: what is checked is the whole dataset, what takes memory is `memory_bytes`.
  void admit_part(const std::string& path, const Handle& dataset, std::uint64_t stored_element_bytes,
                  std::uint64_t memory_bytes);
  template <typename Action>
  auto in_context(const std::string& path, Action action) const;

  std::string file_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t memory_left_ = 0;
  Handle handle_;
};

/// "3 x 4", for messages.
[[nodiscard]] std::string to_text(const Shape& shape);

}  // namespace fairsweep::hdf5
