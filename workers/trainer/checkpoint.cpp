#include "workers/trainer/checkpoint.hpp"

#include <array>
#include <system_error>

#include "workers/trainer/tensor_file.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_format = "fairsweep checkpoint 1";
const std::string k_objective_prefix = "objective.";
const std::string k_learned_prefix = "learned.";

std::filesystem::path path_of(const std::filesystem::path& directory, const std::string& digest) {
  return directory / (digest + ".checkpoint");
}

}  // namespace

void write_checkpoint(const std::filesystem::path& directory, const std::string& digest, const RunSnapshot& snapshot) {
  TensorFile file;
  file.words = {{"format", k_format}, {"run", digest}};
  at::Tensor counts = at::empty({3}, at::kLong);
  counts.data_ptr<std::int64_t>()[0] = snapshot.epochs;
  counts.data_ptr<std::int64_t>()[1] = snapshot.steps;
  counts.data_ptr<std::int64_t>()[2] = snapshot.best_epoch;
  at::Tensor reals = at::empty({2}, at::kDouble);
  reals.data_ptr<double>()[0] = snapshot.best_value;
  reals.data_ptr<double>()[1] = snapshot.seconds;
  file.tensors = {{"counts", counts},      {"reals", reals},          {"parameters", snapshot.parameters},
                  {"best", snapshot.best}, {"first", snapshot.first}, {"second", snapshot.second}};
  for (const auto& [name, tensor] : snapshot.objective)
    file.tensors[k_objective_prefix + name] = tensor;
  for (const auto& [name, tensor] : snapshot.learned)
    file.tensors[k_learned_prefix + name] = tensor;
  write_tensor_file(path_of(directory, digest), file);
}

std::optional<RunSnapshot> read_checkpoint(const std::filesystem::path& directory, const std::string& digest,
                                           std::int64_t parameters) {
  const std::optional<TensorFile> file = read_tensor_file(path_of(directory, digest));
  if (!file || file->words.count("format") == 0 || file->words.at("format") != k_format ||
      file->words.count("run") == 0 || file->words.at("run") != digest) {
    return std::nullopt;
  }
  static constexpr std::array k_rows = {"parameters", "best", "first", "second"};
  for (const auto* name : k_rows) {
    if (file->tensors.count(name) == 0 || file->tensors.at(name).numel() != parameters)
      return std::nullopt;
  }
  if (file->tensors.count("counts") == 0 || file->tensors.count("reals") == 0)
    return std::nullopt;
  RunSnapshot snapshot;
  const auto* counts = file->tensors.at("counts").data_ptr<std::int64_t>();
  const auto* reals = file->tensors.at("reals").data_ptr<double>();
  snapshot.epochs = counts[0];
  snapshot.steps = counts[1];
  snapshot.best_epoch = counts[2];
  snapshot.best_value = reals[0];
  snapshot.seconds = reals[1];
  snapshot.parameters = file->tensors.at("parameters");
  snapshot.best = file->tensors.at("best");
  snapshot.first = file->tensors.at("first");
  snapshot.second = file->tensors.at("second");
  for (const auto& [name, tensor] : file->tensors) {
    if (name.starts_with(k_objective_prefix))
      snapshot.objective[name.substr(k_objective_prefix.size())] = tensor;
    if (name.starts_with(k_learned_prefix))
      snapshot.learned[name.substr(k_learned_prefix.size())] = tensor;
  }
  return snapshot;
}

void remove_checkpoint(const std::filesystem::path& directory, const std::string& digest) {
  std::error_code ignored;  // a file that cannot be removed costs disk, not correctness: its name is its content
  std::filesystem::remove(path_of(directory, digest), ignored);
}

}  // namespace fairsweep
