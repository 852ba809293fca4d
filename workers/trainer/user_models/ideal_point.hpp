#pragma once

#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

/// r(u, x) = -|f(x) - a_u|^2 with f(x) = phi(x) F and a_u = sum_k softmax(w_u)_k p_k: the nearer a candidate is to what
/// the person would like best, the better. The ideal points are mixtures of C prototypes that everybody shares; the own
/// numbers are w_u.
///
/// Source: Chen, Chen, Rege, Wang, Vinayak, PAL: Pluralistic Alignment Framework for Learning from Heterogeneous
/// Preferences (ICLR 2025, arXiv 2406.08469), form A with prototypes in the space of f. Form B needs features of the
/// question apart from its answers, which preference data do not have.
class IdealPoint : public UserHead {
 public:
  /// @param prototypes C    @param size d of f; both at least 1
  IdealPoint(std::int64_t prototypes, std::int64_t size) : prototypes_(prototypes), size_(size) {}
  [[nodiscard]] std::int64_t own_size() const override { return prototypes_; }
  [[nodiscard]] std::vector<SharedMatrix> shared(std::int64_t inputs) const override;
  [[nodiscard]] at::Tensor scores(const HeadInput& input, HeadTrace* trace) const override;
  [[nodiscard]] HeadGradient back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                                  const std::vector<at::Tensor>& shared_gradients) const override;
  [[nodiscard]] std::string script(const std::string& own) const override;

 private:
  std::int64_t prototypes_, size_;
};

}  // namespace fairsweep
