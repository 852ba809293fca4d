#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/diagnostics/counted.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/output_file.hpp"
#include "orchestrator/apps/command_line.hpp"
#include "orchestrator/apps/commands.hpp"
#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/import_choices.hpp"
#include "workers/data/importers/import_links.hpp"
#include "workers/data/importers/import_preview.hpp"
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

constexpr std::int64_t k_previewed = 5;

void print_preview(const ImportPreview& preview, bool json) {
  std::cout << (json ? preview_json(preview) : preview_text(preview));
}

/// What all formats have.
struct CommonOptions {
  std::string mapping;
  std::string on_error = "stop";
  std::string output;
  std::string links;
  bool dry_run = false;
  bool json = false;

  void require_output() const {
    if (output.empty()) {
      throw UserError(ExitCode::configuration,
                      "-o names the data file to write; --dry-run only shows what is understood");
    }
  }
};

void add_common(CLI::App& command, CommonOptions& options) {
  command.add_option("--on-error", options.on_error, "what a wrong record does: stop, or skip it and count it")
      ->check(CLI::IsMember({"stop", "skip"}))
      ->capture_default_str();
  command.add_option("--links", options.links,
                     "table of who listens to whom, with the columns from, to and perhaps weight: names of people");
  command.add_option("-o,--output", options.output, "data file to write, replaced whole; its folder is made");
  command.add_flag("--dry-run", options.dry_run, "show the first five comparisons as understood, and write nothing");
  command.add_flag("--json", options.json, "print the summary, or what --dry-run shows, as JSON");
}

std::string links_text(const ImportedLinks& links) {
  if (links.kept == 0) {
    return "";
  }
  return "links: " + std::to_string(links.kept) + " between these people" +
         (links.strangers > 0 ? "; " + counted(links.strangers, "row names", "rows name") + " others and " +
                                    (links.strangers == 1 ? "is" : "are") + " left out"
                              : "") +
         "\n";
}

struct ChoicesOptions : CommonOptions {
  std::string table;
};

void import_table_of_choices(const ChoicesOptions& options) {
  const ChoiceMapping mapping = read_choice_mapping(options.mapping);
  ImportOptions how;
  how.skip_errors = options.on_error == "skip";
  if (options.dry_run) {
    print_preview(preview_choices(options.table, mapping, how, k_previewed), options.json);
    return;
  }
  options.require_output();
  std::vector<std::filesystem::path> inputs{options.table, options.mapping};
  if (!options.links.empty()) {
    inputs.emplace_back(options.links);
  }
  const OutputFile output(options.output, inputs);
  how.progress = progress_on_terminal();
  ImportedChoices imported = import_choices(options.table, mapping, how);
  clear_progress(how.progress);
  const ImportedLinks links = options.links.empty() ? ImportedLinks{} : add_links(options.links, imported.data);
  write_data_file(output.path(), imported.data);
  const PreferenceData& data = imported.data;
  if (options.json) {
    std::cout << nlohmann::ordered_json{{"file", options.output},      {"digest", digest_of(data)},
                                        {"rows", imported.rows},       {"comparisons", data.comparison_count()},
                                        {"users", data.user_count()},  {"dropped", imported.dropped},
                                        {"skipped", imported.skipped}, {"first_errors", imported.first_errors},
                                        {"links", links.kept},         {"links_left_out", links.strangers}}
                     .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
              << '\n';
    return;
  }
  std::cout << options.output << ": " << counted(data.comparison_count(), "choice", "choices") << " of "
            << counted(data.user_count(), "person", "people") << ", from " << counted(imported.rows, "row", "rows")
            << '\n'
            << links_text(links) << left_out_text(imported.dropped, {}, imported.skipped, imported.first_errors, "row");
}

void add_choices(CLI::App& import) {
  CLI::App* choices = import.add_subcommand("choices", "a table of discrete choices, one row a choice");
  auto options = std::make_shared<ChoicesOptions>();
  choices->add_option("TABLE", options->table, "comma-separated table, plain or .gz")->required();
  choices->add_option("--mapping", options->mapping, "YAML file that says what the columns mean")->required();
  add_common(*choices, *options);
  choices->callback([options] { import_table_of_choices(*options); });
}

struct RecordOptions : CommonOptions {
  ImportRequest request;
  std::vector<std::string> files;
  std::vector<std::string> fields;
  std::string embeddings, embedding_ids;
  std::string embedding_order = "names";
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
  std::cout << output << ": " << counted(summary.comparisons, "comparison", "comparisons") << " ("
            << (summary.ties > 0 ? counted(summary.ties, "tie, ", "ties, ") : "")
            << counted(summary.features, "feature", "features") << ") of " << counted(summary.users, "person", "people")
            << " between " << counted(summary.candidates, "candidate", "candidates") << " in "
            << counted(summary.contexts, "context", "contexts") << ", from "
            << counted(summary.records, "record", "records") << '\n'
            << links_text(summary.links)
            << left_out_text(summary.dropped, summary.dropped_pairs, summary.skipped, summary.first_errors);
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
                                      {"first_errors", summary.first_errors},
                                      {"links", summary.links.kept},
                                      {"links_left_out", summary.links.strangers}}
                   .dump(2, ' ', false, nlohmann::json::error_handler_t::replace)
            << '\n';
}

void import_records(RecordOptions& options) {
  read_fields(options);
  ImportRequest& request = options.request;
  request.arguments.files.assign(options.files.begin(), options.files.end());
  request.mapping = options.mapping;
  request.links = options.links;
  request.features.embeddings = options.embeddings;
  request.features.embedding_ids = options.embedding_ids;
  request.features.embeddings_in_order = options.embedding_order == "records";
  request.options.skip_errors = options.on_error == "skip";
  if (options.dry_run) {
    print_preview(preview(request, k_previewed), options.json);
    return;
  }
  options.require_output();
  const OutputFile output(options.output, input_files(request));
  request.options.progress = progress_on_terminal();
  const ImportSummary summary = import_to_file(request, output.path());
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
  command->add_option("--embedding-ids", options->embedding_ids,
                      "names of the rows of embeddings that have none, one a line");
  command
      ->add_option("--embedding-order", options->embedding_order,
                   "how rows are found: by the candidates' names; or records, in the order in which the candidates "
                   "first come in the records, where the embeddings have no names")
      ->check(CLI::IsMember({"names", "records"}))
      ->capture_default_str();
  command->add_flag("--text-features", features.text, "make features of the candidates' texts");
  command->add_option("--text-dimensions", features.text_dimensions, "how many of them, beside those of the surface")
      ->capture_default_str();
  command->add_option("--fit-share", features.fit_share, "share of the contexts that features of text are fitted on")
      ->capture_default_str();
  command->add_option("--seed", features.seed, "of the choice of these contexts")
      ->check(from_zero())
      ->capture_default_str();
  add_common(*command, *options);
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
