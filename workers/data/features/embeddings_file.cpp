#include "workers/data/features/embeddings_file.hpp"

#include <algorithm>
#include <cmath>

#include "core/diagnostics/nearest_name.hpp"
#include "core/hdf5/file_reader.hpp"

namespace fairsweep {

Embeddings embeddings_file::read_here(const std::filesystem::path& file) {
  const std::string k_values = "/embeddings";
  const std::string k_ids = "/ids";
  hdf5::FileReader reader(file);
  const std::vector<std::string> known{"embeddings", "ids"};
  for (const std::string& name : reader.children("/")) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      reader.refuse("/" + name, "is not part of this format" + did_you_mean(name, known) + "; see docs/features.md");
    }
  }
  const hdf5::Shape shape = reader.shape(k_values);
  if (shape.size() != 2) {
    reader.refuse(k_values, "is " + hdf5::to_text(shape) + "; it must have two dimensions, rows and columns");
  }
  if (shape[0] == 0 || shape[1] == 0) {
    reader.refuse(k_values, "is " + hdf5::to_text(shape) + "; it is empty");
  }
  Embeddings embeddings;
  embeddings.values = reader.read<float>(k_values);
  embeddings.rows = static_cast<std::int64_t>(shape[0]);
  embeddings.dimensions = static_cast<std::int64_t>(shape[1]);
  const auto bad = std::find_if(embeddings.values.begin(), embeddings.values.end(),
                                [](float value) { return !std::isfinite(value); });
  if (bad != embeddings.values.end()) {
    const auto place = bad - embeddings.values.begin();
    reader.refuse(k_values, "row " + std::to_string(place / embeddings.dimensions) + ", column " +
                                std::to_string(place % embeddings.dimensions) +
                                " (both from 0): is not a finite float32 number");
  }
  if (reader.exists(k_ids)) {
    const hdf5::Shape id_shape = reader.shape(k_ids);
    if (id_shape != hdf5::Shape{shape[0]}) {
      reader.refuse(k_ids, "is " + hdf5::to_text(id_shape) + "; it must be " + std::to_string(shape[0]) +
                               ", as many as /embeddings has rows");
    }
    embeddings.ids = reader.read_texts(k_ids);
  }
  return embeddings;
}

}  // namespace fairsweep
