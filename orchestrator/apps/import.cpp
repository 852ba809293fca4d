#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/output_file.hpp"
#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/import_choices.hpp"
#include "workers/data/importers/import_run.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {

namespace {

// Progress is for people who watch: nothing is written where stderr is a file or a pipe.
ImportProgress progress_on_terminal() {
  if (isatty(STDERR_FILENO) == 0) {
    return {};
  }
  return [](std::int64_t records, double share) {
    std::cerr << "\rread " << records << " records, " << static_cast<int>(100 * share) << " %" << std::flush;
  };
}

void clear_progress(const ImportProgress& progress) {
  if (progress) {
    std::cerr << "\r\x1b[K";
  }
}

struct ChoicesOptions {
  std::string table;
  std::string mapping;
  std::string output;
  bool json = false;
};

void import_table_of_choices(const ChoicesOptions& options) {
  const ChoiceMapping mapping = read_choice_mapping(options.mapping);
  prepare_output(options.output);
  const ImportProgress progress = progress_on_terminal();
  const ImportedChoices imported = import_choices(options.table, mapping, progress);
  clear_progress(progress);
  write_data_file(options.output, imported.data);
  const PreferenceData& data = imported.data;
  if (options.json) {
    std::cout << nlohmann::ordered_json{{"file", options.output},     {"digest", digest_of(data)},
                                        {"rows", imported.rows},      {"comparisons", data.comparison_count()},
                                        {"users", data.user_count()}, {"dropped", imported.dropped}}
                     .dump(2)
              << '\n';
    return;
  }
  std::cout << options.output << ": " << data.comparison_count() << " choices of " << data.user_count()
            << " people, from " << imported.rows << " rows\n";
  for (const auto& [reason, rows] : imported.dropped) {
    std::cout << "left out " << rows << (rows == 1 ? " row: " : " rows: ") << reason << '\n';
  }
}

void add_choices(CLI::App& import) {
  CLI::App* choices = import.add_subcommand("choices", "a table of discrete choices, one row a choice");
  auto options = std::make_shared<ChoicesOptions>();
  choices->add_option("TABLE", options->table, "comma-separated table, plain or .gz")->required();
  choices->add_option("--mapping", options->mapping, "YAML file that says what the columns mean")->required();
  choices->add_option("-o,--output", options->output, "data file to write, replaced whole")->required();
  choices->add_flag("--json", options->json, "print the summary as JSON");
  choices->callback([options] { import_table_of_choices(*options); });
}

struct RecordOptions {
  ImportRequest request;
  std::vector<std::string> files;
  std::vector<std::string> fields;
  std::string on_error = "stop";
  std::string output;
  std::string mapping, embeddings, embedding_ids;
  bool dry_run = false;
  bool json = false;
};

void read_fields(RecordOptions& options) {
  for (const std::string& field : options.fields) {
    const std::size_t sign = field.find('=');
    if (sign == std::string::npos || sign == 0 || sign + 1 == field.size()) {
      throw UserError(ExitCode::configuration, "--field \"" + field + "\": it must be ROLE=FIELD");
    }
    options.request.fields[field.substr(0, sign)] = field.substr(sign + 1);
  }
}

void print_summary(const ImportSummary& summary, const std::string& output) {
  std::cout << output << ": " << summary.comparisons << " comparisons ("
            << (summary.ties > 0 ? std::to_string(summary.ties) + " ties, " : "") << summary.features
            << " features) of " << summary.users << (summary.users == 1 ? " person" : " people") << " between "
            << summary.candidates << " candidates in " << summary.contexts
            << (summary.contexts == 1 ? " context" : " contexts") << ", from " << summary.records << " records\n";
  for (const auto& [reason, records] : summary.dropped) {
    std::cout << "left out " << records << (records == 1 ? " record: " : " records: ") << reason << '\n';
  }
  for (const auto& [reason, pairs] : summary.dropped_pairs) {
    std::cout << "left out " << pairs << (pairs == 1 ? " pair: " : " pairs: ") << reason << '\n';
  }
  if (summary.skipped > 0) {
    std::cout << "skipped " << summary.skipped << (summary.skipped == 1 ? " wrong record:\n" : " wrong records:\n");
    for (const std::string& error : summary.first_errors) {
      std::cout << "  " << error << '\n';
    }
    if (summary.skipped > std::ssize(summary.first_errors)) {
      std::cout << "  and " << summary.skipped - std::ssize(summary.first_errors) << " more\n";
    }
  }
}

void print_json(const ImportSummary& summary, const std::string& output) {
  std::cout << nlohmann::ordered_json{{"file", output},
                                      {"digest", summary.digest},
                                      {"records", summary.records},
                                      {"comparisons", summary.comparisons},
                                      {"ties", summary.ties},
                                      {"repeats", summary.repeats},
                                      {"users", summary.users},
                                      {"contexts", summary.contexts},
                                      {"candidates", summary.candidates},
                                      {"features", summary.features},
                                      {"dropped", summary.dropped},
                                      {"dropped_pairs", summary.dropped_pairs},
                                      {"skipped", summary.skipped},
                                      {"first_errors", summary.first_errors}}
                   .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
            << '\n';
}

void import_records(RecordOptions& options) {
  constexpr std::int64_t k_previewed = 5;
  read_fields(options);
  ImportRequest& request = options.request;
  request.arguments.files.assign(options.files.begin(), options.files.end());
  request.mapping = options.mapping;
  request.features.embeddings = options.embeddings;
  request.features.embedding_ids = options.embedding_ids;
  request.options.skip_errors = options.on_error == "skip";
  if (options.dry_run) {
    for (const std::string& line : preview(request, k_previewed)) {
      std::cout << line << '\n';
    }
    return;
  }
  if (options.output.empty()) {
    throw UserError(ExitCode::configuration,
                    "-o names the data file to write; --dry-run only shows what is understood");
  }
  prepare_output(options.output);
  request.options.progress = progress_on_terminal();
  const ImportSummary summary = import_to_file(request, options.output);
  clear_progress(request.options.progress);
  options.json ? print_json(summary, options.output) : print_summary(summary, options.output);
}

void add_records(CLI::App& import, const Importer& importer) {
  CLI::App* command = import.add_subcommand(importer.name, importer.help);
  auto options = std::make_shared<RecordOptions>();
  options->request.importer = &importer;
  command->add_option("FILES", options->files, "files to read, plain or .gz")->required();
  command->add_option("--mapping", options->mapping, "YAML file that says what the fields mean (docs/importing.md)");
  std::string roles;
  for (const std::string& role : importer.roles) {
    roles += (roles.empty() ? "" : ", ") + role;
  }
  command->add_option("--field", options->fields, "ROLE=FIELD, for each role whose field has another name: " + roles);
  for (const ImporterOption& option : importer.options) {
    std::string& value = options->request.arguments.options[option.name];
    value = option.fallback;
    CLI::Option* added = command->add_option("--" + option.name, value, option.help)->capture_default_str();
    if (!option.words.empty()) {
      added->check(CLI::IsMember(option.words));
    }
  }
  FeatureRequest& features = options->request.features;
  command->add_option("--embeddings", options->embeddings,
                      "features of the candidates: .npy, .h5 or .csv (docs/features.md)");
  command->add_option("--embedding-ids", options->embedding_ids, "names of the rows of a .npy file, one a line");
  command->add_flag("--text-features", features.text, "make features of the candidates' texts");
  command->add_option("--text-dimensions", features.text_dimensions, "how many of them, beside those of the surface")
      ->capture_default_str();
  command->add_option("--fit-share", features.fit_share, "share of the contexts that features of text are fitted on")
      ->capture_default_str();
  command->add_option("--seed", features.seed, "of the choice of these contexts")->capture_default_str();
  command->add_option("--on-error", options->on_error, "what a wrong record does: stop, or skip it and count it")
      ->check(CLI::IsMember({"stop", "skip"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "data file to write, replaced whole");
  command->add_flag("--dry-run", options->dry_run, "show the first five comparisons as understood, and write nothing");
  command->add_flag("--json", options->json, "print the summary as JSON");
  command->callback([options] { import_records(*options); });
}

}  // namespace

void add_import(CLI::App& app, ExitCode&) {
  CLI::App* import = app.add_subcommand("import", "make a preference data file from somebody's files");
  import->require_subcommand(1);
  for (const Importer& importer : importer_catalogue()) {
    add_records(*import, importer);
  }
  add_choices(*import);
}

}  // namespace fairsweep::apps
