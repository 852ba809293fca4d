#pragma once

namespace fairsweep::report {

/// The share of Student's distribution with this many degrees of freedom (at least 1) that lies below t.
/// Regularised incomplete beta function by its continued fraction (Lentz), to about 1e-13.
[[nodiscard]] double student_share(double t, double degrees);

/// The t below which `share`, above 0 and below 1, lies. Bisection, to about 1e-12 relative.
[[nodiscard]] double student_quantile(double share, double degrees);

}  // namespace fairsweep::report
