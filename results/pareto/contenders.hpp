#pragma once

#include <cstddef>
#include <vector>

#include "results/pareto/mean_model.hpp"
#include "results/pareto/measured_means.hpp"

namespace fairsweep::pareto {

/// Of the row's own replicates or of all, whichever is larger.
[[nodiscard]] double standard_error(const MeasuredMeans& measured, std::size_t row, std::size_t axis);

/// Rows that no other beats by five standard errors of each in every dimension, ascending. O(rows x front).
[[nodiscard]] std::vector<std::size_t> contenders_of(const MeasuredMeans& measured);

/// Which rows a MeanModel draws: those it learns from, evenly spread over all, then the contenders that are not among
/// them.
struct DrawnRows {
  std::vector<std::size_t> rows;
  std::size_t teaching = 0;
  std::vector<std::size_t> contenders;
  std::vector<std::size_t> places;  ///< [contenders] in `rows`
};

/// @param teaching  rows to learn from, at most
[[nodiscard]] DrawnRows rows_to_draw(std::size_t count, std::vector<std::size_t> contenders, std::size_t teaching);

/// Leaves out contenders that a few draws show to be nowhere near a front. With few replicates and many configurations
/// five standard errors rule out little, though most rows are beaten by some of the many that are better.
///
/// Out is who would be beaten in each of three draws were it better by 3.5 standard errors in everything; then, who
/// would be beaten in each of eight more were it better by 0.75, and is on the front of none. So of those left out some
/// might have been on the front once in some hundred draws; their probability is then taken to be 0.
/// @param model  of `drawn`, past its burn-in; afterwards it draws what is left. O(11 x rows).
void screen(const MeasuredMeans& measured, MeanModel& model, DrawnRows& drawn);

}  // namespace fairsweep::pareto
