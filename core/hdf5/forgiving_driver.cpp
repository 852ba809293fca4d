#include "core/hdf5/forgiving_driver.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/stat.h>
#include <unistd.h>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>  // the classes of drivers moved there
#endif

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "core/hdf5/call_guard.hpp"

namespace fairsweep::hdf5 {
namespace {

/// The library knows the first member; the address of one is that of the other.
struct DiskFile {
  H5FD_t library{};
  int descriptor = -1;
  int* error = nullptr;
  haddr_t end_of_allocation = 0;
  haddr_t end_of_file = 0;
  /// What the disk did not take, in the order of writing: little, as the writer stops at once.
  std::vector<std::pair<haddr_t, std::vector<char>>> kept;
};

DiskFile& disk_file(H5FD_t* file) { return *reinterpret_cast<DiskFile*>(file); }
const DiskFile& disk_file(const H5FD_t* file) { return *reinterpret_cast<const DiskFile*>(file); }

void remember(DiskFile& file, int reason) {
  if (*file.error == 0) {
    *file.error = reason;
  }
}

H5FD_t* open_file(const char* name, unsigned, hid_t access, haddr_t) {
  int* const error = *static_cast<int* const*>(H5Pget_driver_info(access));
  auto file = std::make_unique<DiskFile>();
  file->error = error;
  file->descriptor = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file->descriptor < 0) {
    remember(*file, errno);
    return nullptr;  // nothing is begun yet, and this the library bears
  }
  return &file.release()->library;
}

herr_t close_file(H5FD_t* file) {
  const std::unique_ptr<DiskFile> mine(&disk_file(file));
  if (close(mine->descriptor) != 0 && errno != EINTR) {
    remember(*mine, errno);
  }
  return 0;
}

/// Before and behind in an order that only says which files are the same.
int compare_files(const H5FD_t* left, const H5FD_t* right) {
  struct stat one{};
  struct stat other{};
  (void)fstat(disk_file(left).descriptor, &one);
  (void)fstat(disk_file(right).descriptor, &other);
  const std::pair left_key(one.st_dev, one.st_ino);
  const std::pair right_key(other.st_dev, other.st_ino);
  return left_key < right_key ? -1 : left_key > right_key ? 1 : 0;
}

/// As the library's own driver for plain files, so that the bytes are the same.
herr_t query_features(const H5FD_t*, unsigned long* features) {
  *features = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
              H5FD_FEAT_AGGREGATE_SMALLDATA;
#ifdef H5FD_FEAT_DEFAULT_VFD_COMPATIBLE
  *features |= H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
#endif
  return 0;
}

haddr_t end_of_allocation(const H5FD_t* file, H5FD_mem_t) { return disk_file(file).end_of_allocation; }

herr_t set_end_of_allocation(H5FD_t* file, H5FD_mem_t, haddr_t end) {
  disk_file(file).end_of_allocation = end;
  return 0;
}

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) { return disk_file(file).end_of_file; }

herr_t read_bytes(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, size_t size, void* buffer) {
  const DiskFile& mine = disk_file(file);
  auto* const bytes = static_cast<char*>(buffer);
  std::memset(bytes, 0, size);
  for (size_t have = 0; have < size;) {
    const ssize_t got = pread(mine.descriptor, bytes + have, size - have, static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return -1;
    }
    if (got == 0) {
      break;  // zeros behind the end
    }
    have += static_cast<size_t>(got);
  }
  for (const auto& [place, piece] : mine.kept) {
    const haddr_t first = std::max(at, place);
    const haddr_t last = std::min<haddr_t>(at + size, place + piece.size());
    if (first < last) {
      std::memcpy(bytes + (first - at), piece.data() + (first - place), last - first);
    }
  }
  return 0;
}

herr_t write_bytes(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t at, size_t size, const void* buffer) {
  DiskFile& mine = disk_file(file);
  mine.end_of_file = std::max<haddr_t>(mine.end_of_file, at + size);
  const char* bytes = static_cast<const char*>(buffer);
  while (size > 0 && *mine.error == 0) {
    const ssize_t done = pwrite(mine.descriptor, bytes, size, static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) {
      continue;
    }
    if (done <= 0) {
      remember(mine, done == 0 ? EIO : errno);
      break;
    }
    bytes += done;
    at += static_cast<haddr_t>(done);
    size -= static_cast<size_t>(done);
  }
  if (size > 0) {
    mine.kept.emplace_back(at, std::vector<char>(bytes, bytes + size));
  }
  return 0;
}

herr_t truncate_file(H5FD_t* file, hid_t, hbool_t) {
  DiskFile& mine = disk_file(file);
  if (mine.end_of_allocation != mine.end_of_file) {
    if (*mine.error == 0 && ftruncate(mine.descriptor, static_cast<off_t>(mine.end_of_allocation)) != 0) {
      remember(mine, errno);
    }
    mine.end_of_file = mine.end_of_allocation;
  }
  return 0;
}

H5FD_class_t driver_class() {
  H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(H5_VFD_RESERVED + 77);
#endif
  driver.name = "fairsweep";
  driver.maxaddr = static_cast<haddr_t>(INT64_MAX);
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = sizeof(int*);
  driver.open = open_file;
  driver.close = close_file;
  driver.cmp = compare_files;
  driver.query = query_features;
  driver.get_eoa = end_of_allocation;
  driver.set_eoa = set_end_of_allocation;
  driver.get_eof = end_of_file;
  driver.read = read_bytes;
  driver.write = write_bytes;
  driver.truncate = truncate_file;
  constexpr H5FD_mem_t k_free_lists[] = H5FD_FLMAP_DICHOTOMY;
  std::copy(std::begin(k_free_lists), std::end(k_free_lists), std::begin(driver.fl_map));
  return driver;
}

}  // namespace

void use_forgiving_driver(std::int64_t access, int* error) {
  static const H5FD_class_t driver = driver_class();
  static const hid_t number = H5FDregister(&driver);  // stays with the library until the program ends
  if (number < 0) {
    calls::guard::fail();
  }
  calls::guard::require(H5Pset_driver(access, number, static_cast<const void*>(&error)));
}

}  // namespace fairsweep::hdf5
