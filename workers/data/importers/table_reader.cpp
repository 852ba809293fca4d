#include "workers/data/importers/table_reader.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <string_view>

namespace fairsweep {

namespace {

constexpr int k_end = -1;
constexpr std::size_t k_longest_cell = std::size_t{1} << 20U;
constexpr std::size_t k_most_columns = 100'000;

}  // namespace

TableReader::TableReader(const std::filesystem::path& file, const TableFormat& format)
    : format_(format), source_(file) {
  if (!read_row()) {
    refuse(1, format_.header ? "the table is empty; its first row must name the columns" : "the table is empty");
  }
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (cells_.front().starts_with(k_byte_order_mark)) {
    cells_.front().erase(0, k_byte_order_mark.size());
  }
  if (format_.header) {
    name_columns();
  } else {
    first_row_waits_ = true;
    for (std::size_t column = 1; column <= used_; ++column) {
      columns_.push_back(std::to_string(column));
    }
  }
}

void TableReader::name_columns() {
  columns_.assign(cells_.begin(), cells_.begin() + static_cast<std::ptrdiff_t>(used_));
  std::set<std::string_view> seen;
  for (std::size_t column = 0; column < columns_.size() && !format_.repeated_names; ++column) {
    if (columns_[column].empty()) {
      refuse(row_line_, "column " + std::to_string(column + 1) + " has no name");
    }
    if (!seen.insert(columns_[column]).second) {
      refuse(row_line_, "two columns are called \"" + columns_[column] + "\"");
    }
  }
}

int TableReader::peek() {
  if (source_.window().empty() && !source_.more(line_)) {
    return k_end;
  }
  return static_cast<unsigned char>(source_.window().front());
}

int TableReader::get() {
  const int byte = peek();
  if (byte != k_end) {
    source_.take(1);
  }
  if (byte == 0) {
    refuse(line_, "holds a NUL byte; this is not a text table");
  }
  return byte;
}

std::string& TableReader::next_cell() {
  if (used_ == cells_.size()) {
    if (used_ == k_most_columns) {
      refuse(row_line_, "has more than 100000 columns");
    }
    cells_.emplace_back();
  }
  return cells_[used_++];
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

// Byte by byte: for rows with quotes, and for whatever is wrong.
void TableReader::read_quoted_row() {
  for (;;) {
    std::string& cell = next_cell();
    cell.clear();
    bool quoted = false;
    int byte = get();
    if (byte == '"') {
      read_quoted(cell);
      quoted = true;
      byte = get();
    }
    for (; byte != format_.delimiter && byte != '\n' && byte != '\r' && byte != k_end; byte = get()) {
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
    if (byte != format_.delimiter) {
      line_ += byte == '\n' ? 1 : 0;
      return;
    }
  }
}

// A row that ends in the window and holds nothing that needs care; false, and nothing taken, otherwise.
bool TableReader::read_plain_row() {
  std::string_view window = source_.window();
  std::size_t size = window.find('\n');
  if (size == std::string_view::npos) {
    if (!source_.more(line_)) {
      return false;
    }
    window = source_.window();
    size = window.find('\n');
  }
  if (size > k_longest_cell) {  // or there is no end of a line
    return false;
  }
  const std::size_t taken = size + 1;
  if (size > 0 && window[size - 1] == '\r') {
    --size;
  }
  const char* at = window.data();
  const char* const end = at + size;
  for (const char special : {'"', '\r', '\0'}) {
    if (size > 0 && std::memchr(at, special, size) != nullptr) {
      return false;
    }
  }
  for (;;) {
    const auto* stop = static_cast<const char*>(std::memchr(at, format_.delimiter, static_cast<std::size_t>(end - at)));
    next_cell().assign(at, stop == nullptr ? end : stop);
    if (stop == nullptr) {
      break;
    }
    at = stop + 1;
  }
  source_.take(taken);
  ++line_;
  return true;
}

bool TableReader::read_row() {
  while (peek() == '\n' || peek() == '\r') {
    line_ += get() == '\n' ? 1 : 0;
  }
  if (peek() == k_end) {
    return false;
  }
  row_line_ = line_;
  used_ = 0;
  if (!read_plain_row()) {
    used_ = 0;
    read_quoted_row();
  }
  return true;
}

bool TableReader::next() {
  if (first_row_waits_) {
    first_row_waits_ = false;
    return true;
  }
  if (!read_row()) {
    return false;
  }
  if (used_ != columns_.size()) {
    source_.refuse_record(row_line_, "has " + std::to_string(used_) + " cells; " +
                                         (format_.header ? "the header names " : "the first row has ") +
                                         std::to_string(columns_.size()) + (format_.header ? " columns" : ""));
  }
  cells_.resize(used_);
  return true;
}

}  // namespace fairsweep
