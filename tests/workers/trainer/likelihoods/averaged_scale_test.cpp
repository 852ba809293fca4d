#include "workers/trainer/likelihoods/averaged_scale.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace fairsweep {
namespace {

/// Numbers as a likelihood learns them, and a pair.
ModelAnswers pair_of(double gap, double first, double second, at::ScalarType type) {
  ModelAnswers says;
  says.scores = at::tensor({gap, 0.0}, at::kDouble).view({1, 2, 1}).to(type);
  says.numbers = at::tensor({first, second}, at::kDouble).view({1, 2, 1}).to(type);
  return says;
}

struct GammaOracle {
  double k, theta, gap, log_probability;
};

// log E sigma(b m), b of a gamma distribution, by quadrature with 40 digits; the first is the published example.
const std::vector<GammaOracle> k_gamma = {
    {2, .3, 1.7, -0.337976896618364823},    {2, .3, -1.7, -1.24901119380224108},
    {4, .25, 1e-6, -0.693146680560070309},  {4, .25, .01, -0.688159716782507049},
    {4, .25, 20, -0.000715158402404335848}, {4, .25, -20, -7.24336405587350798},
    {.5, 2, 3, -0.253770103862526706},      {.5, 2, -3, -1.49552971246980747},
    {30, .1, -4, -10.0946976552378745},     {30, .1, 4, -0.0000412988044686451262},
    {1, 1, .5, -0.488239881296058222},      {100, .05, -12, -47.0003629245735701}};

TEST(AveragedGamma, IsTheIntegralOverTheScale) {
  const auto gamma = make_averaged_gamma();
  for (const GammaOracle& one : k_gamma) {
    const double k = std::log(one.k / 4);
    const double mean = std::log(one.k * one.theta);
    const double exact = gamma->outcome(pair_of(one.gap, k, mean, at::kDouble), {}).loss.item<double>();
    EXPECT_NEAR(exact, -one.log_probability, 1e-11 * std::max(1.0, -one.log_probability)) << one.k << " " << one.gap;
    const double single = gamma->outcome(pair_of(one.gap, k, mean, at::kFloat), {}).loss.item<float>();
    EXPECT_NEAR(single, -one.log_probability, 2e-6 * std::max(1.0, -one.log_probability)) << one.k << " " << one.gap;
  }
  EXPECT_NEAR(std::exp(-gamma->outcome(pair_of(1.7, std::log(.5), std::log(.6), at::kDouble), {}).loss.item<double>()),
              0.71321, 5e-6);
}

TEST(AveragedGamma, TheSeriesItselfAgreesWhereItConverges) {
  // The alternating series, term by term, with the mean of its last two sums.
  const auto gamma = make_averaged_gamma();
  for (const double gap : {0.3, 1.0, 4.0}) {
    const double k = 3;
    const double theta = 0.7;
    double sum = 0;
    double before = 0;
    for (int n = 0; n < 20000; ++n) {
      before = sum;
      sum += (n % 2 == 0 ? 1 : -1) * std::pow(1 + n * theta * gap, -k);
    }
    const ModelAnswers says = pair_of(gap, std::log(k / 4), std::log(k * theta), at::kDouble);
    EXPECT_NEAR(std::exp(-gamma->outcome(says, {}).loss.item<double>()), (sum + before) / 2, 1e-11) << gap;
  }
}

TEST(AveragedGamma, BecomesBradleyTerryAsTheScaleIsTheSameForAll) {
  const auto gamma = make_averaged_gamma();
  for (const double gap : {-2.0, 0.4, 3.0}) {
    const ModelAnswers says = pair_of(gap, std::log(1e7 / 4), 0, at::kDouble);
    EXPECT_NEAR(gamma->outcome(says, {}).loss.item<double>(), std::log1p(std::exp(-gap)), 1e-6);
  }
}

TEST(SeriesWeights, SumTheSeriesOfAnyMoments) {
  const std::vector<double> weights = series_weights(16);
  const auto sum = [&weights](auto term) {
    double total = 0;
    for (std::size_t j = 0; j < weights.size(); ++j)
      total += weights[j] * term(static_cast<double>(j));
    return total;
  };
  EXPECT_NEAR(sum([](double) { return 1.0; }), 0.5, 1e-12);                      // all mass at 1
  EXPECT_NEAR(sum([](double n) { return 1 / (n + 1); }), std::log(2.0), 1e-12);  // uniform on [0, 1]
  EXPECT_NEAR(sum([](double n) { return std::pow(0.3, n); }), 1 / 1.3, 1e-12);   // all mass at 0.3
}

struct LogNormalOracle {
  double mu, sigma, gap, log_probability, tolerance;
};

// log E sigma(b m), log b normal, by quadrature with 40 digits.
const std::vector<LogNormalOracle> k_log_normal = {
    {0, .5, 1.5, -0.202845259195407625, 1e-9},   {0, .5, -1.5, -1.69502065268809879, 1e-8},
    {-.5, .2, 8, -0.0106147635105031111, 1e-10}, {-.5, .2, -8, -4.55081214992119091, 1e-8},
    {.3, 1, 2, -0.122374543823421665, 1e-4},     {.3, 1, -2, -2.161232275222123, 1e-4},
    {0, 1, 10, -0.0191375595732353752, 1e-4},    {0, 1, -10, -3.96565592467277224, 5e-4},
    {0, 1, .001, -0.692323163269723879, 1e-10},  {0, 2, -3, -1.89322031619025464, 2e-2}};

TEST(AveragedLogNormal, IsTheIntegralOverTheScale) {
  const auto log_normal = make_averaged_log_normal();
  for (const LogNormalOracle& one : k_log_normal) {
    const ModelAnswers says = pair_of(one.gap, one.mu, std::log(2 * one.sigma), at::kDouble);
    EXPECT_NEAR(log_normal->outcome(says, {}).loss.item<double>(), -one.log_probability, one.tolerance)
        << one.sigma << " " << one.gap;
  }
}

TEST(AveragedLogNormal, BecomesBradleyTerryAsTheScaleIsTheSameForAll) {
  const auto log_normal = make_averaged_log_normal();
  for (const double gap : {-2.0, 0.4, 3.0}) {
    const ModelAnswers says = pair_of(gap, 0.2, -20, at::kDouble);
    EXPECT_NEAR(log_normal->outcome(says, {}).loss.item<double>(), std::log1p(std::exp(-gap * std::exp(0.2))), 1e-12);
  }
}

TEST(NormalQuadrature, IsExactForPolynomials) {
  for (const std::size_t count : {1U, 2U, 5U, 16U, 21U}) {
    const NormalQuadrature rule = normal_quadrature(count);
    double moment = 1;  // of a standard normal: (degree - 1)!!
    for (std::size_t degree = 0; degree < 2 * count && degree <= 16; degree += 2) {
      if (degree > 0)
        moment *= static_cast<double>(degree - 1);
      double even = 0;
      double odd = 0;
      for (std::size_t i = 0; i < count; ++i) {
        even += rule.weight[i] * std::pow(rule.point[i], static_cast<double>(degree));
        odd += rule.weight[i] * std::pow(rule.point[i], static_cast<double>(degree + 1));
      }
      EXPECT_NEAR(even, moment, 1e-11 * moment) << count << " points, degree " << degree;
      EXPECT_NEAR(odd, 0, 1e-9 * moment) << count << " points, degree " << degree + 1;
    }
  }
}

}  // namespace
}  // namespace fairsweep
