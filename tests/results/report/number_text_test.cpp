#include "results/report/number_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace fairsweep::report {
namespace {

TEST(NumberText, KeepsSignificantDigits) {
  EXPECT_EQ(number_text(0.71234), "0.7123");
  EXPECT_EQ(number_text(-12.345), "-12.35");
  EXPECT_EQ(number_text(123456.7), "123457");
  EXPECT_EQ(number_text(1234567.0), "1.235e+06");
  EXPECT_EQ(number_text(0.000012345), "1.234e-05");
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(std::nan("")), "-");
  EXPECT_EQ(number_text(0.5, 6), "0.500000");
}

TEST(NumberText, ExactTextReadsBack) {
  for (const double value : {0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -2.5}) {
    EXPECT_EQ(std::strtod(exact_text(value).c_str(), nullptr), value);
  }
  EXPECT_EQ(exact_text(37.75), "37.75");
  EXPECT_EQ(exact_text(0.1), "0.10000000000000001");
}

TEST(NumberText, EstimatesShowTheErrorToTwoDigits) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(estimate_text({0.712345, 0.0045, 3}), "0.7123 ± 0.0045");
  EXPECT_EQ(estimate_text({12.3456, 0.51, 3}), "12.35 ± 0.51");
  EXPECT_EQ(estimate_text({1234.5, 21.0, 3}), "1234 ± 21");
  EXPECT_EQ(estimate_text({0.75, 0.0, 2}), "0.7500 ± 0");
  EXPECT_EQ(estimate_text({0.75, nan, 1}), "0.7500");
  EXPECT_EQ(estimate_text({nan, nan, 0}), "-");
  EXPECT_EQ(estimate_text({1.0, 1e-12, 2}), "1 ± 1e-12");
}

TEST(NumberText, Durations) {
  EXPECT_EQ(duration_text(4.21), "4.2 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(3725), "1 h 02 min");
  EXPECT_EQ(duration_text(-1), "-");
  EXPECT_EQ(duration_text(std::nan("")), "-");
}

}  // namespace
}  // namespace fairsweep::report
