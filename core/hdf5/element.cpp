#include "core/hdf5/element.hpp"

#include "core/diagnostics/errors.hpp"

namespace fairsweep::hdf5 {

std::string_view to_text(Element element) {
  switch (element) {
    case Element::float32:
      return "float32";
    case Element::float64:
      return "float64";
    case Element::int8:
      return "int8";
    case Element::int16:
      return "int16";
    case Element::int32:
      return "int32";
    case Element::int64:
      return "int64";
    case Element::uint8:
      return "uint8";
    case Element::uint16:
      return "uint16";
    case Element::uint32:
      return "uint32";
    case Element::uint64:
      return "uint64";
  }
  check(false, "an element type without a name");
  return "";
}

}  // namespace fairsweep::hdf5
