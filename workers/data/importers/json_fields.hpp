#pragma once

#include <simdjson.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/record_reader.hpp"

namespace fairsweep {

/// Fields of one JSON object after the other, asked for once by name. For the readers of JSON; where something is
/// wrong, functions throw std::string-carrying FieldError, which the readers give a place.
class JsonFields {
 public:
  /// What is wrong with a field, without the place.
  struct FieldError {
    std::string what;
  };

  [[nodiscard]] std::size_t field(const std::string& name);
  /// As of RecordReader, of `record`.
  [[nodiscard]] std::string_view text(const simdjson::dom::object& record, std::size_t field);
  [[nodiscard]] std::vector<Message> messages(const simdjson::dom::object& record, std::size_t field) const;

  /// Keys of an object; of an object or a list in it "key.inner" and "key.0", too.
  [[nodiscard]] static std::vector<std::string> names_of(const simdjson::dom::object& record);
  /// Whether the record has the field, perhaps as null.
  [[nodiscard]] bool has(const simdjson::dom::object& record, std::size_t field) const;

  /// Notes which keys are new. The parser would take the first of two equal keys in silence. @throws FieldError
  void read_keys(const simdjson::dom::object& record);
  /// Keys of the record read last that none before had, "key.inner" of an object in it; none for the first record.
  /// At most 10,000 keys are remembered; of files with more, some may be told again.
  [[nodiscard]] const std::vector<std::string>& late_names() const { return late_names_; }

 private:
  struct Field {
    std::string name;
    std::vector<std::string> path;  ///< between the dots of the name
    std::string number;             ///< a number of the current record as text
  };
  [[nodiscard]] static std::optional<simdjson::dom::element> find(const simdjson::dom::object& record,
                                                                  const Field& wanted);
  void note(const std::string& name);

  static constexpr std::size_t k_most_known = 10'000;
  std::vector<Field> fields_;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> known_;  ///< key -> inner keys
  std::size_t known_count_ = 0;
  bool is_first_ = true;
  std::vector<std::string> late_names_;
  std::vector<std::string_view> keys_;  ///< of the record
};

}  // namespace fairsweep
