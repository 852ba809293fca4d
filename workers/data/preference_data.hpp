#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fairsweep {

/// Names of features that only say which alternative a candidate is begin with this.
inline constexpr std::string_view k_alternative_prefix = "alternative=";

/// A categorical attribute of the users ("rail_pass": no, yes). What groups are made of.
struct UserAttribute {
  std::vector<std::string> labels;  ///< code -> name
  std::vector<std::int32_t> codes;  ///< [users]; -1 where it is not known
  bool operator==(const UserAttribute&) const = default;
};

/// The best a model can do, where it is known (generated data) or computed: per group of an attribute.
struct Ceiling {
  std::string attribute;
  std::vector<double> accuracy;  ///< by label of that attribute: highest attainable expected accuracy, users averaged
  bool operator==(const Ceiling&) const = default;
};

/// Preferences as they are trained on; the contents of data.h5 version 1.
///
/// A comparison is one act of one user in one context: `candidates` in the user's order, best first, of which the
/// first `ranked` are in order and the rest are only known to be worse. A pair is 2 candidates with ranked = 1, a
/// choice n candidates with ranked = 1, a full ranking n candidates with ranked = n - 1.
struct PreferenceData {
  std::int64_t candidate_count = 0;
  std::int64_t feature_count = 0;
  std::vector<float> features;               ///< [candidates, features], row-major
  std::vector<std::string> feature_names;    ///< [features]
  std::vector<std::int64_t> context_offset;  ///< [contexts + 1] rows of `features` of each context

  std::vector<std::string> user_names;  ///< [users]
  std::int64_t user_feature_count = 0;
  std::vector<float> user_features;  ///< [users, user features]; empty where there are none
  std::vector<std::string> user_feature_names;
  std::map<std::string, UserAttribute> user_attributes;

  std::vector<std::int32_t> comparison_user;       ///< [comparisons]
  std::vector<std::int32_t> comparison_context;    ///< [comparisons]
  std::vector<std::int64_t> comparison_offset;     ///< [comparisons + 1] into `comparison_candidate`
  std::vector<std::int64_t> comparison_candidate;  ///< candidate rows, best first
  std::vector<std::int32_t> comparison_ranked;     ///< [comparisons]
  std::vector<float> comparison_weight;            ///< [comparisons], > 0
  std::vector<std::int32_t> comparison_repeat;     ///< [comparisons] id shared by repeats of one comparison; -1: none

  std::vector<Ceiling> ceilings;
  std::map<std::string, std::string> about;  ///< name, source, licence, recipe, ...

  [[nodiscard]] std::int64_t context_count() const { return static_cast<std::int64_t>(context_offset.size()) - 1; }
  [[nodiscard]] std::int64_t user_count() const { return static_cast<std::int64_t>(user_names.size()); }
  [[nodiscard]] std::int64_t comparison_count() const { return static_cast<std::int64_t>(comparison_user.size()); }
  bool operator==(const PreferenceData&) const = default;
};

/// Every rule of the format that the data break, in sentences that name the array and the row; empty: none. O(size).
[[nodiscard]] std::vector<std::string> problems_of(const PreferenceData& data);

/// SHA-256 over all arrays in a fixed order and byte order: equal data, equal digest, whatever wrote the file.
[[nodiscard]] std::string digest_of(const PreferenceData& data);

/// Replaces `file` whole. @throws InternalError where problems_of(data) is not empty; UserError (environment) on I/O.
void write_data_file(const std::filesystem::path& file, const PreferenceData& data);

/// Reads and validates. The file is first opened in a child process, because the HDF5 library can crash on damaged
/// files: the child's death becomes an error message.
/// @throws UserError (file): what is wrong, with the path of the dataset inside the file.
[[nodiscard]] PreferenceData read_data_file(const std::filesystem::path& file);

}  // namespace fairsweep
