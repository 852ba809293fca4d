#include "core/transport/launcher.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>  // for getenv

namespace fairsweep {

bool started_by_launcher() {
  // Open MPI's mpirun; srun --mpi=pmix and PRRTE; srun --mpi=pmi2 and MPICH's launchers.
  constexpr std::array k_signs = {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"};
  return std::any_of(k_signs.begin(), k_signs.end(), [](const char* name) { return std::getenv(name) != nullptr; });
}

}  // namespace fairsweep
