#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends method.pafo.*, method.pafo_dvao.*, method.dvao_listwise.*, method.dvao_weighted.* and
/// method.dvao_gradient.*: students of groups' teachers, and DVAO's weights without any.
void add_teacher_options(std::vector<Field>& schema);

}  // namespace fairsweep
