# The configuration of the local cluster's Slurm. Sourced by `cluster`, never run.
# shellcheck shell=bash disable=SC2154  # folder, number, nodes, cpus, gpus and grace are the cluster's

write_slurm_conf() {
  local node version
  version=$(slurmd -V | sed 's/[^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1\2/')
  {
    cat <<END
# Written by "cluster up"; for tests, never for a real cluster.
ClusterName=local
SlurmctldHost=control(198.18.$number.2)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# cred_expire is also how long a requeued job waits, two minutes by default
AuthInfo=socket=$folder/munge/socket,cred_expire=10
StateSaveLocation=$folder/nodes/control/state
SlurmctldPidFile=$folder/nodes/control/pid
SlurmctldLogFile=$folder/nodes/control/log
SlurmdSpoolDir=$folder/nodes/%n/spool
SlurmdPidFile=$folder/nodes/%n/pid
SlurmdLogFile=$folder/nodes/%n/log
TmpFS=$folder/local

# no control groups: they are this machine's
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none

# more processors and memory than this machine has
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=100
SchedulerParameters=bf_interval=2,sched_min_interval=100000,batch_sched_delay=0

# a node that fails is noticed in tens of seconds, and is back as soon as it answers
SlurmdTimeout=20
MessageTimeout=5
TCPTimeout=2
KillWait=5
InactiveLimit=0
MinJobAge=600
ReturnToService=2
TreeWidth=65533

JobRequeue=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
END
    if ((gpus > 0)); then printf 'GresTypes=gpu\n'; fi
    for ((node = 1; node <= nodes; ++node)); do
      printf 'NodeName=n%d NodeAddr=198.18.%d.%d CPUs=%d RealMemory=%d' "$node" "$number" "$(address_of "n$node")" \
        "$cpus" 16000
      if ((gpus > 0)); then printf ' Gres=gpu:%d' "$gpus"; fi
      printf ' State=UNKNOWN\n'
    done
    printf 'PartitionName=batch Nodes=ALL Default=YES MaxTime=7-0 PriorityTier=1 GraceTime=%d State=UP\n' "$grace"
    printf 'PartitionName=short Nodes=ALL MaxTime=2 PriorityTier=1 GraceTime=%d State=UP\n' "$grace"
    printf 'PartitionName=urgent Nodes=ALL MaxTime=60 PriorityTier=10 PreemptMode=OFF State=UP\n'
  } >"$folder/slurm.conf"
  # Files that say "device": scripts that ask for GPUs are scheduled and told numbers as on a machine that has them.
  if ((gpus > 0)); then
    mkdir "$folder/devices"
    for ((node = 0; node < gpus; ++node)); do mknod "$folder/devices/nvidia$node" c 1 3; done
    printf 'Name=gpu File=%s/devices/nvidia[0-%d]\n' "$folder" $((gpus - 1)) >"$folder/gres.conf"
  fi
  # From 23.11 on slurmd wants control groups unless it is told that there are none.
  if ((version >= 2311)); then printf 'CgroupPlugin=disabled\n' >"$folder/cgroup.conf"; fi
  mkdir -p "$folder/nodes/control/state"
}
