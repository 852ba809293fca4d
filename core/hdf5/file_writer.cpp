#include "core/hdf5/file_writer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <type_traits>
#include <utility>

#include "core/diagnostics/disk_advice.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/hdf5/calls.hpp"
#include "core/hdf5/text.hpp"

namespace fairsweep::hdf5 {

namespace {

std::uint64_t product(const Shape& shape) {
  std::uint64_t result = 1;
  for (const std::uint64_t extent : shape) {
    result *= extent;
  }
  return result;
}

Shape chunk_of(const Storage& storage, const Shape& shape, std::uint64_t element_bytes) {
  if (shape.empty() || product(shape) == 0) {
    return {};
  }
  if (!storage.chunk.empty()) {
    check(storage.chunk.size() == shape.size(), "a chunk has as many dimensions as its dataset");
    Shape chunk = storage.chunk;
    for (std::size_t axis = 0; axis < chunk.size(); ++axis) {
      chunk[axis] = std::clamp<std::uint64_t>(chunk[axis], 1, shape[axis]);
    }
    return chunk;
  }
  if (storage.deflate == 0) {
    return {};
  }
  constexpr std::uint64_t k_chunk_bytes = 256 * 1024;
  const std::uint64_t row_bytes = std::max<std::uint64_t>(1, element_bytes * product(shape) / shape[0]);
  Shape chunk = shape;
  chunk[0] = std::clamp<std::uint64_t>(k_chunk_bytes / row_bytes, 1, shape[0]);
  return chunk;
}

}  // namespace

template <typename Action>
auto FileWriter::in_context(const std::string& path, Action action) {
  const auto refuse = [&](int reason, const std::string& words) {
    throw UserError(ExitCode::environment,
                    file_ + ": " + path + " could not be written: " + words + "; " + disk_advice(reason));
  };
  // After the action as well as behind an error of the library: what the disk refused, the library does not know.
  const auto look = [&] {
    if (*disk_error_ != 0) {
      refuse(*disk_error_, std::generic_category().message(*disk_error_));
    }
  };
  try {
    if constexpr (std::is_void_v<decltype(action())>) {
      action();
      look();
    } else {
      auto answer = action();
      look();
      return answer;
    }
  } catch (const calls::CallError& error) {
    look();
    refuse(error.reason(), error.what());
    throw;
  }
}

FileWriter::FileWriter(const std::filesystem::path& file, const std::filesystem::path& named)
    : file_((named.empty() ? file : named).string()),
      handle_(in_context("the file", [&] { return calls::create_file(file.string(), disk_error_.get()); })) {}

void FileWriter::create_group(const std::string& path) {
  in_context(path, [&] { return calls::create_group(handle_, path); });
}

void FileWriter::write_numbers(const std::string& path, Element element, const void* values, std::size_t count,
                               const Shape& shape, const Storage& storage) {
  check(count == product(shape), path + ": as many values as the shape says");
  in_context(path, [&] {
    const Handle type = calls::number_type(element);
    const Handle dataset =
        calls::create_dataset(handle_, path, type, shape, chunk_of(storage, shape, bytes_of(element)), storage.deflate);
    if (count > 0) {
      calls::write_dataset(dataset, type, values);
    }
  });
}

void FileWriter::write_rows(const std::string& path, Element element, const Shape& shape, const Storage& storage,
                            const FillRows& fill) {
  check(!shape.empty(), path + ": has rows");
  const Shape chunk = chunk_of(storage, shape, bytes_of(element));
  in_context(path, [&] {
    const Handle type = calls::number_type(element);
    const Handle dataset = calls::create_dataset(handle_, path, type, shape, chunk, storage.deflate);
    if (product(shape) == 0) {
      return;
    }
    const std::uint64_t width = product(shape) / shape[0];
    constexpr std::uint64_t k_block_bytes = 4 << 20U;
    std::uint64_t rows = std::max<std::uint64_t>(1, k_block_bytes / (width * bytes_of(element)));
    if (!chunk.empty()) {
      rows = std::max(chunk[0], rows / chunk[0] * chunk[0]);  // whole chunks: none is packed twice
    }
    std::vector<std::byte> block(std::min(rows, shape[0]) * width * bytes_of(element));
    for (std::uint64_t first = 0; first < shape[0]; first += rows) {
      const std::uint64_t count = std::min(rows, shape[0] - first);
      fill(first, block.data(), count * width);
      calls::write_rows(dataset, type, first, count, block.data());
    }
  });
}

void FileWriter::write_texts(const std::string& path, const std::vector<std::string>& values, const Shape& shape,
                             const Storage& storage) {
  check(values.size() == product(shape), path + ": as many texts as the shape says");
  std::size_t width = 1;
  for (const std::string& value : values) {
    check(is_storable_text(value), path + ": text is UTF-8 without NUL");
    width = std::max(width, value.size());
  }
  std::vector<char> cells(width * values.size(), '\0');
  for (std::size_t row = 0; row < values.size(); ++row) {
    std::memcpy(cells.data() + row * width, values[row].data(), values[row].size());
  }
  in_context(path, [&] {
    const Handle type = calls::text_type(width);
    const Handle dataset =
        calls::create_dataset(handle_, path, type, shape, chunk_of(storage, shape, width), storage.deflate);
    if (!values.empty()) {
      calls::write_dataset(dataset, type, cells.data());
    }
  });
}

void FileWriter::set_text(const std::string& object, const std::string& name, std::string_view value) {
  check(is_storable_text(value), object + "@" + name + ": text is UTF-8 without NUL");
  in_context(object + "@" + name, [&] {
    const Handle at = calls::open_object(handle_, object);
    check(!calls::has_attribute(at, name), object + "@" + name + " is set once");
    const std::string cell = value.empty() ? std::string(1, '\0') : std::string(value);
    calls::write_attribute(at, name, calls::text_type(cell.size()), cell.data());
  });
}

void FileWriter::set_integer(const std::string& object, const std::string& name, std::int64_t value) {
  in_context(object + "@" + name, [&] {
    const Handle at = calls::open_object(handle_, object);
    check(!calls::has_attribute(at, name), object + "@" + name + " is set once");
    calls::write_attribute(at, name, calls::number_type(Element::int64), &value);
  });
}

void FileWriter::set_real(const std::string& object, const std::string& name, double value) {
  in_context(object + "@" + name, [&] {
    const Handle at = calls::open_object(handle_, object);
    check(!calls::has_attribute(at, name), object + "@" + name + " is set once");
    calls::write_attribute(at, name, calls::number_type(Element::float64), &value);
  });
}

void FileWriter::name_dimensions(const std::string& dataset, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += text.empty() ? name : ", " + name;
  }
  set_text(dataset, "dimensions", text);
}

void FileWriter::close() {
  in_context("the file", [&] {
    calls::flush_file(handle_);
    calls::close_file(std::move(handle_));
  });
}

}  // namespace fairsweep::hdf5
