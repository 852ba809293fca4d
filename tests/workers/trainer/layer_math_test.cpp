#include "workers/trainer/layer_math.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include "workers/trainer/stacked_optimizer.hpp"

namespace fairsweep {
namespace {

/// Sixteen-bit numbers go the way of every device that is not the host; their formulas are compared with the host's.
constexpr double k_coarse = 0.03;

at::Tensor waves(at::IntArrayRef shape, double phase) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape)
    count *= size;
  return at::sin(at::arange(count, at::kDouble) * 0.7 + phase).view(shape);
}

at::Tensor coarse(const at::Tensor& values) { return values.to(at::kBFloat16); }

bool close(const at::Tensor& elsewhere, const at::Tensor& host) {
  return elsewhere.to(at::kDouble).allclose(host, k_coarse, k_coarse);
}

TEST(LayerMath, HostAndElsewhereFollowOneFormula) {
  const at::Tensor sums = waves({2, 5, 32}, 0.1), bias = waves({2, 1, 32}, 0.2), output = waves({2, 32, 1}, 0.3);
  const at::Tensor gradient = waves({2, 5}, 0.4);
  ASSERT_TRUE(on_host(sums));
  ASSERT_FALSE(on_host(coarse(sums)));
  const at::Tensor expected = (sums + bias).tanh();
  const at::Tensor host = sums.clone(), elsewhere = coarse(sums);
  tanh_layer(host, bias);
  tanh_layer(elsewhere, coarse(bias));
  EXPECT_TRUE(host.allclose(expected, 1e-14, 1e-14));
  EXPECT_TRUE(close(elsewhere, expected));

  const at::Tensor scores = output_scores(host, output);
  EXPECT_TRUE(scores.allclose(at::bmm(host, output).squeeze(2), 1e-13, 1e-13));
  const at::Tensor apart = output_scores(coarse(host), coarse(output)).to(at::kDouble) - scores;
  EXPECT_LT(apart.abs().max().item<double>(), k_coarse * 32) << apart << scores;  // of 32 terms, each that coarse

  const at::Tensor output_gradient = at::full({2, 32, 1}, 9, at::kDouble), other = coarse(output_gradient);
  const at::Tensor back = back_from_scores(gradient, host, output, output_gradient);
  EXPECT_TRUE(close(back_from_scores(coarse(gradient), coarse(host), coarse(output), other), back));
  EXPECT_TRUE(close(other, output_gradient));

  const at::Tensor bias_gradient = at::full({2, 1, 32}, 9, at::kDouble), other_bias = coarse(bias_gradient);
  sum_rows(back, bias_gradient);
  sum_rows(coarse(back), other_bias);
  EXPECT_TRUE(bias_gradient.allclose(back.sum(1, true), 1e-13, 1e-13));
  EXPECT_TRUE(close(other_bias, bias_gradient));

  const at::Tensor through = sums.clone(), other_through = coarse(sums);
  back_through_tanh(through, host);
  back_through_tanh(other_through, coarse(host));
  EXPECT_TRUE(through.allclose(sums * (1 - host * host), 1e-14, 1e-14));
  EXPECT_TRUE(close(other_through, through));
}

TEST(LayerMath, TheOptimiserElsewhereTakesTheStepsOfTheHost) {
  const at::Tensor start = waves({2, 32}, 0.5);
  const at::Tensor rate = at::full({2, 1}, 0.1, at::kDouble), keep = at::full({2, 1}, 0.98, at::kDouble);
  const at::Tensor clip = at::tensor({0.5, 100.0}, at::kDouble).view({2, 1});
  const at::Tensor host = start.clone(), elsewhere = coarse(start);
  OptimizerState state{at::zeros_like(host), at::zeros_like(host), 0};
  OptimizerState other{at::zeros_like(elsewhere), at::zeros_like(elsewhere), 0};
  for (int step = 0; step < 3; ++step) {
    const at::Tensor gradient = waves({2, 32}, 1.0 + 0.1 * step);
    adamw_step(host, gradient.clone(), state, {rate, keep, clip});
    adamw_step(elsewhere, coarse(gradient), other, {coarse(rate), coarse(keep), coarse(clip)});
  }
  EXPECT_TRUE(close(elsewhere, host));
  EXPECT_TRUE(close(other.first, state.first));
}

}  // namespace
}  // namespace fairsweep
