#include "workers/trainer/choice_likelihood.hpp"

#include <limits>
#include <vector>

namespace fairsweep {

at::Tensor with_noise(const at::Tensor& loss, const ChoiceShape& shape) {
  return shape.noise_keep.defined() ? at::logaddexp(shape.noise_keep - loss, shape.noise_floor).neg() : loss;
}

ChoiceOutcome choice_likelihood(const at::Tensor& scores, const ChoiceShape& shape) {
  const std::int64_t candidates = scores.size(1);
  if (candidates == 2 && !shape.absent.defined() && !shape.ranked.defined()) {
    const std::vector<at::Tensor> pair = scores.unbind(1);  // back, one stack puts the two gradients together
    const at::Tensor margin = pair[0] - pair[1];
    return {with_noise(at::softplus(margin.neg()), shape), margin};
  }
  const at::Tensor best = scores.select(1, 0);
  const at::Tensor open =
      shape.absent.defined() ? scores.masked_fill(shape.absent, -std::numeric_limits<double>::infinity()) : scores;
  ChoiceOutcome outcome;
  outcome.margin = best - open.narrow(1, 1, candidates - 1).amax(1);
  outcome.loss = at::logsumexp(open, 1) - best;
  for (std::int64_t place = 1; place < shape.most_ranked; ++place) {
    // Where this place is not ranked, both terms are replaced before the difference: no infinity, no gradient.
    const at::Tensor unranked = shape.ranked.le(place);
    const at::Tensor rest = open.narrow(1, place, candidates - place).masked_fill(unranked.unsqueeze(1), 0.0);
    const at::Tensor term = at::logsumexp(rest, 1) - rest.select(1, 0);
    outcome.loss = outcome.loss + term.masked_fill(unranked, 0.0);
  }
  outcome.loss = with_noise(outcome.loss, shape);
  return outcome;
}

}  // namespace fairsweep
