#include "workers/trainer/standardise.hpp"

#include <cmath>
#include <cstddef>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

ColumnScale column_scale(std::span<const float> values, std::int64_t columns, std::span<const std::int64_t> among) {
  if (values.empty()) {
    return {};
  }
  check(columns > 0 && values.size() % static_cast<std::size_t>(columns) == 0, "values are not whole rows");
  check(!among.empty(), "no rows to standardise over");
  const auto width = static_cast<std::size_t>(columns);
  const std::size_t rows = values.size() / width;
  for (const auto row : among) {
    check(row >= 0 && static_cast<std::size_t>(row) < rows, "standardising over a row that is not there");
  }
  ColumnScale answer;
  answer.mean.reserve(width);
  answer.scale.reserve(width);
  const auto n = static_cast<double>(among.size());
  for (std::size_t column = 0; column < width; ++column) {
    const auto at = [&](std::int64_t row) { return values[static_cast<std::size_t>(row) * width + column]; };
    double sum = 0;
    bool constant = true;
    for (const auto row : among) {
      sum += static_cast<double>(at(row));
      constant = constant && at(row) == at(among.front());
    }
    // A constant column is found by comparison, not by its deviation, which rounding can make tiny instead of 0.
    const double mean = constant ? static_cast<double>(at(among.front())) : sum / n;
    double squares = 0;
    for (const auto row : among) {
      const double distance = static_cast<double>(at(row)) - mean;
      squares += distance * distance;
    }
    answer.mean.push_back(mean);
    answer.scale.push_back(constant ? 1.0 : std::sqrt(squares / n));
  }
  return answer;
}

std::vector<float> standardise(std::span<const float> values, std::int64_t columns,
                               std::span<const std::int64_t> among) {
  const ColumnScale scales = column_scale(values, columns, among);
  const std::size_t width = scales.mean.size();
  std::vector<float> answer(values.size());
  for (std::size_t cell = 0; cell < values.size(); ++cell) {
    const std::size_t column = cell % width;
    answer[cell] = static_cast<float>((static_cast<double>(values[cell]) - scales.mean[column]) / scales.scale[column]);
  }
  return answer;
}

}  // namespace fairsweep
