#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "objectives/training/training_objective.hpp"
#include "objectives/training/type_posterior.hpp"

namespace fairsweep {

// Between the tensors of a stack and the plain tables of type_posterior.hpp.

/// Types first, ..., first + count - 1 of trial k. @param values [K, L, U]
[[nodiscard]] TypeTable table_of(const at::Tensor& values, std::int64_t k, std::int64_t first, std::int64_t count);
/// [types, people] double on the host.
[[nodiscard]] at::Tensor tensor_of(const TypeTable& table);
/// Row-major numbers of a tensor, in double, on the host.
[[nodiscard]] std::vector<double> numbers_in(const at::Tensor& values);

/// The people who made these comparisons, [users]; nobody where the tensors are undefined.
[[nodiscard]] std::vector<bool> people_in(const ComparisonFacts& comparisons, std::int64_t users);

/// Evidence of comparisons, [types, users]. @param loss [types, m], of one trial    @param counted [m] 0 or 1 each;
/// empty: all count
[[nodiscard]] TypeTable evidence_of(const at::Tensor& loss, const ComparisonFacts& comparisons, std::int64_t users,
                                    const std::vector<double>& counted = {});

/// Rows of people for the comparisons of a batch: of [K, L, U], [K, L, B].
[[nodiscard]] at::Tensor at_people(const at::Tensor& values, const at::Tensor& user);

/// sum over members of the weighted means over the batch of share times loss, [K], with gradients through the losses.
/// @param share [K, L, B] of each comparison's person    @param weight [K, B]    @param loss [K, L, B]
[[nodiscard]] at::Tensor shared_loss(const at::Tensor& share, const at::Tensor& weight, const at::Tensor& loss);

}  // namespace fairsweep
