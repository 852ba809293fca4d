#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/hdf5/element.hpp"
#include "core/hdf5/handle.hpp"

namespace fairsweep::hdf5 {

/// Row-major extents; empty: a scalar.
using Shape = std::vector<std::uint64_t>;

/// How a dataset lies in the file. Empty datasets and scalars are always contiguous.
struct Storage {
  unsigned deflate = 0;  ///< 0: not compressed; 1 to 9: byte shuffle, then deflate
  Shape chunk = {};      ///< empty: contiguous, or with deflate whole leading rows of about 256 KiB
};

/// Writes a new HDF5 file in the 1.10 format, the same bytes for the same calls. Paths are absolute ("/users/names");
/// a parent group must exist. Crash safety is the caller's: write to a temporary file through replace_file().
/// Every function throws UserError (environment), naming file and path, where the library or the disk refuses, and
/// InternalError where the call makes no sense (sizes that do not agree, text that is not UTF-8).
class FileWriter {
 public:
  /// @param named  what messages call the file, where it is a temporary one; empty: by its path
  explicit FileWriter(const std::filesystem::path& file, const std::filesystem::path& named = {});

  void create_group(const std::string& path);
  /// `values` has the product of `shape` elements.
  template <Number T>
  void write(const std::string& path, std::span<const T> values, const Shape& shape, const Storage& storage = {}) {
    write_numbers(path, element_of<T>(), values.data(), values.size(), shape, storage);
  }
  template <Number T>
  void write(const std::string& path, const std::vector<T>& values, const Shape& shape, const Storage& storage = {}) {
    write_numbers(path, element_of<T>(), values.data(), values.size(), shape, storage);
  }
  /// The same for values that are made while they are written: `fill(first, block)` gives rows from `first` on, as
  /// many as the block holds, in order. Memory: one block of about 4 MiB.
  template <Number T>
  void write_blocks(const std::string& path, const Shape& shape, const Storage& storage,
                    const std::function<void(std::uint64_t first, std::span<T> block)>& fill) {
    write_rows(path, element_of<T>(), shape, storage, [&fill](std::uint64_t first, void* block, std::size_t count) {
      fill(first, std::span<T>(static_cast<T*>(block), count));
    });
  }
  /// Fixed-width UTF-8, as wide as the longest; row-major in `shape`.
  void write_texts(const std::string& path, const std::vector<std::string>& values, const Shape& shape,
                   const Storage& storage = {});
  /// One column of texts.
  void write_texts(const std::string& path, const std::vector<std::string>& values) {
    write_texts(path, values, {values.size()});
  }

  // Attributes of a group or dataset ("/" is the root). An existing one is an InternalError.
  void set_text(const std::string& object, const std::string& name, std::string_view value);
  void set_integer(const std::string& object, const std::string& name, std::int64_t value);
  void set_real(const std::string& object, const std::string& name, double value);
  /// Names of the dimensions, as the text attribute "dimensions": "candidate, feature". (The library's own dimension
  /// labels are variable-length text, which our files do not use.)
  void name_dimensions(const std::string& dataset, const std::vector<std::string>& names);

  /// Flushes and closes. Only after this is the file complete; the destructor drops what the disk may say.
  void close();

 private:
  void write_numbers(const std::string& path, Element element, const void* values, std::size_t count,
                     const Shape& shape, const Storage& storage);
  using FillRows = std::function<void(std::uint64_t first, void* block, std::size_t count)>;
  void write_rows(const std::string& path, Element element, const Shape& shape, const Storage& storage,
                  const FillRows& fill);

  /// Runs `action`, and says of what the library or the disk refuses that `path` could not be written.
  template <typename Action>
  auto in_context(const std::string& path, Action action);

  std::string file_;
  std::unique_ptr<int> disk_error_ = std::make_unique<int>(0);  ///< see forgiving_driver.hpp; outlives the handle
  Handle handle_;
};

}  // namespace fairsweep::hdf5
