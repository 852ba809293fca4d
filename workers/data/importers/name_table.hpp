#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace fairsweep {

/// Numbers names in the order in which they first come. A name belongs to a space (a candidate's to its context), and
/// the same name in two spaces is two names. Memory: the names' bytes and about 40 more a name.
class NameTable {
 public:
  NameTable();
  /// The name's number, from 0; a new one where the name is new. Cost: O(length), amortised.
  [[nodiscard]] std::int32_t number_of(std::int32_t space, std::string_view name);
  /// -1 where the name is not there.
  [[nodiscard]] std::int32_t find(std::int32_t space, std::string_view name) const;
  [[nodiscard]] std::string_view name(std::int32_t number) const { return entries_[index(number)].name; }
  [[nodiscard]] std::int32_t space(std::int32_t number) const { return entries_[index(number)].space; }
  [[nodiscard]] std::int32_t size() const { return static_cast<std::int32_t>(entries_.size()); }
  /// Forgets the names that came last, so that `size` are left. Their bytes stay until the table goes.
  void forget_from(std::int32_t size);

 private:
  struct Entry {
    std::string_view name;
    std::int32_t space = 0;
  };
  struct Slot {
    std::int32_t number = -1;  ///< -1: free
    std::uint32_t hash = 0;    ///< beside the number, so that a wrong slot is known without its entry
  };
  static std::size_t index(std::int32_t number) { return static_cast<std::size_t>(number); }
  [[nodiscard]] std::size_t slot_of(std::int32_t space, std::string_view name, std::uint32_t hash) const;
  [[nodiscard]] std::string_view keep(std::string_view name);
  void grow();

  std::vector<Slot> slots_;  ///< linear probing, at most half full
  std::vector<Entry> entries_;
  std::vector<std::unique_ptr<char[]>> blocks_;  ///< the names' bytes
  std::size_t block_left_ = 0;
  char* block_at_ = nullptr;
};

}  // namespace fairsweep
