#include "workers/trainer/stage_cache.hpp"

#include <system_error>

#include "workers/trainer/tensor_file.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_format = "fairsweep stage 1";
const std::string k_learned_prefix = "learned.";

}  // namespace

StageCache::StageCache(std::filesystem::path directory) : directory_(std::move(directory)) {
  if (!directory_.empty())
    directory_ /= "stages";
}

std::optional<StageResult> StageCache::find(const std::string& digest, std::int64_t parameters) const {
  if (directory_.empty())
    return std::nullopt;
  const std::optional<TensorFile> file = read_tensor_file(directory_ / (digest + ".stage"));
  if (!file || file->words.count("format") == 0 || file->words.at("format") != k_format ||
      file->tensors.count("parameters") == 0 || file->tensors.at("parameters").numel() != parameters ||
      file->tensors.count("epochs") == 0 || file->tensors.count("best_value") == 0) {
    return std::nullopt;
  }
  StageResult result;
  result.epochs = file->tensors.at("epochs").data_ptr<std::int64_t>()[0];
  result.best_epoch = file->tensors.at("epochs").data_ptr<std::int64_t>()[1];
  result.best_value = file->tensors.at("best_value").data_ptr<double>()[0];
  result.parameters = file->tensors.at("parameters");
  for (const auto& [name, tensor] : file->tensors) {
    if (name.starts_with(k_learned_prefix))
      result.learned[name.substr(k_learned_prefix.size())] = tensor;
  }
  return result;
}

std::optional<FileClaim> StageCache::claim(const std::string& digest) const {
  if (directory_.empty())
    return FileClaim();
  std::error_code ignored;  // keep() says what is wrong with the folder
  std::filesystem::create_directories(directory_, ignored);
  return claim_file(directory_ / (digest + ".claim"));
}

void StageCache::keep(const std::string& digest, const StageResult& result) const {
  if (directory_.empty() || result.failed)
    return;
  std::error_code ignored;  // writing says what is wrong with the folder
  std::filesystem::create_directories(directory_, ignored);
  TensorFile file;
  file.words = {{"format", k_format}};
  at::Tensor epochs = at::empty({2}, at::kLong);
  epochs.data_ptr<std::int64_t>()[0] = result.epochs;
  epochs.data_ptr<std::int64_t>()[1] = result.best_epoch;
  file.tensors = {{"parameters", result.parameters},
                  {"epochs", epochs},
                  {"best_value", at::full({1}, result.best_value, at::kDouble)}};
  for (const auto& [name, tensor] : result.learned)
    file.tensors[k_learned_prefix + name] = tensor;
  write_tensor_file(directory_ / (digest + ".stage"), file);
}

}  // namespace fairsweep
