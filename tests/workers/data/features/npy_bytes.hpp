#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace fairsweep::testing_support {

/// A .npy file as numpy's documentation lays it out, made here byte by byte. The header is any text.
inline std::string npy_with_header(std::string header, const std::string& values, int version = 1) {
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  while ((8 + length_bytes + header.size() + 1) % 64 != 0) {
    header += ' ';
  }
  header += '\n';
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  for (std::size_t i = 0; i < length_bytes; ++i) {
    bytes += static_cast<char>(header.size() >> (8 * i));
  }
  return bytes + header + values;
}

inline std::string npy(const std::string& type, const std::string& shape, const std::string& values,
                       bool fortran = false, int version = 1) {
  return npy_with_header(
      "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }",
      values, version);
}

template <typename T>
std::string bytes_of_values(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

}  // namespace fairsweep::testing_support
