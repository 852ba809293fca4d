#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "workers/trainer/reward_model.hpp"

namespace fairsweep {

/// What is known of A people, M comparisons of each one after another, B = A * M.
struct KnownAnswers {
  std::int64_t people = 0;      ///< A, a multiple of 32
  std::int64_t candidates = 0;  ///< n
  std::int64_t most_ranked = 1;
  at::Tensor weight;                   ///< [B] double, 0 in the padding
  at::Tensor ranked;                   ///< [B]
  at::Tensor absent;                   ///< [n, B] bool; undefined where nothing is
  at::Tensor tied;                     ///< [B] bool; likewise
  at::Tensor noise_keep, noise_floor;  ///< [B] of ChoiceShape; undefined where no answer may be mistaken
};

/// A normal prior of everybody's numbers.
struct NumbersPrior {
  at::Tensor mean;       ///< [K, A, P], where the steps start, too
  at::Tensor precision;  ///< [K, 1, P]
};

/// The numbers of A people under K models, [K, A, P], as PeopleFit says. Everything is double.
/// @param x [K, n * B, D], candidate-major; may be expanded
[[nodiscard]] at::Tensor newton_of_people(const RewardModel& model, const std::vector<at::Tensor>& blocks,
                                          const at::Tensor& x, const KnownAnswers& answers, const NumbersPrior& prior);

/// Solutions [N, P] of the symmetric positive definite systems matrix [N, P, P] times solution = right [N, P], by
/// elimination, each for itself: the same bits in every stack.
[[nodiscard]] at::Tensor solve_each(const at::Tensor& matrix, const at::Tensor& right);

}  // namespace fairsweep
