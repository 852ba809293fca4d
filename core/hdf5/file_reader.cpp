#include "core/hdf5/file_reader.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"
#include "core/hdf5/calls.hpp"
#include "core/hdf5/text.hpp"

namespace fairsweep::hdf5 {

namespace {

// Deflate cannot shrink more than about 1032 times; a size beyond this was not made by writing values.
constexpr std::uint64_t k_highest_compression = 1100;

bool is_real(Element element) { return element == Element::float32 || element == Element::float64; }

bool is_unsigned(Element element) {
  return element == Element::uint8 || element == Element::uint16 || element == Element::uint32 ||
         element == Element::uint64;
}

// Product of the extents times `bytes`, or the largest number where that does not fit.
std::uint64_t total_bytes(const Shape& shape, std::uint64_t bytes) {
  constexpr std::uint64_t k_most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t total = bytes;
  if (std::find(shape.begin(), shape.end(), 0U) != shape.end()) {
    return 0;
  }
  for (const std::uint64_t extent : shape) {
    if (total > k_most / extent) {
      return k_most;
    }
    total *= extent;
  }
  return total;
}

std::string text_cell(const char* cell, std::size_t width, bool space_padded) {
  const void* end = std::memchr(cell, '\0', width);
  std::string value(cell, end == nullptr ? width : static_cast<std::size_t>(static_cast<const char*>(end) - cell));
  if (space_padded) {
    value.erase(value.find_last_not_of(' ') + 1);
  }
  return value;
}

}  // namespace

std::string to_text(const Shape& shape) {
  if (shape.empty()) {
    return "a single value";
  }
  std::string text;
  for (const std::uint64_t extent : shape) {
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  }
  return text;
}

void FileReader::refuse(const std::string& path, const std::string& what) const {
  throw UserError(ExitCode::file, file_ + ": " + path + ": " + what);
}

template <typename Action>
auto FileReader::in_context(const std::string& path, Action action) const {
  try {
    return action();
  } catch (const calls::CallError& error) {
    refuse(path, std::string("could not be read: ") + error.what());
  }
}

FileReader::FileReader(const std::filesystem::path& file, std::uint64_t memory_limit)
    : file_(file.string()), memory_left_(memory_limit) {
  require_input_file(file);
  std::error_code problem;
  file_bytes_ = std::filesystem::file_size(file, problem);
  if (problem) {
    throw UserError(ExitCode::file, file_ + ": " + problem.message());
  }
  try {
    handle_ = calls::open_file(file_);
  } catch (const calls::CallError& error) {
    throw UserError(ExitCode::file, file_ + ": is not a readable HDF5 file: " + error.what());
  }
}

bool FileReader::exists(const std::string& path) const {
  if (path == "/") {
    return true;
  }
  return in_context(path, [&] {
    // H5Lexists wants every parent to exist, and a parent must not lead out of the file.
    for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
      const std::string part = path.substr(0, slash);
      switch (calls::link_kind(handle_, part)) {
        case calls::LinkKind::none:
          return false;
        case calls::LinkKind::other:
          refuse(part, "is a soft or external link; store the object itself");
        case calls::LinkKind::hard:
          break;
      }
      if (slash == std::string::npos) {
        return true;
      }
      if (calls::object_kind(calls::open_object(handle_, part)) != calls::ObjectKind::group) {
        return false;
      }
    }
  });
}

Handle FileReader::open(const std::string& path) const {
  if (!exists(path)) {
    refuse(path, "is missing");
  }
  return in_context(path, [&] { return calls::open_object(handle_, path); });
}

Handle FileReader::open_dataset(const std::string& path) const {
  Handle object = open(path);
  if (in_context(path, [&] { return calls::object_kind(object); }) != calls::ObjectKind::dataset) {
    refuse(path, "must be a dataset");
  }
  return object;
}

bool FileReader::is_group(const std::string& path) const {
  return exists(path) && in_context(path, [&] {
           return calls::object_kind(calls::open_object(handle_, path)) == calls::ObjectKind::group;
         });
}

bool FileReader::is_dataset(const std::string& path) const {
  return exists(path) && in_context(path, [&] {
           return calls::object_kind(calls::open_object(handle_, path)) == calls::ObjectKind::dataset;
         });
}

std::vector<std::string> FileReader::children(const std::string& group) const {
  const Handle object = open(group);
  return in_context(group, [&] {
    if (calls::object_kind(object) != calls::ObjectKind::group) {
      refuse(group, "must be a group");
    }
    if (calls::link_count(object) > file_bytes_) {
      refuse(group, "claims more members than the file has bytes");
    }
    return calls::link_names(object);
  });
}

Shape FileReader::shape(const std::string& dataset) const {
  const Handle object = open_dataset(dataset);
  return in_context(dataset, [&] { return calls::dataset_shape(object); });
}

void FileReader::require_shape(const std::string& dataset, const Shape& expected) const {
  const Shape found = shape(dataset);
  if (found != expected) {
    refuse(dataset, "is " + to_text(found) + "; it must be " + to_text(expected));
  }
}

std::size_t FileReader::admit(const std::string& path, const Handle& dataset, std::uint64_t stored_element_bytes,
                              std::uint64_t memory_element_bytes) {
  const std::uint64_t needed = total_bytes(calls::dataset_shape(dataset), memory_element_bytes);
  admit_part(path, dataset, stored_element_bytes, needed);
  return static_cast<std::size_t>(needed / memory_element_bytes);
}

void FileReader::admit_part(const std::string& path, const Handle& dataset, std::uint64_t stored_element_bytes,
                            std::uint64_t memory_bytes) {
  const Shape extent = calls::dataset_shape(dataset);
  const std::uint64_t decoded = total_bytes(extent, stored_element_bytes);
  if (decoded == 0) {
    return;
  }
  const calls::StoredLayout layout = calls::dataset_layout(dataset);
  if (layout.external || layout.kind == calls::LayoutKind::other) {
    refuse(path, "keeps its values in another file; store them in this one");
  }
  if (!layout.known_filters) {
    refuse(path,
           "uses a filter other than shuffle, deflate and Fletcher-32; write it with gzip or without compression");
  }
  const std::uint64_t stored = calls::stored_bytes(dataset);
  if (stored == 0) {
    refuse(path, "was created, but no values were written");
  }
  const bool packed = layout.kind == calls::LayoutKind::chunked;
  if (stored > file_bytes_ || decoded / (packed ? k_highest_compression : 1) > stored) {
    refuse(path, "claims " + to_text(extent) + " values, more than the file holds; the file is damaged");
  }
  const std::uint64_t chunk_bytes = packed ? total_bytes(layout.chunk, stored_element_bytes) : 0;
  if (memory_bytes > memory_left_ || chunk_bytes > memory_left_) {
    refuse(path, "needs " + std::to_string(std::max(memory_bytes, chunk_bytes)) +
                     " bytes, more than the limit for this file");
  }
  memory_left_ -= memory_bytes;
}

template <Number T>
std::vector<T> FileReader::read(const std::string& dataset) {
  const Handle object = open_dataset(dataset);
  return in_context(dataset, [&]() -> std::vector<T> {
    const calls::StoredType stored = calls::dataset_type(object);
    constexpr bool k_wants_real = std::is_floating_point_v<T>;
    if (!stored.number || is_real(*stored.number) != k_wants_real) {
      refuse(dataset, std::string("must hold ") + (k_wants_real ? "real numbers (float32 or float64)" : "integers"));
    }
    const std::uint64_t stored_bytes = bytes_of(*stored.number);
    if constexpr (k_wants_real) {
      std::vector<T> values(admit(dataset, object, stored_bytes, sizeof(T)));
      if (!values.empty()) {
        calls::read_dataset(object, calls::number_type(element_of<T>()), values.data());
      }
      return values;
    } else {
      // The library clips integers that do not fit, silently: read into the widest type and look.
      const auto narrow = [&]<typename Wide>(Wide) {
        std::vector<Wide> wide(admit(dataset, object, stored_bytes, sizeof(Wide)));
        if (!wide.empty()) {
          calls::read_dataset(object, calls::number_type(element_of<Wide>()), wide.data());
        }
        if constexpr (std::same_as<Wide, T>) {
          return wide;
        } else {
          std::vector<T> values(wide.size());
          for (std::size_t row = 0; row < wide.size(); ++row) {
            if (!std::in_range<T>(wide[row])) {
              refuse(dataset, "value " + std::to_string(row) + " is " + std::to_string(wide[row]) + ", outside " +
                                  std::string(hdf5::to_text(element_of<T>())));
            }
            values[row] = static_cast<T>(wide[row]);
          }
          return values;
        }
      };
      if (*stored.number == element_of<T>()) {
        return narrow(T{});
      }
      return is_unsigned(*stored.number) ? narrow(std::uint64_t{}) : narrow(std::int64_t{});
    }
  });
}

template std::vector<float> FileReader::read<float>(const std::string&);
template std::vector<double> FileReader::read<double>(const std::string&);
template std::vector<std::int32_t> FileReader::read<std::int32_t>(const std::string&);
template std::vector<std::int64_t> FileReader::read<std::int64_t>(const std::string&);
template std::vector<std::uint8_t> FileReader::read<std::uint8_t>(const std::string&);
template std::vector<std::uint32_t> FileReader::read<std::uint32_t>(const std::string&);
template std::vector<std::uint64_t> FileReader::read<std::uint64_t>(const std::string&);

std::vector<double> FileReader::read_real_rows(const std::string& dataset, const std::vector<std::uint64_t>& rows) {
  const Handle object = open_dataset(dataset);
  return in_context(dataset, [&] {
    const calls::StoredType stored = calls::dataset_type(object);
    const Shape extent = calls::dataset_shape(object);
    if (!stored.number || !is_real(*stored.number) || extent.size() != 2) {
      refuse(dataset, "must hold real numbers (float32 or float64) in rows");
    }
    const std::uint64_t row_bytes = total_bytes({extent[1]}, sizeof(double));
    const std::uint64_t needed = total_bytes({rows.size()}, row_bytes);
    admit_part(dataset, object, bytes_of(*stored.number), needed);
    std::vector<double> values(needed / sizeof(double));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      check(rows[i] < extent[0], "a row of the dataset is asked for");
      if (row_bytes > 0) {
        calls::read_rows(object, calls::number_type(Element::float64), rows[i], 1, values.data() + i * extent[1]);
      }
    }
    return values;
  });
}

std::vector<std::string> FileReader::read_texts(const std::string& dataset) {
  const Handle object = open_dataset(dataset);
  return in_context(dataset, [&] {
    const calls::StoredType stored = calls::dataset_type(object);
    if (stored.variable_text) {
      refuse(dataset, "holds variable-length text; write fixed-width text (in numpy, dtype=\"S20\")");
    }
    if (stored.text_width == 0) {
      refuse(dataset, "must hold fixed-width text");
    }
    const std::size_t width = stored.text_width;
    const std::size_t rows = admit(dataset, object, width, width);
    std::vector<char> cells(rows * width);
    if (rows > 0) {
      calls::read_dataset_as_stored(object, cells.data());
    }
    std::vector<std::string> values;
    values.reserve(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      values.push_back(text_cell(cells.data() + row * width, width, stored.space_padded));
      if (!is_storable_text(values.back())) {
        refuse(dataset, "text " + std::to_string(row) + " is not UTF-8");
      }
    }
    return values;
  });
}

bool FileReader::has_attribute(const std::string& object, const std::string& name) const {
  const Handle at = open(object);
  return in_context(object, [&] { return calls::has_attribute(at, name); });
}

std::vector<std::string> FileReader::attribute_names(const std::string& object) const {
  const Handle at = open(object);
  return in_context(object, [&] { return calls::attribute_names(at); });
}

std::string FileReader::text(const std::string& object, const std::string& name) const {
  const std::string where = "attribute \"" + name + "\" of " + object;
  const Handle at = open(object);
  return in_context(where, [&] {
    if (!calls::has_attribute(at, name)) {
      refuse(where, "is missing");
    }
    const Handle attribute = calls::open_attribute(at, name);
    const calls::StoredType stored = calls::attribute_type(attribute);
    if (stored.variable_text) {
      refuse(where, "is variable-length text; write fixed-width text (in h5py, numpy.bytes_(\"...\"))");
    }
    if (stored.text_width == 0 || !calls::attribute_is_scalar(attribute)) {
      refuse(where, "must be one text");
    }
    if (stored.text_width > file_bytes_) {
      refuse(where, "claims more text than the file holds; the file is damaged");
    }
    std::vector<char> cell(stored.text_width);
    calls::read_attribute_as_stored(attribute, cell.data());
    std::string value = text_cell(cell.data(), cell.size(), stored.space_padded);
    if (!is_storable_text(value)) {
      refuse(where, "is not UTF-8");
    }
    return value;
  });
}

std::int64_t FileReader::integer(const std::string& object, const std::string& name) const {
  const std::string where = "attribute \"" + name + "\" of " + object;
  const Handle at = open(object);
  return in_context(where, [&] {
    if (!calls::has_attribute(at, name)) {
      refuse(where, "is missing");
    }
    const Handle attribute = calls::open_attribute(at, name);
    const calls::StoredType stored = calls::attribute_type(attribute);
    if (!stored.number || is_real(*stored.number) || !calls::attribute_is_scalar(attribute)) {
      refuse(where, "must be one integer");
    }
    std::int64_t value = 0;
    calls::read_attribute(attribute, calls::number_type(Element::int64), &value);
    return value;
  });
}

double FileReader::real(const std::string& object, const std::string& name) const {
  const std::string where = "attribute \"" + name + "\" of " + object;
  const Handle at = open(object);
  return in_context(where, [&] {
    if (!calls::has_attribute(at, name)) {
      refuse(where, "is missing");
    }
    const Handle attribute = calls::open_attribute(at, name);
    const calls::StoredType stored = calls::attribute_type(attribute);
    if (!stored.number || !is_real(*stored.number) || !calls::attribute_is_scalar(attribute)) {
      refuse(where, "must be one real number");
    }
    double value = 0;
    calls::read_attribute(attribute, calls::number_type(Element::float64), &value);
    return value;
  });
}

}  // namespace fairsweep::hdf5
