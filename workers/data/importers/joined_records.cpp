#include "workers/data/importers/joined_records.hpp"

#include <algorithm>

#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep {

std::filesystem::path beside(const std::filesystem::path& folder, const std::string& file) {
  const std::filesystem::path path = file;
  return path.is_absolute() ? path : folder / path;
}

JoinedRecords::JoinedRecords(std::unique_ptr<RecordReader> records, const std::vector<JoinedTable>& tables,
                             const std::filesystem::path& folder)
    : records_(std::move(records)), names_(records_->names()), own_names_(names_) {
  tables_.reserve(tables.size());
  for (const JoinedTable& join : tables) {
    Table table = load(join, beside(folder, join.file));
    if (!join.on.empty()) {
      table.on_field = field(join.on);  // of the records, or of a table before
    }
    tables_.push_back(std::move(table));
    for (const std::string& column : tables_.back().columns) {
      if (std::find(names_.begin(), names_.end(), column) == names_.end()) {
        names_.push_back(column);
      }
    }
  }
}

JoinedRecords::Table JoinedRecords::load(const JoinedTable& join, const std::filesystem::path& file) {
  const auto records = open_records(file, join.format.applied_to(fairsweep::format_of(file)));
  Table table;
  table.file = file.string();
  table.on = join.on;
  table.columns = records->names();
  std::vector<std::size_t> fields;
  for (const std::string& column : table.columns) {
    // Of several columns with one name none can be asked for; they are left empty.
    const bool once = std::count(table.columns.begin(), table.columns.end(), column) == 1;
    fields.push_back(once ? records->field(column) : static_cast<std::size_t>(-1));
  }
  const auto key = join.key.empty() ? static_cast<std::size_t>(-1) : records->field(join.key);
  while (records->next()) {
    if (!join.key.empty()) {
      const std::string value(records->text(key));
      if (!table.row_of_key.emplace(value, table.rows.size()).second) {
        records->refuse("has \"" + value + "\" as \"" + join.key + "\", as an earlier row; a key is there once");
      }
    }
    auto& row = table.rows.emplace_back();
    for (const std::size_t field : fields) {
      row.emplace_back(field == static_cast<std::size_t>(-1) ? std::string_view() : records->text(field));
    }
  }
  return table;
}

std::size_t JoinedRecords::field(const std::string& name) {
  Field found;
  if (std::find(own_names_.begin(), own_names_.end(), name) != own_names_.end()) {
    found.column = records_->field(name);
  } else {
    for (std::size_t at = 0; at < tables_.size() && found.table == 0; ++at) {
      const auto& columns = tables_[at].columns;
      const auto column = std::find(columns.begin(), columns.end(), name);
      if (column != columns.end()) {
        if (std::find(column + 1, columns.end(), name) != columns.end()) {
          throw UserError(ExitCode::configuration, tables_[at].file + ": several columns are called \"" + name + "\"");
        }
        found = {at + 1, static_cast<std::size_t>(column - columns.begin())};
      }
    }
    if (found.table == 0) {
      if (tables_.empty()) {
        found.column = records_->field(name);  // refuses, or waits for it in later records
      } else {
        throw UserError(ExitCode::configuration,
                        "neither the records nor the joined tables have \"" + name + "\"" + did_you_mean(name, names_));
      }
    }
  }
  fields_.push_back(found);
  return fields_.size() - 1;
}

bool JoinedRecords::next() {
  ++record_;
  return records_->next();
}

const std::string& JoinedRecords::cell(const Table& table, std::size_t column) {
  if (table.on.empty()) {
    if (record_ > table.rows.size()) {
      refuse(table.file + " has only " + std::to_string(table.rows.size()) +
             " rows; a table joined by row has one for each record");
    }
    return table.rows[record_ - 1][column];
  }
  const std::string key(text(table.on_field));
  const auto row = table.row_of_key.find(key);
  if (row == table.row_of_key.end()) {
    refuse("no row of " + table.file + " has \"" + key + "\" as its key");
  }
  return table.rows[row->second][column];
}

std::string_view JoinedRecords::text(std::size_t field) {
  const Field& wanted = fields_[field];
  return wanted.table == 0 ? records_->text(wanted.column) : cell(tables_[wanted.table - 1], wanted.column);
}

bool JoinedRecords::has(std::size_t field) {
  const Field& wanted = fields_[field];
  return wanted.table != 0 || records_->has(wanted.column);
}

std::vector<Message> JoinedRecords::messages(std::size_t field) {
  const Field& wanted = fields_[field];
  if (wanted.table == 0) {
    return records_->messages(wanted.column);
  }
  const std::string& value = cell(tables_[wanted.table - 1], wanted.column);
  return value.empty() ? std::vector<Message>{} : std::vector<Message>{{"", value}};
}

}  // namespace fairsweep
