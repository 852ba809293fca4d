#include "workers/trainer/kernels.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

constexpr std::int64_t k_most_threads = 1024;

/// A function of a library that may not be there.
template <typename Function>
Function* find_function(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

std::string real_path(const char* path) {
  std::error_code failed;
  const auto real = std::filesystem::canonical(path, failed);
  return failed ? std::string(path) : real.string();
}

/// The word after `mark` in LibTorch's own description, up to one of `ends`.
std::string from_description(const std::string& description, const std::string& mark, const char* ends) {
  const auto begin = description.find(mark);
  if (begin == std::string::npos) {
    return "unknown";
  }
  const auto end = description.find_first_of(ends, begin + mark.size());
  return description.substr(begin + mark.size(), end - begin - mark.size());
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? "not set" : value;
}

Blas blas_of_file(const std::string& file) {
  // Only this library and what it depends on is asked. RTLD_NOLOAD: it is loaded already, nothing runs.
  void* const library = dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) {
    return {"unknown", "unknown, " + file, ""};
  }
  Blas blas{"unknown", "unknown, " + file, ""};
  if (auto* const config = find_function<char*()>(library, "openblas_get_config")) {
    auto* const core = find_function<char*()>(library, "openblas_get_corename");
    blas = {"openblas", fmt::format("{}, kernels {}, {}", config(), core == nullptr ? "unknown" : core(), file), ""};
  } else if (find_function<void()>(library, "MKL_Get_Version_String") != nullptr) {
    blas = {"mkl", "MKL, " + file, ""};
  } else if (auto* const version = find_function<const char*()>(library, "bli_info_get_version_str")) {
    blas = {"blis", fmt::format("BLIS {}, {}", version(), file), ""};
  } else if (find_function<void()>(library, "ATL_buildinfo") == nullptr) {
    blas = {"reference", "reference BLAS, " + file,
            fmt::format("LibTorch multiplies matrices with the reference BLAS ({}), some six times slower than "
                        "OpenBLAS; install that with: apt-get install libopenblas0-pthread",
                        file)};
  }
  dlclose(library);
  return blas;
}

}  // namespace

Blas blas_in_use() {
  void* const product = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info place{};
  if (product != nullptr && dladdr(product, &place) != 0 && place.dli_fname != nullptr) {
    auto blas = blas_of_file(real_path(place.dli_fname));
    if (blas.name != "reference" || !at::hasMKL()) {
      return blas;
    }
  }
  if (at::hasMKL()) {
    return {"mkl", "MKL, built into LibTorch", ""};
  }
  return {"unknown", "unknown, built into LibTorch", ""};
}

void use_threads(std::int64_t threads) {
  if (threads < 1 || threads > k_most_threads) {
    throw UserError(ExitCode::configuration, fmt::format("resources.threads_per_trainer is {}; it must be from 1 to {}",
                                                         threads, k_most_threads));
  }
  at::set_num_threads(static_cast<int>(threads));
  if (at::get_num_interop_threads() != 1) {
    at::set_num_interop_threads(1);
  }
  // LibTorch does not pass its thread count on to OpenBLAS, which would otherwise take every core of the node. On
  // several threads OpenBLAS adds up in another order, and a trial's bits would depend on their number.
  if (auto* const set = find_function<void(int)>(RTLD_DEFAULT, "openblas_set_num_threads")) {
    set(1);
  }
}

std::map<std::string, std::string> trainer_provenance() {
  const auto description = at::show_config();
  const auto blas = blas_in_use();
  std::map<std::string, std::string> answer = {
      {"fairsweep_trainer", FAIRSWEEP_VERSION},
      {"commit", FAIRSWEEP_COMMIT},
      {"compiler", FAIRSWEEP_COMPILER},
      {"flags", FAIRSWEEP_FLAGS},
      {"build_type", FAIRSWEEP_BUILD_TYPE},
      {"libtorch", from_description(description, "TORCH_VERSION=", ", \n")},
      {"libtorch_cpu_capability", from_description(description, "CPU capability usage: ", "\n")},
      {"ATEN_CPU_CAPABILITY", environment("ATEN_CPU_CAPABILITY")},
      {"OPENBLAS_CORETYPE", environment("OPENBLAS_CORETYPE")},
      {"blas", blas.text},
      {"threads", std::to_string(at::get_num_threads())},
  };
  if (!blas.warning.empty()) {
    answer["blas_warning"] = blas.warning;
  }
  return answer;
}

}  // namespace fairsweep
