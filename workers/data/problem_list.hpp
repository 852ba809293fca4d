#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/hdf5/text.hpp"

namespace fairsweep {

/// One sentence for each broken rule of the format: the first row that breaks it and how many more do.
class Problems {
 public:
  void add(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  /// `broken(row)` is the complaint about a row, empty where the row is right.
  template <typename Broken>
  void each_row(const std::string& array, std::size_t rows, Broken broken) {
    each(array, rows, broken, [](std::size_t row) { return "row " + std::to_string(row); }, "row");
  }

  /// The same of anything: `place` says where one is, `unit` what it is called.
  template <typename Broken, typename Place>
  void each(const std::string& array, std::size_t rows, Broken broken, Place place, const std::string& unit) {
    std::string first;
    std::size_t count = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      std::string complaint = broken(row);
      if (!complaint.empty() && count++ == 0) {
        first = array + ", " + place(row) + ": " + complaint;
      }
    }
    if (count > 1) {
      first += " (and " + std::to_string(count - 1) + " more " + unit + (count == 2 ? ")" : "s)");
    }
    if (count > 0) {
      add(first);
    }
  }

  /// False, and a sentence, where the array has another length.
  bool length(const std::string& array, std::size_t found, std::size_t wanted, std::string_view reason) {
    if (found == wanted) {
      return true;
    }
    add(array + ": has " + std::to_string(found) + " values; it must have " + std::to_string(wanted) + ", " +
        std::string(reason));
    return false;
  }

  void names(const std::string& array, const std::vector<std::string>& names) {
    std::set<std::string_view> seen;
    each_row(array, names.size(), [&](std::size_t row) -> std::string {
      if (names[row].empty()) {
        return "is empty; every name needs at least one character";
      }
      if (!hdf5::is_storable_text(names[row])) {
        return "is not UTF-8";
      }
      return seen.insert(names[row]).second ? "" : "\"" + names[row] + "\" is there twice; names must differ";
    });
  }

  void finite(const std::string& array, std::span<const float> values) {
    each_row(array, values.size(), [&](std::size_t row) -> std::string {
      return std::isfinite(values[row]) ? "" : "is not a finite number";
    });
  }

  /// The same of a table, by row and column.
  void finite(const std::string& array, std::span<const float> values, std::int64_t columns) {
    const auto width = static_cast<std::size_t>(std::max<std::int64_t>(columns, 1));
    each(
        array, values.size(),
        [&](std::size_t at) -> std::string { return std::isfinite(values[at]) ? "" : "is not a finite number"; },
        [width](std::size_t at) {
          return "row " + std::to_string(at / width) + ", column " + std::to_string(at % width);
        },
        "value");
  }

  /// An offset array starts at 0, ends at `total` and grows by at least `least`.
  bool offsets(const std::string& array, const std::vector<std::int64_t>& offset, std::size_t total,
               std::int64_t least) {
    if (offset.empty()) {
      add(array + ": is empty; it starts with 0");
      return false;
    }
    const std::size_t before = sentences_.size();
    if (offset.front() != 0) {
      add(array + ", row 0: is " + std::to_string(offset.front()) + "; the first offset is 0");
    }
    each_row(array, offset.size() - 1, [&](std::size_t row) -> std::string {
      const bool grows = offset[row] >= 0 && offset[row + 1] >= offset[row] && offset[row + 1] - offset[row] >= least;
      return grows ? ""
                   : "goes from " + std::to_string(offset[row]) + " to " + std::to_string(offset[row + 1]) +
                         "; it must grow by at least " + std::to_string(least);
    });
    if (offset.back() < 0 || static_cast<std::uint64_t>(offset.back()) != total) {
      add(array + ", row " + std::to_string(offset.size() - 1) + ": is " + std::to_string(offset.back()) +
          "; the last offset must be " + std::to_string(total));
    }
    return sentences_.size() == before;
  }

  [[nodiscard]] std::size_t count() const { return sentences_.size(); }
  [[nodiscard]] std::vector<std::string> take() { return std::move(sentences_); }

 private:
  std::vector<std::string> sentences_;
};

}  // namespace fairsweep
