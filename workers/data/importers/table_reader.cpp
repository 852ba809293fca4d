#include "workers/data/importers/table_reader.hpp"

#include <zlib.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <string_view>
#include <system_error>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

constexpr int k_end = -1;
constexpr std::size_t k_longest_cell = std::size_t{1} << 20U;
constexpr std::size_t k_most_columns = 100'000;

}  // namespace

/// A gzip file, or a plain one, which zlib passes through.
struct TableReader::Source {
  gzFile file = nullptr;
  std::array<char, 65536> block{};
  std::size_t at = 0;
  std::size_t size = 0;
  bool ended = false;

  Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (file != nullptr) {
      gzclose_r(file);
    }
  }
};

void TableReader::refuse(std::int64_t line, const std::string& what) const {
  throw UserError(ExitCode::file, file_ + ":" + std::to_string(line) + ": " + what);
}

TableReader::TableReader(const std::filesystem::path& file)
    : file_(file.string()), source_(std::make_unique<Source>()) {
  std::error_code problem;
  if (!std::filesystem::is_regular_file(file, problem)) {
    throw UserError(ExitCode::file, file_ + ": there is no such file");
  }
  bytes_total_ = std::filesystem::file_size(file, problem);
  errno = 0;
  source_->file = gzopen(file_.c_str(), "rb");
  if (source_->file == nullptr) {
    throw UserError(ExitCode::file, file_ + ": cannot be opened: " + std::strerror(errno));
  }
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (!read_row()) {
    refuse(1, "the table is empty; its first row must name the columns");
  }
  columns_ = cells_;
  if (columns_.front().starts_with(k_byte_order_mark)) {
    columns_.front().erase(0, k_byte_order_mark.size());
  }
  std::set<std::string_view> seen;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (columns_[column].empty()) {
      refuse(row_line_, "column " + std::to_string(column + 1) + " has no name");
    }
    if (!seen.insert(columns_[column]).second) {
      refuse(row_line_, "two columns are called \"" + columns_[column] + "\"");
    }
  }
}

TableReader::~TableReader() = default;

std::uint64_t TableReader::bytes_read() const {
  const auto offset = gzoffset(source_->file);
  return offset < 0 ? 0 : static_cast<std::uint64_t>(offset);
}

int TableReader::peek() {
  if (source_->at == source_->size && !source_->ended) {
    const int got = gzread(source_->file, source_->block.data(), static_cast<unsigned>(source_->block.size()));
    int code = Z_OK;
    const char* reason = gzerror(source_->file, &code);
    if (got < 0 || code == Z_BUF_ERROR) {  // Z_BUF_ERROR: the compressed stream stops in the middle
      refuse(line_, code == Z_BUF_ERROR ? "the gzip file is cut off" : std::string("cannot be read: ") + reason);
    }
    source_->at = 0;
    source_->size = static_cast<std::size_t>(got);
    source_->ended = got == 0;
  }
  return source_->at == source_->size ? k_end : static_cast<unsigned char>(source_->block[source_->at]);
}

int TableReader::get() {
  const int byte = peek();
  if (byte != k_end) {
    ++source_->at;
  }
  if (byte == 0) {
    refuse(line_, "holds a NUL byte; this is not a text table");
  }
  return byte;
}

// After the opening quote, up to and with the closing one.
void TableReader::read_quoted(std::string& cell) {
  const std::int64_t opened = line_;
  for (int byte = get();; byte = get()) {
    if (byte == k_end) {
      refuse(opened, "a quoted cell begins here and never ends");
    }
    if (byte == '"') {
      if (peek() != '"') {
        return;
      }
      (void)get();
    }
    line_ += byte == '\n' ? 1 : 0;
    cell.push_back(static_cast<char>(byte));
    if (cell.size() > k_longest_cell) {
      refuse(opened, "a cell has more than a million characters; is a quote missing?");
    }
  }
}

bool TableReader::read_row() {
  while (peek() == '\n' || peek() == '\r') {
    line_ += get() == '\n' ? 1 : 0;
  }
  if (peek() == k_end) {
    return false;
  }
  row_line_ = line_;
  cells_.clear();
  for (;;) {
    std::string& cell = cells_.emplace_back();
    if (cells_.size() > k_most_columns) {
      refuse(row_line_, "has more than 100000 columns");
    }
    bool quoted = false;
    int byte = get();
    if (byte == '"') {
      read_quoted(cell);
      quoted = true;
      byte = get();
    }
    for (; byte != ',' && byte != '\n' && byte != '\r' && byte != k_end; byte = get()) {
      if (quoted) {
        refuse(line_, "text follows a closing quote; write a quote inside a quoted cell twice");
      }
      if (byte == '"') {
        refuse(line_, "a quote is inside an unquoted cell; put the whole cell in quotes");
      }
      cell.push_back(static_cast<char>(byte));
      if (cell.size() > k_longest_cell) {
        refuse(row_line_, "a cell has more than a million characters");
      }
    }
    if (byte == '\r') {
      if (peek() != '\n') {
        refuse(line_, "a carriage return is not followed by a line feed");
      }
      byte = get();
    }
    if (byte != ',') {
      line_ += byte == '\n' ? 1 : 0;
      return true;
    }
  }
}

bool TableReader::next() {
  if (!read_row()) {
    return false;
  }
  if (cells_.size() != columns_.size()) {
    refuse(row_line_, "has " + std::to_string(cells_.size()) + " cells; the header names " +
                          std::to_string(columns_.size()) + " columns");
  }
  return true;
}

}  // namespace fairsweep
