#pragma once

#include "workers/trainer/user_models/user_head.hpp"

namespace fairsweep {

/// r(u, x) = sum_c a_c(u, x) <w_u^c, f(x)> with f(x) = phi(x) F and a(u, x) = softmax_c cos(w_u^c A, f(x) B): a person
/// is several, and the candidate calls up the one that decides. With one persona it is RewardFeatures. The own numbers
/// are the personas, one after another.
///
/// Source: Barkan, Fuchs, Caciularu, Koenigstein, Explainable Recommendations via Attentive Multi-Persona Collaborative
/// Filtering (RecSys 2020, arXiv 2010.07042), read as a head of a reward model, which is our reconstruction. Its
/// regulariser of the attention is left out: see docs/methods/user_models.md.
class Personas : public UserHead {
 public:
  /// @param count C    @param size d of f and of a persona; both at least 1
  Personas(std::int64_t count, std::int64_t size) : count_(count), size_(size) {}
  [[nodiscard]] std::int64_t own_size() const override { return count_ * size_; }
  [[nodiscard]] std::vector<SharedMatrix> shared(std::int64_t inputs) const override;
  [[nodiscard]] at::Tensor scores(const HeadInput& input, HeadTrace* trace) const override;
  [[nodiscard]] HeadGradient back(const HeadInput& input, const at::Tensor& scores_gradient, const HeadTrace& trace,
                                  const std::vector<at::Tensor>& shared_gradients) const override;
  [[nodiscard]] std::string script(const std::string& own) const override;
  [[nodiscard]] at::Tensor attention(const HeadInput& input) const override;

 private:
  struct Look;
  [[nodiscard]] Look look(const HeadInput& input) const;
  std::int64_t count_, size_;
};

}  // namespace fairsweep
