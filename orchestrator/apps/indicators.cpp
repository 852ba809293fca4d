#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/read_points.hpp"
#include "results/pareto/hypervolume.hpp"
#include "results/pareto/non_dominated.hpp"
#include "results/report/number_text.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  std::string file;
  std::string reference;
  bool maximise = false;
  bool json = false;
};

PointTable points_of(const std::string& file) {
  if (file == "-")
    return read_points(std::cin, "standard input");
  std::error_code ignored;
  std::ifstream stream(file);
  if (!stream || std::filesystem::is_directory(file, ignored)) {
    throw UserError(ExitCode::file,
                    file + " cannot be read; name a file with one point a line, or - for standard input");
  }
  return read_points(stream, file);
}

std::vector<double> reference_of(const std::string& text) {
  std::vector<double> reference;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    try {
      reference.push_back(read_number(text.substr(from, to - from)));
    } catch (const std::invalid_argument& problem) {
      throw UserError(ExitCode::configuration,
                      std::string("--reference: ") + problem.what() + "; write it like --reference 1.5,2,0");
    }
    from = to + 1;
  }
  return reference;
}

void print_indicators(const Options& options) {
  std::vector<double> reference = reference_of(options.reference);
  PointTable points = points_of(options.file);
  if (points.dimensions != 0 && points.dimensions != reference.size()) {
    throw UserError(ExitCode::configuration, "--reference has " + std::to_string(reference.size()) +
                                                 " numbers, and the points of " + options.file + " have " +
                                                 std::to_string(points.dimensions));
  }
  const std::vector<double> given = reference;
  if (options.maximise) {
    for (double& value : points.values)
      value = -value;
    for (double& value : reference)
      value = -value;
  }
  const pareto::PointsView view{points.values, points.dimensions};
  const std::size_t all = pareto::non_dominated(view, pareto::Copies::all).size();
  const std::size_t distinct = pareto::non_dominated(view, pareto::Copies::first).size();
  const double volume = pareto::hypervolume(view, reference);
  if (options.json) {
    std::cout << nlohmann::json{{"points", view.size()},
                                {"dimensions", reference.size()},
                                {"direction", options.maximise ? "maximise" : "minimise"},
                                {"non_dominated", all},
                                {"non_dominated_distinct", distinct},
                                {"reference", given},
                                {"hypervolume",
                                 std::isfinite(volume) ? nlohmann::json(volume) : nlohmann::json(nullptr)}}
                     .dump(2)
              << '\n';
    return;
  }
  std::cout << "points         " << view.size() << '\n'
            << "non-dominated  " << all << " (" << distinct << " distinct)\n"
            << "hypervolume    " << report::exact_text(volume) << '\n';
}

}  // namespace

void add_indicators(CLI::App& app, ExitCode&) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("indicators", "Non-dominated count and exact hypervolume of plain numbers");
  command
      ->add_option("POINTS", options->file,
                   "one point a line, blanks or commas between numbers, # comments; - is standard input")
      ->required();
  command->add_option("--reference", options->reference, "reference point r1,...,rd of the hypervolume")->required();
  command->add_flag("--maximise", options->maximise, "larger is better in every column; otherwise smaller is");
  command->add_flag("--json", options->json, "for programs");
  command->footer(
      "Numbers have to be finite. Wrong numbers or rows of different lengths answer 4, a wrong reference 2.\n"
      "Points not strictly better than the reference in every column add nothing to the hypervolume.");
  command->callback([options] { print_indicators(*options); });
}

}  // namespace fairsweep::apps
