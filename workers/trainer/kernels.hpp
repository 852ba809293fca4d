#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace fairsweep {

/// Who multiplies the matrices of this process.
struct Blas {
  std::string name;     ///< "openblas", "mkl", "blis", "reference" or "unknown"
  std::string text;     ///< with version and kernel set, for people and provenance
  std::string warning;  ///< one sentence: what is wrong and which package to install; empty where all is well
};

/// Asks the library that answers sgemm_ in this process, not the one that some other library brought along: on Debian
/// LibTorch's LAPACK loads OpenBLAS even where its matrix products run on the reference BLAS.
[[nodiscard]] Blas blas_in_use();

/// Thread counts of LibTorch (within an operation: `threads`, between operations: 1) and of OpenBLAS: 1, so that a
/// trial's bits do not depend on `threads`. Call once, before the first tensor operation. @throws UserError
/// (configuration) unless 1 <= threads <= 1024.
void use_threads(std::int64_t threads);

/// Everything the last bits of a result may depend on: LibTorch and its kernel set, the BLAS and its kernel set, the
/// pins in the environment, threads, compiler, flags, build type, commit.
[[nodiscard]] std::map<std::string, std::string> trainer_provenance();

}  // namespace fairsweep
