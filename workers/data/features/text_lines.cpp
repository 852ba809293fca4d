#include "workers/data/features/text_lines.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"
#include "core/protocol/utf8.hpp"

namespace fairsweep {

struct TextLines::Source {
  gzFile file = nullptr;
  std::array<char, 65536> block{};
  std::size_t at = 0;
  std::size_t size = 0;

  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (file != nullptr) {
      gzclose_r(file);
    }
  }
};

TextLines::TextLines(const std::filesystem::path& file, std::size_t longest_line)
    : file_(file.string()), source_(std::make_unique<Source>()), longest_line_(longest_line) {
  require_input_file(file);
  errno = 0;
  source_->file = gzopen(file_.c_str(), "rb");
  if (source_->file == nullptr) {
    throw UserError(ExitCode::file, file_ + ": cannot be opened: " + std::strerror(errno));
  }
}

TextLines::~TextLines() = default;

void TextLines::refuse(const std::string& what) const {
  throw UserError(ExitCode::file, file_ + ":" + std::to_string(line_) + ": " + what);
}

bool TextLines::fill() {
  Source& source = *source_;
  const int got = gzread(source.file, source.block.data(), static_cast<unsigned>(source.block.size()));
  int code = Z_OK;
  const char* reason = gzerror(source.file, &code);
  if (got < 0 || code == Z_BUF_ERROR) {  // Z_BUF_ERROR: the compressed stream stops in the middle
    refuse(code == Z_BUF_ERROR ? "the gzip file is cut off" : std::string("cannot be read: ") + reason);
  }
  source.at = 0;
  source.size = static_cast<std::size_t>(got);
  return got > 0;
}

bool TextLines::next(std::string& line) {
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  Source& source = *source_;
  line.clear();
  if (source.at == source.size && !fill()) {
    return false;
  }
  ++line_;
  for (bool ended = false; !ended;) {
    const std::string_view rest(source.block.data() + source.at, source.size - source.at);
    const std::size_t end = rest.find('\n');
    line.append(rest.substr(0, end));
    if (line.size() > longest_line_) {
      refuse("the line has more than " + std::to_string(longest_line_) + " bytes; is this the right file?");
    }
    ended = end != std::string_view::npos;
    source.at = ended ? source.at + end + 1 : source.size;
    ended = ended || !fill();
  }
  if (!line.empty() && line.back() == '\r') {
    line.pop_back();
  }
  if (line_ == 1 && line.starts_with(k_byte_order_mark)) {
    line.erase(0, k_byte_order_mark.size());
  }
  if (line.find('\0') != std::string::npos) {
    refuse("holds a NUL byte; this is not a text file");
  }
  if (!is_utf8(line)) {
    refuse("is not UTF-8");
  }
  return true;
}

}  // namespace fairsweep
