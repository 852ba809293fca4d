#pragma once

#include <filesystem>
#include <functional>

namespace fairsweep::store {

/// Runs `read` in a child process, which then ends; errors it throws are left for the caller to meet again.
/// @throws UserError (file) where the child died of `file`: the HDF5 library crashes on some damaged files, and a
/// crash of a child is a message instead. @throws UserError (environment) where no child can be started.
void probe(const std::filesystem::path& file, const std::function<void()>& read);

}  // namespace fairsweep::store
