# A node of the local cluster: mount, UTS, network and process namespaces, with slurmd (or slurmctld) in them.
# Sourced by `cluster`, never run.
# shellcheck shell=bash disable=SC2154  # folder, number and k_self are the cluster's

# address_of NODE: the last number of its address; 1 is this machine, 2 the node with slurmctld.
address_of() {
  if [[ $1 == control ]]; then printf 2; else printf '%d' $((10 + ${1#n})); fi
}

# processes_of WORDS: processes whose command line has these words, seen from here.
processes_of() {
  local line process
  for line in /proc/[0-9]*/cmdline; do
    process=${line#/proc/}
    process=${process%/cmdline}
    if [[ $process != "$$" && $process != "$BASHPID" ]] && tr '\0' ' ' 2>/dev/null <"$line" | grep -qF -- "$1"; then
      printf '%s\n' "$process"
    fi
  done
}

# own_network PROCESS: it has left this machine's network. Between two programs its entry cannot be read.
own_network() {
  local network
  network=$(readlink "/proc/$1/ns/net" 2>/dev/null) || return 1
  [[ $network == net:* && $network != "$(readlink /proc/self/ns/net)" ]]
}

# The process that keeps the node's namespaces; everything on the node dies with it.
start_node() {
  local node=$1 keeper
  if [[ -n $(processes_of "node-init $folder $node ") ]]; then
    fail "$k_exit_usage" "$node is up already"
  fi
  mkdir -p "$folder/nodes/$node" "$folder/local"
  await 20 no_interface "fs$number$node" || fail "$k_exit_environment" "the interface fs$number$node does not go away"
  setsid unshare --mount --uts --net --pid --fork --kill-child --mount-proc -- \
    "$BASH" "$k_self" node-init "$folder" "$node" "$number" </dev/null >>"$folder/nodes/$node/output" 2>&1 &
  keeper=$!
  disown
  # The keeper may leave this machine's network and fail at the next of its namespaces.
  if ! await 10 own_network "$keeper" || ! ip link add "fs$number$node" type veth peer name eth0 netns "$keeper" \
    2>>"$folder/nodes/$node/output"; then
    fail "$k_exit_environment" "$node has no namespaces of its own: $(cat "$folder/nodes/$node/output")"
  fi
  ip link set "fs$number$node" master "fs$number" up
}
no_interface() { [[ ! -e /sys/class/net/$1 ]]; }

# The first process of the node, in it. It waits for the interface, which comes from outside.
node_init() {
  local folder=$1 node=$2 number=$3
  cd /  # not where somebody may remove it
  hostname "$node"
  mount -t tmpfs none /dev/shm            # shared memory must not reach from node to node
  mount -t tmpfs none "$folder/local"     # nor files of node-local scratch, where PMIx keeps its own
  chmod 1777 /dev/shm "$folder/local"
  ip link set lo up
  until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done
  ip address add "198.18.$number.$(address_of "$node")/24" dev eth0
  ip link set eth0 up
  export SLURM_CONF=$folder/slurm.conf TMPDIR=$folder/local PATH=$PATH:/usr/sbin:/sbin
  if [[ $node == control ]]; then
    slurmctld -D &
  else
    slurmd -D -N "$node" &
  fi
  # Process 1 of the node takes over orphans, as any init does; bash reaps them while it waits.
  while true; do
    sleep 3600 &
    wait -n || true
  done
}

# As a node fails: silently. Its interface is closed first, or dying processes would still send their goodbyes.
kill_node() {
  local process
  if [[ -z $(processes_of "node-init $folder $1 ") ]]; then fail "$k_exit_usage" "$1 is down already"; fi
  bridge link set dev "fs$number$1" state 0 || true
  for process in $(processes_of "node-init $folder $1 "); do kill -KILL "$process" 2>/dev/null || true; done
  # What its connections still had to say keeps the namespace, and with it the interface, for minutes.
  ip link delete "fs$number$1" 2>/dev/null || true
}

# run_on_node NODE COMMAND...: in its namespaces, with this environment.
run_on_node() {
  local node=$1 process first
  shift
  for process in $(processes_of "node-init $folder $node "); do
    first=$(awk '/^NSpid:/ {print NF, $NF}' "/proc/$process/status")
    if [[ $first == "3 1" ]]; then
      exec nsenter --target "$process" --mount --uts --net --pid -- "$@"
    fi
  done
  fail "$k_exit_environment" "$node is down; start it with \"cluster start-node $node\""
}
