#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "workers/data/importers/record_mapping.hpp"
#include "workers/data/importers/record_reader.hpp"

namespace fairsweep {

/// Records with the columns of further tables beside their own. A field is looked for in the records first, then in the
/// tables in their order. A record whose key a table does not have is refused where a field of that table is read.
/// Memory: the joined tables.
class JoinedRecords final : public RecordReader {
 public:
  /// @param folder  where the tables' files are looked for
  JoinedRecords(std::unique_ptr<RecordReader> records, const std::vector<JoinedTable>& tables,
                const std::filesystem::path& folder);

  [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }
  [[nodiscard]] std::size_t own_name_count() const override { return own_names_.size(); }
  [[nodiscard]] std::size_t field(const std::string& name) override;
  [[nodiscard]] bool next() override;
  [[nodiscard]] std::string_view text(std::size_t field) override;
  [[nodiscard]] std::vector<Message> messages(std::size_t field) override;
  [[nodiscard]] std::int64_t line() const override { return records_->line(); }
  [[nodiscard]] bool has(std::size_t field) override;
  [[nodiscard]] const std::vector<std::string>& late_names() const override { return records_->late_names(); }
  [[nodiscard]] double share_read() const override { return records_->share_read(); }
  [[nodiscard]] std::string place() const override { return records_->place(); }

 private:
  struct Table {
    std::string file;
    std::string on;
    std::size_t on_field = 0;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
    std::unordered_map<std::string, std::size_t> row_of_key;  ///< empty where joined by row
  };
  struct Field {
    std::size_t table = 0;  ///< 0: the records themselves; else tables_[table - 1]
    std::size_t column = 0;
  };
  [[nodiscard]] static Table load(const JoinedTable& join, const std::filesystem::path& file);
  [[nodiscard]] const std::string& cell(const Table& table, std::size_t column);

  std::unique_ptr<RecordReader> records_;
  std::vector<Table> tables_;
  std::vector<Field> fields_;
  std::vector<std::string> names_;
  std::vector<std::string> own_names_;
  std::size_t record_ = 0;  ///< from 1, of the current one
};

/// Where a file named by a mapping is: beside the first input, unless its path is absolute.
[[nodiscard]] std::filesystem::path beside(const std::filesystem::path& folder, const std::string& file);

}  // namespace fairsweep
