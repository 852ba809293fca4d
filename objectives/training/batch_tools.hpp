#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/training/training_objective.hpp"

namespace fairsweep {

/// ATen's vector loops take 2 x 8 (AVX2) or 2 x 16 (AVX-512) floats at a time and do the rest with scalar code whose
/// exp, log or tanh differ in the last bits. Blocks per trial are padded to this, so that there is no rest.
inline constexpr std::int64_t k_block = 32;
[[nodiscard]] constexpr std::int64_t padded(std::int64_t count) { return (count + k_block - 1) / k_block * k_block; }

/// One number of each trial's settings as a [K] tensor.
/// @throws UserError (configuration) naming the path where it is missing or no number.
[[nodiscard]] at::Tensor numbers_of(const std::vector<Settings>& trials, std::string_view path,
                                    const at::TensorOptions& options);
/// The same on the host, in double.
[[nodiscard]] double number_of(const Settings& settings, std::string_view path);

/// A word among the settings. @throws UserError (configuration) naming the path where there is none.
[[nodiscard]] const std::string& word_of(const Settings& settings, std::string_view path);
/// Whether the setting is the first word and not the second. @throws UserError (configuration) where it is neither.
[[nodiscard]] bool word_is(const Settings& settings, std::string_view path, std::string_view first,
                           std::string_view second);

/// The setting, which must be one of these. @throws UserError (configuration) listing them where it is none.
[[nodiscard]] const std::string& word_among(const Settings& settings, std::string_view path,
                                            std::initializer_list<std::string_view> words);

/// Sum of coefficient * value over the batch, [K]; both [K, B].
[[nodiscard]] at::Tensor weighted_sum(const at::Tensor& coefficient, const at::Tensor& value);

/// Weighted mean of [K, B] values over the batch, [K].
[[nodiscard]] at::Tensor weighted_mean(const at::Tensor& weight, const at::Tensor& value);

/// The values with 1 in place of what is not above 0, to divide by.
[[nodiscard]] at::Tensor divisor(const at::Tensor& values);

/// Sums of [K, B] values by group, [K, G]; comparisons without a group are in none.
[[nodiscard]] at::Tensor sums_by_group(const at::Tensor& group, const at::Tensor& value, std::int64_t groups);

/// Entry of a [K, G] table for each comparison's group, [K, B]; `otherwise` where there is no group.
[[nodiscard]] at::Tensor by_group(const at::Tensor& table, const at::Tensor& group, double otherwise);

/// What a stage's members say with the member dimension, which a stage of one member leaves out: [K, B] gives
/// [K, 1, B], [K, L, B] itself.
[[nodiscard]] at::Tensor of_members(const at::Tensor& value);
/// Sum over the members of values [K, L, ...]: [K, ...], one member after another, the same in every pack.
[[nodiscard]] at::Tensor sum_over_members(const at::Tensor& values);
/// Their mean.
[[nodiscard]] at::Tensor mean_over_members(const at::Tensor& values);

/// Columns of a table for the comparisons of a batch: [K, M] gives [K, B], [K, r, M] gives [K, r, B].
[[nodiscard]] at::Tensor at_comparisons(const at::Tensor& table, const PackBatch& batch);

}  // namespace fairsweep
