#include "orchestrator/apps/command_line.hpp"

#include <algorithm>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"

namespace fairsweep::apps {

namespace {

/// The command that was reached, and its words: "fairsweep import choices".
const CLI::App& reached(const CLI::App& app, std::string& words) {
  const CLI::App* level = &app;
  words = app.get_name();
  while (!level->get_subcommands().empty()) {
    level = level->get_subcommands().front();
    words += " " + level->get_name();
  }
  return *level;
}

}  // namespace

void refuse_unknown_command(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* level = &app;
  std::string words = app.get_name();
  for (int word = 1; word < argc && argv[word][0] != '-'; ++word) {
    std::vector<std::string> names;
    const CLI::App* chosen = nullptr;
    for (const CLI::App* command : level->get_subcommands({})) {
      names.push_back(command->get_name());
      if (command->get_name() == argv[word])
        chosen = command;
    }
    if (names.empty())
      return;
    if (chosen == nullptr) {
      throw UserError(ExitCode::configuration, words + " has no command \"" + std::string(argv[word]) + "\"" +
                                                   did_you_mean(argv[word], names) + "; " + words +
                                                   " --help lists them all");
    }
    level = chosen;
    words += " " + level->get_name();
  }
}

std::string mistake_of_command_line(const CLI::App& app, const CLI::ParseError& error) {
  std::string words;
  const CLI::App& command = reached(app, words);
  std::string what = error.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    std::vector<std::string> left = app.remaining(true);
    const auto option =
        std::find_if(left.begin(), left.end(), [](const std::string& word) { return word.starts_with("-"); });
    if (option != left.end()) {
      std::vector<std::string> names;
      for (const CLI::Option* known : command.get_options()) {
        for (const std::string& name : known->get_lnames())
          names.push_back("--" + name);
      }
      const std::string name = option->substr(0, option->find('='));
      what = "there is no option " + name + did_you_mean(name, names);
    } else if (!left.empty()) {
      what = "\"" + left.front() + "\" is one word too many";
    }
  }
  return words + ": " + what + "; " + words + " --help lists what there is";
}

}  // namespace fairsweep::apps
