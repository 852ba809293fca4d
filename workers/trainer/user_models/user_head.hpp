#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workers/trainer/trial_settings.hpp"

namespace fairsweep {

/// A matrix that a user head learns for everybody, inputs by outputs.
struct SharedMatrix {
  std::string name;         ///< as exported models name it
  bool from_trunk = false;  ///< its inputs are phi, whatever `inputs` says: padded as the trunk's last layer is
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  double deviation = 0;  ///< of the normal start values
};

/// What a user head scores: K models, B comparisons of n candidates, H numbers of phi, P own numbers of a person.
struct HeadInput {
  std::vector<at::Tensor> shared;  ///< [K, inputs, outputs], in the order of UserHead::shared
  at::Tensor phi;                  ///< [K, n * B, H], candidate-major; may be expanded from one model
  at::Tensor own;                  ///< [K, B, P] of the person of each comparison
  std::int64_t candidates = 1;     ///< n
};

/// What `scores` leaves for `back`; each head knows what it put there.
using HeadTrace = std::vector<at::Tensor>;

/// What `back` says of its inputs. `phi` is undefined where it was not asked for.
struct HeadGradient {
  at::Tensor phi;  ///< [K, n * B, H]
  at::Tensor own;  ///< [K, B, P]
};

/// How a reward model scores a candidate for a person: r(u, x) from phi(x), the last layer of the trunk (of a linear
/// head the features themselves), the person's own numbers p_u and matrices that everybody shares. Stacked over K
/// models, which are never mixed.
///
/// A model's bits must not depend on the stack: sums run over the last dimension, over candidates one after another, or
/// are matrix products of one model; exp and its like see blocks of a multiple of 32 numbers a model, which holds for
/// [K, n, B] and [K, B, P] because B is padded.
class UserHead {
 public:
  virtual ~UserHead() = default;
  /// P. Every person's numbers are one row of a block of the layout.
  [[nodiscard]] virtual std::int64_t own_size() const = 0;
  /// Of the normal start values of the persons' numbers.
  [[nodiscard]] virtual double own_deviation() const { return 0.1; }
  /// The matrices of the head, the first of which maps phi. @param inputs H without padding, for start values
  [[nodiscard]] virtual std::vector<SharedMatrix> shared(std::int64_t inputs) const = 0;
  /// Scores [K, n, B]. @param trace filled for `back` where it is not null
  [[nodiscard]] virtual at::Tensor scores(const HeadInput& input, HeadTrace* trace) const = 0;
  /// Gradients, given the scores' [K, n, B]. Those of the shared matrices are written to `shared_gradients`, whatever
  /// was there; where it is empty, neither they nor the gradient of phi are made.
  [[nodiscard]] virtual HeadGradient back(const HeadInput& input, const at::Tensor& scores_gradient,
                                          const HeadTrace& trace,
                                          const std::vector<at::Tensor>& shared_gradients) const = 0;
  /// Lines of a TorchScript function that return the scores [N], indented, from `hidden` [N, H] (phi) and `shown`
  /// [N or 1, P] (the person's numbers). @param own  begins the names of the matrices, each [outputs, inputs]
  [[nodiscard]] virtual std::string script(const std::string& own) const = 0;
  /// For heads that choose among several ways to see a candidate: how much each counts, [K, C, n, B], which sum to 1
  /// over C. Undefined for the others.
  [[nodiscard]] virtual at::Tensor attention(const HeadInput& /*input*/) const { return {}; }
};

/// The head of `model.user`; null where the model sees users otherwise, or not at all.
[[nodiscard]] std::shared_ptr<const UserHead> make_user_head(const ModelSettings& model);

/// Own numbers of a person under these settings, whether of a head or of the first layer; 0: none.
[[nodiscard]] std::int64_t own_numbers(const ModelSettings& model);

}  // namespace fairsweep
