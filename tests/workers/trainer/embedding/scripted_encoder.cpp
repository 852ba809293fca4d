#include "tests/workers/trainer/embedding/scripted_encoder.hpp"

#include <torch/script.h>

namespace fairsweep {

void testing_data::save_encoder(const std::filesystem::path& file, const std::string& methods) {
  torch::jit::Module module("encoder");
  const at::Tensor token = at::arange(10, at::kFloat);
  module.register_parameter("table", at::stack({token, token * token}, 1), false);
  module.define(methods);
  module.save(file.string());
}

}  // namespace fairsweep
