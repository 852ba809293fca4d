#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace fairsweep::store {

/// Rows of numbers over the same keys (users, comparisons), in named layers (metrics). Keys are met as rows come;
/// most rows bring the keys of the row before, in the same order, which costs one comparison each.
class KeyedRows {
 public:
  /// Begins the next row; layers not set in it stay NaN.
  void begin_row() { ++rows_; }
  /// Sets a layer of the last row. NaN values bring no key. @param keys, values of one length
  void set(const std::string& layer, std::span<const std::int64_t> keys, std::span<const double> values) {
    std::vector<std::vector<double>>& rows = layers_[layer];
    rows.resize(rows_);
    std::vector<double>& row = rows.back();
    std::size_t guess = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (values[i] != values[i])
        continue;
      const std::size_t column = guess < met_.size() && met_[guess] == keys[i] ? guess : column_of(keys[i]);
      if (row.size() <= column)
        row.resize(met_.size(), k_nan);
      row[column] = values[i];
      guess = column + 1;
    }
  }

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] bool empty() const { return layers_.empty(); }
  [[nodiscard]] std::vector<std::string> layers() const {
    std::vector<std::string> names;
    names.reserve(layers_.size());
    for (const auto& [name, rows] : layers_)
      names.push_back(name);
    return names;
  }
  /// Ascending.
  [[nodiscard]] std::vector<std::int64_t> keys() const {
    std::vector<std::int64_t> keys;
    keys.reserve(column_of_.size());
    for (const auto& [key, column] : column_of_)
      keys.push_back(key);
    return keys;
  }
  /// [rows, keys], NaN where a row says nothing.
  [[nodiscard]] std::vector<double> matrix(const std::string& layer) const {
    std::vector<double> values(rows_ * met_.size(), k_nan);
    const auto& rows = layers_.at(layer);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      std::size_t place = row * met_.size();
      for (const auto& [key, column] : column_of_) {
        if (column < rows[row].size())
          values[place] = rows[row][column];
        ++place;
      }
    }
    return values;
  }

 private:
  static constexpr double k_nan = std::numeric_limits<double>::quiet_NaN();

  std::size_t column_of(std::int64_t key) {
    const auto [place, added] = column_of_.try_emplace(key, met_.size());
    if (added)
      met_.push_back(key);
    return place->second;
  }

  std::map<std::int64_t, std::size_t> column_of_;
  std::vector<std::int64_t> met_;
  std::map<std::string, std::vector<std::vector<double>>> layers_;
  std::size_t rows_ = 0;
};

}  // namespace fairsweep::store
