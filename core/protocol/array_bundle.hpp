#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace fairsweep {

/// One named array of an artefact; row-major.
struct NamedArray {
  std::vector<std::uint64_t> shape;
  std::variant<std::vector<float>, std::vector<double>, std::vector<std::int32_t>, std::vector<std::int64_t>> values;
  bool operator==(const NamedArray&) const = default;
};

/// Arrays that belong together, and a few words about them: what trainers write beside their reports.
struct ArrayBundle {
  std::map<std::string, std::string> attributes;
  std::map<std::string, NamedArray> arrays;
  bool operator==(const ArrayBundle&) const = default;
};

/// CBOR; equal bundles give equal bytes.
[[nodiscard]] std::vector<std::uint8_t> encode(const ArrayBundle& bundle);
/// @throws UserError (file) naming `source` where the bytes are not a bundle.
[[nodiscard]] ArrayBundle decode_bundle(const std::vector<std::uint8_t>& bytes, const std::string& source);

/// Writes the bundle as directory/<sha256>.cbor through a temporary file, fsync and rename; returns the digest.
/// A file of that name that exists already is kept: equal name means equal bytes.
[[nodiscard]] std::string write_artefact(const std::filesystem::path& directory, const ArrayBundle& bundle);
/// @throws UserError (file) where the file is missing or its bytes do not have that digest.
[[nodiscard]] ArrayBundle read_artefact(const std::filesystem::path& directory, const std::string& digest);

}  // namespace fairsweep
