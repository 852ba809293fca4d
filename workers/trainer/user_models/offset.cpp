#include "workers/trainer/user_models/offset.hpp"

#include "workers/trainer/layer_math.hpp"

namespace fairsweep {

at::Tensor offset_input(const at::Tensor& own, const at::Tensor& generic) { return own + generic; }

void offset_back(const at::Tensor& gradient, const at::Tensor& generic_gradient) {
  sum_rows(gradient.contiguous(), generic_gradient);
}

void mix_generic(const at::Tensor& gradient, const at::Tensor& of_generic, const at::Tensor& share) {
  gradient.mul_(share).add_(of_generic * (1 - share));
}

}  // namespace fairsweep
