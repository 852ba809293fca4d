#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "core/hdf5/file_reader.hpp"
#include "workers/data/data_file_format.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep {

namespace {

// A misspelt optional dataset would otherwise be ignored in silence.
void require_known(const hdf5::FileReader& file, const std::string& group, const std::vector<std::string>& known) {
  for (const std::string& name : file.children(group)) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      std::string path = group;
      path.append(group == "/" ? "" : "/").append(name);
      file.refuse(path, "is not part of this format" + did_you_mean(name, known) + "; see docs/data_format.md");
    }
  }
}

void require_format(const hdf5::FileReader& file) {
  if (!file.has_attribute("/", "format") || file.text("/", "format") != data_file::k_format) {
    file.refuse("attribute \"format\" of /",
                "must be \"" + std::string(data_file::k_format) + "\"; this is not a preference data file");
  }
  const std::int64_t version = file.integer("/", "format_version");
  if (version < data_file::k_oldest_version || version > data_file::k_version) {
    file.refuse("attribute \"format_version\" of /",
                "is " + std::to_string(version) + "; this program reads versions " +
                    std::to_string(data_file::k_oldest_version) + " to " + std::to_string(data_file::k_version));
  }
}

template <typename T>
std::vector<T> column(hdf5::FileReader& file, const std::string& path) {
  const hdf5::Shape shape = file.shape(path);
  if (shape.size() != 1) {
    file.refuse(path, "is " + hdf5::to_text(shape) + "; it must have one dimension");
  }
  if constexpr (std::is_same_v<T, std::string>) {
    return file.read_texts(path);
  } else {
    return file.read<T>(path);
  }
}

template <typename T>
std::vector<T> optional_column(hdf5::FileReader& file, const std::string& path) {
  return file.exists(path) ? column<T>(file, path) : std::vector<T>();
}

std::map<std::string, Attribute> read_attributes(hdf5::FileReader& file, const std::string& group) {
  std::map<std::string, Attribute> attributes;
  if (file.exists(group)) {
    for (const std::string& name : file.children(group)) {
      const std::string path = group + "/" + name;
      require_known(file, path, {"labels", "codes"});
      attributes[name] =
          Attribute{column<std::string>(file, path + "/labels"), column<std::int32_t>(file, path + "/codes")};
    }
  }
  return attributes;
}

void read_candidates(hdf5::FileReader& file, PreferenceData& data) {
  require_known(file, "/candidates", {"features", "feature_names", "names", "text"});
  const hdf5::Shape shape = file.shape("/candidates/features");
  if (shape.size() != 2) {
    file.refuse("/candidates/features", "is " + hdf5::to_text(shape) + "; it must be candidates x features");
  }
  data.features = file.read<float>("/candidates/features");
  data.candidate_count = static_cast<std::int64_t>(shape[0]);
  data.feature_count = static_cast<std::int64_t>(shape[1]);
  data.feature_names = column<std::string>(file, "/candidates/feature_names");
  data.candidate_names = optional_column<std::string>(file, "/candidates/names");
  data.candidate_text = optional_column<std::uint64_t>(file, "/candidates/text");
  require_known(file, "/contexts", {"offset", "names", "text", "wording", "fitted"});
  data.context_offset = column<std::int64_t>(file, "/contexts/offset");
  data.context_names = optional_column<std::string>(file, "/contexts/names");
  data.context_text = optional_column<std::uint64_t>(file, "/contexts/text");
  data.context_wording = optional_column<std::int32_t>(file, "/contexts/wording");
  data.context_fitted = optional_column<std::uint8_t>(file, "/contexts/fitted");
}

void read_users(hdf5::FileReader& file, PreferenceData& data) {
  require_known(file, "/users", {"names", "features", "feature_names", "attributes", "links"});
  data.user_names = column<std::string>(file, "/users/names");
  if (file.exists("/users/features")) {
    const hdf5::Shape shape = file.shape("/users/features");
    if (shape.size() != 2) {
      file.refuse("/users/features", "is " + hdf5::to_text(shape) + "; it must be users x user features");
    }
    data.user_features = file.read<float>("/users/features");
    data.user_feature_count = static_cast<std::int64_t>(shape[1]);
    data.user_feature_names = column<std::string>(file, "/users/feature_names");
  } else if (file.exists("/users/feature_names")) {
    file.refuse("/users/feature_names", "names features, but there is no /users/features");
  }
  data.user_attributes = read_attributes(file, "/users/attributes");
  if (file.exists("/users/links")) {
    require_known(file, "/users/links", {"from", "to", "weight"});
    data.user_links.from = column<std::int32_t>(file, "/users/links/from");
    data.user_links.to = column<std::int32_t>(file, "/users/links/to");
    data.user_links.weight = optional_column<float>(file, "/users/links/weight");
  }
}

void read_comparisons(hdf5::FileReader& file, PreferenceData& data) {
  require_known(
      file, "/comparisons",
      {"user", "context", "offset", "candidate", "ranked", "weight", "repeat", "time", "position", "attributes"});
  data.comparison_user = column<std::int32_t>(file, "/comparisons/user");
  data.comparison_context = column<std::int32_t>(file, "/comparisons/context");
  data.comparison_offset = column<std::int64_t>(file, "/comparisons/offset");
  data.comparison_candidate = column<std::int64_t>(file, "/comparisons/candidate");
  data.comparison_ranked = column<std::int32_t>(file, "/comparisons/ranked");
  const std::size_t rows = data.comparison_user.size();
  data.comparison_weight =
      file.exists("/comparisons/weight") ? column<float>(file, "/comparisons/weight") : std::vector<float>(rows, 1.0F);
  data.comparison_repeat = file.exists("/comparisons/repeat") ? column<std::int32_t>(file, "/comparisons/repeat")
                                                              : std::vector<std::int32_t>(rows, -1);
  data.comparison_time = optional_column<std::int64_t>(file, "/comparisons/time");
  data.comparison_position = optional_column<std::int32_t>(file, "/comparisons/position");
  data.comparison_attributes = read_attributes(file, "/comparisons/attributes");
}

void read_feature_model(hdf5::FileReader& file, FeatureModel& model) {
  if (!file.exists("/feature_model")) {
    return;
  }
  model.recipe = file.text("/feature_model", "recipe");
  for (const std::string& name : file.children("/feature_model")) {
    const std::string path = "/feature_model/" + name;
    FeatureModel::Array array;
    for (const std::uint64_t extent : file.shape(path)) {
      array.shape.push_back(static_cast<std::int64_t>(extent));
    }
    array.values = file.read<float>(path);
    model.arrays[name] = std::move(array);
  }
}

void read_notes(hdf5::FileReader& file, PreferenceData& data) {
  if (file.exists("/ceilings")) {
    for (const std::string& name : file.children("/ceilings")) {
      data.ceilings.push_back(Ceiling{name, column<double>(file, "/ceilings/" + name)});
    }
  }
  if (file.exists("/about")) {
    require_known(file, "/about", {});
    for (const std::string& key : file.attribute_names("/about")) {
      data.about[key] = file.text("/about", key);
    }
  }
}

}  // namespace

PreferenceData data_file::read_here(const std::filesystem::path& file) {
  hdf5::FileReader reader(file);
  require_format(reader);
  require_known(reader, "/", {"candidates", "contexts", "users", "comparisons", "ceilings", "about", "feature_model"});
  PreferenceData data;
  read_candidates(reader, data);
  read_users(reader, data);
  read_comparisons(reader, data);
  read_feature_model(reader, data.feature_model);
  read_notes(reader, data);
  const std::vector<std::string> problems = problems_of(data);
  if (!problems.empty()) {
    std::string message;
    for (const std::string& problem : problems) {
      message.append(message.empty() ? "" : "\n").append(file.string()).append(": ").append(problem);
    }
    throw UserError(ExitCode::file, message);
  }
  return data;
}

}  // namespace fairsweep
