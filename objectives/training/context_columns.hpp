#pragma once

#include <ATen/ATen.h>

namespace fairsweep {

/// The candidates of comparisons' contexts in the order in which a stage that trains on contexts scores them: first the
/// n columns of the comparison, in the user's order and with their padding, then the e columns of whatever else is in
/// the context, in its own order.
struct ContextColumns {
  at::Tensor place;  ///< [M, n + e] int64 place in the context; 0 in the padding
  at::Tensor real;   ///< [M, n + e] bool: a candidate of the context; every candidate of it occurs once
};

/// @param present [M, n] bool, place [M, n] int64, size [M] int64 as in ComparisonFacts. O(M x largest context), and a
/// copy of one number to the host.
[[nodiscard]] ContextColumns context_columns(const at::Tensor& present, const at::Tensor& place,
                                             const at::Tensor& size);

}  // namespace fairsweep
