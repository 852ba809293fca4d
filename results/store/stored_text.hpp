#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/hdf5/file_reader.hpp"
#include "core/hdf5/file_writer.hpp"

namespace fairsweep::store {

/// `text` as a fixed-width column can hold it: whatever is not well-formed UTF-8 becomes U+FFFD. Hosts, devices and
/// names come from other programs, which may say anything.
[[nodiscard]] std::string storable(std::string_view text);
[[nodiscard]] std::vector<std::string> storable(std::vector<std::string> texts);

/// Long texts of very different lengths, byte for byte: a group with `text`, uint8, all of them with a line feed
/// after each, and `offset`, uint64 [n + 1], where each begins.
void write_long_texts(hdf5::FileWriter& file, const std::string& group, const std::vector<std::string>& texts);
/// @throws UserError (file) where the offsets do not fit the text.
[[nodiscard]] std::vector<std::string> read_long_texts(hdf5::FileReader& file, const std::string& group);

}  // namespace fairsweep::store
