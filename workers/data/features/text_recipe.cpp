#include "workers/data/features/text_recipe.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "workers/data/features/surface_features.hpp"

namespace fairsweep {

namespace {

using nlohmann::json;
using Array = FeatureModel::Array;

constexpr const char* k_kind = "fairsweep-text-features";

[[noreturn]] void refuse(const std::string& what) {
  throw UserError(ExitCode::file, "the feature model " + what + "; make the features again from the texts");
}

void update_number(Sha256& hash, std::uint64_t number) {
  std::string bytes(8, '\0');
  for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
    bytes[byte] = static_cast<char>(number >> (8 * byte));
  }
  hash.update(bytes);
}

// Over each array in the order of names: its name, its shape, its values, in little-endian bytes, lengths before them.
std::string digest_of_arrays(const std::map<std::string, Array>& arrays) {
  Sha256 hash;
  for (const auto& [name, array] : arrays) {
    update_number(hash, name.size());
    hash.update(name);
    update_number(hash, array.shape.size());
    for (const std::int64_t extent : array.shape) {
      update_number(hash, static_cast<std::uint64_t>(extent));
    }
    hash.update(std::as_bytes(std::span(array.values)));
  }
  return hash.finish();
}

const Array& array_of(const FeatureModel& model, const std::string& name, const std::vector<std::int64_t>& shape) {
  const auto found = model.arrays.find(name);
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) {
    size *= extent;
  }
  if (found == model.arrays.end() || found->second.shape != shape ||
      found->second.values.size() != static_cast<std::size_t>(size)) {
    refuse("lacks its array \"" + name + "\", or it has another shape");
  }
  return found->second;
}

json range_json(const NgramRange& range) { return {range.shortest, range.longest}; }
NgramRange range_of(const json& range) { return {range.at(0).get<std::int64_t>(), range.at(1).get<std::int64_t>()}; }

FittedText parse(const FeatureModel& model) {
  const json recipe = json::parse(model.recipe);
  if (recipe.at("kind") != k_kind) {
    refuse("is of the kind " + recipe.at("kind").dump() + ", which this program cannot apply");
  }
  if (recipe.at("version") != k_text_recipe_version) {
    refuse("has version " + recipe.at("version").dump() + "; this program knows version " +
           std::to_string(k_text_recipe_version));
  }
  FittedText fitted;
  TextFeatureOptions& options = fitted.options;
  options.dimensions = recipe.at("dimensions").get<std::int64_t>();
  options.buckets = recipe.at("buckets").get<std::int64_t>();
  options.word_ngrams = range_of(recipe.at("word_ngrams"));
  options.character_ngrams = range_of(recipe.at("character_ngrams"));
  options.minimum_texts = recipe.at("minimum_texts").get<std::int64_t>();
  options.decomposed_texts = recipe.at("decomposed_texts").get<std::int64_t>();
  options.surface = recipe.at("surface").get<bool>();
  options.seed = recipe.at("seed").get<std::uint64_t>();
  require_valid(options);
  fitted.fitted_texts = recipe.at("fitted_texts").get<std::int64_t>();
  fitted.columns = recipe.at("columns").get<std::int64_t>();
  const auto terms = recipe.at("terms").get<std::int64_t>();
  if (terms < 0 || terms > options.buckets || fitted.columns < 0 || fitted.columns > options.dimensions) {
    refuse("has sizes that no text gives");
  }
  if (recipe.at("arrays_sha256") != digest_of_arrays(model.arrays)) {
    refuse("has other arrays than its recipe was written for");
  }
  if (fitted.columns > 0) {
    fitted.tf_idf.idf = array_of(model, "idf", {terms}).values;
    fitted.basis = array_of(model, "basis", {terms, fitted.columns}).values;
    fitted.singular_values = array_of(model, "singular_values", {fitted.columns}).values;
    fitted.tf_idf.buckets.reserve(static_cast<std::size_t>(terms));
    for (const float bucket : array_of(model, "buckets", {terms}).values) {
      if (!(bucket >= 0 && bucket < static_cast<float>(options.buckets))) {
        refuse("names a bucket that is none");
      }
      fitted.tf_idf.buckets.push_back(static_cast<std::uint32_t>(bucket));
    }
  }
  return fitted;
}

}  // namespace

FeatureModel text_model(const FittedText& fitted) {
  FeatureModel model;
  const auto terms = static_cast<std::int64_t>(fitted.tf_idf.idf.size());
  if (fitted.columns > 0) {
    // Buckets are below 2^22: exact as float32.
    const std::vector<std::uint32_t>& buckets = fitted.tf_idf.buckets;
    model.arrays["buckets"] = Array{{terms}, std::vector<float>(buckets.begin(), buckets.end())};
    model.arrays["idf"] = Array{{terms}, fitted.tf_idf.idf};
    model.arrays["basis"] = Array{{terms, fitted.columns}, fitted.basis};
    model.arrays["singular_values"] = Array{{fitted.columns}, fitted.singular_values};
  }
  const TextFeatureOptions& options = fitted.options;
  const json recipe = {{"kind", k_kind},
                       {"version", k_text_recipe_version},
                       {"dimensions", options.dimensions},
                       {"buckets", options.buckets},
                       {"word_ngrams", range_json(options.word_ngrams)},
                       {"character_ngrams", range_json(options.character_ngrams)},
                       {"minimum_texts", options.minimum_texts},
                       {"decomposed_texts", options.decomposed_texts},
                       {"surface", options.surface},
                       {"seed", options.seed},
                       {"fitted_texts", fitted.fitted_texts},
                       {"columns", fitted.columns},
                       {"terms", terms},
                       {"arrays_sha256", digest_of_arrays(model.arrays)}};
  model.recipe = recipe.dump();
  return model;
}

FittedText read_text_model(const FeatureModel& model) {
  if (model.recipe.empty()) {
    refuse("is empty: these features were not made from texts by this program");
  }
  try {
    return parse(model);
  } catch (const json::exception& error) {
    refuse(std::string("has a recipe that cannot be read (") + error.what() + ")");
  }
}

std::vector<std::string> text_feature_names(const FittedText& fitted) {
  std::vector<std::string> names;
  if (fitted.options.surface) {
    names = surface_feature_names();
  }
  names.reserve(names.size() + static_cast<std::size_t>(fitted.columns));
  for (std::int64_t column = 0; column < fitted.columns; ++column) {
    names.push_back("text_" + std::to_string(column));
  }
  return names;
}

}  // namespace fairsweep
