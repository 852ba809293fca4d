#include "workers/data/importers/record_reader.hpp"

#include <algorithm>

#include "core/diagnostics/nearest_name.hpp"
#include "workers/data/importers/json_lines_reader.hpp"
#include "workers/data/importers/json_list_reader.hpp"

namespace fairsweep {

namespace {

class TableRecords final : public RecordReader {
 public:
  TableRecords(const std::filesystem::path& file, const TableFormat& format)
      : file_(file.string()), table_(file, format) {}

  [[nodiscard]] const std::vector<std::string>& names() const override { return table_.columns(); }

  [[nodiscard]] std::size_t field(const std::string& name) override {
    const auto& columns = table_.columns();
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end()) {
      throw UserError(ExitCode::configuration,
                      file_ + ": the table has no column \"" + name + "\"" + did_you_mean(name, columns));
    }
    if (std::find(found + 1, columns.end(), name) != columns.end()) {
      throw UserError(ExitCode::configuration, file_ + ": several columns are called \"" + name +
                                                   "\"; give the one that is meant a name of its own");
    }
    return static_cast<std::size_t>(found - columns.begin());
  }

  [[nodiscard]] bool next() override { return table_.next(); }

  [[nodiscard]] std::string_view text(std::size_t field) override {
    const std::string_view cell = table_.cells()[field];
    const auto first = cell.find_first_not_of(" \t");
    return first == std::string_view::npos ? "" : cell.substr(first, cell.find_last_not_of(" \t") - first + 1);
  }

  [[nodiscard]] std::vector<Message> messages(std::size_t field) override {
    const std::string& cell = table_.cells()[field];
    return cell.empty() ? std::vector<Message>{} : std::vector<Message>{{"", cell}};
  }

  [[nodiscard]] std::int64_t line() const override { return table_.line(); }
  [[nodiscard]] double share_read() const override {
    return static_cast<double>(table_.bytes_read()) /
           static_cast<double>(std::max<std::uint64_t>(1, table_.bytes_total()));
  }
  [[nodiscard]] std::string place() const override { return file_ + ":" + std::to_string(table_.line()); }

 private:
  std::string file_;
  TableReader table_;
};

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

}  // namespace

std::unique_ptr<RecordReader> open_records(const std::filesystem::path& file, const RecordFormat& format) {
  if (format.json_lines && begins_as_list(file)) {
    return std::make_unique<JsonListReader>(file);
  }
  if (format.json_lines) {
    return std::make_unique<JsonLinesReader>(file);
  }
  return std::make_unique<TableRecords>(file, format.table);
}

RecordFormat format_of(const std::filesystem::path& file) {
  std::string name = file.filename().string();
  if (name.ends_with(".gz")) {
    name.resize(name.size() - 3);
  }
  RecordFormat format;
  format.json_lines = ends_with_any(name, {".jsonl", ".ndjson", ".json"});
  if (name.ends_with(".tsv")) {
    format.table.delimiter = '\t';
  }
  return format;
}

}  // namespace fairsweep
