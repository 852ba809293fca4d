#pragma once

#include <cstdint>

#include "core/hdf5/calls.hpp"
#include "core/hdf5/handle.hpp"

/// How the answers of the HDF5 library are looked at; for the files that call it. Its types are plain integers here.
namespace fairsweep::hdf5::calls::guard {

/// The library prints its errors on stderr unless told not to, in every thread.
void silence();

/// @throws CallError with the library's reason, for each of the following where the library failed.
[[noreturn]] void fail();
[[nodiscard]] Handle owned(std::int64_t id);
void require(int status);
[[nodiscard]] bool truth(int answer);

/// What a type of the library is for us.
[[nodiscard]] StoredType stored_type(std::int64_t type);

}  // namespace fairsweep::hdf5::calls::guard
