#include "workers/trainer/embedding/embed.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/embedding/text_encoder.hpp"
#include "workers/trainer/pack_failure.hpp"

namespace fairsweep {

namespace {

[[noreturn]] void refuse(const EmbedSettings& settings, const std::string& what) {
  throw UserError(ExitCode::file, settings.encoder.string() + ": " + what);
}

at::Device device_of(const std::string& text) {
  if (text == "cpu") {
    return at::kCPU;
  }
  if (text != "cuda") {
    throw UserError(ExitCode::configuration,
                    "--device " + text + ": there are cpu and cuda; CUDA_VISIBLE_DEVICES says which of several");
  }
  if (!at::hasCUDA()) {
    throw UserError(ExitCode::environment,
                    "--device cuda: LibTorch finds no CUDA device; leave the option out, or see docs/gpu.md");
  }
  return {at::kCUDA, 0};
}

/// The encoder's output as one row a text.
at::Tensor rows_of(const EmbedSettings& settings, const at::Tensor& output, const at::Tensor& mask, Pooling& used) {
  const std::int64_t texts = mask.size(0);
  std::string shape;
  for (const std::int64_t extent : output.sizes()) {
    shape += (shape.empty() ? "" : " x ") + std::to_string(extent);
  }
  const bool by_token = output.dim() == 3 && output.size(1) == mask.size(1);
  if (!at::isFloatingType(output.scalar_type()) || (output.dim() != 2 && !by_token) || output.size(0) != texts ||
      output.size(-1) == 0) {
    refuse(settings, "gives " + std::string(at::toString(output.scalar_type())) + " [" + shape + "] for tokens [" +
                         std::to_string(texts) + " x " + std::to_string(mask.size(1)) +
                         "]; it must give real numbers, a row for each text or for each token");
  }
  used = settings.pooling.value_or(by_token ? Pooling::mean : Pooling::none);
  if (by_token == (used == Pooling::none)) {
    throw UserError(ExitCode::configuration,
                    by_token ? "--pooling none: the encoder gives a row for each token; ask for mean, last or first"
                             : "--pooling " + std::string(to_text(used)) +
                                   ": the encoder gives one row for each text already; leave the option out");
  }
  return used == Pooling::none ? output.to(at::kFloat) : pooled(output, mask, used);
}

/// Where memory ran out, an error that says what helps; what else LibTorch says, with the texts it was said of.
[[noreturn]] void explain(const EmbedSettings& settings, const TokenisedTexts& texts, const TokenBatch& batch,
                          const std::exception& error) {
  const TrialFailure failure = failure_from(error, "embed");
  // Inside a module LibTorch turns every error into one of its interpreter, which keeps no more than the words.
  const bool out_of_memory = failure.reason == "out_of_memory" ||
                             failure.message.find("DefaultCPUAllocator") != std::string::npos ||
                             failure.message.find("out of memory") != std::string::npos;
  if (out_of_memory) {
    const std::size_t count = batch.texts.size();
    throw UserError(ExitCode::environment, "the memory of " + settings.device + " is too small for " +
                                               std::to_string(count) + (count == 1 ? " text of " : " texts of ") +
                                               std::to_string(batch.tokens.size(1)) + " tokens at once; " +
                                               (count > 1 ? "ask for fewer with --batch " + std::to_string(count / 2)
                                                          : "cut the texts, or take a larger device"));
  }
  // A module's error has its traceback first and its reason last.
  std::string words = failure.message;
  words.erase(words.find_last_not_of(" \n") + 1);
  const std::size_t last_line = words.rfind('\n');
  refuse(settings, "failed in a batch from " + name_of(texts, batch.texts.front()) +
                       " on: " + words.substr(last_line == std::string::npos ? 0 : last_line + 1));
}

void store(const EmbedSettings& settings, const TokenisedTexts& texts, const TokenBatch& batch, const at::Tensor& rows,
           EmbeddedTexts& result) {
  const at::Tensor values = rows.to(at::kCPU).contiguous();
  if (result.dimensions == 0) {
    result.dimensions = values.size(1);
    result.values.resize(static_cast<std::size_t>(result.rows * result.dimensions));
  }
  if (values.size(1) != result.dimensions) {
    refuse(settings, "gives " + std::to_string(result.dimensions) + " numbers for some texts and " +
                         std::to_string(values.size(1)) + " for " + name_of(texts, batch.texts.front()));
  }
  const float* from = values.data_ptr<float>();
  for (const std::size_t text : batch.texts) {
    if (!std::all_of(from, from + result.dimensions, [](float value) { return std::isfinite(value); })) {
      refuse(settings, "gives a value that is not finite for " + name_of(texts, text));
    }
    std::copy_n(from, result.dimensions, result.values.begin() + static_cast<std::ptrdiff_t>(text) * result.dimensions);
    from += result.dimensions;
  }
}

}  // namespace

EmbeddedTexts embed_texts(const EmbedSettings& settings, const TokenisedTexts& texts, const EmbedProgress& progress) {
  if (settings.batch < 1) {
    throw UserError(ExitCode::configuration, "--batch " + std::to_string(settings.batch) + ": must be at least 1");
  }
  const at::Device device = device_of(settings.device);
  TextEncoder encoder(settings.encoder, device);
  EmbeddedTexts result;
  result.rows = static_cast<std::int64_t>(texts.count());
  result.device = device.str();
  std::int64_t done = 0;
  for (std::vector<std::size_t>& rows : batches_of(texts, settings.batch, !encoder.takes_mask())) {
    const TokenBatch batch = padded(texts, std::move(rows));
    try {
      const at::Tensor mask = batch.mask.to(device);
      const at::Tensor output = encoder(batch.tokens.to(device), mask);
      store(settings, texts, batch, rows_of(settings, output, mask, result.pooling), result);
    } catch (const UserError&) {
      throw;
    } catch (const std::exception& error) {
      explain(settings, texts, batch, error);
    }
    done += static_cast<std::int64_t>(batch.texts.size());
    if (progress) {
      progress(done, result.rows);
    }
  }
  return result;
}

}  // namespace fairsweep
