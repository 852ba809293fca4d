#include "workers/trainer/shared_training_set.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/file_claim.hpp"
#include "core/protocol/codec.hpp"
#include "workers/trainer/mapped_tensors.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_version = "training set 4\n";  // another one where the same setup makes another set
constexpr std::chrono::milliseconds k_pause{50};

/// Names whatever decides what is in the set.
std::string key_of(const TrainerSetup& setup) {
  TrainerSetup same = setup;
  same.sweep.clear();
  same.run_directory.clear();
  same.artefact_directory.clear();
  same.checkpoint_directory.clear();
  same.people_file.clear();
  same.data_file.clear();  // the digest says what is in it
  same.device.clear();
  same.metrics.clear();
  same.threads = 1;
  return sha256(k_version + to_line(same));
}

template <typename Number, typename Values>
at::Tensor to_tensor(const Values& values) {
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, c10::CppTypeToScalarType<Number>::value);
  auto* place = tensor.data_ptr<Number>();
  for (const auto value : values)
    *place++ = value;
  return tensor;
}

template <typename Values>
Values to_values(const at::Tensor& tensor) {
  using Number = typename Values::value_type;
  const auto* const first = tensor.data_ptr<Number>();
  return Values(first, first + tensor.numel());
}

/// Calls `visit` for every tensor of a part: what is written is what is read.
template <typename Comparisons, typename Visit>
void each_tensor(const std::string& part, Comparisons& comparisons, Visit visit) {
  visit(part + ".candidates", comparisons.candidates);
  visit(part + ".present", comparisons.present);
  visit(part + ".ranked", comparisons.ranked);
  visit(part + ".user", comparisons.user);
  visit(part + ".group", comparisons.group);
  visit(part + ".weight", comparisons.weight);
  visit(part + ".context_first", comparisons.context_first);
  visit(part + ".context_size", comparisons.context_size);
  visit(part + ".history_share", comparisons.history_share);
  visit(part + ".history_rest", comparisons.history_rest);
  visit(part + ".noise_keep", comparisons.noise_keep);
  visit(part + ".noise_floor", comparisons.noise_floor);
}

template <typename Set, typename Visit>
void each_tensor(Set& set, Visit visit) {
  visit("features", set.features);
  visit("user_features", set.user_features);
  visit("links.other", set.links.other);
  visit("links.link", set.links.link);
  visit("links.share", set.links.share);
  visit("user_history", set.user_history);
  visit("user_history_sum", set.user_history_sum);
  each_tensor("train", set.train, visit);
  each_tensor("validation", set.validation, visit);
  each_tensor("test", set.test, visit);
  each_tensor("history", set.history, visit);
}

/// Names as a tensor: lengths and bytes would be two, so each name ends in a 0.
at::Tensor names_tensor(const std::vector<std::string>& names) {
  std::vector<std::int32_t> bytes;
  for (const std::string& name : names) {
    bytes.insert(bytes.end(), name.begin(), name.end());
    bytes.push_back(0);
  }
  return to_tensor<std::int32_t>(bytes);
}

std::vector<std::string> names_in(const at::Tensor& tensor) {
  std::vector<std::string> names;
  std::string name;
  for (const std::int32_t byte : to_values<std::vector<std::int32_t>>(tensor)) {
    if (byte == 0)
      names.push_back(std::exchange(name, {}));
    else
      name.push_back(static_cast<char>(byte));
  }
  return names;
}

MappedTensors to_tensors(const TrainingSet& set) {
  MappedTensors tensors;
  each_tensor(set, [&tensors](const std::string& name, const at::Tensor& tensor) {
    if (tensor.defined())
      tensors[name] = tensor.contiguous();
  });
  tensors["links.count"] = to_tensor<std::int64_t>(std::vector<std::int64_t>{set.links.count});
  tensors["groups"] = names_tensor(set.groups);
  tensors["user_group"] = to_tensor<std::int32_t>(set.user_group);
  tensors["user_trained"] = to_tensor<bool>(set.user_trained);
  tensors["user_support"] = to_tensor<double>(set.user_support);
  tensors["user_membership"] = to_tensor<double>(set.user_membership);
  tensors["train.source"] = to_tensor<std::int64_t>(set.train.source);
  tensors["validation.source"] = to_tensor<std::int64_t>(set.validation.source);
  tensors["test.source"] = to_tensor<std::int64_t>(set.test.source);
  tensors["history.source"] = to_tensor<std::int64_t>(set.history.source);
  return tensors;
}

TrainingSet to_set(const MappedTensors& tensors) {
  TrainingSet set;
  each_tensor(set, [&tensors](const std::string& name, at::Tensor& tensor) {
    if (const auto found = tensors.find(name); found != tensors.end())
      tensor = found->second;
  });
  set.links.count = tensors.at("links.count").data_ptr<std::int64_t>()[0];
  set.groups = names_in(tensors.at("groups"));
  set.user_group = to_values<std::vector<std::int32_t>>(tensors.at("user_group"));
  set.user_trained = to_values<std::vector<bool>>(tensors.at("user_trained"));
  set.user_support = to_values<std::vector<double>>(tensors.at("user_support"));
  set.user_membership = to_values<std::vector<double>>(tensors.at("user_membership"));
  set.train.source = to_values<std::vector<std::int64_t>>(tensors.at("train.source"));
  set.validation.source = to_values<std::vector<std::int64_t>>(tensors.at("validation.source"));
  set.test.source = to_values<std::vector<std::int64_t>>(tensors.at("test.source"));
  set.history.source = to_values<std::vector<std::int64_t>>(tensors.at("history.source"));
  set.users = static_cast<std::int64_t>(set.user_group.size());
  return set;
}

TrainingSet prepared(const TrainerSetup& setup, spdlog::logger& logger) {
  const auto start = std::chrono::steady_clock::now();
  TrainingSet set = make_training_set(read_data_file(setup.data_file), setup, at::kCPU);
  logger.info("data prepared in {:.3f} s",
              std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return set;
}

/// The set as others will map it, or, where it cannot be kept, as it is.
TrainingSet kept(TrainingSet set, const std::filesystem::path& file, spdlog::logger& logger) {
  try {
    write_mapped_tensors(file, to_tensors(set));
  } catch (const UserError& error) {
    logger.warn("{}; every trainer prepares and holds the data by itself", error.what());
    return set;
  }
  const auto mapped = map_tensors(file);
  return mapped ? to_set(*mapped) : std::move(set);
}

}  // namespace

TrainingSet on_device(TrainingSet set, at::Device device) {
  if (!device.is_cpu()) {
    each_tensor(set, [device](const std::string&, at::Tensor& tensor) {
      if (tensor.defined())
        tensor = tensor.to(device);
    });
  }
  return set;
}

std::optional<TrainingSet> shared_training_set(const TrainerSetup& setup, at::Device device,
                                               const std::function<bool()>& should_stop, spdlog::logger& logger) {
  if (setup.checkpoint_directory.empty() || setup.data_digest.empty())
    return on_device(prepared(setup, logger), device);
  const std::filesystem::path folder(setup.checkpoint_directory);
  const std::string key = key_of(setup);
  const std::filesystem::path file = folder / (key + ".data");
  for (;;) {
    if (const auto mapped = map_tensors(file)) {
      logger.info("data mapped from {}", file.filename().string());
      return on_device(to_set(*mapped), device);
    }
    if (const auto claim = claim_file(folder / (key + ".claim"))) {
      if (const auto mapped = map_tensors(file))
        return on_device(to_set(*mapped), device);
      return on_device(kept(prepared(setup, logger), file, logger), device);
    }
    if (should_stop())
      return std::nullopt;
    std::this_thread::sleep_for(k_pause);
  }
}

}  // namespace fairsweep
