#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "core/config/resolved_options.hpp"
#include "core/diagnostics/output_file.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/export_models.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "orchestrator/apps/stop_signal.hpp"
#include "results/export/catalogue.hpp"
#include "results/export/write_files.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  std::string run;
  std::vector<std::string> formats;
  std::string output;
  std::string models;  ///< folder; empty: none are asked for
  std::string data;
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
  for (const std::string& name : names) {
    const std::size_t begin = std::min(name.find_first_not_of(" \t"), name.size());  // "csv, json"
    formats.push_back(exports::find_format(name.substr(begin, name.find_last_not_of(" \t") + 1 - begin)));
  }
  return formats;
}

/// What was written, for people or for programs.
void print_written(const std::vector<std::filesystem::path>& files, const std::vector<ExportedModel>& models,
                   bool json) {
  if (json) {
    nlohmann::json answer = {{"files", nlohmann::json::array()}, {"models", nlohmann::json::array()}};
    for (const std::filesystem::path& file : files)
      answer["files"].push_back(file.string());
    for (const ExportedModel& model : models) {
      answer["models"].push_back({{"file", model.file.string()},
                                  {"trial", model.trial.value},
                                  {"bit_for_bit", model.bit_for_bit},
                                  {"largest_metric_difference", model.largest_difference}});
    }
    std::cout << answer.dump(2) << '\n';
    return;
  }
  for (const std::filesystem::path& file : files)
    std::cout << file.string() << '\n';
  for (const ExportedModel& model : models) {
    std::cout << model.file.string()
              << (model.bit_for_bit ? "  as recorded, bit for bit"
                                    : "  as recorded but for rounding; largest difference of a metric " +
                                          std::to_string(model.largest_difference))
              << '\n';
  }
}

/// The data file of the run, where it is named or where the sweep says. @throws UserError (file) where the one that was
/// named is another; nothing where none was named and none, or another, is where the sweep says.
std::filesystem::path data_file_of(const Options& options, const RunRecord& record) {
  std::filesystem::path file = options.data;
  if (file.empty()) {
    const ReadResult read = read_sweep_text(record.resolved_configuration, "sweep");
    file = read.ok() ? std::filesystem::path(read.sweep.data.file) : std::filesystem::path();
    std::error_code ignored;
    if (file.empty() || !std::filesystem::is_regular_file(file, ignored))
      return {};
  }
  const std::string digest = digest_of(read_data_file(file));
  if (digest == record.data_digest)
    return file;
  if (options.data.empty())
    return {};
  throw UserError(ExitCode::file, "--data: " + file.string() + " is not the data of this run: its SHA-256 is " +
                                      digest + ", the run was trained on " + record.data_digest);
}

exports::RunExport gather(Options& options, const std::vector<exports::Format>& formats, report::RunSummary summary) {
  options.what.people = options.people == "every"  ? exports::PeopleShown::every
                        : options.people == "none" ? exports::PeopleShown::none
                                                   : exports::PeopleShown::front;
  options.what.fairsweep_version = FAIRSWEEP_VERSION;
  if (std::ranges::find(formats, "croissant", &exports::Format::name) != formats.end())
    options.what.data_file = data_file_of(options, summary.record);
  options.what.confidence = std::ranges::any_of(formats, &exports::Format::says_confidence);
  options.what.resolved = resolved_options_of(summary.record);
  return exports::gather_export(result_file_of(options.run), std::move(summary), std::move(options.what));
}

void export_run(Options options) {
  const std::vector<exports::Format> formats = formats_named(options.formats);
  if (formats.empty() && options.models.empty())
    throw UserError(ExitCode::configuration, "say what to export: --format, or --models FOLDER");
  const bool to_stdout = options.output.empty() && !formats.empty();
  if (to_stdout && (formats.size() != 1 || formats.front().ending.empty())) {
    throw UserError(ExitCode::configuration,
                    "export writes several files here; say where with -o FOLDER, for example -o exported");
  }
  if (to_stdout && (options.json || !options.models.empty())) {
    throw UserError(ExitCode::configuration,
                    "standard output lists the files here; say with -o where those of --format go");
  }
  if (!options.models.empty())
    require_output_folder(options.models, "--models");
  report::RunSummary summary =
      load_run(options.run,
               std::ranges::any_of(formats, &exports::Format::says_course) ? EventLines::read : EventLines::leave_out);
  warn_where_incomplete(summary);
  if (formats.empty()) {
    listen_for_stop_signals();  // what is half made is removed
    print_written({}, export_models(summary, options.models, options.data), options.json);
    return;
  }
  const exports::RunExport run = gather(options, formats, std::move(summary));
  if (to_stdout) {
    for (const exports::ExportedFile& file : formats.front().files(run))
      file.write(std::cout);
    return;
  }
  listen_for_stop_signals();
  std::vector<ExportedModel> models;
  if (!options.models.empty())
    models = export_models(run.run, options.models, options.data);
  print_written(exports::write_export(formats, run, options.output, [] { return stop_signals() > 0; }), models,
                options.json);
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
      ->allow_extra_args(false);
  command->add_option("-o,--output", options->output,
                      "folder, or file where the format is one file; without it, one file goes to standard output");
  command->add_option("--models", options->models,
                      "folder for the reward models of the front as TorchScript; they are trained again and compared "
                      "with what is recorded");
  command->add_option("--data", options->data, "the data of the run, where they are not where the sweep says");
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
  command->add_option("--author", options->what.authors, "author of the results; may be given several times")
      ->allow_extra_args(false);
  command->add_flag("--json", options->json, "the files written, for programs");
  command->callback([options] { export_run(std::move(*options)); });
}

}  // namespace fairsweep::apps
