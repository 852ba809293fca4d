#include "orchestrator/apps/job_script.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace fairsweep::apps {
namespace {

bool is_plain(const std::string& word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_./:@,=+%-").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// A value on a line of #SBATCH.
std::string sbatch_value(const std::string& value) {
  if (is_plain(value)) {
    return value;
  }
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
    }
    quoted += c;
  }
  return quoted + '"';
}

/// File names on #SBATCH lines have patterns that begin with %.
std::string without_patterns(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '%' ? std::string("%%") : std::string(1, c);
  }
  return escaped;
}

void add(std::string& text, const std::string& option, const std::string& value) {
  if (!value.empty()) {
    text += "#SBATCH --" + option + "=" + sbatch_value(value) + "\n";
  }
}

std::string resources(const JobRequest& request) {
  std::string text;
  add(text, "nodes", std::to_string(request.nodes));
  add(text, "ntasks-per-node", std::to_string(request.agents_per_node));
  add(text, "cpus-per-task", std::to_string(request.cpus_per_task));
  if (request.gpus_per_node > 0) {
    add(text, "gpus-per-node", std::to_string(request.gpus_per_node));
  }
  add(text, "mem", request.memory);
  add(text, "partition", request.partition);
  for (const std::string& option : request.more) {
    text += "#SBATCH " + option + "\n";
  }
  return text;
}

std::string header(const JobRequest& request) {
  std::string text;
  add(text, "job-name", request.name);
  const std::string numbers = request.shards > 0 ? "-%A_%a.out" : "-%j.out";
  add(text, "output", (request.sweep.empty() ? "%x" : without_patterns(request.run)) + numbers);
  text += "#SBATCH --open-mode=append\n";
  add(text, "time", request.time);
  add(text, "account", request.account);
  add(text, "signal", "B:USR1@" + std::to_string(request.signal_lead));
  text += request.requeue ? "#SBATCH --requeue\n" : "#SBATCH --no-requeue\n";
  text += "#SBATCH --no-kill\n";
  if (request.shards > 0) {
    add(text, "array", "0-" + std::to_string(request.shards - 1));
  }
  if (request.coordinator_node) {
    text += "#SBATCH --nodes=1\n#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=2\n";
    add(text, "partition", request.coordinator_partition.empty() ? request.partition : request.coordinator_partition);
    text += "#SBATCH hetjob\n";
    add(text, "time", request.time);
    add(text, "account", request.account);
    text += "#SBATCH --no-kill\n";
  }
  return text + resources(request);
}

std::string settings(const JobRequest& request) {
  std::string text;
  if (request.sweep.empty()) {
    text += R"(sweep=${1:?which sweep? For example: sbatch this_script my_sweep.yaml}
name=${sweep##*/}
run=${2:-runs/${name%.yaml}}
)";
  } else {
    text += "sweep=" + shell_word(request.sweep) + "\nrun=" + shell_word(request.run) + "\n";
  }
  text += "fairsweep=${FAIRSWEEP:-" + shell_word(request.program) + "}\n";
  text += "agents_per_node=" + std::to_string(request.agents_per_node) + "\n";
  text += "patience=${FAIRSWEEP_PATIENCE:-60}  # seconds; a coordinator silent for longer is lost\n";
  text += "options=(--set \"resources.threads_per_trainer=${SLURM_CPUS_PER_TASK:-1}\"";
  for (const std::string& each : request.overrides) {
    text += " --set " + shell_word(each);
  }
  text += ")\n";
  if (request.shards > 0) {
    text += R"(options+=(--shard "$((SLURM_ARRAY_TASK_ID + 1))/$SLURM_ARRAY_TASK_COUNT")
run=$run/shard-$((SLURM_ARRAY_TASK_ID + 1))
)";
  }
  return text;
}

constexpr const char* k_daemons = R"(
# Without the first Slurm ends mpirun's daemons on all nodes when it loses one. Without the second those of the next start
# wait for what Slurm believes that the last still holds, for ever where a node came back before Slurm had missed it.
daemons='--no-kill --overlap'
)";

constexpr const char* k_recovery = R"(
# A rank or a node may be lost: the run goes on without it. Each major version of Open MPI has its own words for that, and
# its own way to hear of arguments for its daemons' srun.
case $(mpirun --version 2>/dev/null | sed -n '1s/[^0-9]*\([0-9]*\)\..*/\1/p') in
  4) recovery=(--enable-recovery) && export OMPI_MCA_plm_slurm_args=$daemons ;;
  5) recovery=(--with-ft ulfm --prtemca plm_slurm_args "$daemons") ;;
  *)
    echo "sweep: there is no mpirun of Open MPI 4 or 5; load its module before sbatch, or in this script" >&2
    exit 3
    ;;
esac
)";

constexpr const char* k_two_components = R"(
# mpirun knows the first component of a heterogeneous job only. It is told of both, and starts daemons in the second.
export SLURM_JOB_NODELIST=$SLURM_JOB_NODELIST_HET_GROUP_0,$SLURM_JOB_NODELIST_HET_GROUP_1
export SLURM_TASKS_PER_NODE=$SLURM_TASKS_PER_NODE_HET_GROUP_0,$SLURM_TASKS_PER_NODE_HET_GROUP_1
export SLURM_JOB_NUM_NODES=$((SLURM_JOB_NUM_NODES_HET_GROUP_0 + SLURM_JOB_NUM_NODES_HET_GROUP_1))
export SLURM_NODELIST=$SLURM_JOB_NODELIST SLURM_NNODES=$SLURM_JOB_NUM_NODES
daemons+=' --het-group=1'
)";

constexpr const char* k_guard_begin = R"(
# --no-kill keeps the job when a node fails, also when that is the node of this script: nothing would run until the
# time limit. So others watch, three at most, as they may fail as well. The first of them also passes on a USR1 that was
# sent without --batch: Slurm gives that to the other nodes only.
watch_from_there() {
  trap 'if ((SLURM_PROCID == 0)); then scancel --signal=USR1 --batch "$SLURM_JOB_ID"; fi' USR1
  "$fairsweep" supervise --only-watch --out "$run" --patience $((15 * patience)) --script-host "$script_host" &
  local watcher=$!
  # shellcheck disable=SC2064  # the process of now
  trap "kill $watcher" TERM
  while kill -0 "$watcher" 2>/dev/null; do wait "$watcher"; done
  wait "$watcher"
  # Not the start that follows: this may come late, from a node that was cut off.
  if (($? == 75)) && [[ "$(scontrol show job "$SLURM_JOB_ID") " == *" Restarts=${SLURM_RESTART_COUNT:-0} "* ]]; then
    )";

constexpr const char* k_guard_middle = R"( "$SLURM_JOB_ID"
  fi
}
guard=
if ((SLURM_JOB_NUM_NODES > 1)); then
  export fairsweep run patience script_host=${SLURMD_NODENAME:-$(hostname -s)}
  export -f watch_from_there
  watchers=$((SLURM_JOB_NUM_NODES > 3 ? 3 : SLURM_JOB_NUM_NODES - 1))
  srun )";

constexpr const char* k_run_begin =
    R"( --nodes="$watchers" --ntasks="$watchers" --ntasks-per-node=1 --overlap --mem=0 \
    --mpi=none --no-kill --kill-on-bad-exit=0 --quiet bash -c watch_from_there &
  guard=$!
fi

# Slurm sends USR1 before the time limit and TERM when it preempts. `supervise` makes the run stop in order of either,
# starts it again where its coordinator is lost, and answers with the run's own exit code, which mpirun does not.
echo "sweep: job $SLURM_JOB_ID, start $((${SLURM_RESTART_COUNT:-0} + 1)), $SLURM_JOB_NUM_NODES nodes: $SLURM_JOB_NODELIST"
supervise=
for signal in USR1 TERM INT; do
  # shellcheck disable=SC2064  # the signal's name now, the process when it comes
  trap "if [[ -n \$supervise ]]; then kill -$signal \$supervise; fi" "$signal"
done
"$fairsweep" supervise --out "$run" --agents-per-node "$agents_per_node")";

constexpr const char* k_run_end = R"( \
  --patience "$patience" --start-patience $((10 * patience)) --least $((5 * patience)) -- \
  mpirun "${recovery[@]}" --bind-to none --oversubscribe --host '{hosts}' -np '{ranks}' \
  "$fairsweep" run "$sweep" --out "$run" --resume "${options[@]}" &
supervise=$!
while kill -0 "$supervise" 2>/dev/null; do wait "$supervise"; done  # a signal ends a wait early
wait "$supervise"
code=$?
if [[ -n $guard ]]; then kill "$guard" 2>/dev/null; fi
)";

constexpr const char* k_requeue = R"(
# 75: stopped with work left. Not where Slurm has the job in hand already: cancelled, or preempted and queued again.
if ((code == 75)) && [[ $(squeue --noheader --jobs "$SLURM_JOB_ID" --format %T | head -n 1) == RUNNING ]]; then
  echo "sweep: stopped with work left; the job is queued again"
  if ! scontrol requeue "$SLURM_JOB_ID"; then
    echo "sweep: this site does not let jobs requeue themselves; use fairsweep submit --chain, or submit again" >&2
  fi
fi
)";

}  // namespace

std::string shell_word(const std::string& word) {
  if (is_plain(word)) {
    return word;
  }
  std::string quoted = "'";
  for (const char c : word) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

std::string job_script(const JobRequest& request) {
  std::string text = "#!/bin/bash\n";
  if (request.sweep.empty()) {
    text += "# sbatch THIS_SCRIPT my_sweep.yaml [RUN_DIRECTORY]\n# Change the #SBATCH lines as your site needs.\n";
  }
  text += "# Written by \"fairsweep submit\"; slurm/README.md says how it works.\n";
  text += header(request) + "\n" + settings(request) + k_daemons;
  if (request.coordinator_node) {
    text += k_two_components;
  }
  text += k_recovery;
  text += k_guard_begin;
  text += request.requeue ? "scontrol requeue" : "scancel";
  text += k_guard_middle;
  text += request.coordinator_node ? "--het-group=1" : "--relative=1";
  text += k_run_begin;
  text += request.coordinator_node ? " --coordinator-alone" : "";
  text += k_run_end;
  if (request.requeue) {
    text += k_requeue;
  }
  return text + "exit \"$code\"\n";
}

}  // namespace fairsweep::apps
