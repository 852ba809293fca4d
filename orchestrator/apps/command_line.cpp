#include "orchestrator/apps/command_line.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
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

bool is_whole(const std::string& text) {
  const std::size_t first = text.starts_with("-") || text.starts_with("+") ? 1 : 0;
  return text.size() > first && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(first), text.end(),
                                            [](unsigned char sign) { return std::isdigit(sign) != 0; });
}

/// "50" for "50.000000".
std::string short_number(std::string text) {
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    text.erase(text.find_last_not_of('.') + 1);
  }
  return text;
}

/// What a number option takes where CLI11 could not convert its value.
std::string wanted_by(const CLI::App& command, const std::string& name, const std::string& value) {
  const CLI::Option* option = command.get_option_no_throw(name);
  const std::string type = option == nullptr ? "" : option->get_type_name();
  if (type.starts_with("FLOAT"))
    return "a number";
  if (!type.starts_with("UINT") && !type.starts_with("INT"))
    return "a value of another kind";
  const bool negative = value.starts_with("-");
  if (is_whole(value) && !(negative && type.starts_with("UINT")))
    return negative ? "a larger whole number" : "a smaller whole number";
  return type.starts_with("UINT") ? "a whole number from 0" : "a whole number";
}

/// CLI11's words of a value that is no number, or not in its range, as one sentence of ours: the option, the value, and
/// what is wanted. Other mistakes keep its words.
std::string mistake_of_value(const CLI::App& command, const CLI::ParseError& error) {
  std::string what = error.what();
  if (const auto at = what.find(": Value "), range = what.find(" not in range "), to = what.rfind(" to ");
      at != std::string::npos && range != std::string::npos && to != std::string::npos && at < range && range < to) {
    const std::string value = what.substr(at + 8, range - at - 8);
    const std::string low = what.substr(range + 14, to - range - 14), high = what.substr(to + 4);
    const bool whole = low.find('.') == std::string::npos;
    return what.substr(0, at) + " " + value + ": a " + (whole ? "whole " : "") + "number from " + short_number(low) +
           " to " + short_number(high) + " is wanted";
  }
  static const std::string conversion = "Could not convert: ";
  if (const auto equals = what.find(" = "); what.starts_with(conversion) && equals != std::string::npos) {
    const std::string name = what.substr(conversion.size(), equals - conversion.size());
    const std::string value = what.substr(equals + 3);
    return name + " " + value + ": " + wanted_by(command, name, value) + " is wanted";
  }
  if (const auto colon = what.find(": 1 required "); colon != std::string::npos && what.ends_with(" missing"))
    return what.substr(0, colon) + ": its value is missing";
  return what;
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
  std::string what = mistake_of_value(command, error);
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

CLI::Validator from_zero() {
  return {[](const std::string& value) {
            return value.starts_with("-") ? std::string("a whole number from 0 is wanted") : std::string();
          },
          ""};
}

}  // namespace fairsweep::apps
