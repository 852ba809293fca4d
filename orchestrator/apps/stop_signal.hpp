#pragma once

namespace fairsweep::apps {

/// From here on SIGINT, SIGTERM and SIGUSR1 ask the run to stop instead of ending the process.
void listen_for_stop_signals();

/// How many of them have come: one asks trainers for a checkpoint, a second one does not wait for it.
[[nodiscard]] int stop_signals();

/// The same as a signal, from inside: another thread of the run has failed.
void ask_to_stop();

}  // namespace fairsweep::apps
