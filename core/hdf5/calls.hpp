#pragma once

// One function for each HDF5 call that is used, each of which checks what the library answers. Private to core/hdf5:
// calls.cpp is the only file of the project that includes hdf5.h.

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/hdf5/element.hpp"
#include "core/hdf5/handle.hpp"

namespace fairsweep::hdf5::calls {

/// What the library said, in its own words, or where the system refused it something, the system's. Callers add the
/// file and the path inside it.
class CallError : public std::runtime_error {
 public:
  explicit CallError(const std::string& what, int reason = 0) : std::runtime_error(what), reason_(reason) {}
  /// The system's error number; 0 where the library itself was not content.
  [[nodiscard]] int reason() const { return reason_; }

 private:
  int reason_;
};

enum class ObjectKind { group, dataset, other };
enum class LinkKind { none, hard, other };
enum class LayoutKind { contiguous, compact, chunked, other };

/// A type as it is stored: a plain number, or fixed-width text of so many bytes.
struct StoredType {
  std::optional<Element> number;
  std::uint64_t text_width = 0;  ///< > 0: fixed-width text
  bool variable_text = false;
  bool space_padded = false;
};

struct StoredLayout {
  LayoutKind kind = LayoutKind::other;
  std::vector<std::uint64_t> chunk;  ///< chunked only
  bool known_filters = true;         ///< nothing but shuffle, deflate and checksums
  bool external = false;             ///< values lie in other files
};

// Files. Created in the format of HDF5 1.10, whatever newer version writes, without time stamps.
// What the disk refuses is told in `error`, see forgiving_driver.hpp; everything else is thrown.
[[nodiscard]] Handle create_file(const std::string& file, int* error);
[[nodiscard]] Handle open_file(const std::string& file);
void flush_file(const Handle& file);
void close_file(Handle file);

// Links and objects.
[[nodiscard]] LinkKind link_kind(const Handle& at, const std::string& path);
[[nodiscard]] Handle open_object(const Handle& at, const std::string& path);
[[nodiscard]] ObjectKind object_kind(const Handle& object);
/// Number of links in a group.
[[nodiscard]] std::uint64_t link_count(const Handle& group);
/// Names in the order of their bytes.
[[nodiscard]] std::vector<std::string> link_names(const Handle& group);
[[nodiscard]] Handle create_group(const Handle& at, const std::string& path);

// Types and spaces.
[[nodiscard]] Handle text_type(std::uint64_t width);
[[nodiscard]] Handle number_type(Element element);
[[nodiscard]] StoredType dataset_type(const Handle& dataset);
[[nodiscard]] std::vector<std::uint64_t> dataset_shape(const Handle& dataset);
[[nodiscard]] StoredLayout dataset_layout(const Handle& dataset);
/// Bytes the values take in the file, after compression; 0 where they were never written.
[[nodiscard]] std::uint64_t stored_bytes(const Handle& dataset);

// Datasets.
[[nodiscard]] Handle create_dataset(const Handle& at, const std::string& path, const Handle& type,
                                    std::span<const std::uint64_t> shape, std::span<const std::uint64_t> chunk,
                                    unsigned deflate);
void write_dataset(const Handle& dataset, const Handle& memory_type, const void* values);
/// Rows `first` to `first + count - 1`, whole.
void write_rows(const Handle& dataset, const Handle& memory_type, std::uint64_t first, std::uint64_t count,
                const void* values);
void read_dataset(const Handle& dataset, const Handle& memory_type, void* values);
/// Rows `first` to `first + count - 1`, whole.
void read_rows(const Handle& dataset, const Handle& memory_type, std::uint64_t first, std::uint64_t count,
               void* values);
/// Values as they are stored, without any conversion: fixed-width text of either character set.
void read_dataset_as_stored(const Handle& dataset, void* values);

// Attributes with one value.
[[nodiscard]] bool has_attribute(const Handle& object, const std::string& name);
[[nodiscard]] std::vector<std::string> attribute_names(const Handle& object);
[[nodiscard]] Handle open_attribute(const Handle& object, const std::string& name);
[[nodiscard]] StoredType attribute_type(const Handle& attribute);
[[nodiscard]] bool attribute_is_scalar(const Handle& attribute);
void write_attribute(const Handle& object, const std::string& name, const Handle& type, const void* value);
void read_attribute(const Handle& attribute, const Handle& memory_type, void* value);
void read_attribute_as_stored(const Handle& attribute, void* value);

}  // namespace fairsweep::hdf5::calls
