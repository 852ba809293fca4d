#include "workers/data/features/npy_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <system_error>
#include <type_traits>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"

namespace fairsweep {

namespace {

static_assert(std::endian::native == std::endian::little, "values are taken from the file as they are");

constexpr std::size_t k_block_bytes = std::size_t{4} << 20U;  // small enough to be looked at while it is in the cache
constexpr std::uint64_t k_longest_header = 1 << 16U;

/// IEEE 754 binary16 as stored.
struct Half {
  std::uint16_t bits;
};

float to_float(Half half) {
  const std::uint32_t sign = (half.bits & 0x8000U) << 16U;
  const std::uint32_t exponent = (half.bits >> 10U) & 0x1FU;
  const std::uint32_t fraction = half.bits & 0x3FFU;
  if (exponent == 0) {  // zero and subnormal numbers
    const float value = static_cast<float>(fraction) * 0x1p-24F;
    return sign == 0 ? value : -value;
  }
  const std::uint32_t wide = exponent == 0x1F ? 0xFFU : exponent + (127 - 15);
  return std::bit_cast<float>(sign | (wide << 23U) | (fraction << 13U));
}

class File {
 public:
  explicit File(const std::filesystem::path& file) : name_(file.string()) {
    require_input_file(file);
    std::error_code problem;
    bytes_ = std::filesystem::file_size(file, problem);
    descriptor_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) {
      refuse(std::string("cannot be opened: ") + std::strerror(errno));
    }
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  [[noreturn]] void refuse(const std::string& what) const { throw UserError(ExitCode::file, name_ + ": " + what); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  void read(std::uint64_t at, void* into, std::size_t count) const {
    for (std::size_t done = 0; done < count;) {
      const ssize_t got =
          ::pread(descriptor_, static_cast<char*>(into) + done, count - done, static_cast<off_t>(at + done));
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got <= 0) {
        refuse(got == 0 ? "became shorter while it was read" : std::string("cannot be read: ") + std::strerror(errno));
      }
      done += static_cast<std::size_t>(got);
    }
  }

 private:
  std::string name_;
  std::uint64_t bytes_ = 0;
  int descriptor_ = -1;
};

std::string shape_text(const std::vector<std::uint64_t>& shape) {
  std::string text;
  for (const std::uint64_t extent : shape) {
    text += (text.empty() ? "" : " x ") + std::to_string(extent);
  }
  return text;
}

/// The header, after every check of its sizes against the file.
NpyHeader admit(const File& file, std::uint64_t value_bytes, NpyHeader header) {
  const auto& shape = header.shape;
  if (shape.size() != 2) {
    file.refuse("has " + std::to_string(shape.size()) + (shape.size() == 1 ? " dimension" : " dimensions") +
                (shape.empty() ? "" : " (" + shape_text(shape) + ")") + "; it must have two, rows and columns");
  }
  if (shape[0] == 0 || shape[1] == 0) {
    file.refuse("is empty: its " +
                std::string(shape[0] == 0 ? "first dimension (rows)" : "second dimension (columns)") + " is 0");
  }
  const std::uint64_t left = file.bytes() - header.values_at;
  const bool fits = shape[1] <= left / value_bytes && shape[0] <= left / value_bytes / shape[1];
  if (!fits) {
    file.refuse("is cut off: its header promises " + shape_text(shape) + " values of " + std::to_string(value_bytes) +
                " bytes, and only " + std::to_string(left) + " bytes follow");
  }
  const std::uint64_t more = left - shape[0] * shape[1] * value_bytes;
  if (more != 0) {
    file.refuse("has " + std::to_string(more) + " bytes after its " + shape_text(shape) + " values; it is damaged");
  }
  return header;
}

[[noreturn]] void refuse_value(const File& file, std::uint64_t row, std::uint64_t column, const std::string& what) {
  file.refuse("row " + std::to_string(row) + ", column " + std::to_string(column) + " (both from 0): " + what);
}

template <typename Stored, typename T>
T converted(Stored value) {
  if constexpr (std::is_same_v<Stored, Half>) {
    return to_float(value);
  } else {
    return static_cast<T>(value);
  }
}

// Whether every value of the block is one that may be. Without a branch a value, because all are almost always.
template <typename T>
bool all_finite(const T* values, std::size_t count) {
  bool fine = true;
  for (std::size_t i = 0; i < count; ++i) {
    fine &= std::abs(values[i]) <= std::numeric_limits<T>::max();
  }
  return fine;
}

/// One block of a row-major piece of the table: `count` values from (row, column) on.
template <typename Stored, typename T>
void convert(const File& file, const Stored* stored, T* values, std::size_t count, std::uint64_t first,
             std::uint64_t columns) {
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = converted<Stored, T>(stored[i]);
  }
  if constexpr (std::is_floating_point_v<T>) {
    if (!all_finite(values, count)) {
      const std::size_t bad = static_cast<std::size_t>(
          std::find_if(values, values + count, [](T value) { return !std::isfinite(value); }) - values);
      refuse_value(file, (first + bad) / columns, (first + bad) % columns, "is not a finite float32 number");
    }
  } else if constexpr (std::is_same_v<Stored, std::uint64_t>) {
    for (std::size_t i = 0; i < count; ++i) {
      if (!std::in_range<T>(stored[i])) {
        refuse_value(file, (first + i) / columns, (first + i) % columns, "does not fit in 64 bits with a sign");
      }
    }
  }
}

template <typename Stored, typename T>
void read_rows(const File& file, const NpyHeader& header, NpyTable<T>& table) {
  const std::uint64_t columns = header.shape[1];
  const std::size_t total = table.values.size();
  constexpr std::size_t k_most = k_block_bytes / sizeof(Stored);
  std::vector<Stored> block(std::is_same_v<Stored, T> ? 0 : std::min(k_most, total));
  for (std::size_t first = 0; first < total; first += k_most) {
    const std::size_t count = std::min(k_most, total - first);
    T* values = table.values.data() + first;
    Stored* stored = block.data();
    if constexpr (std::is_same_v<Stored, T>) {
      stored = values;  // in place
    }
    file.read(header.values_at + first * sizeof(Stored), stored, count * sizeof(Stored));
    convert(file, stored, values, count, first, columns);
  }
}

// Columns follow each other in the file. Tiles of a few columns and many rows keep reads long and writes whole.
template <typename Stored, typename T>
void read_columns(const File& file, const NpyHeader& header, NpyTable<T>& table) {
  constexpr std::size_t k_tile_columns = 16;
  constexpr std::size_t k_tile_rows = k_block_bytes / 64;
  const std::size_t rows = header.shape[0];
  const std::size_t columns = header.shape[1];
  const std::size_t tile_rows = std::min(k_tile_rows, rows);
  std::vector<Stored> tile(tile_rows * std::min(k_tile_columns, columns));
  for (std::size_t row = 0; row < rows; row += tile_rows) {
    const std::size_t height = std::min(tile_rows, rows - row);
    for (std::size_t column = 0; column < columns; column += k_tile_columns) {
      const std::size_t width = std::min(k_tile_columns, columns - column);
      for (std::size_t c = 0; c < width; ++c) {
        const std::uint64_t before = static_cast<std::uint64_t>(column + c) * rows + row;
        file.read(header.values_at + before * sizeof(Stored), tile.data() + c * height, height * sizeof(Stored));
      }
      std::array<Stored, k_tile_columns> piece{};
      for (std::size_t r = 0; r < height; ++r) {
        for (std::size_t c = 0; c < width; ++c) {
          piece[c] = tile[c * height + r];
        }
        const std::size_t at = (row + r) * columns + column;
        convert(file, piece.data(), table.values.data() + at, width, at, columns);
      }
    }
  }
}

template <typename Stored, typename T>
NpyTable<T> read_table(const File& file, const NpyHeader& header) {
  NpyTable<T> table;
  table.rows = static_cast<std::int64_t>(header.shape[0]);
  table.columns = static_cast<std::int64_t>(header.shape[1]);
  table.values.resize(header.shape[0] * header.shape[1]);
  // With one row or one column both orders are the same.
  if (header.fortran_order && header.shape[0] > 1 && header.shape[1] > 1) {
    read_columns<Stored>(file, header, table);
  } else {
    read_rows<Stored>(file, header, table);
  }
  return table;
}

NpyHeader header_of(const File& file) {
  std::string first(std::min(file.bytes(), k_longest_header), '\0');
  file.read(0, first.data(), first.size());
  return read_npy_header(first, file.name());
}

// The type without its byte order; nothing where the bytes are in the other order.
std::optional<std::string> little_endian_type(const std::string& type) {
  const bool single_byte = type.size() == 3 && type[2] == '1';
  if (type.size() < 2 || (type[0] != '<' && !(type[0] == '|' && single_byte))) {
    return std::nullopt;
  }
  return type.substr(1);
}

[[noreturn]] void refuse_type(const File& file, const std::string& type, const std::string& wanted) {
  const bool big_endian = !type.empty() && type[0] == '>';
  file.refuse("holds values of numpy type \"" + type + "\"" + (big_endian ? " (big-endian)" : "") + "; save " + wanted +
              (big_endian ? ", little-endian" : ""));
}

}  // namespace

NpyTable<float> read_npy_reals(const std::filesystem::path& path) {
  const File file(path);
  const NpyHeader header = header_of(file);
  const auto type = little_endian_type(header.type);
  if (type == "f2") {
    return read_table<Half, float>(file, admit(file, 2, header));
  }
  if (type == "f4") {
    return read_table<float, float>(file, admit(file, 4, header));
  }
  if (type == "f8") {
    return read_table<double, float>(file, admit(file, 8, header));
  }
  refuse_type(file, header.type, "float16, float32 or float64");
}

NpyTable<std::int64_t> read_npy_integers(const std::filesystem::path& path) {
  using Integers = std::int64_t;
  const File file(path);
  const NpyHeader header = header_of(file);
  const auto type = little_endian_type(header.type);
  if (type == "i8") {
    return read_table<std::int64_t, Integers>(file, admit(file, 8, header));
  }
  if (type == "u8") {
    return read_table<std::uint64_t, Integers>(file, admit(file, 8, header));
  }
  if (type == "i4") {
    return read_table<std::int32_t, Integers>(file, admit(file, 4, header));
  }
  if (type == "u4") {
    return read_table<std::uint32_t, Integers>(file, admit(file, 4, header));
  }
  if (type == "i2") {
    return read_table<std::int16_t, Integers>(file, admit(file, 2, header));
  }
  if (type == "u2") {
    return read_table<std::uint16_t, Integers>(file, admit(file, 2, header));
  }
  if (type == "i1") {
    return read_table<std::int8_t, Integers>(file, admit(file, 1, header));
  }
  if (type == "u1" || type == "b1") {
    return read_table<std::uint8_t, Integers>(file, admit(file, 1, header));
  }
  refuse_type(file, header.type, "integers");
}

}  // namespace fairsweep
