#include "workers/data/importers/text_source.hpp"

#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"

namespace fairsweep {

namespace {

constexpr std::uint64_t k_smallest_block = std::uint64_t{1} << 12U;
constexpr std::uint64_t k_largest_block = std::uint64_t{1} << 20U;

gzFile as_gzip(void* stream) { return static_cast<gzFile>(stream); }

}  // namespace

TextSource::TextSource(const std::filesystem::path& file) : file_(file.string()) {
  require_input_file(file);
  std::error_code problem;
  bytes_total_ = std::filesystem::file_size(file, problem);
  errno = 0;
  stream_ = gzopen(file_.c_str(), "rb");  // a file that is not gzip is passed through
  if (stream_ == nullptr) {
    throw UserError(ExitCode::file, file_ + ": cannot be opened: " + std::strerror(errno));
  }
  // A small file, such as a joined table, takes little memory.
  block_ = static_cast<std::size_t>(std::clamp(bytes_total_, k_smallest_block, k_largest_block));
  gzbuffer(as_gzip(stream_), static_cast<unsigned>(std::min(block_, std::size_t{1} << 18U)));
  buffer_.resize(2 * block_ + k_padding);
}

TextSource::~TextSource() {
  if (stream_ != nullptr) {
    gzclose_r(as_gzip(stream_));
  }
}

bool TextSource::more(std::int64_t line) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - k_padding - end_ < block_) {
    buffer_.resize(2 * (end_ + block_) + k_padding);  // a line longer than the window: twice as much
  }
  const int got = gzread(as_gzip(stream_), buffer_.data() + end_, static_cast<unsigned>(block_));
  int code = Z_OK;
  const char* reason = gzerror(as_gzip(stream_), &code);
  if (got < 0 || code == Z_BUF_ERROR) {  // Z_BUF_ERROR: the compressed stream stops in the middle
    refuse(line, code == Z_BUF_ERROR ? "the gzip file is cut off" : std::string("cannot be read: ") + reason);
  }
  end_ += static_cast<std::size_t>(got);
  return got > 0;
}

std::uint64_t TextSource::bytes_read() const {
  const auto offset = gzoffset(as_gzip(stream_));
  return offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
}

void TextSource::refuse(std::int64_t line, const std::string& what) const {
  throw UserError(ExitCode::file, file_ + ":" + std::to_string(line) + ": " + what);
}

void TextSource::refuse_record(std::int64_t line, const std::string& what) const {
  throw RecordError(file_ + ":" + std::to_string(line) + ": " + what);
}

}  // namespace fairsweep
