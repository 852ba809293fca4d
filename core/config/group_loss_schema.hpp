#pragma once

#include <vector>

#include "core/config/schema.hpp"

namespace fairsweep {

/// Appends options of the methods that combine the groups' losses or their gradients: linear, smooth_tchebycheff, famo,
/// mgda, cagrad, nash_mtl, epo. Those that are not here have none.
void add_group_loss_options(std::vector<Field>& schema);

}  // namespace fairsweep
