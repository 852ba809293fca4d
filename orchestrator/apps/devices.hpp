#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fairsweep::apps {

/// The CUDA devices this process may use, as CUDA_VISIBLE_DEVICES names them: its entries where it is set (an empty
/// one hides all), else the devices the NVIDIA driver lists.
[[nodiscard]] std::vector<std::string> visible_devices();

/// Was the LibTorch of fairsweep-trainer built with CUDA? True, too, where that trainer was not built here.
[[nodiscard]] bool own_trainer_knows_cuda();

/// The devices that the trainers of a sweep may use: visible_devices(), and none where `command` names no other program
/// than fairsweep's own trainer and that one knows no CUDA.
[[nodiscard]] std::vector<std::string> trainer_devices(const std::vector<std::string>& command);

/// The device of worker number `index` of this host: they are dealt out in turn. Nothing where there is none.
[[nodiscard]] std::optional<std::string> device_of(std::size_t index, const std::vector<std::string>& devices);

/// The devices in the words of `nvidia-smi -L`, UUIDs of GPUs by their number; where a GPU is cut into parts (MIG), the
/// parts' UUIDs in its place.
[[nodiscard]] std::vector<std::string> uuids_in(const std::string& listing);

/// Devices as CUDA_VISIBLE_DEVICES names them, numbers replaced by UUIDs where `uuids` knows them: a number means
/// another device in another control group.
[[nodiscard]] std::vector<std::string> with_uuids(std::vector<std::string> devices,
                                                  const std::vector<std::string>& uuids);

/// Memory this process may use, in MiB: of the host, or less where a control group says so. 0 where nobody knows.
[[nodiscard]] std::int64_t usable_memory_mib();

/// Number of this rank among the ranks of its host, as mpirun or srun says; 0 where nobody does.
[[nodiscard]] std::size_t rank_on_host();

}  // namespace fairsweep::apps
