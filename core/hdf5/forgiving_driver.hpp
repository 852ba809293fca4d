#pragma once

#include <cstdint>

namespace fairsweep::hdf5 {

/// Makes the library write files through a driver of ours, which never lets it see that the disk refuses. The library
/// (1.10.8) does not survive that: after a write that failed, the next file it makes, or the end of the program, is a
/// segmentation fault. Here the first refusal is put into `*error`; from then on nothing goes to the disk, and what
/// the library reads again is what it wrote. Whoever writes looks at `*error` after each call and throws the file away.
///
/// @param access  a file access property list
/// @param error   0 before; the system's number after the first refusal. Outlives every file opened with `access`
/// @throws CallError where the library refuses the driver
void use_forgiving_driver(std::int64_t access, int* error);

}  // namespace fairsweep::hdf5
