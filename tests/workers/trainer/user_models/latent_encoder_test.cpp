#include "workers/trainer/user_models/latent_encoder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace fairsweep {
namespace {

/// K encoders of 3 features, 4 hidden units and 2 latent numbers; 32 comparisons read 3 of 10 told differences each.
struct Case {
  Case(std::int64_t models, bool attends, double scale = 0.5, at::ScalarType type = at::kDouble) {
    const auto wave = [&](at::IntArrayRef shape, double phase) {
      std::int64_t count = 1;
      for (const std::int64_t extent : shape)
        count *= extent;
      return (at::sin(at::arange(count, at::kDouble) * 1.7 + phase)).view(shape).to(type);
    };
    blocks.input = wave({models, 4, 4}, 0.1);
    if (attends)
      blocks.query = wave({models, 4, 1}, 0.2);
    blocks.posterior = wave({models, 5, 4}, 0.3) * scale;
    told = at::cat({wave({10, 3}, 0.4), at::ones({10, 1}, type)}, 1);
    draw.context = (at::arange(models * 3 * 32, at::kLong) * 7 % 10).view({models, 3, 32});
    draw.known = (at::arange(models * 32, at::kLong) % 5 > 0).view({models, 32}).to(type);
    draw.noise = wave({models, 32, 2}, 0.5) * 1.5;
    draw.penalty = wave({models, 32}, 0.6).abs();
  }
  [[nodiscard]] Case only(std::int64_t k) const {
    Case one = *this;
    for (at::Tensor* tensor : {&one.blocks.input, &one.blocks.query, &one.blocks.posterior, &one.draw.context,
                               &one.draw.known, &one.draw.noise, &one.draw.penalty}) {
      if (tensor->defined())
        *tensor = tensor->narrow(0, k, 1).clone();
    }
    return one;
  }
  [[nodiscard]] EncoderBlocks gradients(const at::Tensor& upstream) const {
    EncoderTrace trace;
    (void)latent_numbers(blocks, told, draw, &trace);
    EncoderBlocks answer{at::ones_like(blocks.input), {}, at::ones_like(blocks.posterior)};
    if (blocks.query.defined())
      answer.query = at::ones_like(blocks.query);
    latent_back(blocks, draw, trace, upstream, answer);
    return answer;
  }
  EncoderBlocks blocks;
  at::Tensor told;
  LatentDraw draw;
};

/// What the gradient is of: a weighted sum of the latent numbers, and the divergences.
double value_of(const Case& one, const at::Tensor& upstream) {
  EncoderTrace trace;
  const at::Tensor z = latent_numbers(one.blocks, one.told, one.draw, &trace);
  return ((z * upstream).sum() + (divergence_of(trace.mean, trace.log_variance) * one.draw.penalty).sum())
      .item<double>();
}

TEST(LatentEncoder, DivergenceIsThatOfNormals) {
  // By the integral of q log(q / p) over a fine grid.
  for (const auto& [mean, log_variance] : {std::pair{0.0, 0.0}, {0.7, -0.5}, {-1.0, 1.0}}) {
    const double deviation = std::exp(log_variance / 2);
    double integral = 0;
    constexpr double k_width = 1e-3;
    for (double x = mean - 12 * deviation; x < mean + 12 * deviation; x += k_width) {
      const double off = (x - mean) / deviation;
      const double log_q = -0.5 * off * off - std::log(deviation);
      integral += std::exp(log_q) / std::sqrt(2 * std::numbers::pi) * (log_q + 0.5 * x * x) * k_width;
    }
    const auto one = [](double value) { return at::full({1, 1, 1}, value, at::kDouble); };
    EXPECT_NEAR(divergence_of(one(mean), one(log_variance)).item<double>(), integral, 1e-6);
  }
}

TEST(LatentEncoder, NumbersAreThoseOfTheFormula) {
  for (const bool attends : {false, true}) {
    const Case one(2, attends);
    EncoderTrace trace;
    const at::Tensor z = latent_numbers(one.blocks, one.told, one.draw, &trace);
    for (std::int64_t k = 0; k < 2; ++k) {
      for (std::int64_t b = 0; b < 32; ++b) {
        std::vector<at::Tensor> hidden;
        std::vector<double> pull;
        for (std::int64_t c = 0; c < 3; ++c) {
          const auto row = one.draw.context[k][c][b].item<std::int64_t>();
          hidden.push_back(at::tanh(one.told[row].matmul(one.blocks.input[k])));
          pull.push_back(attends ? std::exp(hidden.back().matmul(one.blocks.query[k]).item<double>()) : 1.0);
        }
        at::Tensor pooled = at::zeros({4}, at::kDouble);
        for (std::size_t c = 0; c < 3; ++c)
          pooled += hidden[c] * (pull[c] / (pull[0] + pull[1] + pull[2])) * one.draw.known[k][b];
        const at::Tensor both = at::cat({pooled, at::ones({1}, at::kDouble)}).matmul(one.blocks.posterior[k]);
        const at::Tensor cut = both.clamp(-1, 1);
        const at::Tensor drawn = cut.narrow(0, 0, 2) + at::exp(cut.narrow(0, 2, 2) / 2) * one.draw.noise[k][b];
        EXPECT_TRUE(z[k][b].allclose(drawn / drawn.norm() * std::sqrt(2.0), 1e-9, 1e-9));
        EXPECT_TRUE(trace.mean[k][b].allclose(cut.narrow(0, 0, 2), 1e-12, 1e-12));
      }
    }
  }
}

TEST(LatentEncoder, GradientsAgreeWithFiniteDifferences) {
  for (const bool attends : {false, true}) {
    for (const bool noisy : {false, true}) {
      Case one(2, attends, 0.9);  // some of the posteriors are cut
      if (!noisy)
        one.draw.noise = at::Tensor();
      const at::Tensor upstream = at::cos(at::arange(2 * 32 * 2, at::kDouble)).view({2, 32, 2});
      const EncoderBlocks found = one.gradients(upstream);
      const auto expect = [&](at::Tensor& block, const at::Tensor& gradient, const std::string& name) {
        constexpr double k_step = 1e-6;
        for (std::int64_t i = 0; i < block.numel(); ++i) {
          const at::Tensor kept = block;
          const auto moved = [&](double by) {
            block = kept.clone();
            block.view(-1)[i] += by;
            const double value = value_of(one, upstream);
            block = kept;
            return value;
          };
          EXPECT_NEAR(gradient.reshape(-1)[i].item<double>(), (moved(k_step) - moved(-k_step)) / (2 * k_step), 2e-6)
              << name << " " << i << (attends ? " attention" : " mean") << (noisy ? " noisy" : "");
        }
      };
      expect(one.blocks.input, found.input, "input");
      expect(one.blocks.posterior, found.posterior, "posterior");
      if (attends)
        expect(one.blocks.query, found.query, "query");
    }
  }
}

TEST(LatentEncoder, BitsDoNotDependOnThePack) {
  for (const bool attends : {false, true}) {
    const Case all(8, attends, 0.5, at::kFloat);
    const at::Tensor upstream = at::cos(at::arange(8 * 32 * 2, at::kDouble)).view({8, 32, 2}).to(at::kFloat);
    const at::Tensor z = latent_numbers(all.blocks, all.told, all.draw);
    const EncoderBlocks gradients = all.gradients(upstream);
    const at::Tensor person = at::arange(10, at::kLong) % 3;
    const LatentPeople people = latent_people(all.blocks, all.told, person, 4);
    for (std::int64_t k = 0; k < 8; ++k) {
      const Case one = all.only(k);
      EXPECT_TRUE(latent_numbers(one.blocks, one.told, one.draw).equal(z.narrow(0, k, 1)));
      const EncoderBlocks alone = one.gradients(upstream.narrow(0, k, 1).clone());
      EXPECT_TRUE(alone.input.equal(gradients.input.narrow(0, k, 1)));
      EXPECT_TRUE(alone.posterior.equal(gradients.posterior.narrow(0, k, 1)));
      if (attends) {
        EXPECT_TRUE(alone.query.equal(gradients.query.narrow(0, k, 1)));
      }
      EXPECT_TRUE(latent_people(one.blocks, one.told, person, 4).mean.equal(people.mean.narrow(0, k, 1)));
    }
  }
}

TEST(LatentEncoder, EverybodyAtOnceIsEveryoneWithAllThatWasToldOfHim) {
  for (const bool attends : {false, true}) {
    const Case one(2, attends);
    // Person 0 has rows 0 to 2, person 1 none, person 2 rows 3 to 9.
    const at::Tensor person = at::tensor({0, 0, 0, 2, 2, 2, 2, 2, 2, 2}, at::kLong);
    const LatentPeople people = latent_people(one.blocks, one.told, person, 3);
    for (const auto& [who, first, count] : std::vector<std::array<std::int64_t, 3>>{{0, 0, 3}, {1, 0, 1}, {2, 3, 7}}) {
      LatentDraw draw;
      draw.context =
          at::arange(first, first + count, at::kLong).view({1, count, 1}).expand({2, count, 32}).contiguous();
      draw.known = at::full({2, 32}, who == 1 ? 0.0 : 1.0, at::kDouble);
      EncoderTrace trace;
      (void)latent_numbers(one.blocks, one.told, draw, &trace);
      EXPECT_TRUE(people.mean.select(1, who).allclose(trace.mean.select(1, 0), 1e-12, 1e-12));
      EXPECT_TRUE(people.log_variance.select(1, who).allclose(trace.log_variance.select(1, 0), 1e-12, 1e-12));
    }
  }
}

}  // namespace
}  // namespace fairsweep
