#include "results/store/stored_text.hpp"

#include <cstdint>

#include "core/hdf5/text.hpp"

namespace fairsweep::store {

std::string storable(std::string_view text) {
  if (hdf5::is_storable_text(text))
    return std::string(text);
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (length <= 4 && i + length <= text.size() && !hdf5::is_storable_text(text.substr(i, length)))
      ++length;
    if (length <= 4 && i + length <= text.size()) {
      result += text.substr(i, length);
      i += length;
    } else {
      result += "\xEF\xBF\xBD";
      ++i;
    }
  }
  return result;
}

std::vector<std::string> storable(std::vector<std::string> texts) {
  for (std::string& text : texts)
    text = storable(std::string_view(text));
  return texts;
}

void write_long_texts(hdf5::FileWriter& file, const std::string& group, const std::vector<std::string>& texts) {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint64_t> offsets{0};
  offsets.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.push_back('\n');
    offsets.push_back(bytes.size());
  }
  file.create_group(group);
  file.write(group + "/text", bytes, {bytes.size()}, {.deflate = 1});
  file.name_dimensions(group + "/text", {"byte"});
  file.write(group + "/offset", offsets, {offsets.size()}, {.deflate = 1});
  file.name_dimensions(group + "/offset", {"text, and the end"});
}

std::vector<std::string> read_long_texts(hdf5::FileReader& file, const std::string& group) {
  const auto bytes = file.read<std::uint8_t>(group + "/text");
  const auto offsets = file.read<std::uint64_t>(group + "/offset");
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != bytes.size()) {
    file.refuse(group + "/offset", "has to begin with 0 and end with the number of bytes of the text");
  }
  std::vector<std::string> texts;
  texts.reserve(offsets.size() - 1);
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    if (offsets[i + 1] <= offsets[i] || offsets[i + 1] > bytes.size()) {
      file.refuse(group + "/offset",
                  "has to rise from entry to entry, and entry " + std::to_string(i + 1) + " does not");
    }
    texts.emplace_back(bytes.begin() + static_cast<std::ptrdiff_t>(offsets[i]),
                       bytes.begin() + static_cast<std::ptrdiff_t>(offsets[i + 1] - 1));
  }
  return texts;
}

}  // namespace fairsweep::store
