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

/// A categorical attribute of the users ("rail_pass": no, yes) or of the comparisons. What groups are made of.
struct Attribute {
  std::vector<std::string> labels;  ///< code -> name
  std::vector<std::int32_t> codes;  ///< [users] or [comparisons]; -1 where it is not known
  bool operator==(const Attribute&) const = default;
};

/// The best a model can do, where it is known (generated data) or computed: per group of an attribute.
struct Ceiling {
  std::string attribute;
  std::vector<double> accuracy;  ///< by label of that attribute: highest attainable expected accuracy, users averaged
  bool operator==(const Ceiling&) const = default;
};

/// Who is known to listen to whom: `from` may borrow from `to`. Each two people at most once in either direction,
/// nobody linked to himself.
struct UserLinks {
  std::vector<std::int32_t> from, to;  ///< [links] users
  std::vector<float> weight;           ///< [links], above 0; empty: all alike
  [[nodiscard]] bool empty() const { return from.empty(); }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(from.size()); }
  bool operator==(const UserLinks&) const = default;
};

/// What turned texts into features, so that other texts can become features by the same rule.
struct FeatureModel {
  struct Array {
    std::vector<std::int64_t> shape;
    std::vector<float> values;  ///< row-major
    bool operator==(const Array&) const = default;
  };
  std::string recipe;  ///< JSON; empty: the features came from elsewhere
  std::map<std::string, Array> arrays;
  bool operator==(const FeatureModel&) const = default;
};

/// Preferences as they are trained on; the contents of data.h5 version 3.
///
/// A comparison is one act of one user in one context: `candidates` in the user's order, best first, of which the
/// first `ranked` are in order and the rest are only known to be worse. A pair is 2 candidates with ranked = 1, a
/// choice n candidates with ranked = 1, a full ranking n candidates with ranked = n - 1. With ranked = 0 the user
/// saw all of them as equal: a tie.
struct PreferenceData {
  std::int64_t candidate_count = 0;
  std::int64_t feature_count = 0;
  std::vector<float> features;               ///< [candidates, features], row-major
  std::vector<std::string> feature_names;    ///< [features]
  std::vector<std::int64_t> context_offset;  ///< [contexts + 1] rows of `features` of each context
  // Each of the following six is empty where the source does not say.
  std::vector<std::string> candidate_names;   ///< [candidates] the source's ids, different within a context
  std::vector<std::string> context_names;     ///< [contexts] the source's ids, different
  std::vector<std::uint64_t> candidate_text;  ///< [candidates] text_digest() of the text; 0: it has none
  std::vector<std::uint64_t> context_text;    ///< [contexts] the same of the question
  std::vector<std::int32_t> context_wording;  ///< [contexts] id shared by contexts that put one question in other
                                              ///< words, with the same candidates in the same order; -1: none
  std::vector<std::uint8_t> context_fitted;  ///< [contexts] 1: the features were fitted on it, so it must be trained on
  FeatureModel feature_model;

  std::vector<std::string> user_names;  ///< [users]
  std::int64_t user_feature_count = 0;
  std::vector<float> user_features;  ///< [users, user features]; empty where there are none
  std::vector<std::string> user_feature_names;
  std::map<std::string, Attribute> user_attributes;
  UserLinks user_links;  ///< empty where nobody is known to listen to anybody

  std::vector<std::int32_t> comparison_user;       ///< [comparisons]
  std::vector<std::int32_t> comparison_context;    ///< [comparisons]
  std::vector<std::int64_t> comparison_offset;     ///< [comparisons + 1] into `comparison_candidate`
  std::vector<std::int64_t> comparison_candidate;  ///< candidate rows, best first
  std::vector<std::int32_t> comparison_ranked;     ///< [comparisons]
  std::vector<float> comparison_weight;            ///< [comparisons], > 0
  std::vector<std::int32_t> comparison_repeat;     ///< [comparisons] id shared by repeats of one comparison; -1: none
  std::vector<std::int64_t> comparison_time;       ///< [comparisons] seconds since 1970 UTC; empty: not known
  /// [entries of comparison_candidate] place, from 0, at which the candidate was shown; empty: not known
  std::vector<std::int32_t> comparison_position;
  /// Circumstances of single comparisons ("stance"): codes are [comparisons].
  std::map<std::string, Attribute> comparison_attributes;

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
