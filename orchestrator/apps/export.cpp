#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "core/config/resolved_options.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/export/catalogue.hpp"
#include "results/export/write_files.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  std::string run;
  std::vector<std::string> formats;
  std::string output;
  std::string people = "front";
  exports::ExportOptions what;
  bool json = false;
};

/// Every option of the sweep in the file; none where this fairsweep cannot read it any more, which load_run said.
std::map<std::string, std::string> resolved_options_of(const RunRecord& record) {
  std::map<std::string, std::string> resolved;
  const ReadResult read = read_sweep_text(record.resolved_configuration, "sweep");
  if (!read.ok())
    return resolved;
  for (const ResolvedOption& option : resolved_options(read.sweep))
    resolved[option.path] = option.value;
  return resolved;
}

std::vector<exports::Format> formats_named(const std::vector<std::string>& names) {
  std::vector<exports::Format> formats;
  formats.reserve(names.size());
  for (const std::string& name : names)
    formats.push_back(exports::find_format(name));
  return formats;
}

void print_written(const std::vector<std::filesystem::path>& files, bool json) {
  nlohmann::json list = nlohmann::json::array();
  for (const std::filesystem::path& file : files) {
    list.push_back(file.string());
    if (!json)
      std::cout << file.string() << '\n';
  }
  if (json)
    std::cout << nlohmann::json{{"files", std::move(list)}}.dump(2) << '\n';
}

void export_run(Options options) {
  const std::vector<exports::Format> formats = formats_named(options.formats);
  const bool to_stdout = options.output.empty();
  if (to_stdout && (formats.size() != 1 || formats.front().ending.empty())) {
    throw UserError(ExitCode::configuration,
                    "export writes several files here; say where with -o FOLDER, for example -o exported");
  }
  if (to_stdout && options.json)
    throw UserError(ExitCode::configuration, "--json lists the files that are written; say where with -o");
  report::RunSummary summary = load_run(options.run, EventLines::read);
  options.what.people = options.people == "every"  ? exports::PeopleShown::every
                        : options.people == "none" ? exports::PeopleShown::none
                                                   : exports::PeopleShown::front;
  options.what.fairsweep_version = FAIRSWEEP_VERSION;
  options.what.resolved = resolved_options_of(summary.record);
  const exports::RunExport run =
      exports::gather_export(result_file_of(options.run), std::move(summary), std::move(options.what));
  if (to_stdout) {
    for (const exports::ExportedFile& file : formats.front().files(run))
      file.write(std::cout);
  } else {
    print_written(exports::write_export(formats, run, options.output), options.json);
  }
}

}  // namespace

void add_export(CLI::App& app, ExitCode&) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("export", "A run for papers, spreadsheets and archives (docs/exporting.md)");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  std::string names;
  for (const exports::Format& format : exports::format_catalogue())
    names += "\n  " + std::string(format.name) + ": " + std::string(format.sentence);
  command->add_option("--format", options->formats, "one or more, with commas between:" + names)
      ->delimiter(',')
      ->required();
  command->add_option("-o,--output", options->output,
                      "folder, or file where the format is one file; without it, one file goes to standard output");
  command
      ->add_option("--against", options->what.against, "method whose best configuration is the reference of the tests")
      ->capture_default_str();
  command
      ->add_option("--people", options->people,
                   "whose values leave the file: those that trials of the front and of the reference left for each "
                   "person (front), those of every trial (every), or none")
      ->check(CLI::IsMember({"front", "every", "none"}))
      ->capture_default_str();
  command->add_option("--licence", options->what.licence, "licence of the results, as a name or an address");
  command->add_option("--data-licence", options->what.data_licence, "licence of the data, where they do not say it");
  command->add_option("--author", options->what.authors, "author of the results; may be given several times");
  command->add_flag("--json", options->json, "the files written, for programs");
  command->callback([options] { export_run(std::move(*options)); });
}

}  // namespace fairsweep::apps
