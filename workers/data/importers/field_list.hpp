#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "workers/data/importers/import_session.hpp"

namespace fairsweep {

/// Which fields make a list, and what they are called in messages.
struct FieldListRequest {
  std::string role;                ///< key of `fields` in a mapping, and name of the option: "items"
  std::string range;               ///< value of the option: "2-11", columns of the table from 1; empty: not given
  std::vector<std::string> taken;  ///< fields that play another role
};

/// Fields of a record that hold one entry of a list each, in order: columns of a wide table, or the entries of a list
/// in JSON.
class FieldList {
 public:
  /// What the mapping lists, or the columns of the range, or every column of the file opened last that plays no other
  /// role. A last name "a.*" is open: a.0, a.1, ... as far as a record has them.
  /// @param session  with an open file
  /// @throws UserError (configuration) for a range that the table does not have, a field that plays two roles, and JSON
  ///         without a list
  FieldList(ImportSession& session, const FieldListRequest& request);

  /// The field of an entry, from 0; nothing behind the last.
  [[nodiscard]] std::optional<std::string> name(std::size_t at) const;
  /// Whether the entry is of an open list, which ends with the first that a record does not have.
  [[nodiscard]] bool is_open(std::size_t at) const { return at >= names_.size(); }

  /// Of an open list: finding an entry takes as many steps as there are before it.
  static constexpr std::size_t k_most_open = 10'000;

 private:
  std::vector<std::string> names_;
  std::string open_;  ///< "a." of a last name "a.*"
};

/// Fields that people, comparisons and joined tables take from the records, by the session's mapping.
[[nodiscard]] std::vector<std::string> fields_of_mapping(const RecordMapping& mapping);

}  // namespace fairsweep
