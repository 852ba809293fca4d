#include "core/diagnostics/disk_advice.hpp"

#include <cerrno>

namespace fairsweep {

std::string disk_advice(int reason) {
  switch (reason) {
    case ENOSPC:
      return "make room on the disk";
    case EDQUOT:
      return "remove files of yours, or ask for a larger quota";
    case EROFS:
      return "choose a place you may write to, or have this file system mounted for writing again";
    case EACCES:
    case EPERM:
      return "choose a place you may write to";
    case ENOENT:
      return "make the folder first";
    case EISDIR:
      return "a folder is in the way: remove it, or name another file";
    case EFBIG:
      return "raise the limit on the size of files (ulimit -f)";
    case ESTALE:
      return "the file server forgot the file: see that it is mounted and answers";
    default:
      return "check the disk and the way to it";
  }
}

}  // namespace fairsweep
