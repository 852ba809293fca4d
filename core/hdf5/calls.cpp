#include "core/hdf5/calls.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/hdf5/call_guard.hpp"
#include "core/hdf5/forgiving_driver.hpp"

namespace fairsweep::hdf5 {

static_assert(std::is_same_v<hid_t, std::int64_t>, "HDF5 1.10 or newer is needed");

namespace {

using namespace calls::guard;

std::vector<hsize_t> sizes(std::span<const std::uint64_t> shape) { return {shape.begin(), shape.end()}; }

Handle space_of(std::span<const std::uint64_t> shape) {
  if (shape.empty()) {
    return owned(H5Screate(H5S_SCALAR));
  }
  const auto dimensions = sizes(shape);
  return owned(H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(), nullptr));
}

hid_t native_type(Element element) {
  switch (element) {
    case Element::float32:
      return H5T_NATIVE_FLOAT;
    case Element::float64:
      return H5T_NATIVE_DOUBLE;
    case Element::int8:
      return H5T_NATIVE_INT8;
    case Element::int16:
      return H5T_NATIVE_INT16;
    case Element::int32:
      return H5T_NATIVE_INT32;
    case Element::int64:
      return H5T_NATIVE_INT64;
    case Element::uint8:
      return H5T_NATIVE_UINT8;
    case Element::uint16:
      return H5T_NATIVE_UINT16;
    case Element::uint32:
      return H5T_NATIVE_UINT32;
    case Element::uint64:
      return H5T_NATIVE_UINT64;
  }
  check(false, "an element type without a native type");
  return -1;
}

// Only the standard types are recognised: a damaged or home-made bit layout never reaches the conversion code.
std::optional<Element> standard_number(hid_t type) {
  const std::array<std::pair<hid_t, Element>, 20> known{{
      {H5T_IEEE_F32LE, Element::float32}, {H5T_IEEE_F64LE, Element::float64}, {H5T_STD_I8LE, Element::int8},
      {H5T_STD_I16LE, Element::int16},    {H5T_STD_I32LE, Element::int32},    {H5T_STD_I64LE, Element::int64},
      {H5T_STD_U8LE, Element::uint8},     {H5T_STD_U16LE, Element::uint16},   {H5T_STD_U32LE, Element::uint32},
      {H5T_STD_U64LE, Element::uint64},   {H5T_IEEE_F32BE, Element::float32}, {H5T_IEEE_F64BE, Element::float64},
      {H5T_STD_I8BE, Element::int8},      {H5T_STD_I16BE, Element::int16},    {H5T_STD_I32BE, Element::int32},
      {H5T_STD_I64BE, Element::int64},    {H5T_STD_U8BE, Element::uint8},     {H5T_STD_U16BE, Element::uint16},
      {H5T_STD_U32BE, Element::uint32},   {H5T_STD_U64BE, Element::uint64},
  }};
  for (const auto& [id, element] : known) {
    if (truth(H5Tequal(type, id))) {
      return element;
    }
  }
  return std::nullopt;
}

Handle file_access() {
  Handle access = owned(H5Pcreate(H5P_FILE_ACCESS));
  require(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
  require(H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110));
#if H5_VERSION_GE(1, 10, 7)
  // Lock where the file system can; network file systems that cannot are no reason to fail.
  require(H5Pset_file_locking(access.id(), 1, 1));
#endif
  return access;
}

}  // namespace

void Handle::release() noexcept {
  if (id_ >= 0) {
    H5Idec_ref(id_);
    id_ = k_none;
  }
}

Handle& Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    release();
    id_ = other.id_;
    other.id_ = k_none;
  }
  return *this;
}

std::int64_t Handle::take() noexcept {
  const std::int64_t id = id_;
  id_ = k_none;
  return id;
}

namespace calls::guard {

StoredType stored_type(std::int64_t type) {
  StoredType stored;
  const H5T_class_t type_class = H5Tget_class(type);
  if (type_class == H5T_NO_CLASS) {
    fail();
  }
  if (type_class == H5T_STRING) {
    stored.variable_text = truth(H5Tis_variable_str(type));
    if (!stored.variable_text) {
      stored.text_width = H5Tget_size(type);
      if (stored.text_width == 0) {
        fail();
      }
      const H5T_str_t padding = H5Tget_strpad(type);
      if (padding == H5T_STR_ERROR) {
        fail();
      }
      stored.space_padded = padding == H5T_STR_SPACEPAD;
    }
  } else if (type_class == H5T_INTEGER || type_class == H5T_FLOAT) {
    stored.number = standard_number(type);
  }
  return stored;
}

}  // namespace calls::guard

namespace calls {

Handle create_file(const std::string& file, int* error) {
  silence();
  const Handle access = file_access();
  use_forgiving_driver(access.id(), error);
  const Handle creation = owned(H5Pcreate(H5P_FILE_CREATE));
  require(H5Pset_obj_track_times(creation.id(), false));
  return owned(H5Fcreate(file.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()));
}

namespace {

Handle open_file(const std::string& file, [[maybe_unused]] bool lock) {
  const Handle access = owned(H5Pcreate(H5P_FILE_ACCESS));
  require(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG));
#if H5_VERSION_GE(1, 10, 7)
  require(H5Pset_file_locking(access.id(), lock, 1));
#endif
  return owned(H5Fopen(file.c_str(), H5F_ACC_RDONLY, access.id()));
}

}  // namespace

Handle open_file(const std::string& file) {
  silence();
  try {
    return open_file(file, true);
  } catch (const CallError& error) {
    // A file system without locks. The library knows one way of saying so (ENOSYS), and there are others.
    if (error.reason() != ENOLCK && error.reason() != EOPNOTSUPP) {
      throw;
    }
    return open_file(file, false);
  }
}

void flush_file(const Handle& file) {
  silence();
  require(H5Fflush(file.id(), H5F_SCOPE_GLOBAL));
}

void close_file(Handle file) {
  silence();
  require(H5Fclose(file.take()));
}

LinkKind link_kind(const Handle& at, const std::string& path) {
  silence();
  if (!truth(H5Lexists(at.id(), path.c_str(), H5P_DEFAULT))) {
    return LinkKind::none;
  }
  H5L_info_t info{};
  require(H5Lget_info(at.id(), path.c_str(), &info, H5P_DEFAULT));
  return info.type == H5L_TYPE_HARD ? LinkKind::hard : LinkKind::other;
}

Handle open_object(const Handle& at, const std::string& path) {
  silence();
  return owned(H5Oopen(at.id(), path.c_str(), H5P_DEFAULT));
}

ObjectKind object_kind(const Handle& object) {
  silence();
  const H5I_type_t type = H5Iget_type(object.id());
  if (type == H5I_BADID) {
    fail();
  }
  return type == H5I_GROUP ? ObjectKind::group : type == H5I_DATASET ? ObjectKind::dataset : ObjectKind::other;
}

std::uint64_t link_count(const Handle& group) {
  silence();
  H5G_info_t info{};
  require(H5Gget_info(group.id(), &info));
  return info.nlinks;
}

std::vector<std::string> link_names(const Handle& group) {
  silence();
  std::vector<std::string> names;
  const auto visit = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  hsize_t position = 0;
  require(H5Literate(group.id(), H5_INDEX_NAME, H5_ITER_INC, &position, visit, &names));
  std::sort(names.begin(), names.end());
  return names;
}

Handle create_group(const Handle& at, const std::string& path) {
  silence();
  const Handle creation = owned(H5Pcreate(H5P_GROUP_CREATE));
  require(H5Pset_obj_track_times(creation.id(), false));
  return owned(H5Gcreate2(at.id(), path.c_str(), H5P_DEFAULT, creation.id(), H5P_DEFAULT));
}

Handle text_type(std::uint64_t width) {
  silence();
  Handle type = owned(H5Tcopy(H5T_C_S1));
  require(H5Tset_size(type.id(), width));
  require(H5Tset_cset(type.id(), H5T_CSET_UTF8));
  require(H5Tset_strpad(type.id(), H5T_STR_NULLPAD));
  return type;
}

Handle number_type(Element element) {
  silence();
  return owned(H5Tcopy(native_type(element)));
}

StoredType dataset_type(const Handle& dataset) {
  silence();
  const Handle type = owned(H5Dget_type(dataset.id()));
  return stored_type(type.id());
}

std::vector<std::uint64_t> dataset_shape(const Handle& dataset) {
  silence();
  const Handle space = owned(H5Dget_space(dataset.id()));
  const H5S_class_t space_class = H5Sget_simple_extent_type(space.id());
  if (space_class == H5S_NULL || space_class == H5S_NO_CLASS) {
    throw CallError("the dataset has no extent");
  }
  const int rank = H5Sget_simple_extent_ndims(space.id());
  if (rank < 0) {
    fail();
  }
  std::vector<hsize_t> extent(static_cast<std::size_t>(rank));
  if (rank > 0 && H5Sget_simple_extent_dims(space.id(), extent.data(), nullptr) < 0) {
    fail();
  }
  return {extent.begin(), extent.end()};
}

StoredLayout dataset_layout(const Handle& dataset) {
  silence();
  const Handle creation = owned(H5Dget_create_plist(dataset.id()));
  StoredLayout layout;
  switch (H5Pget_layout(creation.id())) {
    case H5D_CONTIGUOUS:
      layout.kind = LayoutKind::contiguous;
      break;
    case H5D_COMPACT:
      layout.kind = LayoutKind::compact;
      break;
    case H5D_CHUNKED:
      layout.kind = LayoutKind::chunked;
      break;
    case H5D_LAYOUT_ERROR:
      fail();
    default:
      layout.kind = LayoutKind::other;
      break;
  }
  if (layout.kind == LayoutKind::chunked) {
    std::array<hsize_t, H5S_MAX_RANK> chunk{};
    const int rank = H5Pget_chunk(creation.id(), H5S_MAX_RANK, chunk.data());
    if (rank < 0) {
      fail();
    }
    layout.chunk.assign(chunk.begin(), chunk.begin() + rank);
  }
  if (layout.kind == LayoutKind::contiguous) {
    const int externals = H5Pget_external_count(creation.id());
    if (externals < 0) {
      fail();
    }
    layout.external = externals > 0;
  }
  const int filters = H5Pget_nfilters(creation.id());
  if (filters < 0) {
    fail();
  }
  for (int index = 0; index < filters; ++index) {
    unsigned flags = 0;
    std::size_t values = 0;
    const H5Z_filter_t filter =
        H5Pget_filter2(creation.id(), static_cast<unsigned>(index), &flags, &values, nullptr, 0, nullptr, nullptr);
    if (filter < 0) {
      fail();
    }
    layout.known_filters = layout.known_filters && (filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_SHUFFLE ||
                                                    filter == H5Z_FILTER_FLETCHER32);
  }
  return layout;
}

std::uint64_t stored_bytes(const Handle& dataset) {
  silence();
  return H5Dget_storage_size(dataset.id());  // cannot tell "none" from an error; callers treat both as none
}

Handle create_dataset(const Handle& at, const std::string& path, const Handle& type,
                      std::span<const std::uint64_t> shape, std::span<const std::uint64_t> chunk, unsigned deflate) {
  silence();
  const Handle space = space_of(shape);
  const Handle creation = owned(H5Pcreate(H5P_DATASET_CREATE));
  require(H5Pset_obj_track_times(creation.id(), false));
  if (!chunk.empty()) {
    const auto extent = sizes(chunk);
    require(H5Pset_chunk(creation.id(), static_cast<int>(extent.size()), extent.data()));
    if (deflate > 0) {
      require(H5Pset_shuffle(creation.id()));
      require(H5Pset_deflate(creation.id(), deflate));
    }
  }
  return owned(H5Dcreate2(at.id(), path.c_str(), type.id(), space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT));
}

void write_dataset(const Handle& dataset, const Handle& memory_type, const void* values) {
  silence();
  require(H5Dwrite(dataset.id(), memory_type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
}

namespace {

/// The place of some rows in the file, and of the same rows packed in memory.
struct RowSpaces {
  Handle file, memory;
};

RowSpaces row_spaces(const Handle& dataset, std::uint64_t first, std::uint64_t count) {
  auto extent = sizes(dataset_shape(dataset));
  check(!extent.empty() && first <= extent[0] && count <= extent[0] - first, "these are rows of the dataset");
  extent[0] = count;
  std::vector<hsize_t> start(extent.size(), 0);
  start[0] = first;
  Handle file = owned(H5Dget_space(dataset.id()));
  require(H5Sselect_hyperslab(file.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr));
  return {std::move(file), owned(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr))};
}

}  // namespace

void write_rows(const Handle& dataset, const Handle& memory_type, std::uint64_t first, std::uint64_t count,
                const void* values) {
  silence();
  const RowSpaces rows = row_spaces(dataset, first, count);
  require(H5Dwrite(dataset.id(), memory_type.id(), rows.memory.id(), rows.file.id(), H5P_DEFAULT, values));
}

void read_rows(const Handle& dataset, const Handle& memory_type, std::uint64_t first, std::uint64_t count,
               void* values) {
  silence();
  const RowSpaces rows = row_spaces(dataset, first, count);
  require(H5Dread(dataset.id(), memory_type.id(), rows.memory.id(), rows.file.id(), H5P_DEFAULT, values));
}

void read_dataset(const Handle& dataset, const Handle& memory_type, void* values) {
  silence();
  require(H5Dread(dataset.id(), memory_type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
}

void read_dataset_as_stored(const Handle& dataset, void* values) {
  silence();
  const Handle type = owned(H5Dget_type(dataset.id()));
  require(H5Dread(dataset.id(), type.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values));
}

}  // namespace calls

}  // namespace fairsweep::hdf5
