#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/table_reader.hpp"

namespace fairsweep {

/// One turn of a dialogue.
struct Message {
  std::string role;
  std::string content;
};

/// How records are written: lines of JSON objects, or a table.
struct RecordFormat {
  bool json_lines = false;  ///< or, in a file that begins with "[", a list of them
  TableFormat table;
};

/// Records of a file one after the other: rows of a table, or lines of JSON. Fields are asked for once by name and
/// then read by number.
/// Every function throws RecordError where one record is wrong, UserError where nothing behind it can be read.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  /// Columns of a table; of JSON the keys of the first object, and "a.b", "a.0" of what is inside them.
  [[nodiscard]] virtual const std::vector<std::string>& names() const = 0;
  /// How many of them, the first, are the records' own and not of a joined table.
  [[nodiscard]] virtual std::size_t own_name_count() const { return names().size(); }
  /// Number of a field. In JSON, "a.b" is key b of the object under key a, and "a.0" the first of the list under a; a
  /// field may be absent from any record. @throws UserError (configuration) where a table has no such column.
  [[nodiscard]] virtual std::size_t field(const std::string& name) = 0;
  /// False at the end.
  [[nodiscard]] virtual bool next() = 0;
  /// The field's text, a number as it is written, true or false; empty where it is absent or null. Valid until next().
  /// @throws RecordError for a list or an object.
  [[nodiscard]] virtual std::string_view text(std::size_t field) = 0;
  /// The field as a dialogue: a list of objects with role and content, or with "from" and "value". A text is one
  /// message without a role. Empty where the field is absent.
  [[nodiscard]] virtual std::vector<Message> messages(std::size_t field) = 0;
  /// Line on which the record begins, from 1.
  [[nodiscard]] virtual std::int64_t line() const = 0;
  /// Does the current record have the field? A table always does; in JSON a key may be missing. null is there.
  [[nodiscard]] virtual bool has(std::size_t /*field*/) { return true; }
  /// Names, as of names(), that came first with the current record and that names() has not. "a.0" is not among them.
  [[nodiscard]] virtual const std::vector<std::string>& late_names() const {
    static const std::vector<std::string> none;
    return none;
  }
  [[nodiscard]] virtual double share_read() const = 0;  ///< of the file, 0 to 1

  /// "file:line" of the current record.
  [[nodiscard]] virtual std::string place() const = 0;
  /// @throws RecordError "file:line: what" of the current record
  [[noreturn]] void refuse(const std::string& what) const { throw RecordError(place() + ": " + what); }
};

/// Opens a file. @throws UserError (file) where it cannot be read.
[[nodiscard]] std::unique_ptr<RecordReader> open_records(const std::filesystem::path& file, const RecordFormat& format);

/// By the name: .jsonl, .ndjson and .json are lines of JSON, .tsv a table with tabs, everything else one with commas;
/// each also with .gz behind it.
[[nodiscard]] RecordFormat format_of(const std::filesystem::path& file);

}  // namespace fairsweep
