#include "core/config/read_sweep.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>

#include "core/config/build_sweep.hpp"
#include "core/config/config_errors.hpp"
#include "core/config/cross_checks.hpp"
#include "core/config/option_reader.hpp"
#include "core/config/value_reader.hpp"
#include "core/config/yaml_tree.hpp"
#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

namespace errors = config_errors;

std::vector<std::string> source_names(const std::string& file_name, const Overrides& overrides) {
  std::vector<std::string> names = {file_name};
  for (const auto& [path, value] : overrides)
    names.push_back("--set " + path + "=" + value);
  return names;
}

/// The mapping at the root; nothing where there is none.
std::optional<YamlNode> read_root(const std::string& text, MistakeList& mistakes) {
  auto root = parse_yaml(text, 0, mistakes);
  if (!root || root->kind == YamlNode::Kind::mapping)
    return root;
  mistakes.add({0, 1, 1},
               root->kind == YamlNode::Kind::nothing ? errors::empty_file() : errors::not_a_sweep(found_text(*root)));
  return std::nullopt;
}

std::vector<ParsedOverride> parse_values(const Overrides& overrides, MistakeList& mistakes) {
  std::vector<ParsedOverride> parsed;
  for (const auto& [path, value] : overrides) {
    parsed.push_back({path, parse_yaml(value, static_cast<int>(parsed.size()) + 1, mistakes)});
  }
  return parsed;
}

}  // namespace

std::string read_configuration_text(const std::filesystem::path& file) {
  const auto refuse = [&](int reason) -> UserError {
    return {ExitCode::configuration,
            "cannot read \"" + file.string() + "\": " + std::generic_category().message(reason)};
  };
  if (std::filesystem::is_directory(file))
    throw refuse(EISDIR);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (!stream)
    throw refuse(errno);
  std::string text;
  std::array<char, 65536> buffer{};
  // A huge file, or a device without end, is not read whole.
  while (text.size() <= k_most_bytes) {
    const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stream.get());
    text.append(buffer.data(), count);
    if (count < buffer.size())
      break;
  }
  if (std::ferror(stream.get()) != 0)
    throw refuse(errno);
  return text;
}

ReadResult read_sweep_text(const std::string& text, const std::string& file_name, const Overrides& overrides) {
  MistakeList mistakes(source_names(file_name, overrides));
  // The mark that some editors put at the beginning of UTF-8 files; no part of the text.
  const bool marked = text.starts_with("\xEF\xBB\xBF");
  const auto root = read_root(marked ? text.substr(3) : text, mistakes);
  const auto parsed = parse_values(overrides, mistakes);
  ReadResult result;
  if (root) {
    const Options options = read_options(*root, parsed, mistakes);
    check_together(options, mistakes);
    if (mistakes.count() == 0)
      result.sweep = build_sweep(options);
  }
  result.issues = mistakes.issues();
  return result;
}

SweepConfiguration read_sweep_file(const std::filesystem::path& file, const Overrides& overrides) {
  ReadResult result = read_sweep_text(read_configuration_text(file), file.string(), overrides);
  if (result.ok())
    return std::move(result.sweep);
  std::string message;
  for (const ConfigurationIssue& issue : result.issues) {
    if (!message.empty())
      message += '\n';
    message += issue.text();
  }
  throw UserError(ExitCode::configuration, message);
}

Overrides parse_overrides(const std::vector<std::string>& arguments) {
  Overrides overrides;
  for (const std::string& argument : arguments) {
    const auto sign = argument.find('=');
    if (sign == std::string::npos || sign == 0) {
      throw UserError(ExitCode::configuration,
                      "--set " + errors::in_quotes(argument) +
                          " is no assignment; write --set KEY=VALUE, for example --set search.seed=8");
    }
    overrides.emplace_back(argument.substr(0, sign), argument.substr(sign + 1));
  }
  return overrides;
}

}  // namespace fairsweep
