#pragma once

#include <spdlog/logger.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/domain/objective.hpp"
#include "core/protocol/messages.hpp"
#include "core/transport/channel.hpp"
#include "workers/agent/trainer_process.hpp"
#include "workers/agent/trainer_supervisor.hpp"

namespace fairsweep {

struct AgentOptions {
  std::string host;
  WorkerPlace place;    ///< where this worker is
  int coordinator = 0;  ///< its rank
  SupervisorOptions trainer;
  double heartbeat_seconds = 1;
  double coordinator_timeout_seconds = 120;  ///< an answer this late means the coordinator is dead
  double stop_grace_seconds = 60;  ///< a trainer told to stop has this long, where the coordinator says nothing else
  std::function<bool()> stop_requested;   ///< this worker is to leave; asked every turn
  std::function<bool()> hurry_requested;  ///< leave at once: the trainer is killed
  std::shared_ptr<spdlog::logger> logger;
};

/// Why an agent ended.
enum class AgentEnd { told, left, trainer_unusable, coordinator_silent, dismissed };

/// A rank's side: pulls packs, feeds them to a trainer, and tells the coordinator what became of them. One thread.
/// At most one request is under way; heartbeats are requests. Short packs are fetched one ahead, so that the trainer
/// need not wait for an answer; long ones are not, so that no worker sits on work another could do.
class Agent {
 public:
  Agent(Channel& channel, AgentOptions options);
  /// The setup every trainer gets, from the coordinator. Nothing: the coordinator cannot begin, and says why itself.
  /// @throws UserError (environment) where it does not answer.
  [[nodiscard]] static std::optional<TrainerSetup> ask_for_setup(Channel& channel, int coordinator,
                                                                 double timeout_seconds);
  /// Until the coordinator says stop, a stop is requested here, or the trainer proves unusable.
  AgentEnd run();
  /// Tells the coordinator that this worker is gone, best effort; for the way out after an exception.
  static void say_goodbye(Channel& channel, int coordinator) noexcept;

 private:
  void take_replies();
  void take_reply(const CoordinatorReply& reply);
  void work();
  void begin_next();
  void take_ended_pack();
  void begin_to_stop(AgentEnd why);
  void stop_trainer();
  void send_if_due();
  void send_request();
  void rest();
  [[nodiscard]] bool wants_work() const;
  [[nodiscard]] static double now();

  Channel& channel_;
  AgentOptions options_;
  TrainerSupervisor trainer_;
  std::optional<Assignment> next_;                 ///< fetched ahead
  double next_silence_ = 0;                        ///< see CoordinatorReply
  WorkerRequest outbox_;                           ///< what the next request will say
  std::map<std::string, std::string> provenance_;  ///< of the trainer, as told to the coordinator
  std::uint64_t sequence_ = 0;
  bool awaiting_ = false;  ///< a request is under way
  bool urgent_ = true;
  double sent_at_ = 0;
  double ask_again_at_ = 0;
  double pack_began_ = 0;
  double pack_seconds_ = 1e9;  ///< of the last pack; long until known
  bool dismissed_ = false;     ///< the coordinator itself cannot go on
  bool stopping_ = false;
  bool said_leaving_ = false;
  double stop_deadline_ = 0;
  AgentEnd end_ = AgentEnd::told;
};

}  // namespace fairsweep
