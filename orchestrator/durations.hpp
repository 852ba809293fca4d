#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "core/domain/event.hpp"

namespace fairsweep {

/// How long packs of a shape take, in seconds. Each is the longest of the last k_remembered times seen, so that what is
/// predicted is rather too long than too short.
struct PackDurations {
  double first_word = 0;  ///< from being handed out to the first word about a trial: set-up and one epoch
  double word = 0;        ///< between two words about trials of the pack, the first one's wait included
  double epoch = 0;       ///< of a trial; 0 where none was seen to end
};

/// Learns from a run's events how long packs of each shape take. What is predicted decides when work is handed out and
/// who is called hung; no result depends on it. The only reader of the events' times.
class Durations {
 public:
  static constexpr std::size_t k_remembered = 16;

  /// @param shape_of  the number of a trial's shape
  explicit Durations(std::function<std::size_t(TrialId)> shape_of) : shape_of_(std::move(shape_of)) {}

  /// Events in the order of the log. A clock that was set back gives no time. O(log open leases).
  void ingest(const Event& event);
  /// Nothing where no pack of this shape was heard of yet.
  [[nodiscard]] std::optional<PackDurations> of(std::size_t shape) const;
  /// The longest of all shapes; nothing where nothing has run yet.
  [[nodiscard]] std::optional<PackDurations> of_any() const;
  /// Seconds of the longest epoch among packs that run now; 0 where none is known.
  [[nodiscard]] double running_epoch() const;

 private:
  /// The longest of the last few.
  class Recent {
   public:
    void add(double seconds);
    [[nodiscard]] std::optional<double> longest() const;

   private:
    std::array<double, k_remembered> values_{};
    std::size_t count_ = 0;
  };
  struct Shape {
    Recent first_word, word, epoch;
  };
  struct Pack {
    std::size_t shape = 0;
    double last_word = 0;
    bool heard = false;
    std::size_t open = 0;
    std::map<TrialId, std::pair<double, std::uint32_t>> progress;  ///< when, and how many epochs were done
  };

  void on(const events::Assigned& event);
  void on(const events::Progressed& event);
  void end_trial(LeaseId lease, TrialId trial, double time);
  void hear(Pack& pack, double time);
  Shape& shape_at(std::size_t shape);

  std::function<std::size_t(TrialId)> shape_of_;
  std::vector<Shape> shapes_;
  std::map<LeaseId, Pack> packs_;  ///< open ones
};

}  // namespace fairsweep
