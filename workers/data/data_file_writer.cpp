#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/hdf5/file_writer.hpp"
#include "workers/data/data_file_format.hpp"
#include "workers/data/preference_columns.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

namespace {

constexpr hdf5::Storage k_packed{.deflate = 4};
// Packing tens of millions of values would take longer than making them.
constexpr std::uint64_t k_much = std::uint64_t{32} << 20U;

std::uint64_t size(std::int64_t count) { return static_cast<std::uint64_t>(count); }

hdf5::Storage storage_for(std::uint64_t bytes) { return bytes > k_much ? hdf5::Storage{} : k_packed; }

template <typename T>
void write_list(hdf5::FileWriter& file, const std::string& path, const std::vector<T>& values, const char* dimension) {
  if constexpr (std::is_same_v<T, std::string>) {
    file.write_texts(path, values, {values.size()}, k_packed);
  } else {
    file.write(path, values, {values.size()}, storage_for(values.size() * sizeof(T)));
  }
  file.name_dimensions(path, {dimension});
}

template <typename T>
void write_optional(hdf5::FileWriter& file, const std::string& path, const std::vector<T>& values,
                    const char* dimension) {
  if (!values.empty()) {
    write_list(file, path, values, dimension);
  }
}

template <typename T>
void write_column(hdf5::FileWriter& file, const std::string& path, const Column<T>& column, const char* dimension) {
  file.write_blocks<T>(path, {column.count}, storage_for(column.count * sizeof(T)), column.fill);
  file.name_dimensions(path, {dimension});
}

void write_candidates(hdf5::FileWriter& file, const PreferenceData& data, const PreferenceColumns& columns) {
  file.create_group("/candidates");
  const auto width = size(data.feature_count);
  file.write_blocks<float>(
      "/candidates/features", {size(data.candidate_count), width}, storage_for(columns.features.count * sizeof(float)),
      [&](std::uint64_t first, std::span<float> block) { columns.features.fill(first * width, block); });
  file.name_dimensions("/candidates/features", {"candidate", "feature"});
  file.write_texts("/candidates/feature_names", data.feature_names);
  write_optional(file, "/candidates/names", data.candidate_names, "candidate");
  write_optional(file, "/candidates/text", data.candidate_text, "candidate");
  file.create_group("/contexts");
  write_list(file, "/contexts/offset", data.context_offset, "context + 1");
  write_optional(file, "/contexts/names", data.context_names, "context");
  write_optional(file, "/contexts/text", data.context_text, "context");
  write_optional(file, "/contexts/wording", data.context_wording, "context");
  write_optional(file, "/contexts/fitted", data.context_fitted, "context");
}

void write_attributes(hdf5::FileWriter& file, const std::string& group,
                      const std::map<std::string, Attribute>& attributes, const char* dimension) {
  file.create_group(group);
  for (const auto& [name, attribute] : attributes) {
    const std::string path = group + "/" + name;
    file.create_group(path);
    file.write_texts(path + "/labels", attribute.labels);
    write_list(file, path + "/codes", attribute.codes, dimension);
  }
}

void write_users(hdf5::FileWriter& file, const PreferenceData& data) {
  file.create_group("/users");
  write_list(file, "/users/names", data.user_names, "user");
  if (data.user_feature_count > 0) {
    file.write("/users/features", data.user_features, {data.user_names.size(), size(data.user_feature_count)},
               k_packed);
    file.name_dimensions("/users/features", {"user", "user feature"});
    file.write_texts("/users/feature_names", data.user_feature_names);
  }
  write_attributes(file, "/users/attributes", data.user_attributes, "user");
  if (!data.user_links.empty()) {
    file.create_group("/users/links");
    write_list(file, "/users/links/from", data.user_links.from, "link");
    write_list(file, "/users/links/to", data.user_links.to, "link");
    write_optional(file, "/users/links/weight", data.user_links.weight, "link");
  }
}

void write_comparisons(hdf5::FileWriter& file, const PreferenceData& data, const PreferenceColumns& columns) {
  file.create_group("/comparisons");
  write_column(file, "/comparisons/user", columns.user, "comparison");
  write_column(file, "/comparisons/context", columns.context, "comparison");
  write_column(file, "/comparisons/offset", columns.offset, "comparison + 1");
  write_column(file, "/comparisons/candidate", columns.candidate, "candidate of a comparison");
  write_column(file, "/comparisons/ranked", columns.ranked, "comparison");
  write_column(file, "/comparisons/weight", columns.weight, "comparison");
  write_column(file, "/comparisons/repeat", columns.repeat, "comparison");
  if (columns.time.count > 0) {
    write_column(file, "/comparisons/time", columns.time, "comparison");
    file.set_text("/comparisons/time", "unit", "seconds since 1970-01-01 UTC");
  }
  if (columns.position.count > 0) {
    write_column(file, "/comparisons/position", columns.position, "candidate of a comparison");
  }
  if (!data.comparison_attributes.empty()) {
    write_attributes(file, "/comparisons/attributes", data.comparison_attributes, "comparison");
  }
}

void write_feature_model(hdf5::FileWriter& file, const FeatureModel& model) {
  if (model.recipe.empty()) {
    return;
  }
  file.create_group("/feature_model");
  file.set_text("/feature_model", "recipe", model.recipe);
  for (const auto& [name, array] : model.arrays) {
    hdf5::Shape shape;
    for (const std::int64_t extent : array.shape) {
      shape.push_back(size(extent));
    }
    file.write("/feature_model/" + name, array.values, shape);
  }
}

void write_notes(hdf5::FileWriter& file, const PreferenceData& data) {
  file.create_group("/ceilings");
  for (const Ceiling& ceiling : data.ceilings) {
    const std::string path = "/ceilings/" + ceiling.attribute;
    file.write(path, ceiling.accuracy, {ceiling.accuracy.size()});
    file.name_dimensions(path, {"label"});
    file.set_text(path, "unit", "expected accuracy");
  }
  file.create_group("/about");
  for (const auto& [key, value] : data.about) {
    file.set_text("/about", key, value);
  }
}

/// A view of a vector that outlives it.
template <typename T>
Column<T> column_of(const std::vector<T>& values) {
  return {values.size(), [&values](std::uint64_t first, std::span<T> block) {
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first), block.size(), block.begin());
          }};
}

}  // namespace

PreferenceColumns columns_of(const PreferenceData& data) {
  return {.features = column_of(data.features),
          .user = column_of(data.comparison_user),
          .context = column_of(data.comparison_context),
          .offset = column_of(data.comparison_offset),
          .candidate = column_of(data.comparison_candidate),
          .ranked = column_of(data.comparison_ranked),
          .weight = column_of(data.comparison_weight),
          .repeat = column_of(data.comparison_repeat),
          .time = column_of(data.comparison_time),
          .position = column_of(data.comparison_position)};
}

void write_data_file(const std::filesystem::path& file, const PreferenceData& data) {
  const std::vector<std::string> problems = problems_of(data);
  check(problems.empty(), "data that break a rule are not written: " + (problems.empty() ? "" : problems.front()));
  write_data_file(file, data, columns_of(data));
}

void write_data_file(const std::filesystem::path& file, const PreferenceData& data, const PreferenceColumns& columns) {
  replace_file(file, [&](const std::filesystem::path& temporary) {
    hdf5::FileWriter writer(temporary, file);
    writer.set_text("/", "format", data_file::k_format);
    // Programs that know nothing of links go on reading what has none.
    writer.set_integer("/", "format_version",
                       data.user_links.empty() ? data_file::k_version_without_links : data_file::k_version);
    write_candidates(writer, data, columns);
    write_users(writer, data);
    write_comparisons(writer, data, columns);
    write_feature_model(writer, data.feature_model);
    write_notes(writer, data);
    writer.close();
  });
}

}  // namespace fairsweep
