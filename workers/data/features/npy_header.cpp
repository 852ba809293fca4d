#include <algorithm>
#include <charconv>
#include <system_error>

#include "core/diagnostics/errors.hpp"
#include "workers/data/features/npy_file.hpp"

namespace fairsweep {

namespace {

constexpr std::string_view k_magic = "\x93NUMPY";
constexpr std::size_t k_most_dimensions = 32;  // numpy's own limit

/// The header is a Python dictionary of three entries. This reads that and nothing else of Python.
class HeaderText {
 public:
  HeaderText(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  NpyHeader read() {
    NpyHeader header;
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    need('{');
    while (!take('}')) {
      const std::string key = quoted();
      need(':');
      if (key == "descr" && !has_type) {
        header.type = type();
        has_type = true;
      } else if (key == "fortran_order" && !has_order) {
        header.fortran_order = truth();
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        header.shape = shape();
        has_shape = true;
      } else {
        refuse();
      }
      if (!take(',')) {
        need('}');
        break;
      }
    }
    skip_white();
    if (at_ != text_.size() || !has_type || !has_order || !has_shape) {
      refuse();
    }
    return header;
  }

 private:
  [[noreturn]] void refuse() const {
    throw UserError(ExitCode::file, name_ + ": its header is damaged; write the array with numpy.save()");
  }

  void skip_white() { at_ = std::min(text_.find_first_not_of(" \n", at_), text_.size()); }

  bool take(char wanted) {
    skip_white();
    if (at_ < text_.size() && text_[at_] == wanted) {
      ++at_;
      return true;
    }
    return false;
  }

  void need(char wanted) {
    if (!take(wanted)) {
      refuse();
    }
  }

  std::string quoted() {
    skip_white();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') {
      refuse();
    }
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) {
      refuse();
    }
    const std::string value(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }

  std::string type() {
    skip_white();
    if (at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '(')) {
      throw UserError(ExitCode::file, name_ + ": holds records; save one plain array of numbers");
    }
    return quoted();
  }

  bool truth() {
    skip_white();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return value;
      }
    }
    refuse();
  }

  std::vector<std::uint64_t> shape() {
    std::vector<std::uint64_t> extents;
    need('(');
    while (!take(')')) {
      skip_white();
      std::uint64_t extent = 0;
      const auto [end, problem] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), extent);
      if (problem != std::errc() || extents.size() == k_most_dimensions) {
        refuse();
      }
      at_ = static_cast<std::size_t>(end - text_.data());
      extents.push_back(extent);
      if (!take(',')) {
        need(')');
        break;
      }
    }
    return extents;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader read_npy_header(std::string_view bytes, const std::string& name) {
  const auto refuse = [&](const std::string& what) { throw UserError(ExitCode::file, name + ": " + what); };
  if (bytes.empty()) {
    refuse("is empty");
  }
  if (!bytes.starts_with(k_magic)) {
    refuse("is not a .npy file; write it with numpy.save()");
  }
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])); };
  constexpr std::size_t k_version_end = 8;
  const std::size_t major = bytes.size() < k_version_end ? 1 : byte(6);
  if (major < 1 || major > 3 || (bytes.size() >= k_version_end && byte(7) != 0)) {
    refuse("has .npy version " + std::to_string(major) + "." + std::to_string(byte(7)) +
           "; this program reads 1.0, 2.0 and 3.0");
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  const std::size_t begin = k_version_end + length_bytes;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes && begin <= bytes.size(); ++i) {
    length |= byte(k_version_end + i) << (8 * i);
  }
  if (begin > bytes.size() || length > bytes.size() - begin) {
    refuse("is cut off in its header");
  }
  NpyHeader header = HeaderText(bytes.substr(begin, length), name).read();
  header.values_at = begin + length;
  return header;
}

}  // namespace fairsweep
