#include "workers/data/features/embeddings.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/utf8.hpp"
#include "workers/data/features/embeddings_file.hpp"
#include "workers/data/features/npy_file.hpp"
#include "workers/data/features/text_lines.hpp"
#include "workers/data/importers/table_reader.hpp"
#include "workers/data/probe.hpp"

namespace fairsweep {

namespace {

constexpr std::size_t k_longest_id = 4096;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  throw UserError(ExitCode::file, file.string() + ": " + what);
}

std::vector<std::string> read_ids(const std::filesystem::path& file) {
  TextLines lines(file, k_longest_id);
  std::vector<std::string> ids;
  for (std::string line; lines.next(line);) {
    if (line.empty()) {
      lines.refuse("the line is empty; each line is the id of one row");
    }
    ids.push_back(line);
  }
  if (ids.empty()) {
    refuse(file, "is empty; it must hold the id of each row on a line of its own");
  }
  return ids;
}

void require_different(const std::vector<std::string>& ids, const std::filesystem::path& file) {
  std::unordered_map<std::string_view, std::size_t> seen;
  seen.reserve(ids.size());
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (ids[row].empty()) {
      refuse(file, "the id of row " + std::to_string(row) + " (from 0) is empty");
    }
    const auto [first, is_new] = seen.emplace(ids[row], row);
    if (!is_new) {
      refuse(file, "rows " + std::to_string(first->second) + " and " + std::to_string(row) +
                       " (from 0) have the same id, \"" + ids[row] + "\"");
    }
  }
}

Embeddings read_npy(const std::filesystem::path& file) {
  NpyTable<float> table = read_npy_reals(file);
  Embeddings embeddings;
  embeddings.rows = table.rows;
  embeddings.dimensions = table.columns;
  embeddings.values = std::move(table.values);
  return embeddings;
}

Embeddings read_hdf5(const std::filesystem::path& file) {
  ProbeSettings settings = default_probe_settings(file);
  settings.kind = ProbeKind::embeddings;
  probe_data_file(file, settings);
  return embeddings_file::read_here(file);
}

float number_of(const TableReader& table, std::size_t column) {
  const std::string& cell = table.cells()[column];
  float value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stopped, problem] = std::from_chars(cell.data(), end, value);
  // Too small for a float32 is no mistake: it is 0 there.
  if (problem == std::errc::result_out_of_range && stopped == end) {
    double wide = std::numeric_limits<double>::infinity();
    std::from_chars(cell.data(), end, wide);
    if (std::abs(wide) < 1) {
      return 0;
    }
  }
  const std::string where = "column \"" + table.columns()[column] + "\": ";
  if (problem == std::errc::invalid_argument || stopped != end) {
    constexpr std::size_t k_shown = 40;
    table.refuse(table.line(), where + "\"" + to_utf8(cell).substr(0, k_shown) + "\" is not a number");
  }
  if (problem != std::errc() || !std::isfinite(value)) {
    table.refuse(table.line(), where + cell + " is not a finite float32 number");
  }
  return value;
}

Embeddings read_table(const std::filesystem::path& file) {
  TableReader table(file);
  for (const std::string& column : table.columns()) {
    if (!is_utf8(column)) {
      table.refuse(1, "the names of the columns are not UTF-8");
    }
  }
  const std::size_t first = table.columns().front() == "id" ? 1 : 0;
  Embeddings embeddings;
  embeddings.names =
      std::vector<std::string>(table.columns().begin() + static_cast<std::ptrdiff_t>(first), table.columns().end());
  embeddings.dimensions = static_cast<std::int64_t>(embeddings.names.size());
  if (embeddings.names.empty()) {
    table.refuse(1, "has no column of numbers beside \"id\"");
  }
  while (table.next()) {
    if (first == 1) {
      const std::string& id = table.cells().front();
      if (!is_utf8(id) || id.empty() || id.size() > k_longest_id) {
        table.refuse(table.line(), id.empty()     ? "the id is empty"
                                   : !is_utf8(id) ? "the id is not UTF-8"
                                                  : "the id is longer than 4096 bytes");
      }
      embeddings.ids.push_back(id);
    }
    for (std::size_t column = first; column < table.columns().size(); ++column) {
      embeddings.values.push_back(number_of(table, column));
    }
    ++embeddings.rows;
  }
  if (embeddings.rows == 0) {
    refuse(file, "has a header and no rows");
  }
  return embeddings;
}

}  // namespace

Embeddings read_embeddings(const std::filesystem::path& file, const std::filesystem::path& ids) {
  const std::string name = file.filename().string();
  Embeddings embeddings;
  if (name.ends_with(".npy")) {
    embeddings = read_npy(file);
  } else if (name.ends_with(".h5") || name.ends_with(".hdf5")) {
    embeddings = read_hdf5(file);
  } else if (name.ends_with(".csv") || name.ends_with(".csv.gz")) {
    embeddings = read_table(file);
  } else {
    throw UserError(ExitCode::configuration,
                    file.string() + ": embeddings must be in a file that ends in .npy, .h5, .hdf5, .csv or .csv.gz");
  }
  if (!ids.empty()) {
    if (!embeddings.ids.empty()) {
      refuse(file, "has ids of its own; leave " + ids.string() + " out, or the ids in the embeddings");
    }
    embeddings.ids = read_ids(ids);
    if (std::cmp_not_equal(embeddings.ids.size(), embeddings.rows)) {
      refuse(file, "has " + std::to_string(embeddings.rows) + " rows (its first dimension), but " + ids.string() +
                       " has " + std::to_string(embeddings.ids.size()) + " ids");
    }
  }
  require_different(embeddings.ids, ids.empty() ? file : ids);
  if (embeddings.names.empty()) {
    embeddings.names.reserve(static_cast<std::size_t>(embeddings.dimensions));
    for (std::int64_t dimension = 0; dimension < embeddings.dimensions; ++dimension) {
      embeddings.names.push_back("embedding_" + std::to_string(dimension));
    }
  }
  return embeddings;
}

}  // namespace fairsweep
