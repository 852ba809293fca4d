#pragma once

#include <string>
#include <vector>

#include "core/config/place.hpp"
#include "core/config/read_sweep.hpp"

namespace fairsweep {

/// What is wrong, apart from where. Made by the functions of config_errors.hpp.
struct Mistake {
  std::string path;
  std::string message;
  std::string hint;
};

/// Collects mistakes and gives them places.
class MistakeList {
 public:
  /// @param sources  name of the file, then one name for each --set
  explicit MistakeList(std::vector<std::string> sources) : sources_(std::move(sources)) {}

  void add(const Place& place, Mistake mistake);
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::string& source(int index) const { return sources_.at(static_cast<std::size_t>(index)); }
  /// "file:line:column", or the name of the source where there is no line.
  [[nodiscard]] std::string text_of(const Place& place) const;

  /// In the order of their places; after the first hundred one line says how many more there are.
  [[nodiscard]] std::vector<ConfigurationIssue> issues() const;

 private:
  struct Placed {
    Place place;
    Mistake mistake;
  };
  std::vector<std::string> sources_;
  std::vector<Placed> placed_;
  std::size_t count_ = 0;
};

}  // namespace fairsweep
