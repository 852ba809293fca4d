#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/domain/event.hpp"
#include "core/protocol/messages.hpp"
#include "core/random/philox.hpp"

namespace fairsweep::testing {

/// Messages with every field drawn at random, nasty values included.
class RandomMessages {
 public:
  explicit RandomMessages(std::uint64_t seed) : random_(seed, 0, 0, Purpose::search) {}

  std::uint64_t below(std::uint64_t n) { return random_.below(n); }
  bool coin() { return random_.below(2) == 0; }

  std::uint64_t whole() { return random_.next_u64() >> random_.below(64); }
  std::uint32_t small() { return static_cast<std::uint32_t>(whole()); }
  std::int64_t integer() { return std::bit_cast<std::int64_t>(random_.next_u64()) >> random_.below(64); }

  /// Any finite double: whole numbers, subnormals, extremes, both zeros.
  double finite() {
    switch (below(6)) {
      case 0:
        return static_cast<double>(integer());
      case 1:
        return coin() ? 0.0 : -0.0;
      case 2:
        return coin() ? std::numeric_limits<double>::max() : std::numeric_limits<double>::denorm_min();
      case 3:
        return random_.uniform();
      default:
        break;
    }
    double value = std::numeric_limits<double>::infinity();
    while (value - value != 0) {
      value = std::bit_cast<double>(random_.next_u64());
    }
    return value;
  }
  /// Infinities too. No NaN, which is equal to nothing; it has a test of its own.
  double real() {
    const double infinity = std::numeric_limits<double>::infinity();
    return below(12) == 0 ? (coin() ? infinity : -infinity) : finite();
  }

  std::string text() {
    static const std::vector<std::string> pieces = {"a",
                                                    "Z",
                                                    "0",
                                                    " ",
                                                    "\"",
                                                    "\\",
                                                    "/",
                                                    "\n",
                                                    "\r",
                                                    "\t",
                                                    std::string(1, '\0'),
                                                    "\x1f",
                                                    "\x7f",
                                                    "\xC3\xA9",
                                                    "\xE2\x82\xAC",
                                                    "\xF0\x9F\x98\x80",
                                                    "\xE2\x80\xA8",
                                                    "null",
                                                    "{",
                                                    "[",
                                                    ",",
                                                    ":",
                                                    "Infinity",
                                                    "NaN"};
    std::string text;
    for (std::uint64_t n = below(12); n > 0; --n) {
      text += pieces[below(pieces.size())];
    }
    return text;
  }

  template <typename Make>
  auto list(Make make, std::uint64_t most = 4) {
    std::vector<decltype(make())> items;
    for (std::uint64_t n = below(most); n > 0; --n) {
      items.push_back(make());
    }
    return items;
  }
  std::vector<std::string> texts() {
    return list([&] { return text(); });
  }
  std::map<std::string, std::string> words() {
    std::map<std::string, std::string> words;
    for (std::uint64_t n = below(30); n > 0; --n) {
      words[text()] = text();
    }
    return words;
  }

  Value value() {
    switch (below(4)) {
      case 0:
        return coin();
      case 1:
        return integer();
      case 2:
        return finite();
      default:
        return text();
    }
  }
  Settings settings() {
    Settings settings;
    for (std::uint64_t n = below(30); n > 0; --n) {
      settings.insert_or_assign(text(), value());
    }
    return settings;
  }

  TrialId trial() { return {small()}; }
  LeaseId lease() { return {whole()}; }
  std::vector<LeaseId> leases() {
    return list([&] { return lease(); });
  }
  MetricValue metric() {
    return {text(), static_cast<Split>(below(4)), text(), real(), coin() ? 0 : real(), small(), whole()};
  }
  std::map<std::string, double> notes() {
    std::map<std::string, double> all;
    for (int i = coin() ? 2 : 0; i > 0; --i)
      all[text()] = real();
    return all;
  }
  Artefact artefact() { return {text(), text()}; }
  TrialReport report() {
    return {trial(), small(), real(), text(), list([&] { return metric(); }, 14), list([&] { return artefact(); }),
            notes()};
  }
  TrialProgress progress() { return {trial(), small(), small(), real()}; }
  TrialFailure failure() {
    return {trial(),
            coin() ? "training" : text(),
            text(),
            text(),
            static_cast<std::int32_t>(integer()),
            static_cast<std::int32_t>(integer()),
            coin(),
            text()};
  }
  TrialOrder order() { return {trial(), {small()}, small(), small(), settings()}; }
  Assignment assignment() {
    return {lease(), list([&] { return order(); })};
  }

  WorkerRequest request() {
    WorkerRequest request{whole(), text(), integer(), coin(), coin(), leases(), leases(), {}, {}, {}, {}, {}};
    request.place = list([&] { return WorkerPlace{integer(), text(), integer(), integer(), integer()}; });
    request.progress = list([&] { return WorkerRequest::Progress{lease(), progress()}; });
    request.reports = list([&] { return WorkerRequest::Report{lease(), report()}; });
    request.failures = list([&] { return WorkerRequest::Failure{lease(), failure()}; });
    request.trainer = words();
    return request;
  }
  CoordinatorReply reply() {
    return {whole(), whole(), list([&] { return assignment(); }), leases(), coin(), small(), real(), real()};
  }

  GroupSettings grouping() {
    return {text(), text(), texts(), integer(), text(), integer(), text(),
            real(), real(), text(),  integer(), text(), real(),    real()};
  }
  LabelSettings label_settings() { return {text(), real(), real()}; }
  SplitSettings split_settings() {
    return {text(), real(), real(), real(), integer(), coin(), text(), coin(), real(), texts()};
  }
  TrainerSetup setup() {
    return {integer(),  text(),  text(),           text(),           text(),  text(),  text(),    text(), text(),
            grouping(), texts(), split_settings(), label_settings(), whole(), texts(), integer(), text()};
  }

  ToTrainer to_trainer() {
    switch (below(3)) {
      case 0:
        return setup();
      case 1:
        return TrainerAssignment{assignment()};
      default:
        return TrainerStop{};
    }
  }
  FromTrainer from_trainer() {
    switch (below(5)) {
      case 0:
        return TrainerReady{integer(), text(), words()};
      case 1:
        return TrainerRefusal{text()};
      case 2:
        return progress();
      case 3:
        return report();
      default:
        return failure();
    }
  }

  Objective objective() { return {text(), text(), coin() ? Direction::maximise : Direction::minimise, text()}; }
  Event event() {
    switch (below(10)) {
      case 0:
        return events::Started{real(),
                               text(),
                               text(),
                               text(),
                               texts(),
                               list([&] { return objective(); }),
                               small(),
                               small(),
                               words(),
                               text(),
                               coin(),
                               {small(), small()},
                               static_cast<std::int32_t>(small()),
                               text()};
      case 1:
        return events::Suggested{real(), {{small()}, settings()}};
      case 2:
        return events::Assigned{real(), lease(), small(), text(), list([&] { return trial(); })};
      case 3:
        return events::Progressed{real(), lease(), progress()};
      case 4:
        return events::Reported{real(), lease(), report()};
      case 5:
        return events::Failed{real(), lease(), failure()};
      case 6:
        return events::LeaseExpired{real(), lease(), text()};
      case 7:
        return events::Stopped{real(), text()};
      case 8:
        return events::TrainerStarted{real(), small(), text(), words()};
      default:
        return events::Completed{real()};
    }
  }

 private:
  RandomStream random_;
};

}  // namespace fairsweep::testing
