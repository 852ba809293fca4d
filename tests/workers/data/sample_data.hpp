#pragma once

#include "workers/data/preference_data.hpp"

namespace fairsweep::testing_support {

/// Two contexts, three users, one comparison of each kind and one repeat; every array of version 1 is in use.
inline PreferenceData sample_data() {
  PreferenceData data;
  data.candidate_count = 6;
  data.feature_count = 2;
  data.features = {0.5F, 1, -1, 2, 3, 0, 1.5F, -2.25F, 4, 4, 5, 5};
  data.feature_names = {"length", "tone"};
  data.context_offset = {0, 2, 6};
  data.user_names = {"ann", "bé", "cy"};
  data.user_feature_count = 1;
  data.user_features = {0.25F, -1, 7};
  data.user_feature_names = {"age"};
  data.user_attributes["region"] = {{"north", "south"}, {0, 1, -1}};
  data.user_attributes["taste"] = {{"a", "b"}, {1, 1, 0}};
  data.comparison_user = {0, 1, 2, 0, 0};
  data.comparison_context = {0, 1, 1, 0, 1};
  data.comparison_offset = {0, 2, 5, 9, 11, 13};
  data.comparison_candidate = {0, 1, 4, 2, 3, 5, 4, 3, 2, 1, 0, 2, 5};
  data.comparison_ranked = {1, 1, 3, 1, 1};
  data.comparison_weight = {1, 0.5F, 2, 1, 1};
  data.comparison_repeat = {7, -1, -1, 7, -1};
  data.ceilings = {{"taste", {0.75, 0.9}}};
  data.about = {{"name", "sample"}, {"licence", "CC0-1.0"}, {"recipe", "written by hand\nin two lines"}};
  return data;
}

/// The same with a tie and every array that came with version 2 or 3.
inline PreferenceData full_sample_data() {
  PreferenceData data = sample_data();
  data.candidate_names = {"a", "b", "a", "b", "c", "d"};
  data.candidate_text = {11, 12, 11, 0, 15, 18446744073709551615U};
  data.context_names = {"first", "zweite"};
  data.context_text = {1, 2};
  data.context_wording = {-1, 4};
  data.context_fitted = {1, 0};
  data.feature_model = {R"({"kind": "ngrams"})", {{"idf", {{3}, {1, 2, 3}}}, {"basis", {{2, 1}, {0.5F, -1}}}}};
  data.user_links = {{0, 2, 2}, {1, 0, 1}, {1, 0.5F, 2}};
  data.comparison_ranked[0] = 0;
  data.comparison_time = {0, -5, 1700000000, 7, 7};
  data.comparison_position = {0, 1, 2, 1, 0, 3, 2, 1, 0, 1, 0, 0, 1};
  data.comparison_attributes["stance"] = {{"same", "opposite"}, {0, 1, -1, 0, 1}};
  return data;
}

}  // namespace fairsweep::testing_support
