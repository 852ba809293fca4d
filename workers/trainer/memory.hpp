#pragma once

namespace fairsweep {

/// Tells the allocator to keep what is freed: every step allocates the same tensors, and returning their pages to the
/// system between steps cost 40 % of the time of a stack of 32 (tests/bench/pack_training_bench). For the whole
/// process; does nothing after the first call, or where the C library is not glibc.
void keep_freed_memory();

}  // namespace fairsweep
