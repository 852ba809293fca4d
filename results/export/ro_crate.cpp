#include "results/export/ro_crate.hpp"

#include <fstream>
#include <string>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/errors.hpp"
#include "results/export/file_digest.hpp"
#include "results/export/linked_data.hpp"
#include "results/export/method_sources.hpp"

namespace fairsweep::exports {
namespace {

using nlohmann::ordered_json;

constexpr const char* k_process = "https://w3id.org/ro/wfrun/process/0.5";
constexpr const char* k_workflow_run = "https://w3id.org/ro/wfrun/workflow/0.5";
constexpr const char* k_workflow = "https://w3id.org/workflowhub/workflow-ro-crate/1.0";

ordered_json profile(const char* id, const char* name, const char* version) {
  return {{"@id", id}, {"@type", "CreativeWork"}, {"name", name}, {"version", version}};
}

ordered_json property(const std::string& id, const std::string& name, const std::string& value) {
  return {{"@id", id}, {"@type", "PropertyValue"}, {"name", name}, {"value", value}};
}

/// Authors in the graph, and references to them.
ordered_json add_authors(const RunExport& run, ordered_json& graph) {
  ordered_json references = ordered_json::array();
  for (std::size_t i = 0; i < run.options.authors.size(); ++i) {
    const std::string id = "#author-" + std::to_string(i + 1);
    graph.push_back({{"@id", id}, {"@type", "Person"}, {"name", run.options.authors[i]}});
    references.push_back(reference_to(id));
  }
  return references;
}

std::string description_of(const RunExport& run) {
  const RunRecord& record = run.run.record;
  std::string text = "Pareto front of reward quality per group: " + std::to_string(record.configurations.size()) +
                     " configurations of the sweep " + record.sweep + ", " + std::to_string(record.trials.size()) +
                     " trials.";
  for (const std::string& method : methods_used(run)) {
    if (!method_note(method).empty())
      text.append(" ").append(method).append(": ").append(method_note(method)).append(".");
  }
  return text;
}

void add_root(const RunExport& run, ordered_json& graph) {
  const RunRecord& record = run.run.record;
  ordered_json root = {
      {"@id", "./"},
      {"@type", "Dataset"},
      {"name", "Sweep " + record.sweep},
      {"description", description_of(run)},
      {"datePublished", utc_text(record.started + record.seconds)},
      {"conformsTo", {reference_to(k_process), reference_to(k_workflow_run), reference_to(k_workflow)}},
      {"hasPart", {reference_to("sweep.yaml"), reference_to("results.h5")}},
      {"mainEntity", reference_to("sweep.yaml")},
      {"mentions", {reference_to("#run"), reference_to("#data")}},
  };
  if (!run.options.licence.empty())
    root["license"] = licence_json(run.options.licence);
  const ordered_json authors = add_authors(run, graph);
  if (!authors.empty())
    root["author"] = authors;
  graph.push_back(std::move(root));
}

void add_files(const RunExport& run, ordered_json& graph) {
  const RunRecord& record = run.run.record;
  graph.push_back({{"@id", "sweep.yaml"},
                   {"@type", {"File", "SoftwareSourceCode", "ComputationalWorkflow"}},
                   {"name", "The sweep with every default written out"},
                   {"encodingFormat", "application/yaml"},
                   {"programmingLanguage", reference_to("#sweep-language")},
                   {"contentSize", std::to_string(record.resolved_configuration.size())},
                   {"sha256", sha256(record.resolved_configuration)},
                   {"input", {reference_to("#input-data")}},
                   {"output", {reference_to("#output-results")}}});
  graph.push_back({{"@id", "results.h5"},
                   {"@type", "File"},
                   {"name", "Every result of the run, and the front"},
                   {"encodingFormat", "application/x-hdf5"},
                   {"contentSize", std::to_string(std::filesystem::file_size(run.result_file))},
                   {"sha256", file_digest(run.result_file)},
                   {"exampleOfWork", reference_to("#output-results")}});
}

void add_data(const RunExport& run, ordered_json& graph) {
  ordered_json data = {{"@id", "#data"},
                       {"@type", "Dataset"},
                       {"name", "The preference data, " + option_of(run, "data.file")},
                       {"description", "Not part of this crate; known by the SHA-256 of what is in it."},
                       {"identifier", reference_to("#data-digest")},
                       {"exampleOfWork", reference_to("#input-data")}};
  if (!run.options.data_licence.empty())
    data["license"] = licence_json(run.options.data_licence);
  graph.push_back(std::move(data));
  graph.push_back(
      property("#data-digest", "SHA-256 of the data, as fairsweep describe prints it", run.run.record.data_digest));
  graph.push_back({{"@id", "#input-data"},
                   {"@type", "FormalParameter"},
                   {"additionalType", "Dataset"},
                   {"name", "data.file"},
                   {"valueRequired", true}});
  graph.push_back(
      {{"@id", "#output-results"}, {"@type", "FormalParameter"}, {"additionalType", "File"}, {"name", "results.h5"}});
}

void add_run(const RunExport& run, ordered_json& graph) {
  const RunRecord& record = run.run.record;
  ordered_json objects = {reference_to("#data"), reference_to("#seed")};
  ordered_json environment = ordered_json::array();
  for (const auto& [key, value] : record.provenance) {
    const std::string id = "#environment-" + key;
    graph.push_back(property(id, key, value));
    environment.push_back(reference_to(id));
  }
  graph.push_back(property("#seed", "search.seed", option_of(run, "search.seed")));
  ordered_json action = {{"@id", "#run"},
                         {"@type", "CreateAction"},
                         {"name", "Run of the sweep " + record.sweep},
                         {"instrument", reference_to("sweep.yaml")},
                         {"object", std::move(objects)},
                         {"result", {reference_to("results.h5")}},
                         {"startTime", utc_text(record.started)},
                         {"environment", std::move(environment)}};
  if (record.complete) {
    action["endTime"] = utc_text(record.started + record.seconds);
    action["actionStatus"] = "http://schema.org/CompletedActionStatus";
  }
  graph.push_back(std::move(action));
  const auto fact = [&](const char* key) {
    const auto place = record.provenance.find(key);
    return place == record.provenance.end() ? std::string("not known") : place->second;
  };
  graph.push_back({{"@id", "#sweep-language"},
                   {"@type", {"ComputerLanguage", "SoftwareApplication"}},
                   {"name", "fairsweep"},
                   {"version", fact("fairsweep")},
                   {"softwareVersion", fact("fairsweep") + ", commit " + fact("fairsweep.commit")}});
}

void write_metadata(const RunExport& run, std::ostream& out) {
  ordered_json graph = ordered_json::array();
  graph.push_back({{"@id", "ro-crate-metadata.json"},
                   {"@type", "CreativeWork"},
                   {"conformsTo", {reference_to("https://w3id.org/ro/crate/1.1"), reference_to(k_workflow)}},
                   {"about", reference_to("./")}});
  add_root(run, graph);
  add_files(run, graph);
  add_data(run, graph);
  add_run(run, graph);
  graph.push_back(profile(k_process, "Process Run Crate", "0.5"));
  graph.push_back(profile(k_workflow_run, "Workflow Run Crate", "0.5"));
  graph.push_back(profile(k_workflow, "Workflow RO-Crate", "1.0"));
  out << document_text(
      {{"@context", {"https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"}},
       {"@graph", std::move(graph)}});
}

void copy_results(const RunExport& run, std::ostream& out) {
  std::ifstream in(run.result_file, std::ios::binary);
  if (!in)
    throw UserError(ExitCode::file, run.result_file.string() + ": cannot be read");
  out << in.rdbuf();
}

}  // namespace

std::vector<ExportedFile> ro_crate_files(const RunExport& run) {
  return {{"results.h5", [&run](std::ostream& out) { copy_results(run, out); }},
          {"sweep.yaml", [&run](std::ostream& out) { out << run.run.record.resolved_configuration; }},
          {"ro-crate-metadata.json", [&run](std::ostream& out) { write_metadata(run, out); }}};
}

}  // namespace fairsweep::exports
