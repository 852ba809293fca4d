#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/hdf5/file_writer.hpp"
#include "workers/data/data_file_format.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

namespace {

constexpr hdf5::Storage k_packed{.deflate = 4};

std::uint64_t size(std::int64_t count) { return static_cast<std::uint64_t>(count); }

void write_candidates(hdf5::FileWriter& file, const PreferenceData& data) {
  file.create_group("/candidates");
  file.write("/candidates/features", data.features, {size(data.candidate_count), size(data.feature_count)}, k_packed);
  file.name_dimensions("/candidates/features", {"candidate", "feature"});
  file.write_texts("/candidates/feature_names", data.feature_names);
  file.create_group("/contexts");
  file.write("/contexts/offset", data.context_offset, {data.context_offset.size()}, k_packed);
  file.name_dimensions("/contexts/offset", {"context + 1"});
}

void write_users(hdf5::FileWriter& file, const PreferenceData& data) {
  file.create_group("/users");
  file.write_texts("/users/names", data.user_names, {data.user_names.size()}, k_packed);
  file.name_dimensions("/users/names", {"user"});
  if (data.user_feature_count > 0) {
    file.write("/users/features", data.user_features, {data.user_names.size(), size(data.user_feature_count)},
               k_packed);
    file.name_dimensions("/users/features", {"user", "user feature"});
    file.write_texts("/users/feature_names", data.user_feature_names);
  }
  file.create_group("/users/attributes");
  for (const auto& [name, attribute] : data.user_attributes) {
    const std::string group = "/users/attributes/" + name;
    file.create_group(group);
    file.write_texts(group + "/labels", attribute.labels);
    file.write(group + "/codes", attribute.codes, {attribute.codes.size()}, k_packed);
    file.name_dimensions(group + "/codes", {"user"});
  }
}

void write_comparisons(hdf5::FileWriter& file, const PreferenceData& data) {
  file.create_group("/comparisons");
  const auto column = [&](const std::string& path, const auto& values, const std::string& dimension) {
    file.write(path, values, {values.size()}, k_packed);
    file.name_dimensions(path, {dimension});
  };
  column("/comparisons/user", data.comparison_user, "comparison");
  column("/comparisons/context", data.comparison_context, "comparison");
  column("/comparisons/offset", data.comparison_offset, "comparison + 1");
  column("/comparisons/candidate", data.comparison_candidate, "candidate of a comparison");
  column("/comparisons/ranked", data.comparison_ranked, "comparison");
  column("/comparisons/weight", data.comparison_weight, "comparison");
  column("/comparisons/repeat", data.comparison_repeat, "comparison");
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

}  // namespace

void write_data_file(const std::filesystem::path& file, const PreferenceData& data) {
  const std::vector<std::string> problems = problems_of(data);
  check(problems.empty(), "data that break a rule are not written: " + (problems.empty() ? "" : problems.front()));
  replace_file(file, [&](const std::filesystem::path& temporary) {
    hdf5::FileWriter writer(temporary);
    writer.set_text("/", "format", data_file::k_format);
    writer.set_integer("/", "format_version", data_file::k_version);
    write_candidates(writer, data);
    write_users(writer, data);
    write_comparisons(writer, data);
    write_notes(writer, data);
    writer.close();
  });
}

}  // namespace fairsweep
