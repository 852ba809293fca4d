#include "results/store/trial_environments.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <variant>

#include "core/protocol/codec.hpp"

namespace fairsweep {
namespace {

class Walk {
 public:
  explicit Walk(const RunRecord& record) : record_(record) { answer_.of.assign(record.trials.size(), answer_.k_none); }

  void operator()(const events::Started& event) {
    ++session_;
    facts_of_session_ = event.provenance;
    std::erase_if(facts_of_session_, [](const auto& fact) {
      return fact.first.starts_with("changed.") || fact.first.starts_with("confirms.");
    });
    trainers_.clear();
  }
  void operator()(const events::TrainerStarted& event) { trainers_[event.worker] = {++trainer_, event.provenance}; }
  void operator()(const events::Assigned& event) { worker_of_[event.lease] = event.worker; }
  void operator()(const events::Reported& event) { ended(event.lease, event.report.trial, event.report.device); }
  void operator()(const events::Failed& event) { ended(event.lease, event.failure.trial, ""); }
  template <typename Other>
  void operator()(const Other&) {}

  TrialEnvironments take() { return std::move(answer_); }

 private:
  struct Trainer {
    std::size_t number = 0;
    Facts facts;
  };

  void ended(LeaseId lease, TrialId trial, const std::string& device) {
    const auto place = std::ranges::lower_bound(record_.trials, trial, {}, &TrialRecord::id);
    if (place == record_.trials.end() || place->id != trial) {
      return;
    }
    const auto worker = worker_of_.find(lease);
    const auto trainer = worker == worker_of_.end() ? trainers_.end() : trainers_.find(worker->second);
    const std::size_t number = trainer == trainers_.end() ? 0 : trainer->second.number;
    const auto [known, fresh] = numbers_.try_emplace({session_, number, device}, answer_.distinct.size());
    if (fresh) {
      Facts facts = facts_of_session_;
      if (trainer != trainers_.end()) {
        for (const auto& [name, value] : trainer->second.facts) {
          facts["trainer." + name] = value;
        }
      }
      if (!device.empty()) {
        facts["device"] = device;
      }
      answer_.distinct.push_back(std::move(facts));
    }
    answer_.of[static_cast<std::size_t>(place - record_.trials.begin())] = known->second;
  }

  const RunRecord& record_;
  TrialEnvironments answer_;
  std::size_t session_ = 0;
  std::size_t trainer_ = 0;  ///< number of the last one, from 1
  Facts facts_of_session_;
  std::map<std::uint32_t, Trainer> trainers_;  ///< by worker
  std::map<LeaseId, std::uint32_t> worker_of_;
  std::map<std::tuple<std::size_t, std::size_t, std::string>, std::size_t> numbers_;
};

}  // namespace

TrialEnvironments environments_of(const RunRecord& record) {
  Walk walk(record);
  for (const std::string& event : record.events) {
    if (event.starts_with("{\"event\":\"progressed\"")) {
      continue;  // most of a log, and of no interest here
    }
    try {
      std::visit(walk, parse_event(event));
    } catch (const BadMessage&) {
      continue;  // of a later version
    }
  }
  return walk.take();
}

}  // namespace fairsweep
