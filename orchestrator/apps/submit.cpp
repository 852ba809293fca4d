#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/output_file.hpp"
#include "orchestrator/apps/child_program.hpp"
#include "orchestrator/apps/commands.hpp"
#include "orchestrator/apps/job_script.hpp"
#include "orchestrator/apps/slurm_job.hpp"
#include "orchestrator/apps/sweep_plan.hpp"

namespace fairsweep::apps {
namespace {

constexpr std::int64_t k_least_work_seconds = 90;  // Slurm may signal a minute earlier than asked
constexpr int k_signal_lead = 180;
constexpr int k_signal_reserve = 60;  // over what trainers have for their checkpoints

struct SubmitOptions {
  JobRequest request;
  std::string out;
  int agents_per_node = 0;  ///< 0: one a GPU, or one
  int cpus_per_task = 0;    ///< 0: what the sweep says of threads
  int chain = 0;            ///< 0: one job, which queues itself again
  int signal_lead = 0;      ///< 0: what the sweep's trainers need to stop, and some more
  bool dry_run = false;
};

[[noreturn]] void refuse(const std::string& sentence) { throw UserError(ExitCode::configuration, sentence); }

void check_time(const JobRequest& request) {
  const std::optional<std::int64_t> seconds = slurm_seconds(request.time);
  if (!seconds) {
    refuse(
        fmt::format("--time {}: no time as Slurm writes it; write minutes, hours:minutes:seconds or "
                    "days-hours:minutes:seconds, for example 24:00:00",
                    request.time));
  }
  if (*seconds < request.signal_lead + k_least_work_seconds) {
    refuse(
        fmt::format("--time {} is too short: the job is asked to stop {} s before its end, up to a minute earlier; "
                    "give it {} s at least, or a smaller --signal-lead",
                    request.time, request.signal_lead, request.signal_lead + k_least_work_seconds));
  }
}

void check_words(const JobRequest& request) {
  const std::string& memory = request.memory;
  const auto is_digit = [](unsigned char c) { return std::isdigit(c) != 0; };
  const bool unit = !memory.empty() && std::string("KMGT").find(memory.back()) != std::string::npos;
  const auto end = memory.end() - (unit ? 1 : 0);
  if (!memory.empty() && (end == memory.begin() || !std::all_of(memory.begin(), end, is_digit))) {
    refuse("--mem " + memory + ": write a number and K, M, G or T, for example 64G");
  }
  std::vector<std::string> words = request.more;
  words.insert(words.end(), {request.partition, request.account, request.coordinator_partition, request.sweep,
                             request.run, request.time});
  words.insert(words.end(), request.overrides.begin(), request.overrides.end());
  for (const std::string& word : words) {
    if (word.find_first_of("\n\r") != std::string::npos) {
      refuse("an option has a line break in it: \"" + word + "\"");
    }
  }
  for (const std::string& option : request.more) {
    if (!option.starts_with("-")) {
      refuse("--option \"" + option + "\": write it as sbatch takes it, for example --option \"--qos=long\"");
    }
  }
}

/// What needs the sweep: checks it as `check` and `run` do, and fills in what follows from it.
void fit(SubmitOptions& options) {
  JobRequest& request = options.request;
  SweepConfiguration sweep = read_sweep_file(request.sweep, parse_overrides(request.overrides));
  (void)trainer_command(sweep);
  request.name = sweep.name;
  request.run = options.out.empty() ? (std::filesystem::path("runs") / sweep.name).string() : options.out;
  if (options.cpus_per_task == 0) {
    request.cpus_per_task = static_cast<int>(std::max<std::int64_t>(sweep.resources.threads_per_trainer, 1));
  }
  if (options.signal_lead == 0) {
    request.signal_lead = std::max(k_signal_lead, static_cast<int>(sweep.resources.stop_seconds) + k_signal_reserve);
  }
  const SweepPlan plan = make_plan(std::move(sweep), RunDirectory(request.run));
  const std::size_t shards = static_cast<std::size_t>(std::max(request.shards, 1));
  const std::size_t agents =
      static_cast<std::size_t>(request.nodes) * static_cast<std::size_t>(request.agents_per_node);
  if (agents > plan.trials() / shards) {
    refuse(fmt::format(
        "{} agents{} are more than its {} trials can keep busy; ask for fewer nodes, or make the sweep "
        "larger (search.configurations, search.replicates)",
        agents, request.shards > 0 ? " in each of " + std::to_string(shards) + " shards" : "", plan.trials()));
  }
}

void check_options(SubmitOptions& options) {
  JobRequest& request = options.request;
  check_words(request);
  if (options.agents_per_node > 0 && request.gpus_per_node > 0) {
    refuse("--agents-per-node is for nodes without GPUs; where there are some, each GPU has one agent");
  }
  if (!request.coordinator_partition.empty() && !request.coordinator_node) {
    refuse("--coordinator-partition is for a coordinator with a node of its own; add --coordinator-node");
  }
  if (request.shards > 0 && request.coordinator_node) {
    refuse("Slurm has no array jobs of heterogeneous jobs; leave --array or --coordinator-node out");
  }
  if (request.sweep.empty() && (!options.dry_run || !options.out.empty())) {
    refuse(
        "which sweep? fairsweep submit SWEEP.yaml ...; without one, --dry-run prints a script that takes the sweep "
        "as its argument");
  }
  request.agents_per_node = std::max({options.agents_per_node, request.gpus_per_node, 1});
  request.cpus_per_task = std::max(options.cpus_per_task, 1);
  request.requeue = options.chain == 0;
  request.signal_lead = options.signal_lead > 0 ? options.signal_lead : k_signal_lead;
}

std::string job_of(const ProgramOutput& output) {
  const std::size_t end = output.text.find_first_of(";\n");  // "12", or "12;cluster"
  return output.text.substr(0, end);
}

/// Hands the script to sbatch, as often as the chain is long. Returns the job numbers.
std::vector<std::string> hand_over(const std::string& script, int chain) {
  std::vector<std::string> jobs;
  for (int i = 0; i < std::max(chain, 1); ++i) {
    std::vector<std::string> words = {"sbatch", "--parsable"};
    if (!jobs.empty()) {
      words.push_back("--dependency=afterany:" + jobs.back());
    }
    words.push_back(script);
    const ProgramOutput output = output_of(words);
    const std::string job = job_of(output);
    if (output.exit_code != 0 || job.empty()) {
      throw UserError(ExitCode::environment,
                      fmt::format("sbatch did not take {} (its own words are above){}", script,
                                  jobs.empty() ? "" : fmt::format("; {} jobs of the chain are queued", jobs.size())));
    }
    jobs.push_back(job);
  }
  return jobs;
}

void say_how_to_watch(const JobRequest& request, const std::string& script, const std::vector<std::string>& jobs) {
  const std::string run = shell_word(request.run);
  const std::string numbers = request.shards > 0 ? jobs[0] + "_0" : jobs[0];
  std::string list;
  for (const std::string& job : jobs) {
    list += (list.empty() ? "" : ",") + job;
  }
  fmt::print("submitted job {} (script: {})\n\n", list, script);
  fmt::print("  squeue --jobs {}\n", list);
  if (request.shards > 0) {
    fmt::print("  fairsweep status {}/shard-1                 # and so on\n", run);
    fmt::print("  fairsweep merge {0}/shard-* --out {0}/merged   # when all have ended\n", run);
  } else {
    fmt::print("  fairsweep status {} --watch\n", run);
  }
  fmt::print("  tail -f {}\n", shell_word(request.run + "-" + numbers + ".out"));
  fmt::print("  scancel --signal=USR1 --batch {}   # stop in order{}\n", jobs[0],
             request.requeue ? ", and queue again" : "; the next of the chain goes on");
  fmt::print("  scancel {}   # end; the same fairsweep submit goes on with the run\n", list);
}

void submit(SubmitOptions& options) {
  check_options(options);
  JobRequest& request = options.request;
  if (!request.sweep.empty()) {
    fit(options);
  }
  check_time(request);
  if (options.dry_run) {
    std::cout << job_script(request);
    return;
  }
  request.program = this_program();
  if (!in_path("sbatch")) {
    throw UserError(ExitCode::environment,
                    "there is no sbatch in PATH; run this on a login node of a Slurm cluster (or load Slurm's module), "
                    "or look at the script with --dry-run");
  }
  const std::string script = request.run + ".sbatch";
  const OutputFile output(script, {request.sweep});
  replace_file(output.path(), job_script(request));
  say_how_to_watch(request, script, hand_over(script, options.chain));
}

}  // namespace

void add_submit(CLI::App& app, ExitCode& exit_code) {
  const auto options = std::make_shared<SubmitOptions>();
  JobRequest& request = options->request;
  CLI::App* command = app.add_subcommand("submit", "Write a job script for a sweep and hand it to Slurm");
  command->add_option("sweep", request.sweep, "the sweep (YAML)")->type_name("SWEEP.yaml");
  command->add_option("--time", request.time, "the job's time limit, for example 24:00:00")->required();
  command->add_option("--nodes", request.nodes, "nodes with agents (1)")->check(CLI::Range(1, 10000));
  command->add_option("--gpus-per-node", request.gpus_per_node, "one agent for each (0: CPU only)")
      ->check(CLI::Range(0, 64));
  command->add_option("--agents-per-node", options->agents_per_node, "where there are no GPUs (1)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--cpus-per-task", options->cpus_per_task, "for each agent (resources.threads_per_trainer)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--mem", request.memory, "of each node, for example 64G");
  command->add_option("--partition", request.partition, "Slurm's partition");
  command->add_option("--account", request.account, "whom the time is charged to");
  command->add_option("--array", request.shards, "as so many jobs, each with a part of the trials and a run of its own")
      ->check(CLI::Range(2, 1000));
  command->add_flag("--coordinator-node", request.coordinator_node,
                    "a node of its own, without a GPU, for the coordinator (a heterogeneous job)");
  command->add_option("--coordinator-partition", request.coordinator_partition, "of that node");
  command->add_option("--chain", options->chain, "so many jobs one after the other, where jobs may not be requeued")
      ->check(CLI::Range(2, 1000));
  command
      ->add_option("--signal-lead", options->signal_lead,
                   "seconds before its end at which a job stops (180, more where resources.stop_seconds is long)")
      ->check(CLI::Range(10, 86400));
  command->add_option("--option", request.more, "a further option for sbatch; may be repeated")
      ->type_name("\"--qos=long\"")
      ->allow_extra_args(false);
  command->add_option("--set", request.overrides, "put a value over the file's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_option("--out", options->out, "the run directory (default: runs/NAME)")->type_name("DIR");
  command->add_flag("--dry-run", options->dry_run, "print the script, submit nothing");
  command->callback([options, &exit_code] {
    submit(*options);
    exit_code = ExitCode::done;
  });
}

}  // namespace fairsweep::apps
