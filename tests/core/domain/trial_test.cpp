#include "core/domain/trial.hpp"

#include <gtest/gtest.h>

#include "core/diagnostics/errors.hpp"
#include "core/domain/objective.hpp"

namespace fairsweep {
namespace {

TEST(Splits, HaveNames) {
  EXPECT_EQ(to_text(Split::train), "train");
  EXPECT_EQ(to_text(Split::validation), "validation");
  EXPECT_EQ(to_text(Split::test), "test");
  EXPECT_EQ(to_text(Split::history), "history");
  EXPECT_THROW(static_cast<void>(to_text(static_cast<Split>(9))), InternalError);
}

TEST(Objectives, TurnTheirDirectionAtTheEdge) {
  const Objective accuracy{"accuracy", "pass", Direction::maximise, ""};
  const Objective loss{"log_loss", "", Direction::minimise, "nat"};
  EXPECT_EQ(accuracy.to_minimisation(0.7), -0.7);
  EXPECT_EQ(loss.to_minimisation(0.7), 0.7);
  EXPECT_EQ(accuracy.label(), "accuracy of pass");
  EXPECT_EQ(loss.label(), "log_loss");
}

}  // namespace
}  // namespace fairsweep
