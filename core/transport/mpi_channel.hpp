#pragma once

#include <cstddef>
#include <memory>

#include "core/transport/channel.hpp"

namespace fairsweep {

/// When a rank is taken for dead: its oldest message has not left for `seconds` and this much is waiting behind it.
/// From then on messages to it are dropped, so a dead rank costs a bounded amount of memory. A rank that listens at
/// least every `seconds` is never given up.
struct GiveUpLimits {
  double seconds = 60;
  std::size_t messages = 256;
};

/// The Channel between the processes of an MPI job, over MPI_COMM_WORLD. One a process, on one thread
/// (MPI_THREAD_FUNNELED). No other part of the program calls MPI.
class MpiChannel : public Channel {
 public:
  /// Messages to ranks that were given up, and so dropped.
  [[nodiscard]] virtual std::size_t dropped() const = 0;

  /// Ends this process's part in the job. Nothing may be sent or received afterwards.
  ///  - No rank was lost: waits until everything has left and calls MPI_Finalize, which all ranks must reach; returns.
  ///  - A rank was lost, or a message does not leave within two seconds: MPI_Finalize might wait for the dead. Moves
  ///    messages along for at most two seconds, flushes the standard streams and leaves with _exit(exit_code).
  /// mpirun may not return by itself after a loss with ranks on several nodes: whoever started it must end it.
  virtual void finish(bool lost_rank, int exit_code) = 0;

  /// Ends all ranks of the job at once: for a bug or an error of one rank that leaves the others nothing to do.
  [[noreturn]] virtual void abort(int exit_code) = 0;
};

/// Initialises MPI and joins the job. At most once a process. A channel that is destroyed without finish() leaves MPI
/// as it is: when the process then ends, the launcher takes the job down.
/// @throws UserError (environment) where MPI does not start or has no support for threads.
[[nodiscard]] std::unique_ptr<MpiChannel> make_mpi_channel(int& argc, char**& argv, GiveUpLimits limits = {});

}  // namespace fairsweep
