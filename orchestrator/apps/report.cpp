#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/output_file.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/load_run.hpp"
#include "results/report/figures/figures.hpp"
#include "results/report/html_report.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  std::string run;
  std::string page;
  std::string figures;
  double width = 77;
  bool json = false;
};

/// Everything the report is made from, out of one file.
report::ReportInput read_input(const std::string& run) {
  report::RunSummary summary = load_run(run, EventLines::read);
  warn_where_incomplete(summary);
  summary.confidence = report::front_confidence(summary.record, summary.front);
  RunTimeline timeline = run_timeline(summary.record.events);
  summary.record.events.clear();
  PersonResults people = read_person_results(result_file_of(run), summary.record.objectives.front().metric,
                                             report::person_trials(summary));
  return {std::move(summary), std::move(timeline), std::move(people)};
}

void write_report(const Options& options) {
  if (options.page.empty() && options.figures.empty()) {
    throw UserError(
        ExitCode::configuration,
        "fairsweep report: nothing to write; name the page with -o report.html, or a folder with --figures");
  }
  const std::filesystem::path source = result_file_of(options.run);
  std::unique_ptr<OutputFile> page;
  if (!options.page.empty())
    page = std::make_unique<OutputFile>(options.page, std::vector<std::filesystem::path>{source}, "report.html");
  if (!options.figures.empty())
    require_output_folder(options.figures, "--figures");
  const report::ReportInput input = read_input(options.run);
  std::vector<std::string> written;
  std::vector<std::unique_ptr<OutputFile>> places;
  std::vector<std::unique_ptr<Replacement>> replacements;  // all are made before any is put in place
  const auto prepare = [&](const OutputFile& place, const std::string& text, const std::string& named) {
    replacements.push_back(std::make_unique<Replacement>(place.path(), std::string_view(text)));
    written.push_back(named);
  };
  if (page != nullptr)
    prepare(*page, report::html_report(input), options.page);
  if (!options.figures.empty()) {
    for (const auto& [name, drawing] : report::paper_figures(input, options.width)) {
      const std::filesystem::path file = std::filesystem::path(options.figures) / name;
      places.push_back(std::make_unique<OutputFile>(file, std::vector<std::filesystem::path>{source}, name));
      prepare(*places.back(), drawing, file.string());
    }
  }
  for (const std::unique_ptr<Replacement>& replacement : replacements)
    replacement->put_in_place();
  if (options.json) {
    std::cout << nlohmann::json{{"written", written}}.dump(2) << '\n';
  } else {
    for (const std::string& file : written)
      std::cout << file << " is written\n";
  }
}

}  // namespace

void add_report(CLI::App& app, ExitCode&) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("report", "One HTML page with the front and everything around it; figures for a paper");
  command->add_option("RUN", options->run, "a run directory or a results.h5")->required();
  command->add_option("-o,--output", options->page, "the page to write, for example report.html");
  CLI::Option* figures =
      command->add_option("--figures", options->figures, "a folder for figures in SVG, as wide as a paper's column");
  command->add_option("--figure-width", options->width, "of the figures, in millimetres; a column of ACL's has 77")
      ->check(CLI::Range(50.0, 400.0))
      ->needs(figures);
  command->add_flag("--json", options->json, "for programs");
  command->callback([options] { write_report(*options); });
}

}  // namespace fairsweep::apps
