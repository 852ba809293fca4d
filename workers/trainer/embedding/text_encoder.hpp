#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <memory>

namespace fairsweep {

/// A TorchScript module that turns tokens into numbers. Called as forward(input_ids, attention_mask), or as
/// forward(input_ids) where it takes one argument; both are [texts, length] of int64.
class TextEncoder {
 public:
  /// Loads the module, sets it to evaluation and moves it to the device.
  /// @throws UserError (file) where the file is no TorchScript module or takes other arguments.
  TextEncoder(const std::filesystem::path& file, at::Device device);
  ~TextEncoder();
  TextEncoder(const TextEncoder&) = delete;
  TextEncoder& operator=(const TextEncoder&) = delete;

  [[nodiscard]] bool takes_mask() const;
  /// The tensor that the module returns: the output itself, the first element of a tuple, or "last_hidden_state" of a
  /// dictionary. Without gradients. Arguments are on the encoder's device.
  /// @throws UserError (file) where it returns something else; std::exception of LibTorch where the module fails.
  [[nodiscard]] at::Tensor operator()(const at::Tensor& tokens, const at::Tensor& mask);

 private:
  struct Module;
  std::filesystem::path file_;
  std::unique_ptr<Module> module_;
};

}  // namespace fairsweep
