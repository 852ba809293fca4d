#include "workers/data/importers/name_table.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

namespace {

constexpr std::size_t k_block = std::size_t{1} << 16U;

std::uint32_t hash_of(std::int32_t space, std::string_view name) {
  // The multiplier is 2^64 divided by the golden ratio: it spreads small numbers over all bits.
  const std::uint64_t mixed = std::hash<std::string_view>{}(name) ^
                              (static_cast<std::uint64_t>(static_cast<std::uint32_t>(space)) * 0x9E3779B97F4A7C15U);
  return static_cast<std::uint32_t>((mixed * 0x9E3779B97F4A7C15U) >> 32U);
}

}  // namespace

NameTable::NameTable() : slots_(1024) {}

std::size_t NameTable::slot_of(std::int32_t space, std::string_view name, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash & mask;; slot = (slot + 1) & mask) {
    if (slots_[slot].number < 0) {
      return slot;
    }
    if (slots_[slot].hash == hash) {
      const Entry& entry = entries_[index(slots_[slot].number)];
      if (entry.space == space && entry.name == name) {
        return slot;
      }
    }
  }
}

std::string_view NameTable::keep(std::string_view name) {
  if (name.empty()) {
    return {};
  }
  if (name.size() > block_left_) {
    block_left_ = std::max(k_block, name.size());
    blocks_.push_back(std::make_unique<char[]>(block_left_));
    block_at_ = blocks_.back().get();
  }
  char* const at = block_at_;
  std::memcpy(at, name.data(), name.size());
  block_at_ += name.size();
  block_left_ -= name.size();
  return {at, name.size()};
}

void NameTable::grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& entry : old) {
    if (entry.number < 0) {
      continue;
    }
    std::size_t slot = entry.hash & mask;
    while (slots_[slot].number >= 0) {
      slot = (slot + 1) & mask;
    }
    slots_[slot] = entry;
  }
}

std::int32_t NameTable::number_of(std::int32_t space, std::string_view name) {
  const std::uint32_t hash = hash_of(space, name);
  const std::size_t slot = slot_of(space, name, hash);
  if (slots_[slot].number >= 0) {
    return slots_[slot].number;
  }
  if (size() == std::numeric_limits<std::int32_t>::max() - 1) {
    throw UserError(ExitCode::file, "there are more than 2147483646 different names; a data file cannot hold them");
  }
  const std::int32_t number = size();
  slots_[slot] = {number, hash};
  entries_.push_back({keep(name), space});
  if (2 * entries_.size() > slots_.size()) {
    grow();
  }
  return number;
}

// An entry behind a hole would not be found, so those that may lie in it move up.
void NameTable::forget_from(std::int32_t size) {
  while (this->size() > size) {
    const Entry& last = entries_.back();
    const std::size_t mask = slots_.size() - 1;
    std::size_t hole = slot_of(last.space, last.name, hash_of(last.space, last.name));
    slots_[hole] = {};
    for (std::size_t slot = (hole + 1) & mask; slots_[slot].number >= 0; slot = (slot + 1) & mask) {
      const std::size_t wanted = slots_[slot].hash & mask;
      if (((slot - wanted) & mask) >= ((slot - hole) & mask)) {
        slots_[hole] = slots_[slot];
        slots_[slot] = {};
        hole = slot;
      }
    }
    entries_.pop_back();
  }
}

std::int32_t NameTable::find(std::int32_t space, std::string_view name) const {
  return slots_[slot_of(space, name, hash_of(space, name))].number;
}

}  // namespace fairsweep
