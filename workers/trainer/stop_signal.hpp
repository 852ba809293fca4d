#pragma once

namespace fairsweep {

/// SIGTERM and SIGINT as a request to stop: a flag to look at and a descriptor to wait on. SIGPIPE is ignored, so that
/// a reader that has gone is an error of write(). Once a process; lasts until it ends.
/// Works where the parent had blocked the signals, too.
void listen_for_stop();

/// Has one of the signals arrived?
[[nodiscard]] bool stop_requested() noexcept;

/// Can be read once one has arrived; -1 before listen_for_stop().
[[nodiscard]] int stop_descriptor() noexcept;

}  // namespace fairsweep
