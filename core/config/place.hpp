#pragma once

namespace fairsweep {

/// Where something stands. Source 0 is the file, source i the i-th --set.
struct Place {
  int source = 0;
  int line = 0;    ///< from 1; 0 where there is none
  int column = 0;  ///< in bytes, from 1
};

}  // namespace fairsweep
