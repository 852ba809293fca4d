#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "core/config/resolved_options.hpp"
#include "core/config/sweep_configuration.hpp"
#include "core/diagnostics/counted.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/sweep_advice.hpp"
#include "orchestrator/apps/sweep_plan.hpp"
#include "orchestrator/search/catalogue.hpp"

namespace fairsweep::apps {
namespace {

struct CheckOptions {
  std::string file;
  std::vector<std::string> assignments;
  bool resolved = false;
  bool json = false;
  bool reference = false;
};

/// What the sweep comes to.
struct Sizes {
  std::uint32_t configurations = 0;
  std::uint64_t trials = 0;
  std::size_t shapes = 0;
  std::uint64_t epochs = 0;                        ///< of the trials' own training, over all of them, at most
  std::map<std::string, std::uint32_t> by_method;  ///< configurations of each
  bool counted_all = true;  ///< false: shapes and epochs are of the first k_most_counted configurations
};

constexpr std::uint32_t k_most_counted = 10000;

Sizes sizes_of(const SweepConfiguration& sweep) {
  const auto strategy = make_strategy(sweep.search.strategy, sweep.space, search_options(sweep.search));
  Sizes sizes;
  sizes.configurations = wanted_configurations(*strategy, sweep.search.configurations);
  sizes.trials = static_cast<std::uint64_t>(sizes.configurations) * static_cast<std::uint64_t>(sweep.search.replicates);
  std::set<std::string> shapes;
  for (std::uint32_t i = 0; i < sizes.configurations; ++i) {
    const auto sampled = i < k_most_counted ? strategy->suggest(i) : std::nullopt;
    if (!sampled) {
      sizes.counted_all = false;
      break;
    }
    const Settings settings = trial_settings(sweep, *sampled);
    shapes.insert(shape_key(settings));
    ++sizes.by_method[std::get<std::string>(settings.at("method.name"))];
    sizes.epochs += static_cast<std::uint64_t>(std::get<std::int64_t>(settings.at("training.epochs"))) *
                    static_cast<std::uint64_t>(sweep.search.replicates);
  }
  sizes.shapes = shapes.size();
  return sizes;
}

std::string value_text(const std::vector<ResolvedOption>& resolved, const std::string& path) {
  const auto found =
      std::find_if(resolved.begin(), resolved.end(), [&](const auto& option) { return option.path == path; });
  check(found != resolved.end(), "a parameter that is no option");
  return found->value;
}

std::string condition_of(const Parameter& parameter) {
  if (!parameter.condition)
    return {};
  std::string values;
  for (const Value& value : parameter.condition->values)
    values += (values.empty() ? "" : " or ") + to_text(value);
  return parameter.condition->path + " is " + values;
}

nlohmann::json to_json(const ConfigurationIssue& issue) {
  return {{"file", issue.file}, {"line", issue.line},       {"column", issue.column},
          {"path", issue.path}, {"message", issue.message}, {"hint", issue.hint}};
}

nlohmann::json to_json(const SweepConfiguration& sweep, const Sizes& sizes, const CheckOptions& options) {
  const auto resolved = resolved_options(sweep);
  nlohmann::json space = nlohmann::json::array();
  for (const Parameter& parameter : sweep.space.parameters) {
    nlohmann::json line = {{"path", parameter.path}, {"distribution", value_text(resolved, parameter.path)}};
    if (parameter.condition)
      line["only_where"] = condition_of(parameter);
    space.push_back(std::move(line));
  }
  nlohmann::json front = nlohmann::json::array();
  for (const FrontLine& line : sweep.front)
    front.push_back({{"metric", line.metric}, {"each", line.each}});
  nlohmann::json answer = {{"ok", true},
                           {"sweep", sweep.name},
                           {"digest", sweep.digest},
                           {"configurations", sizes.configurations},
                           {"replicates", sweep.search.replicates},
                           {"trials", sizes.trials},
                           {"dimensions", sweep.space.parameters.size()},
                           {"shapes", sizes.shapes},
                           {"most_epochs", sizes.epochs},
                           {"by_method", sizes.by_method},
                           {"counted_all", sizes.counted_all},
                           {"space", std::move(space)},
                           {"front", std::move(front)},
                           {"data", {{"file", sweep.data.file}, {"exists", std::filesystem::exists(sweep.data.file)}}}};
  answer["advice"] = advice_on(sweep);
  if (options.resolved) {
    nlohmann::json& all = answer["resolved"] = nlohmann::json::object();
    for (const ResolvedOption& option : resolved) {
      all[option.path] = {{"value", option.value}, {"origin", option.origin}};
    }
  }
  return answer;
}

void print_resolved(const SweepConfiguration& sweep) {
  std::vector<std::pair<std::string, std::string>> lines;
  std::size_t width = 0;
  for (const ResolvedOption& option : resolved_options(sweep)) {
    lines.emplace_back(option.path + ": " + option.value, option.origin);
    // A long text is left to stick out; it should not push all origins off the screen.
    if (lines.back().first.size() <= 72)
      width = std::max(width, lines.back().first.size());
  }
  for (const auto& [line, origin] : lines) {
    const std::size_t gap = line.size() < width ? width - line.size() : 0;
    std::cout << line << std::string(gap, ' ') << "  # " << origin << '\n';
  }
  std::cout << '\n';
}

void print_space(const SweepConfiguration& sweep) {
  if (sweep.space.parameters.empty()) {
    std::cout << "search space     none: no option is a distribution, so all configurations are the same\n";
    return;
  }
  std::cout << "search space     " << sweep.space.parameters.size()
            << (sweep.space.parameters.size() == 1 ? " dimension\n" : " dimensions\n");
  const auto resolved = resolved_options(sweep);
  std::size_t width = 0;
  for (const Parameter& parameter : sweep.space.parameters)
    width = std::max(width, parameter.path.size());
  for (const Parameter& parameter : sweep.space.parameters) {
    std::cout << "  " << parameter.path << std::string(width - parameter.path.size(), ' ') << "  "
              << value_text(resolved, parameter.path);
    if (parameter.condition)
      std::cout << " where " << condition_of(parameter);
    std::cout << '\n';
  }
}

void print_sizes(const SweepConfiguration& sweep, const Sizes& sizes) {
  std::cout << "sweep            " << sweep.name << '\n'
            << "configurations   " << sizes.configurations << " by " << sweep.search.strategy << ", seed "
            << sweep.search.seed << '\n'
            << "replicates       " << sweep.search.replicates << '\n'
            << "trials           " << sizes.trials << '\n'
            << "shapes           " << sizes.shapes << " (trials of one shape train in one pack)\n"
            << "epochs           " << sizes.epochs
            << " at most, of the trials' own training; stages that trials share, such as teachers, come on top\n";
  if (sizes.by_method.size() > 1) {
    std::string methods;
    for (const auto& [method, count] : sizes.by_method)
      methods += (methods.empty() ? "" : ", ") + method + " " + std::to_string(count);
    std::cout << "methods          " << methods << " (configurations of each)\n";
  }
  if (!sizes.counted_all) {
    std::cout << "                 shapes, epochs and methods of the first " << k_most_counted << " configurations\n";
  }
  for (const FrontLine& line : sweep.front) {
    std::cout << "front            " << line.metric << (line.each == "group" ? " of each group\n" : " of all users\n");
  }
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : " x ") + name;
  return text;
}

void print_data(const SweepConfiguration& sweep) {
  const std::string& file = sweep.data.file;
  std::cout << "data             " << file;
  if (std::filesystem::exists(file)) {
    const GroupSettings& groups = sweep.data.groups;
    std::cout << ", groups by ";
    if (groups.by == "attribute")
      std::cout << groups.attribute;
    else if (groups.by == "combination")
      std::cout << joined(groups.attributes);
    else
      std::cout << (groups.by == "agreement" ? "clusters of agreement" : "preference support rate");
    std::cout << '\n';
    return;
  }
  std::cout << " is not there yet; `fairsweep generate` and `fairsweep import` make it (--help lists what they know,\n"
            << "                   and the first lines of a shipped sweep say how its data are made)\n";
}

/// A fraction to four digits, anything else as it is.
std::string rounded(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.find('.') == std::string::npos || *end != '\0')
    return text;
  std::ostringstream shortened;
  shortened << std::setprecision(4) << value;
  return shortened.str();
}

/// Who is in each group, and what each part holds of them.
void print_people(const SweepPlan& plan) {
  for (const GroupCounts& group : plan.counts) {
    const auto part = [&](Split split) {
      const GroupCounts::Part& one = group.part[static_cast<std::size_t>(split)];
      return std::to_string(one.people) + " in " + std::string(to_text(split)) + " (" +
             counted(one.comparisons, "comparison", "comparisons") + ")";
    };
    std::cout << (group.name.empty() ? "no group         " : "group            " + group.name + ": ")
              << counted(group.people, "person", "people") << "; " << part(Split::train) << ", "
              << part(Split::validation) << ", " << part(Split::test);
    if (group.test_of_unseen > 0)
      std::cout << ", " << group.test_of_unseen << " of these by people unseen in training";
    std::cout << '\n';
  }
  for (const auto& [what, value] : plan.people.how)
    std::cout << "                 " << what << ": " << rounded(value) << '\n';
}

nlohmann::json to_json(const SweepPlan& plan) {
  nlohmann::json groups = nlohmann::json::array();
  for (const GroupCounts& group : plan.counts) {
    nlohmann::json one = {{"name", group.name}, {"people", group.people}, {"test_of_unseen", group.test_of_unseen}};
    for (const Split split : {Split::train, Split::validation, Split::test, Split::history, Split::unused}) {
      const GroupCounts::Part& part = group.part[static_cast<std::size_t>(split)];
      one[std::string(to_text(split))] = {{"people", part.people}, {"comparisons", part.comparisons}};
    }
    groups.push_back(std::move(one));
  }
  return {{"groups", std::move(groups)}, {"how", plan.people.how}};
}

void print_advice(const std::vector<std::string>& advice) {
  for (const std::string& sentence : advice) {
    std::cout << "note             " << sentence << '\n';
  }
}

ExitCode print_issues(const std::vector<ConfigurationIssue>& issues, bool json) {
  if (json) {
    nlohmann::json answer = {{"ok", false}, {"issues", nlohmann::json::array()}};
    for (const ConfigurationIssue& issue : issues)
      answer["issues"].push_back(to_json(issue));
    std::cout << answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  } else {
    for (const ConfigurationIssue& issue : issues)
      std::cout << issue.text() << '\n';
  }
  return ExitCode::configuration;
}

ExitCode check_sweep(const CheckOptions& options) {
  if (options.reference) {
    std::cout << reference_page();
    return ExitCode::done;
  }
  if (options.file.empty()) {
    throw UserError(ExitCode::configuration, "check needs a sweep: fairsweep check SWEEP.yaml");
  }
  const ReadResult result =
      read_sweep_text(read_configuration_text(options.file), options.file, parse_overrides(options.assignments));
  if (!result.ok())
    return print_issues(result.issues, options.json);
  const SweepConfiguration& sweep = result.sweep;
  std::optional<SweepPlan> plan;
  if (std::filesystem::exists(sweep.data.file)) {
    plan = make_plan(sweep, RunDirectory("runs"));  // or what is wrong with the data, or does not fit them
  }
  const Sizes sizes = sizes_of(sweep);
  if (options.json) {
    nlohmann::json answer = to_json(sweep, sizes, options);
    if (plan) {
      answer["people"] = to_json(*plan);
      for (const std::string& sentence : plan->advice)
        answer["advice"].push_back(sentence);
    }
    std::cout << answer.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return ExitCode::done;
  }
  if (options.resolved)
    print_resolved(sweep);
  print_sizes(sweep, sizes);
  print_data(sweep);
  if (plan)
    print_people(*plan);
  print_space(sweep);
  print_advice(advice_on(sweep));
  if (plan)
    print_advice(plan->advice);
  return ExitCode::done;
}

}  // namespace

void add_check(CLI::App& app, ExitCode& exit_code) {
  auto options = std::make_shared<CheckOptions>();
  CLI::App* command = app.add_subcommand(
      "check",
      "all mistakes of a sweep at once, each with its place, then whether its data fit; of a good one the sizes and "
      "the search space");
  command->add_option("sweep", options->file, "the sweep (YAML)")->type_name("SWEEP.yaml");
  command->add_option("--set", options->assignments, "put a value over the file's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_flag("--resolved", options->resolved, "print every value and where it comes from");
  command->add_flag("--json", options->json, "answer in JSON");
  command->add_flag("--reference", options->reference, "print the page of all options (configs/REFERENCE.md)");
  command->callback([options, &exit_code] { exit_code = check_sweep(*options); });
}

}  // namespace fairsweep::apps
