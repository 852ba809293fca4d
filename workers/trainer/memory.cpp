#include "workers/trainer/memory.hpp"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace fairsweep {

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int k_mebibyte = 1 << 20;
  [[maybe_unused]] static const bool done = [] {
    ::mallopt(M_MMAP_THRESHOLD, 32 * k_mebibyte);  // the largest that every glibc takes
    ::mallopt(M_TRIM_THRESHOLD, 1024 * k_mebibyte);
    ::mallopt(M_TOP_PAD, 64 * k_mebibyte);
    return true;
  }();
#endif
}

}  // namespace fairsweep
