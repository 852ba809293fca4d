#include "workers/trainer/user_models/linked.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

/// Four people: 0 listens to 1 and 3, 2 to 0; 1 and 3 to nobody.
UserLinks some_links() { return {{0, 0, 2}, {1, 3, 0}, {3, 1, 5}}; }

LinkTensors some_tensors(at::ScalarType type = at::kDouble) { return link_tensors(some_links(), 4, type, at::kCPU); }

/// K models of four people with three numbers each, three links, and 32 comparisons.
struct Case {
  explicit Case(std::int64_t models, at::ScalarType type = at::kDouble) {
    table = at::sin(at::arange(models * 12, at::kDouble)).view({models, 4, 3}).to(type);
    influence = at::cos(at::arange(models * 4, at::kDouble)).view({models, 4, 1}).to(type);
    user = (at::arange(models * 32, at::kLong) * 7 % 4).view({models, 32});
  }
  at::Tensor table, influence, user;
};

TEST(LinkTensors, HoldWhomEverybodyListensTo) {
  const LinkTensors links = some_tensors();
  EXPECT_EQ(links.count, 3);
  EXPECT_TRUE(links.other.equal(at::tensor({1, 3, 0, 0, 0, 0, 0, 0}, at::kLong).view({4, 2})));
  EXPECT_TRUE(links.link.equal(at::tensor({0, 1, 0, 0, 2, 0, 0, 0}, at::kLong).view({4, 2})));
  EXPECT_TRUE(links.share.equal(at::tensor({0.75, 0.25, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0}, at::kDouble).view({4, 2})));
  EXPECT_TRUE(link_tensors({}, 4, at::kFloat, at::kCPU).empty());
  UserLinks many;
  for (std::int32_t other = 1; other <= 257; ++other) {
    many.from.push_back(0);
    many.to.push_back(other);
  }
  EXPECT_THROW((void)link_tensors(many, 300, at::kFloat, at::kCPU), UserError);
}

TEST(Linked, NumbersAreThoseOfTheFormula) {
  const Case one(2);
  const LinkTensors links = some_tensors();
  const at::Tensor found = linked_numbers(links, one.table, one.influence, one.user);
  const at::Tensor tau = influence_of_links(links, one.influence);
  const double share[] = {0.75, 0.25, 1.0};
  const UserLinks plain = some_links();
  for (std::int64_t k = 0; k < 2; ++k) {
    std::vector<at::Tensor> wanted;
    for (std::int64_t u = 0; u < 4; ++u)
      wanted.push_back(one.table[k][u].clone());
    for (std::size_t link = 0; link < 3; ++link) {
      const auto number = static_cast<std::int64_t>(link);
      const double argument = (one.influence[k][number] + one.influence[k][3]).item<double>();
      const double influence = 0.5 * share[link] * std::log1p(std::exp(argument)) / std::log(2.0);
      EXPECT_NEAR(tau[k][number].item<double>(), influence, 1e-14);
      wanted[static_cast<std::size_t>(plain.from[link])] += influence * one.table[k][plain.to[link]];
    }
    for (std::int64_t b = 0; b < 32; ++b)
      EXPECT_TRUE(found[k][b].allclose(wanted[one.user[k][b].item<std::int64_t>()], 1e-13, 1e-13));
  }
}

TEST(Linked, EverybodyBorrowsHalfANeighbourAtTheStart) {
  const LinkTensors links = some_tensors();
  EXPECT_TRUE(influence_of_links(links, at::zeros({1, 4, 1}, at::kDouble))
                  .allclose(at::tensor({0.375, 0.125, 0.5}, at::kDouble)));
  const Case one(1);
  EXPECT_TRUE(linked_numbers(links, one.table, no_influence(one.influence), one.user)
                  .equal(one.table.gather(1, one.user.unsqueeze(-1).expand({1, 32, 3}))));
  // Whatever is learned, nobody is drawn away from those he listens to.
  EXPECT_GE(influence_of_links(links, at::full({1, 4, 1}, -300.0, at::kDouble)).min().item<double>(), 0);
}

TEST(Linked, GradientsAgreeWithFiniteDifferences) {
  const Case one(2);
  const LinkTensors links = some_tensors();
  const at::Tensor upstream = at::sin(at::arange(2 * 32 * 3, at::kDouble) + 1).view({2, 32, 3});
  at::Tensor of_table = at::ones_like(one.table), of_influence = at::ones_like(one.influence);
  linked_back(links, one.table, one.influence, one.user, upstream, of_table, of_influence);
  const auto value = [&](const at::Tensor& table, const at::Tensor& influence) {
    return (linked_numbers(links, table, influence, one.user) * upstream).sum().item<double>();
  };
  constexpr double k_step = 1e-6;
  for (std::int64_t i = 0; i < one.table.numel(); ++i) {
    at::Tensor up = one.table.clone(), down = one.table.clone();
    up.view(-1)[i] += k_step;
    down.view(-1)[i] -= k_step;
    EXPECT_NEAR(of_table.view(-1)[i].item<double>(),
                (value(up, one.influence) - value(down, one.influence)) / (2 * k_step), 1e-7);
  }
  for (std::int64_t i = 0; i < one.influence.numel(); ++i) {
    at::Tensor up = one.influence.clone(), down = one.influence.clone();
    up.view(-1)[i] += k_step;
    down.view(-1)[i] -= k_step;
    EXPECT_NEAR(of_influence.view(-1)[i].item<double>(), (value(one.table, up) - value(one.table, down)) / (2 * k_step),
                1e-7);
  }
}

TEST(Linked, BitsDoNotDependOnThePack) {
  const Case all(8, at::kFloat);
  const LinkTensors links = some_tensors(at::kFloat);
  const at::Tensor upstream = at::sin(at::arange(8 * 32 * 3, at::kDouble)).view({8, 32, 3}).to(at::kFloat);
  const at::Tensor numbers = linked_numbers(links, all.table, all.influence, all.user);
  at::Tensor of_table = at::zeros_like(all.table), of_influence = at::zeros_like(all.influence);
  linked_back(links, all.table, all.influence, all.user, upstream, of_table, of_influence);
  for (std::int64_t k = 0; k < 8; ++k) {
    const auto one = [k](const at::Tensor& stacked) { return stacked.narrow(0, k, 1).clone(); };
    EXPECT_TRUE(linked_numbers(links, one(all.table), one(all.influence), one(all.user)).equal(one(numbers)));
    at::Tensor table = at::zeros({1, 4, 3}), influence = at::zeros({1, 4, 1});
    linked_back(links, one(all.table), one(all.influence), one(all.user), one(upstream), table, influence);
    EXPECT_TRUE(table.equal(one(of_table)));
    EXPECT_TRUE(influence.equal(one(of_influence)));
  }
}

}  // namespace
}  // namespace fairsweep
