"""Faults for a job on the local cluster: whom they may strike, how, and how they end."""
import os
import pathlib
import signal
import time
from dataclasses import dataclass, field

import local_cluster as lc
import harness  # found by local_cluster

KINDS = ("trainer", "agent", "coordinator", "node", "cut", "pause")


@dataclass
class Strike:
    kind: str
    victim: str                                # for people
    time: float = field(default_factory=time.time)
    workers: set = field(default_factory=set)  # ranks whose trials it strikes
    coordinator: bool = False

    def __str__(self):
        return f"{self.kind}: {self.victim}"


@dataclass
class Program:
    pid: int
    node: str
    rank: int
    trainers: list = field(default_factory=list)


def network_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return None


class Battlefield:
    """The processes of one run on the cluster's nodes, seen from outside of them."""

    def __init__(self, run, random, nodes):
        self.run, self.random, self.nodes = str(run), random, nodes
        self.out = {}     # node -> how it comes back
        self.paused = {}  # process -> what it is
        self.later = []   # (when, what to do)

    def ranks(self):
        """Rank -> Program, of the ranks that live, with the trainers under them. A rank on two nodes (a run that was
        started again while a node was cut off) is the one on a node that is there."""
        networks, ranks, by_process, everything = {}, {}, {}, list(harness.processes())
        for pid, _, command, _ in everything:
            if "node-init" in command and os.environ["FAIRSWEEP_CLUSTER"] in command:
                networks[network_of(pid)] = command[command.index("node-init") + 2]
        networks.pop(network_of(os.getpid()), None)
        for pid, _, command, variables in everything:
            rank = variables.get(b"OMPI_COMM_WORLD_RANK")
            if harness.program_of(command) == "fairsweep" and command[1:2] == ["run"] and self.run in command and rank:
                program = by_process[pid] = Program(pid, networks.get(network_of(pid), ""), int(rank))
                if program.node not in self.out:
                    ranks[program.rank] = program
        for pid, parent, command, _ in everything:
            if harness.program_of(command) == "noop_trainer" and parent in by_process:
                by_process[parent].trainers.append(pid)
        return ranks

    def strike(self, kind):
        """Strikes one victim of this kind now; None where there is none."""
        ranks = self.ranks()
        agents = [program for rank, program in sorted(ranks.items()) if rank > 0 and program.pid not in self.paused]
        if kind == "trainer":
            victims = [agent for agent in agents if agent.trainers]
            if victims:
                agent = self.random.choice(victims)
                done = Strike(kind, f"of worker {agent.rank} on {agent.node}", workers={agent.rank})
                return done if self.signal(agent.trainers[0], signal.SIGKILL) else None
        elif kind in ("agent", "pause") and agents:
            agent = self.random.choice(agents)
            done = Strike(kind, f"worker {agent.rank} on {agent.node}", workers={agent.rank})
            if kind == "agent":
                return done if self.signal(agent.pid, signal.SIGKILL) else None
            if self.signal(agent.pid, signal.SIGSTOP):
                self.paused[agent.pid] = agent
                self.after(self.random.uniform(1, 10), lambda: self.go_on(agent.pid))
                return done
        elif kind == "coordinator" and 0 in ranks:
            done = Strike(kind, f"on {ranks[0].node}", coordinator=True)
            return done if self.signal(ranks[0].pid, signal.SIGKILL) else None
        elif kind in ("node", "cut") and ranks and len(self.out) < len(self.nodes) - 1:
            return self.take_out(kind, ranks)
        return None

    def take_out(self, kind, ranks):
        node = self.random.choice([node for node in self.nodes if node not in self.out])
        there = {rank for rank, program in ranks.items() if program.node == node}
        done = Strike(kind, node, workers=there - {0}, coordinator=kind == "node" and 0 in there)
        if kind == "cut" and 0 in there:  # those elsewhere cannot reach the coordinator
            done.workers = set(ranks) - there
        end, back = {"node": ("kill-node", "start-node"), "cut": ("cut-node", "restore-node")}[kind]
        lc.cluster(end, node)
        self.out[node] = back
        self.after(self.random.uniform(2, 30), lambda: self.bring_back(node))
        return done

    @staticmethod
    def signal(pid, number):
        try:
            os.kill(pid, number)
            return True
        except ProcessLookupError:
            return False

    def after(self, seconds, action):
        self.later.append((time.monotonic() + seconds, action))

    def go_on(self, pid):
        if self.paused.pop(pid, None):
            self.signal(pid, signal.SIGCONT)

    def bring_back(self, node):
        if node in self.out:
            lc.cluster(self.out[node], node)
            del self.out[node]

    def turn(self):
        """Ends what is to end by now."""
        now = time.monotonic()
        due = [action for when, action in self.later if when <= now]
        self.later = [entry for entry in self.later if entry[0] > now]
        for action in due:
            action()

    def end_all(self):
        for _, action in self.later:
            action()
        self.later.clear()


def recoveries(strikes, events):
    """(strike, seconds) for each trial that a strike took from its worker: from the strike until it was handed out again.
    For a lost coordinator, once: until the next session began. Strikes that took nothing are not there."""
    held, lost, handed_out, sessions, found = {}, {}, {}, [], []
    for event in events:
        kind, moment = event["event"], event.get("time")
        if kind == "started":
            sessions.append(moment)
        elif kind == "assigned":
            for trial in event["trials"]:
                held[event["lease"], trial] = (event["worker"], moment)
                handed_out.setdefault(trial, []).append(moment)
        elif kind == "failed":
            lost.setdefault((event["lease"], event["failure"]["trial"]), moment)
        elif kind == "reported":
            held.pop((event["lease"], event["report"]["trial"]))
        elif kind == "lease_expired":
            for lease, trial in held:
                if lease == event["lease"]:
                    lost.setdefault((lease, trial), moment)
    for strike in strikes:
        struck = [trial for (lease, trial), (worker, moment) in held.items()
                  if worker in strike.workers and moment <= strike.time <= lost[lease, trial]]
        again = [next(moment for moment in handed_out[trial] if moment > strike.time) for trial in struck]
        if strike.coordinator:
            again = [moment for moment in sessions if moment > strike.time][:1]
        found += [(strike, moment - strike.time) for moment in again]
    return found
