#include "results/export/croissant.hpp"

#include <string>

#include "core/diagnostics/errors.hpp"
#include "results/export/file_digest.hpp"
#include "results/export/linked_data.hpp"

namespace fairsweep::exports {
namespace {

using nlohmann::ordered_json;

constexpr const char* k_real = "sc:Float";
constexpr const char* k_integer = "sc:Integer";
constexpr const char* k_text = "sc:Text";

/// The vocabulary, as the specification gives it.
ordered_json context() {
  const auto typed = [](const char* id) { return ordered_json{{"@id", id}, {"@type", "@id"}}; };
  return {{"@language", "en"},
          {"@vocab", "https://schema.org/"},
          {"sc", "https://schema.org/"},
          {"cr", "http://mlcommons.org/croissant/"},
          {"dct", "http://purl.org/dc/terms/"},
          {"conformsTo", "dct:conformsTo"},
          {"recordSet", "cr:recordSet"},
          {"field", "cr:field"},
          {"dataType", ordered_json{{"@id", "cr:dataType"}, {"@type", "@vocab"}}},
          {"source", "cr:source"},
          {"fileObject", typed("cr:fileObject")},
          {"extract", "cr:extract"},
          {"column", "cr:column"},
          {"key", typed("cr:key")},
          {"references", "cr:references"}};
}

/// A record set that grows field by field.
class RecordSet {
 public:
  RecordSet(std::string id, const std::string& description) : id_(std::move(id)) {
    set_ = {{"@type", "cr:RecordSet"},
            {"@id", id_},
            {"name", id_},
            {"description", description},
            {"field", ordered_json::array()}};
  }
  void add(const std::string& name, const char* type, const std::string& column, const std::string& description) {
    set_["field"].push_back({{"@type", "cr:Field"},
                             {"@id", id_ + "/" + name},
                             {"name", name},
                             {"description", description},
                             {"dataType", type},
                             {"source", {{"fileObject", reference_to("data.h5")}, {"extract", {{"column", column}}}}}});
  }
  [[nodiscard]] const ordered_json& json() const { return set_; }

 private:
  std::string id_;
  ordered_json set_;
};

std::vector<std::string> names_in(const nlohmann::json& data, const char* key) {
  std::vector<std::string> names;
  if (data.contains(key) && data[key].is_array()) {
    for (const nlohmann::json& name : data[key]) {
      if (name.is_string())
        names.push_back(name.get<std::string>());
    }
  }
  return names;
}

ordered_json record_sets(const nlohmann::json& data) {
  RecordSet candidates("candidates", "What people chose between, a row each.");
  for (const std::string& name : names_in(data, "features"))
    candidates.add("feature " + name, k_real, "/candidates/features, column " + name, "a feature of the candidate");
  RecordSet contexts("contexts", "Questions; the candidates of one are rows that follow each other.");
  contexts.add("offset", k_integer, "/contexts/offset", "first candidate of the context");
  RecordSet users("users", "People who answered, a row each. No row of them is in this description.");
  users.add("name", k_text, "/users/names", "an identifier that is different for each");
  for (const std::string& name : names_in(data, "user_features"))
    users.add("feature " + name, k_real, "/users/features, column " + name, "a feature of the person");
  RecordSet comparisons("comparisons", "What somebody preferred in a context, a row each.");
  comparisons.add("user", k_integer, "/comparisons/user", "row of the person");
  comparisons.add("context", k_integer, "/comparisons/context", "row of the context");
  comparisons.add("offset", k_integer, "/comparisons/offset", "first entry among the candidates of comparisons");
  comparisons.add("candidate", k_integer, "/comparisons/candidate", "rows of candidates, best first");
  comparisons.add("ranked", k_integer, "/comparisons/ranked", "how many of the candidates are in order");
  comparisons.add("weight", k_real, "/comparisons/weight", "weight of the comparison; 1 where there are none");
  if (data.contains("attributes") && data["attributes"].is_array()) {
    for (const nlohmann::json& attribute : data["attributes"]) {
      const std::string name = attribute.value("name", ""), of = attribute.value("of", "users");
      RecordSet& set = of == "comparisons" ? comparisons : users;
      set.add("attribute " + name, k_integer, "/" + of + "/attributes/" + name + "/codes",
              "code of the label; -1: not known");
    }
  }
  return {candidates.json(), contexts.json(), users.json(), comparisons.json()};
}

void write_croissant(const RunExport& run, std::ostream& out) {
  const nlohmann::json data = nlohmann::json::parse(run.run.record.data_description, nullptr, false);
  if (!data.is_object()) {
    throw UserError(ExitCode::file, run.result_file.string() +
                                        " holds no description of its data (runs from before there was one do not), "
                                        "so croissant cannot describe them");
  }
  if (run.options.data_file.empty()) {
    throw UserError(ExitCode::file, "croissant describes the data file with its digest, and it is not at " +
                                        option_of(run, "data.file") + "; say with --data where it is");
  }
  const nlohmann::json about = data.value("about", nlohmann::json::object());
  const auto said = [&](const char* key) { return about.value(key, std::string()); };
  ordered_json document = {
      {"@context", context()},
      {"@type", "sc:Dataset"},
      {"conformsTo", "http://mlcommons.org/croissant/1.0"},
      {"name", said("name").empty() ? run.run.record.sweep + " preferences" : said("name")},
      {"description", "Preferences of people, prepared for fairsweep: " + data.value("users", nlohmann::json()).dump() +
                          " people, " + data.value("comparisons", nlohmann::json()).dump() + " comparisons." +
                          (said("recipe").empty() ? "" : " Recipe: " + said("recipe"))},
      {"identifier", "sha256:" + run.run.record.data_digest},
  };
  const std::string licence = run.options.data_licence.empty() ? said("licence") : run.options.data_licence;
  if (!licence.empty())
    document["license"] = licence;
  if (!said("source").empty())
    document["isBasedOn"] = said("source");
  document["distribution"] = {
      {{"@type", "cr:FileObject"},
       {"@id", "data.h5"},
       {"name", "data.h5"},
       {"contentUrl", run.options.data_file.filename().string()},
       {"contentSize", std::to_string(std::filesystem::file_size(run.options.data_file)) + " B"},
       {"encodingFormat", "application/x-hdf5"},
       {"sha256", file_digest(run.options.data_file)}}};
  document["recordSet"] = record_sets(data);
  out << document_text(document);
}

}  // namespace

std::vector<ExportedFile> croissant_files(const RunExport& run) {
  return {{"croissant.json", [&run](std::ostream& out) { write_croissant(run, out); }}};
}

}  // namespace fairsweep::exports
