#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/read_points.hpp"
#include "results/pareto/contributions.hpp"
#include "results/pareto/epsilon.hpp"
#include "results/pareto/hypervolume.hpp"
#include "results/pareto/igd_plus.hpp"
#include "results/pareto/knees.hpp"
#include "results/pareto/non_dominated.hpp"
#include "results/pareto/r2.hpp"
#include "results/pareto/ranks.hpp"
#include "results/pareto/spread.hpp"
#include "results/report/number_text.hpp"

namespace fairsweep::apps {
namespace {

struct Options {
  std::string file;
  std::string reference;
  std::optional<std::string> against;
  std::optional<std::string> ideal;
  bool each = false;
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

std::vector<double> numbers_of(const std::string& option, const std::string& text) {
  std::vector<double> numbers;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    try {
      numbers.push_back(read_number(text.substr(from, to - from)));
    } catch (const std::invalid_argument& problem) {
      throw UserError(ExitCode::configuration,
                      option + ": " + problem.what() + "; write it like " + option + " 1.5,2,0");
    }
    from = to + 1;
  }
  return numbers;
}

void require_as_many(const std::string& what, std::size_t numbers, const std::string& file, std::size_t dimensions) {
  if (dimensions != 0 && numbers != dimensions) {
    throw UserError(ExitCode::configuration, what + " has " + std::to_string(numbers) + " numbers, and the points of " +
                                                 file + " have " + std::to_string(dimensions));
  }
}

/// What the command was given, smaller is better throughout.
struct Given {
  PointTable points, against;
  std::vector<double> reference, ideal;
  [[nodiscard]] pareto::PointsView view() const { return {points.values, points.dimensions}; }
  [[nodiscard]] pareto::PointsView against_view() const { return {against.values, against.dimensions}; }
};

/// The ideal is one that no point beats.
void require_ideal(const Options& options, const Given& given) {
  if (given.ideal.size() != given.reference.size()) {
    throw UserError(ExitCode::configuration, "--ideal has " + std::to_string(given.ideal.size()) +
                                                 " numbers, and --reference " + std::to_string(given.reference.size()));
  }
  for (std::size_t i = 0; i < given.points.values.size(); ++i) {
    const std::size_t column = i % given.points.dimensions;
    const double sign = options.maximise ? -1 : 1;
    if (given.points.values[i] < given.ideal[column]) {
      throw UserError(ExitCode::configuration,
                      "--ideal: point " + std::to_string(i / given.points.dimensions + 1) + " of " + options.file +
                          " is better in column " + std::to_string(column + 1) + " (" +
                          report::exact_text(sign * given.points.values[i]) + "); give an ideal that no point beats");
    }
  }
}

Given read(const Options& options) {
  Given given;
  given.reference = numbers_of("--reference", options.reference);
  if (options.ideal)
    given.ideal = numbers_of("--ideal", *options.ideal);
  if (options.file == "-" && options.against == "-") {
    throw UserError(ExitCode::configuration, "--against: points and reference set cannot both be standard input");
  }
  given.points = points_of(options.file);
  require_as_many("--reference", given.reference.size(), options.file, given.points.dimensions);
  if (given.reference.size() > pareto::k_most_volume_dimensions) {
    throw UserError(ExitCode::configuration, "--reference has " + std::to_string(given.reference.size()) +
                                                 " numbers; volumes are worked out for up to " +
                                                 std::to_string(pareto::k_most_volume_dimensions));
  }
  if (options.against) {
    given.against = points_of(*options.against);
    if (given.against.values.empty())
      throw UserError(ExitCode::file, *options.against + " has no points to compare with; a reference set needs one");
    if (given.against.dimensions != given.reference.size()) {
      throw UserError(ExitCode::file, "the points of " + *options.against + " have " +
                                          std::to_string(given.against.dimensions) + " numbers, and those of " +
                                          options.file + " have " + std::to_string(given.reference.size()));
    }
  }
  if (options.maximise) {
    for (std::vector<double>* values : {&given.points.values, &given.against.values, &given.reference, &given.ideal}) {
      for (double& value : *values)
        value = -value;
    }
  }
  if (options.ideal)
    require_ideal(options, given);
  return given;
}

/// What is not asked for or not defined stays empty.
struct Found {
  std::size_t front = 0, front_distinct = 0, fronts = 0;
  double hypervolume = 0;
  double spread = 0;
  pareto::Knees knees;
  std::optional<double> epsilon, igd_plus, r2;
  std::vector<std::size_t> ranks;
  std::vector<double> contributions;
};

Found work_out(const Options& options, const Given& given) {
  const pareto::PointsView view = given.view();
  Found found;
  found.front = pareto::non_dominated(view, pareto::Copies::all).size();
  found.front_distinct = pareto::non_dominated(view, pareto::Copies::first).size();
  found.ranks = pareto::non_dominated_ranks(view);
  found.fronts = found.ranks.empty() ? 0 : *std::ranges::max_element(found.ranks) + 1;
  found.hypervolume = pareto::hypervolume(view, given.reference);
  found.spread = pareto::spread(view, given.against_view());
  found.knees = pareto::knees(view);
  if (options.against) {
    found.epsilon = pareto::additive_epsilon(view, given.against_view());
    found.igd_plus = pareto::igd_plus(view, given.against_view());
  }
  if (options.ideal)
    found.r2 = pareto::r2(view, given.ideal);
  if (options.each)
    found.contributions = pareto::contributions(view, given.reference);
  return found;
}

nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

/// As they were given: larger is better again where that was asked for.
std::vector<double> as_given(std::vector<double> values, const Options& options) {
  if (options.maximise) {
    for (double& value : values)
      value = -value;
  }
  return values;
}

nlohmann::json json_of(const Options& options, const Given& given, const Found& found) {
  std::vector<std::size_t> knees;
  std::ranges::transform(found.knees.rows, std::back_inserter(knees), [](std::size_t row) { return row + 1; });
  nlohmann::json json{{"points", given.view().size()},
                      {"dimensions", given.reference.size()},
                      {"direction", options.maximise ? "maximise" : "minimise"},
                      {"non_dominated", found.front},
                      {"non_dominated_distinct", found.front_distinct},
                      {"fronts", found.fronts},
                      {"reference", as_given(given.reference, options)},
                      {"hypervolume", number_or_null(found.hypervolume)},
                      {"spread", number_or_null(found.spread)},
                      {"knees", {{"points", knees}, {"distance", found.knees.distance}}}};
  if (found.epsilon)
    json["additive_epsilon"] = number_or_null(*found.epsilon);
  if (found.igd_plus)
    json["igd_plus"] = number_or_null(*found.igd_plus);
  if (found.r2) {
    json["ideal"] = as_given(given.ideal, options);
    json["r2"] = number_or_null(*found.r2);
  }
  if (options.each) {
    json["ranks"] = found.ranks;
    json["contributions"] = nlohmann::json::array();
    for (const double contribution : found.contributions)
      json["contributions"].push_back(number_or_null(contribution));
  }
  return json;
}

std::string knee_text(const pareto::Knees& knees) {
  if (knees.rows.empty())
    return "none";
  std::string text = knees.rows.size() == 1 ? "point " : "points ";
  for (std::size_t i = 0; i < knees.rows.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(knees.rows[i] + 1);
  return text + ", " + report::exact_text(knees.distance) + " below the plane of the front's ends";
}

void print_text(const Options& options, const Given& given, const Found& found) {
  std::cout << "points            " << given.view().size() << '\n'
            << "non-dominated     " << found.front << " (" << found.front_distinct << " distinct)\n"
            << "fronts            " << found.fronts << '\n'
            << "hypervolume       " << report::exact_text(found.hypervolume) << '\n'
            << "spread            " << (std::isnan(found.spread) ? "undefined" : report::exact_text(found.spread))
            << '\n'
            << "knee              " << knee_text(found.knees) << '\n';
  if (found.epsilon)
    std::cout << "additive epsilon  " << report::exact_text(*found.epsilon) << '\n';
  if (found.igd_plus)
    std::cout << "IGD+              " << report::exact_text(*found.igd_plus) << '\n';
  if (found.r2)
    std::cout << "R2                " << report::exact_text(*found.r2) << '\n';
  if (!options.each)
    return;
  std::cout << "\npoint  rank  contribution\n";
  for (std::size_t row = 0; row < found.ranks.size(); ++row) {
    std::cout << std::setw(5) << row + 1 << "  " << std::setw(4) << found.ranks[row] << "  "
              << report::exact_text(found.contributions[row]) << '\n';
  }
}

void print_indicators(const Options& options) {
  const Given given = read(options);
  const Found found = work_out(options, given);
  if (options.json)
    std::cout << json_of(options, given, found).dump(2) << '\n';
  else
    print_text(options, given, found);
}

}  // namespace

void add_indicators(CLI::App& app, ExitCode&) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("indicators", "The front's mathematics on plain numbers");
  command
      ->add_option("POINTS", options->file,
                   "one point a line, blanks or commas between numbers, # comments; - is standard input")
      ->required();
  command->add_option("--reference", options->reference, "reference point r1,...,rd of the hypervolume")->required();
  command->add_option("--against", options->against,
                      "a file with a reference set: additive epsilon, IGD+, and the ends that spread compares with");
  command->add_option("--ideal", options->ideal, "ideal point z1,...,zd that no point beats: R2");
  command->add_flag("--each", options->each, "each point's rank (0: the front) and exclusive hypervolume, too");
  command->add_flag("--maximise", options->maximise, "larger is better in every column; otherwise smaller is");
  command->add_flag("--json", options->json, "for programs");
  command->footer(
      "Numbers have to be finite. Wrong numbers or rows of different lengths answer 4, a wrong reference or ideal 2.\n"
      "Points not strictly better than the reference in every column add nothing to the hypervolume.\n"
      "Points are counted from 1. What is not defined (a spread of one point) is null in JSON. Definitions with their\n"
      "sources: docs/indicators.md");
  command->callback([options] { print_indicators(*options); });
}

}  // namespace fairsweep::apps
