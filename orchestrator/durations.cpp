#include "orchestrator/durations.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace fairsweep {
namespace {

double longer(double seconds, std::optional<double> other) { return std::max(seconds, other.value_or(0)); }

}  // namespace

void Durations::Recent::add(double seconds) {
  values_[count_ % values_.size()] = std::max(seconds, 0.0);
  ++count_;
}

std::optional<double> Durations::Recent::longest() const {
  const std::size_t known = std::min(count_, values_.size());
  if (known == 0) {
    return std::nullopt;
  }
  return *std::max_element(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(known));
}

Durations::Shape& Durations::shape_at(std::size_t shape) {
  shapes_.resize(std::max(shapes_.size(), shape + 1));
  return shapes_[shape];
}

void Durations::ingest(const Event& event) {
  if (const auto* assigned = std::get_if<events::Assigned>(&event)) {
    on(*assigned);
  } else if (const auto* progressed = std::get_if<events::Progressed>(&event)) {
    on(*progressed);
  } else if (const auto* reported = std::get_if<events::Reported>(&event)) {
    end_trial(reported->lease, reported->report.trial, reported->time);
  } else if (const auto* failed = std::get_if<events::Failed>(&event)) {
    // How long a crash took says nothing; a trial that failed by itself has trained until then.
    const auto pack = packs_.find(failed->lease);
    if (pack != packs_.end() && --pack->second.open == 0) {
      packs_.erase(pack);
    }
  } else if (const auto* expired = std::get_if<events::LeaseExpired>(&event)) {
    packs_.erase(expired->lease);
  }
}

void Durations::on(const events::Assigned& event) {
  Pack pack;
  pack.shape = shape_of_(event.trials.front());
  pack.last_word = event.time;
  pack.open = event.trials.size();
  packs_.insert_or_assign(event.lease, std::move(pack));
}

void Durations::hear(Pack& pack, double time) {
  Shape& shape = shape_at(pack.shape);
  shape.word.add(time - pack.last_word);
  if (!std::exchange(pack.heard, true)) {
    shape.first_word.add(time - pack.last_word);
  }
  pack.last_word = time;
}

void Durations::on(const events::Progressed& event) {
  const auto found = packs_.find(event.lease);
  if (found == packs_.end()) {
    return;
  }
  Pack& pack = found->second;
  hear(pack, event.time);
  const auto [before, fresh] = pack.progress.try_emplace(event.progress.trial, event.time, event.progress.epoch);
  if (fresh) {
    return;
  }
  const auto [time, epochs] = before->second;
  if (event.progress.epoch > epochs) {
    shape_at(pack.shape).epoch.add((event.time - time) / (event.progress.epoch - epochs));
  }
  before->second = {event.time, event.progress.epoch};
}

void Durations::end_trial(LeaseId lease, TrialId trial, double time) {
  const auto found = packs_.find(lease);
  if (found == packs_.end()) {
    return;
  }
  hear(found->second, time);
  found->second.progress.erase(trial);
  if (--found->second.open == 0) {
    packs_.erase(found);
  }
}

std::optional<PackDurations> Durations::of(std::size_t shape) const {
  if (shape >= shapes_.size() || !shapes_[shape].first_word.longest()) {
    return std::nullopt;
  }
  const Shape& seen = shapes_[shape];
  return PackDurations{*seen.first_word.longest(), longer(0, seen.word.longest()), longer(0, seen.epoch.longest())};
}

std::optional<PackDurations> Durations::of_any() const {
  std::optional<PackDurations> all;
  for (std::size_t shape = 0; shape < shapes_.size(); ++shape) {
    if (const std::optional<PackDurations> each = of(shape)) {
      const PackDurations before = all.value_or(PackDurations{});
      all = PackDurations{std::max(before.first_word, each->first_word), std::max(before.word, each->word),
                          std::max(before.epoch, each->epoch)};
    }
  }
  return all;
}

double Durations::running_epoch() const {
  double longest = 0;
  for (const auto& [lease, pack] : packs_) {
    if (pack.shape < shapes_.size()) {
      longest = longer(longest, shapes_[pack.shape].epoch.longest());
    }
  }
  return longest;
}

}  // namespace fairsweep
