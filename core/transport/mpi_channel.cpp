#include "core/transport/mpi_channel.hpp"

#include <mpi.h>
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>  // MPIX_ERR_PROC_FAILED, where Open MPI has fault tolerance
#endif
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <iostream>
#include <limits>
#include <string>
#include <thread>
#include <utility>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr int k_message_tag = 1;
constexpr int k_receipt_tag = 2;
// At most so many messages to one rank are in MPI's hands without a receipt; the receiver sends one for every half of
// them. Open MPI's shared memory transport has one pool of buffers for all peers: without this window, some hundred
// messages to a dead rank would use it up, and no message to the living would leave any more (measured with 4.1.4).
constexpr std::uint64_t k_window = 32;
constexpr auto k_farewell = std::chrono::seconds(2);
// wait() yields for a moment, since an answer often comes at once, then sleeps longer and longer: a coordinator with
// nothing to do costs under 2 % of a core, and a message waits a millisecond at most.
constexpr auto k_yielding = microseconds(100);
constexpr auto k_shortest_sleep = microseconds(50);
constexpr auto k_longest_sleep = microseconds(1000);

/// Whether an error of a call that concerns one rank says that its process has failed. Open MPI 5 under
/// mpirun --with-ft ulfm does.
bool says_dead([[maybe_unused]] int error) {
#ifdef MPIX_ERR_PROC_FAILED
  int error_class = MPI_SUCCESS;
  return error != MPI_SUCCESS && MPI_Error_class(error, &error_class) == MPI_SUCCESS &&
         error_class == MPIX_ERR_PROC_FAILED;
#else
  return false;
#endif
}

/// A message on its way. The bytes stay where they are until MPI has taken them.
struct Outgoing {
  std::vector<std::uint8_t> bytes;
  MPI_Request request = MPI_REQUEST_NULL;  ///< of a message that MPI has
  Clock::time_point since;
};
struct Incoming {
  Envelope envelope;
  MPI_Request request = MPI_REQUEST_NULL;
};
struct Peer {
  std::deque<Outgoing> outgoing;   ///< first those that MPI has, then those that wait for the window
  std::size_t in_flight = 0;       ///< how many of them MPI has
  std::uint64_t sent = 0;          ///< messages given to MPI so far
  std::uint64_t sent_receipt = 0;  ///< how many of them have certainly been received
  std::uint64_t received = 0;
  std::uint64_t received_receipt = 0;  ///< the last receipt given; the buffer of its request
  MPI_Request receipt = MPI_REQUEST_NULL;
  bool given_up = false;
  bool dead = false;    ///< MPI says so
  bool listed = false;  ///< among the ranks with outgoing messages
};

class MpiChannelOnWorld final : public MpiChannel {
 public:
  explicit MpiChannelOnWorld(GiveUpLimits limits) : limits_(limits) {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    int size = 0;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    peers_.resize(static_cast<std::size_t>(size));
  }

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return static_cast<int>(peers_.size()); }
  [[nodiscard]] std::size_t dropped() const override { return dropped_; }

  void send(int destination, std::span<const std::uint8_t> bytes) override;
  [[nodiscard]] std::optional<Envelope> try_receive() override;
  std::size_t progress() override;
  void wait(int milliseconds) override;
  [[nodiscard]] bool is_dead(int rank) const override { return peers_.at(static_cast<std::size_t>(rank)).dead; }
  void finish(bool lost_rank, int exit_code) override;
  [[noreturn]] void abort(int exit_code) override;

 private:
  Peer& peer_of(int rank) { return peers_[static_cast<std::size_t>(rank)]; }
  void pump(int destination);
  void retire(Peer& peer);
  void acknowledge(int source);
  bool start_receives(int source);
  void start_receives();
  std::deque<Incoming>::iterator first_complete();
  bool something_arrived();
  bool flush();

  int rank_ = 0;
  GiveUpLimits limits_;
  std::vector<Peer> peers_;
  std::vector<int> waiting_;       ///< ranks with outgoing messages
  std::deque<Incoming> incoming_;  ///< matched and not delivered, oldest first
  bool any_source_ = true;
  std::size_t dropped_ = 0;
  microseconds sleep_ = k_shortest_sleep;
};

void MpiChannelOnWorld::send(int destination, std::span<const std::uint8_t> bytes) {
  check(destination >= 0 && destination < size(), "a message to a rank that does not exist");
  check(bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()), "a message of more than 2 GiB");
  Peer& peer = peer_of(destination);
  if (peer.outgoing.size() >= limits_.messages &&
      Clock::now() - peer.outgoing.front().since > std::chrono::duration<double>(limits_.seconds)) {
    peer.given_up = true;
  }
  if (peer.given_up) {
    ++dropped_;
    return;
  }
  peer.outgoing.push_back({{bytes.begin(), bytes.end()}, MPI_REQUEST_NULL, Clock::now()});
  pump(destination);
  if (!peer.outgoing.empty() && !peer.listed) {
    peer.listed = true;
    waiting_.push_back(destination);
  }
}

/// Gives MPI what the window allows and forgets what has left. Buffers of a rank that was given up are kept while MPI
/// may still read them.
void MpiChannelOnWorld::pump(int destination) {
  Peer& peer = peer_of(destination);
  retire(peer);
  while (!peer.given_up && peer.in_flight < peer.outgoing.size() && peer.sent - peer.sent_receipt < k_window) {
    Outgoing& message = peer.outgoing[peer.in_flight];
    const int error = MPI_Isend(message.bytes.data(), static_cast<int>(message.bytes.size()), MPI_BYTE, destination,
                                k_message_tag, MPI_COMM_WORLD, &message.request);
    if (error != MPI_SUCCESS) {
      peer.given_up = true;
      peer.dead = peer.dead || says_dead(error);
      break;
    }
    ++peer.in_flight;
    ++peer.sent;
    retire(peer);  // a small message has left already
  }
  if (peer.given_up) {
    dropped_ += peer.outgoing.size() - peer.in_flight;
    peer.outgoing.resize(peer.in_flight);
  }
}

/// Forgets the messages that have left, oldest first.
void MpiChannelOnWorld::retire(Peer& peer) {
  while (peer.in_flight > 0) {
    int done = 0;
    if (const int error = MPI_Test(&peer.outgoing.front().request, &done, MPI_STATUS_IGNORE); error != MPI_SUCCESS) {
      done = 1;  // MPI has given the request back, with an error
      peer.given_up = true;
      peer.dead = peer.dead || says_dead(error);
    }
    if (done == 0) {
      return;
    }
    peer.outgoing.pop_front();
    --peer.in_flight;
  }
}

/// Tells a rank how many of its messages have come. Receipts are cumulative: while one is on its way, the next waits.
void MpiChannelOnWorld::acknowledge(int source) {
  Peer& peer = peer_of(source);
  int done = 0;
  if (peer.received - peer.received_receipt < k_window / 2 ||
      MPI_Test(&peer.receipt, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS || done == 0) {
    return;
  }
  peer.received_receipt = peer.received;
  MPI_Isend(&peer.received_receipt, 1, MPI_UINT64_T, source, k_receipt_tag, MPI_COMM_WORLD, &peer.receipt);
}

std::size_t MpiChannelOnWorld::progress() {
  if (!waiting_.empty()) {
    start_receives();  // receipts open the window
  }
  std::size_t left = 0;
  const auto is_idle = [&](int destination) {
    pump(destination);
    Peer& peer = peer_of(destination);
    left += peer.given_up ? 0 : peer.outgoing.size();
    peer.listed = !peer.outgoing.empty();
    return peer.outgoing.empty();
  };
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), is_idle), waiting_.end());
  return left;
}

/// Starts to receive the messages of `source` that have arrived. False where MPI refuses to look. Matched receives
/// never wait: a large message of a rank that dies half way through stays incomplete and hides nobody else's.
bool MpiChannelOnWorld::start_receives(int source) {
  for (;;) {
    int found = 0;
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status;
    const int error = MPI_Improbe(source, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &message, &status);
    if (error != MPI_SUCCESS) {
      if (source != MPI_ANY_SOURCE && says_dead(error)) {
        peer_of(source).dead = true;
        peer_of(source).given_up = true;
      }
      return false;
    }
    if (found == 0) {
      return true;
    }
    Peer& peer = peer_of(status.MPI_SOURCE);
    if (status.MPI_TAG == k_receipt_tag) {
      MPI_Mrecv(&peer.sent_receipt, 1, MPI_UINT64_T, &message, MPI_STATUS_IGNORE);  // eight bytes: here already
      continue;
    }
    int count = 0;
    MPI_Get_count(&status, MPI_BYTE, &count);
    Incoming& incoming = incoming_.emplace_back();
    incoming.envelope.source = status.MPI_SOURCE;
    incoming.envelope.bytes.resize(static_cast<std::size_t>(count));
    if (MPI_Imrecv(incoming.envelope.bytes.data(), count, MPI_BYTE, &message, &incoming.request) != MPI_SUCCESS) {
      incoming_.pop_back();
    }
    ++peer.received;
    acknowledge(status.MPI_SOURCE);
  }
}

void MpiChannelOnWorld::start_receives() {
  if (any_source_ && start_receives(MPI_ANY_SOURCE)) {
    return;
  }
  any_source_ = false;  // Open MPI 5 refuses to listen to anybody once it knows of a dead rank; each one can be asked
  for (int source = 0; source < size(); ++source) {
    start_receives(source);
  }
}

/// The oldest message that is here whole and has no older one of its rank before it; end() where there is none.
std::deque<Incoming>::iterator MpiChannelOnWorld::first_complete() {
  std::vector<int> behind;
  for (auto message = incoming_.begin(); message != incoming_.end(); ++message) {
    const int source = message->envelope.source;
    if (std::find(behind.begin(), behind.end(), source) != behind.end()) {
      continue;
    }
    int done = 0;
    if (MPI_Request_get_status(message->request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && done != 0) {
      return message;
    }
    behind.push_back(source);
  }
  return incoming_.end();
}

std::optional<Envelope> MpiChannelOnWorld::try_receive() {
  start_receives();
  const auto message = first_complete();
  if (message == incoming_.end()) {
    return std::nullopt;
  }
  sleep_ = k_shortest_sleep;
  const bool received = MPI_Wait(&message->request, MPI_STATUS_IGNORE) == MPI_SUCCESS;  // complete: frees the request
  std::optional<Envelope> envelope(std::move(message->envelope));
  incoming_.erase(message);
  return received ? std::move(envelope) : std::nullopt;
}

bool MpiChannelOnWorld::something_arrived() {
  start_receives();
  progress();
  return first_complete() != incoming_.end();
}

void MpiChannelOnWorld::wait(int milliseconds) {
  const Clock::time_point begin = Clock::now();
  const Clock::time_point deadline = begin + std::chrono::milliseconds(std::max(milliseconds, 0));
  for (;;) {
    if (something_arrived()) {
      sleep_ = k_shortest_sleep;
      return;
    }
    const Clock::time_point now = Clock::now();
    if (now >= deadline) {
      return;  // the next wait goes on where this one was: who is idle for long sleeps long at once
    }
    if (sleep_ == k_shortest_sleep && now - begin < k_yielding) {
      sched_yield();
      continue;
    }
    std::this_thread::sleep_for(std::min<Clock::duration>(sleep_, deadline - now));
    sleep_ = std::min(sleep_ * 5 / 4, k_longest_sleep);
  }
}

/// Whether everything has left within the time of a farewell.
bool MpiChannelOnWorld::flush() {
  const Clock::time_point deadline = Clock::now() + k_farewell;
  while (progress() > 0) {
    if (Clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(k_shortest_sleep);
  }
  return true;
}

void MpiChannelOnWorld::finish(bool lost_rank, int exit_code) {
  const bool flushed = flush();
  const bool anyone_given_up =
      std::any_of(peers_.begin(), peers_.end(), [](const Peer& peer) { return peer.given_up; });
  if (!lost_rank && flushed && !anyone_given_up) {
    MPI_Finalize();
    return;
  }
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  _exit(exit_code);
}

void MpiChannelOnWorld::abort(int exit_code) {
  std::cout.flush();
  std::fflush(nullptr);
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  _exit(exit_code);
}

}  // namespace

std::unique_ptr<MpiChannel> make_mpi_channel(int& argc, char**& argv, GiveUpLimits limits) {
  int initialised = 0;
  MPI_Initialized(&initialised);
  check(initialised == 0, "a second MPI channel in one process");
  int provided = MPI_THREAD_SINGLE;
  if (MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
    throw UserError(ExitCode::environment, "MPI does not start; try `mpirun -np 2 hostname`, or run without mpirun");
  }
  if (provided < MPI_THREAD_FUNNELED) {
    throw UserError(ExitCode::environment,
                    "this MPI library does not allow threads (MPI_THREAD_FUNNELED is needed); "
                    "use Open MPI, or run without mpirun");
  }
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  return std::make_unique<MpiChannelOnWorld>(limits);
}

}  // namespace fairsweep
