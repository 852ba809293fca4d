#include "workers/trainer/embedding/text_encoder.hpp"

#include <torch/script.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"
#include "workers/trainer/pack_failure.hpp"

namespace fairsweep {

struct TextEncoder::Module {
  torch::jit::Module module;
  bool takes_mask = true;
};

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what) {
  throw UserError(ExitCode::file, file.string() + ": " + what);
}

/// Whether forward() takes a mask beside the tokens. Further arguments need defaults.
bool mask_of_forward(const std::filesystem::path& file, const torch::jit::Module& module) {
  const auto method = module.find_method("forward");
  if (!method) {
    refuse(file, "this TorchScript module has no forward()");
  }
  const std::vector<c10::Argument>& arguments = method->function().getSchema().arguments();  // the first is "self"
  const auto needed = std::count_if(arguments.begin() + 1, arguments.end(),
                                    [](const c10::Argument& argument) { return !argument.default_value(); });
  const auto taken = static_cast<std::int64_t>(arguments.size()) - 1;
  if (taken < 1 || needed > 2) {
    refuse(file, "its forward() needs " + std::to_string(taken < 1 ? taken : needed) +
                     " arguments; it must take (input_ids, attention_mask) or (input_ids)");
  }
  return taken >= 2;
}

}  // namespace

TextEncoder::TextEncoder(const std::filesystem::path& file, at::Device device)
    : file_(file), module_(std::make_unique<Module>()) {
  require_input_file(file);
  try {
    module_->module = torch::jit::load(file.string(), device);
  } catch (const c10::Error& error) {
    const std::string words = sentence_of(error);
    refuse(file, "is not a TorchScript module; write it with torch.jit.save(): " + words.substr(0, words.find('\n')));
  }
  module_->takes_mask = mask_of_forward(file, module_->module);
  module_->module.eval();
}

TextEncoder::~TextEncoder() = default;

bool TextEncoder::takes_mask() const { return module_->takes_mask; }

at::Tensor TextEncoder::operator()(const at::Tensor& tokens, const at::Tensor& mask) {
  const c10::InferenceMode no_gradients;
  std::vector<c10::IValue> arguments{tokens};
  if (module_->takes_mask) {
    arguments.emplace_back(mask);
  }
  c10::IValue output = module_->module.forward(std::move(arguments));
  if (output.isTuple() && !output.toTupleRef().elements().empty()) {
    output = c10::IValue(output.toTupleRef().elements()[0]);
  } else if (output.isGenericDict()) {
    const auto dictionary = output.toGenericDict();
    const c10::IValue key("last_hidden_state");
    if (dictionary.keyType()->kind() != c10::TypeKind::StringType || !dictionary.contains(key)) {
      refuse(file_, "returns a dictionary without \"last_hidden_state\"");
    }
    output = dictionary.at(key);
  }
  if (!output.isTensor()) {
    refuse(file_, "returns " + output.tagKind() +
                      "; it must return a tensor, a tuple that begins with one, or a dictionary with "
                      "\"last_hidden_state\"");
  }
  return output.toTensor();
}

}  // namespace fairsweep
