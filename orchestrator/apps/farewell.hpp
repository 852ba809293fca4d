#pragma once

#include "core/transport/channel.hpp"

namespace fairsweep::apps {

// How ranks part. A rank that goes into MPI_Finalize while another is dead may wait there for ever, and only the
// coordinator knows who is dead. So it answers each worker's last request a second time, when all is over.

/// Rank 0: tells every worker whether one of them was lost. Does not wait for anybody.
void say_farewell(Channel& channel, bool workers_lost);

/// A worker: waits for that word at most `seconds`. @returns whether one was lost; true where no word comes.
[[nodiscard]] bool await_farewell(Channel& channel, double seconds);

}  // namespace fairsweep::apps
