#include "workers/trainer/host_kernels.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

namespace fairsweep {
namespace {

template <typename Number>
class HostKernels : public ::testing::Test {
 protected:
  std::vector<Number> normal(std::int64_t count) {
    std::vector<Number> values;
    for (std::int64_t i = 0; i < count; ++i)
      values.push_back(static_cast<Number>(draw_(random_)));
    return values;
  }
  static constexpr double k_unit = std::numeric_limits<Number>::epsilon();

 private:
  std::mt19937 random_{5};
  std::normal_distribution<double> draw_;
};

using Numbers = ::testing::Types<float, double>;
TYPED_TEST_SUITE(HostKernels, Numbers);

template <typename Number>
bool same_bits(const std::vector<Number>& left, const std::vector<Number>& right) {
  return left.size() == right.size() && std::memcmp(left.data(), right.data(), left.size() * sizeof(Number)) == 0;
}

TYPED_TEST(HostKernels, TanhIsThatOfTheLibraryWithinAUnitOfOne) {
  std::vector<TypeParam> values;
  for (int i = -4000; i <= 4000; ++i)
    values.push_back(static_cast<TypeParam>(i) / 200);
  std::vector<TypeParam> answer = values;
  host_tanh_rows<TypeParam>(answer.data(), nullptr, 1, static_cast<std::int64_t>(answer.size()));
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_NEAR(answer[i], std::tanh(static_cast<double>(values[i])), 1.5 * this->k_unit) << values[i];
}

TYPED_TEST(HostKernels, TanhOfTheEndsAndOfNoNumber) {
  constexpr TypeParam k_infinity = std::numeric_limits<TypeParam>::infinity();
  std::vector<TypeParam> values(32, std::numeric_limits<TypeParam>::quiet_NaN());
  values[0] = k_infinity;
  values[1] = -k_infinity;
  values[2] = std::numeric_limits<TypeParam>::max();
  values[3] = 0;
  host_tanh_rows<TypeParam>(values.data(), nullptr, 1, 32);
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[1], -1);
  EXPECT_EQ(values[2], 1);
  EXPECT_EQ(values[3], 0);
  for (std::size_t i = 4; i < values.size(); ++i)
    EXPECT_TRUE(std::isnan(values[i]));
}

/// What vector instructions do in a long row, and others for what is left over, is the same for one value alone.
TYPED_TEST(HostKernels, TanhHasTheSameBitsInEveryPlace) {
  for (const std::int64_t columns : {1, 7, 16, 33, 50, 384}) {
    const std::vector<TypeParam> values = this->normal(3 * columns);
    const std::vector<TypeParam> bias = this->normal(columns);
    std::vector<TypeParam> together = values;
    host_tanh_rows<TypeParam>(together.data(), bias.data(), 3, columns);
    std::vector<TypeParam> alone = values;
    for (std::size_t i = 0; i < alone.size(); ++i)
      host_tanh_rows<TypeParam>(&alone[i], &bias[i % static_cast<std::size_t>(columns)], 1, 1);
    EXPECT_TRUE(same_bits(together, alone)) << columns;
  }
}

TYPED_TEST(HostKernels, ScoresAndTheirGradientFollowTheFormulas) {
  for (const std::int64_t columns : {5, 32, 50, 384}) {
    constexpr std::int64_t k_rows = 7;
    const auto wide = static_cast<std::size_t>(columns);
    const std::vector<TypeParam> hidden = this->normal(k_rows * columns);
    const std::vector<TypeParam> output = this->normal(columns);
    const std::vector<TypeParam> gradient = this->normal(k_rows);
    std::vector<TypeParam> scores(k_rows), sums(hidden.size()), output_gradient(wide, 99);
    host_scores(hidden.data(), output.data(), scores.data(), k_rows, columns);
    host_scores_gradient(hidden.data(), output.data(), gradient.data(), sums.data(), output_gradient.data(), k_rows,
                         columns);
    const double tolerance = 8 * static_cast<double>(columns) * this->k_unit;
    std::vector<double> expected_output(wide, 0.0);
    for (std::size_t r = 0; r < k_rows; ++r) {
      double score = 0;
      for (std::size_t c = 0; c < wide; ++c) {
        const double h = hidden[r * wide + c];
        score += h * output[c];
        expected_output[c] += gradient[r] * h;
        EXPECT_NEAR(sums[r * wide + c], static_cast<double>(gradient[r]) * output[c] * (1 - h * h), tolerance);
      }
      EXPECT_NEAR(scores[r], score, tolerance);
    }
    for (std::size_t c = 0; c < wide; ++c)
      EXPECT_NEAR(output_gradient[c], expected_output[c], tolerance);
  }
}

TYPED_TEST(HostKernels, SumsAreTakenRowByRowAndNormsInDouble) {
  const std::vector<TypeParam> values = this->normal(1300);
  std::vector<TypeParam> sums(13, 99);
  host_column_sums(values.data(), sums.data(), 100, 13);
  for (std::size_t c = 0; c < 13; ++c) {
    TypeParam expected = 0;
    for (std::size_t r = 0; r < 100; ++r)
      expected += values[r * 13 + c];
    EXPECT_EQ(sums[c], expected);
  }
  double squares = 0;
  for (const TypeParam value : values)
    squares += static_cast<double>(value) * static_cast<double>(value);
  EXPECT_NEAR(host_squared_norm(values.data(), 1300), squares, 100 * this->k_unit * squares);
}

TYPED_TEST(HostKernels, TanhGradientIsOneMinusTheSquare) {
  const std::vector<TypeParam> hidden = this->normal(45);
  const std::vector<TypeParam> before = this->normal(45);
  std::vector<TypeParam> gradient = before;
  host_tanh_gradient(gradient.data(), hidden.data(), 45);
  for (std::size_t i = 0; i < 45; ++i)
    EXPECT_EQ(gradient[i], before[i] * (1 - hidden[i] * hidden[i]));
}

/// The step is the formula to the last bit: this loop knows nothing of vector instructions.
TYPED_TEST(HostKernels, AdamWHasTheBitsOfTheFormula) {
  constexpr std::int64_t k_count = 77;
  std::vector<TypeParam> parameters = this->normal(k_count), first = this->normal(k_count);
  std::vector<TypeParam> second = this->normal(k_count);
  for (TypeParam& value : second)
    value *= value;
  const std::vector<TypeParam> gradient = this->normal(k_count);
  std::vector<TypeParam> p = parameters, m = first, v = second;
  HostAdamW<TypeParam> numbers;
  numbers.gradient_factor = static_cast<TypeParam>(0.7);
  numbers.keep = static_cast<TypeParam>(0.99);
  numbers.rate = static_cast<TypeParam>(0.003);
  numbers.epsilon = static_cast<TypeParam>(1e-8);
  numbers.beta_first = static_cast<TypeParam>(0.9);
  numbers.beta_second = static_cast<TypeParam>(0.999);
  host_adamw(parameters.data(), gradient.data(), first.data(), second.data(), k_count, numbers);
  for (std::size_t i = 0; i < k_count; ++i) {
    const TypeParam g = gradient[i] * numbers.gradient_factor;
    m[i] = m[i] + (1 - numbers.beta_first) * (g - m[i]);
    v[i] = numbers.beta_second * v[i] + (1 - numbers.beta_second) * (g * g);
    p[i] = numbers.keep * p[i] - numbers.rate * (m[i] / (std::sqrt(v[i]) + numbers.epsilon));
  }
  EXPECT_TRUE(same_bits(parameters, p));
  EXPECT_TRUE(same_bits(first, m));
  EXPECT_TRUE(same_bits(second, v));
}

}  // namespace
}  // namespace fairsweep
