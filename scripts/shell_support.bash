# Shared by ./quickstart, ./test and the scripts here; sourced, never run.
# shellcheck shell=bash

# shellcheck disable=SC2034  # used by who sources this
readonly k_exit_usage=2 k_exit_environment=3 k_exit_file=4

# fail CODE SENTENCE...: one message for people on stderr, then the exit code of DESIGN's contract.
fail() {
  local code=$1
  shift
  printf '%s: %s\n' "${k_program:-fairsweep}" "$*" >&2
  exit "$code"
}

# elapsed SECONDS: "42 s" or "3 min 07 s".
elapsed() {
  if (($1 < 60)); then
    printf '%d s' "$1"
  else
    printf '%d min %02d s' $(($1 / 60)) $(($1 % 60))
  fi
}

# begin TITLE / finish WHAT: a step, its title and the time it took.
begin() {
  k_step=$((${k_step:-0} + 1))
  k_step_started=$SECONDS
  printf '\n[%d/%s] %s\n' "$k_step" "${k_steps:-?}" "$1"
}
finish() { printf '      %s, %s\n' "$1" "$(elapsed $((SECONDS - k_step_started)))"; }

# parallel_jobs: compilers to run at once: one a core, and 2 GiB of memory for each (a file with LibTorch needs 1.5).
parallel_jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ {print int($2 / 2097152)}' /proc/meminfo)
  if ((memory < 1)); then memory=1; fi
  printf '%d' $((cores < memory ? cores : memory))
}

# Open MPI on a developer's machine or in a container: root may run it, there may be more ranks than cores, and no
# ptrace rights are asked for. The first block is Open MPI 4's words, the second Open MPI 5's.
export_mpi_environment() {
  export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
  export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe OMPI_MCA_smsc=^cma
  if ((EUID == 0)); then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
}
