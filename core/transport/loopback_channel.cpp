#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/transport/channel.hpp"

namespace fairsweep {

namespace {

/// What has been sent to one rank and not been received.
struct Inbox {
  std::mutex mutex;
  std::condition_variable arrived;
  std::deque<Envelope> messages;
  bool closed = false;  ///< its rank is gone: messages to it are dropped
};

using Inboxes = std::vector<Inbox>;

class LoopbackChannel final : public Channel {
 public:
  LoopbackChannel(int rank, std::shared_ptr<Inboxes> inboxes) : rank_(rank), inboxes_(std::move(inboxes)) {}
  LoopbackChannel(const LoopbackChannel&) = delete;
  LoopbackChannel& operator=(const LoopbackChannel&) = delete;
  ~LoopbackChannel() override {
    Inbox& own = inbox(rank_);
    const std::lock_guard lock(own.mutex);
    own.closed = true;
    own.messages.clear();
  }

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return static_cast<int>(inboxes_->size()); }

  void send(int destination, std::span<const std::uint8_t> bytes) override {
    check(destination >= 0 && destination < size(), "a message to a rank that does not exist");
    Envelope envelope{rank_, {bytes.begin(), bytes.end()}};
    Inbox& target = inbox(destination);
    {
      const std::lock_guard lock(target.mutex);
      if (target.closed) {
        return;
      }
      target.messages.push_back(std::move(envelope));
    }
    target.arrived.notify_one();
  }

  [[nodiscard]] std::optional<Envelope> try_receive() override {
    Inbox& own = inbox(rank_);
    const std::lock_guard lock(own.mutex);
    if (own.messages.empty()) {
      return std::nullopt;
    }
    Envelope envelope = std::move(own.messages.front());
    own.messages.pop_front();
    return envelope;
  }

  std::size_t progress() override { return 0; }  // a message has arrived once it is sent

  void wait(int milliseconds) override {
    Inbox& own = inbox(rank_);
    std::unique_lock lock(own.mutex);
    own.arrived.wait_for(lock, std::chrono::milliseconds(milliseconds), [&own] { return !own.messages.empty(); });
  }

 private:
  Inbox& inbox(int rank) { return (*inboxes_)[static_cast<std::size_t>(rank)]; }

  int rank_;
  std::shared_ptr<Inboxes> inboxes_;
};

}  // namespace

std::vector<std::unique_ptr<Channel>> make_loopback_channels(int size) {
  check(size > 0, "channels for no rank");
  const auto inboxes = std::make_shared<Inboxes>(static_cast<std::size_t>(size));
  std::vector<std::unique_ptr<Channel>> channels;
  channels.reserve(static_cast<std::size_t>(size));
  for (int rank = 0; rank < size; ++rank) {
    channels.push_back(std::make_unique<LoopbackChannel>(rank, inboxes));
  }
  return channels;
}

}  // namespace fairsweep
