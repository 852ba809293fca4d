#include "core/diagnostics/file_claim.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace fairsweep {

FileClaim::FileClaim(FileClaim&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), file_(std::move(other.file_)) {}

FileClaim::~FileClaim() {
  if (descriptor_ < 0)
    return;
  // Removed while it is held. Whoever opened it before gets a lock that nobody else sees, finds the finished thing and
  // makes nothing.
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

std::optional<FileClaim> claim_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0)
    return FileClaim();
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    return FileClaim(descriptor, file);
  const bool taken = errno == EWOULDBLOCK;
  ::close(descriptor);
  if (taken)
    return std::nullopt;
  return FileClaim();
}

}  // namespace fairsweep
