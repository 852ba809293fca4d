#pragma once

#include <cstdint>

namespace fairsweep::hdf5 {

/// Owns one identifier of the HDF5 library (file, group, dataset, type, ...) and releases it. Move-only.
class Handle {
 public:
  Handle() = default;
  explicit Handle(std::int64_t id) noexcept : id_(id) {}
  ~Handle() { release(); }
  Handle(Handle&& other) noexcept : id_(other.id_) { other.id_ = k_none; }
  Handle& operator=(Handle&& other) noexcept;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] std::int64_t id() const noexcept { return id_; }
  /// Gives the identifier back; what the library says about it is dropped, as in every destructor.
  void release() noexcept;
  /// Gives the identifier away without releasing it.
  [[nodiscard]] std::int64_t take() noexcept;

 private:
  static constexpr std::int64_t k_none = -1;
  std::int64_t id_ = k_none;
};

}  // namespace fairsweep::hdf5
