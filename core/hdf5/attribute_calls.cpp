#include <hdf5.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/hdf5/call_guard.hpp"
#include "core/hdf5/calls.hpp"

namespace fairsweep::hdf5::calls {

using namespace guard;

bool has_attribute(const Handle& object, const std::string& name) {
  silence();
  return truth(H5Aexists(object.id(), name.c_str()));
}

std::vector<std::string> attribute_names(const Handle& object) {
  silence();
  std::vector<std::string> names;
  const auto visit = [](hid_t, const char* name, const H5A_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  hsize_t position = 0;
  require(H5Aiterate2(object.id(), H5_INDEX_NAME, H5_ITER_INC, &position, visit, &names));
  std::sort(names.begin(), names.end());
  return names;
}

Handle open_attribute(const Handle& object, const std::string& name) {
  silence();
  return owned(H5Aopen(object.id(), name.c_str(), H5P_DEFAULT));
}

StoredType attribute_type(const Handle& attribute) {
  silence();
  const Handle type = owned(H5Aget_type(attribute.id()));
  return stored_type(type.id());
}

bool attribute_is_scalar(const Handle& attribute) {
  silence();
  const Handle space = owned(H5Aget_space(attribute.id()));
  const hssize_t count = H5Sget_simple_extent_npoints(space.id());
  if (count < 0) {
    fail();
  }
  return count == 1;
}

void write_attribute(const Handle& object, const std::string& name, const Handle& type, const void* value) {
  silence();
  const Handle space = owned(H5Screate(H5S_SCALAR));
  const Handle attribute =
      owned(H5Acreate2(object.id(), name.c_str(), type.id(), space.id(), H5P_DEFAULT, H5P_DEFAULT));
  require(H5Awrite(attribute.id(), type.id(), value));
}

void read_attribute(const Handle& attribute, const Handle& memory_type, void* value) {
  silence();
  require(H5Aread(attribute.id(), memory_type.id(), value));
}

void read_attribute_as_stored(const Handle& attribute, void* value) {
  silence();
  const Handle type = owned(H5Aget_type(attribute.id()));
  require(H5Aread(attribute.id(), type.id(), value));
}

}  // namespace fairsweep::hdf5::calls
