#include "orchestrator/apps/supervision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <variant>

#include "core/diagnostics/durable_file.hpp"
#include "orchestrator/apps/child_program.hpp"
#include "orchestrator/apps/run_watch.hpp"
#include "orchestrator/apps/slurm_job.hpp"
#include "results/log/event_log.hpp"

namespace fairsweep::apps {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds k_turn{200};
constexpr double k_kill_seconds = 5;  // from SIGTERM to SIGKILL; mpirun takes two
constexpr double k_ask_seconds = 30;  // at most, between two questions of a watcher to Slurm
constexpr double k_asks_in_patience = 15;
constexpr double k_settle_seconds = 3;  // a shared file system may show the last replacement late

std::atomic<int> stops{0};  // SIGUSR1
std::atomic<int> terms{0};  // SIGTERM, SIGINT
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void listen() {
  struct sigaction action{};
  sigemptyset(&action.sa_mask);
  action.sa_handler = [](int) { stops.fetch_add(1, std::memory_order_relaxed); };
  sigaction(SIGUSR1, &action, nullptr);
  action.sa_handler = [](int) { terms.fetch_add(1, std::memory_order_relaxed); };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

bool asked_to_stop() { return stops.load() + terms.load() > 0; }

void say(const std::string& sentence) {
  fmt::print(stderr, "fairsweep supervise: {}\n", sentence);
  std::fflush(stderr);
}

std::size_t reported_trials(const RunDirectory& run) {
  try {
    const std::vector<Event> events = read_event_log(run.events()).events;
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const Event& event) {
      return std::holds_alternative<events::Reported>(event);
    }));
  } catch (const UserError&) {
    return 0;  // no run yet, or a damaged one, of which the run itself speaks
  }
}

/// How one start of the command ended.
struct Attempt {
  std::optional<int> code;  ///< of the session, where it said
  int program_code = 0;     ///< of the command, where it returned by itself
  bool began = false;
  std::string why;  ///< where the session did not say
};

class Supervision {
 public:
  /// @param reported  trials that were reported before
  Supervision(const SupervisionOptions& options, std::size_t reported) : options_(options), reported_(reported) {}

  ExitCode run() {
    for (int left = options_.restarts;;) {
      Attempt attempt = try_once();
      if (attempt.code && *attempt.code == static_cast<int>(ExitCode::resumable) && lost_a_host()) {
        attempt.why = "the run stopped because a host was lost";  // with its last host, mpirun's launcher ends as well
        attempt.code.reset();
      }
      if (attempt.code) {
        return static_cast<ExitCode>(*attempt.code);
      }
      say(attempt.why);
      const std::size_t reported = reported_trials(options_.run);
      left = reported > reported_ ? options_.restarts : left - 1;
      reported_ = reported;
      if (const std::optional<ExitCode> code = reason_to_end(attempt, left)) {
        return *code;
      }
      resume_ = true;
      say("starts the run again, with --resume");
    }
  }

 private:
  Attempt try_once() {
    RunWatch watch(options_.run.lease());
    ChildProgram program(words());
    Attempt attempt;
    Clock::time_point exited{};
    while (true) {
      std::this_thread::sleep_for(k_turn);
      pass_signals_on(program);
      watch.look();
      attempt.began = watch.began();
      if (watch.exit_code()) {
        attempt.code = watch.exit_code();
        await_return(program);
        program.end(k_kill_seconds);
        return attempt;
      }
      if (const std::optional<int> code = program.exit_code()) {
        if (exited == Clock::time_point{}) {
          exited = Clock::now();
        }
        if (seconds_since(exited) > k_settle_seconds) {
          attempt.program_code = *code;
          attempt.why = fmt::format("{} returned {} before the run said how it ended", options_.command[0], *code);
          return attempt;
        }
        continue;
      }
      attempt.why = reason_to_give_up(watch);
      if (!attempt.why.empty()) {
        program.end(k_kill_seconds);
        watch.look();
        attempt.code = watch.exit_code();
        return attempt;
      }
    }
  }

  /// Why the command is to be ended; empty: let it go on.
  std::string reason_to_give_up(const RunWatch& watch) {
    if (watch.process_is_gone() && watch.silent_seconds() > k_settle_seconds) {
      return "the coordinator's process is gone";
    }
    const double patience = watch.began() ? options_.patience_seconds : options_.start_seconds;
    if (watch.silent_seconds() > patience) {
      return watch.began() ? fmt::format("the coordinator has been silent for {:g} s", patience)
                           : fmt::format("no coordinator has begun within {:g} s", patience);
    }
    if (terms.load() > 0 && seconds_since(term_came_) > options_.stop_seconds) {
      return fmt::format("the run did not stop within {:g} s", options_.stop_seconds);
    }
    return "";
  }

  std::optional<ExitCode> reason_to_end(const Attempt& attempt, int left) const {
    if (asked_to_stop()) {
      return ExitCode::resumable;
    }
    const bool final_word = attempt.program_code == static_cast<int>(ExitCode::configuration) ||
                            attempt.program_code == static_cast<int>(ExitCode::file);
    if (!attempt.began && final_word) {
      return static_cast<ExitCode>(attempt.program_code);
    }
    if (left < 0) {
      say(attempt.began ? "the coordinator was lost again and again without a new report"
                        : "the run never began; what the command wrote above says why");
      return attempt.began ? ExitCode::resumable : ExitCode::environment;
    }
    const std::optional<SlurmJob> job = SlurmJob::current();
    const std::optional<std::int64_t> seconds = job ? job->seconds_left() : std::nullopt;
    if (seconds && static_cast<double>(*seconds) < options_.least_seconds) {
      say(fmt::format("the job ends in {} s: the run is left to the next one", *seconds));
      return ExitCode::resumable;
    }
    return std::nullopt;
  }

  /// The command with its placeholders filled in.
  [[nodiscard]] std::vector<std::string> words() {
    std::vector<std::string> words = options_.command;
    const auto holds = [&words](const std::string& name) {
      return std::any_of(words.begin(), words.end(),
                         [&name](const std::string& word) { return word.find(name) != std::string::npos; });
    };
    if (holds("{hosts}") || holds("{ranks}")) {
      const std::optional<SlurmJob> job = SlurmJob::current();
      if (!job) {
        throw UserError(ExitCode::configuration,
                        "{hosts} and {ranks} mean those of a Slurm job, and this is none; write hosts and ranks out");
      }
      hosts_ = job->hosts();
      const RankLayout layout = lay_out(hosts_, options_.agents_per_node, options_.coordinator_alone);
      if (layout.ranks < 2) {
        throw UserError(ExitCode::environment, "no host is left for an agent");
      }
      for (std::string& word : words) {
        replace(word, "{hosts}", layout.hosts);
        replace(word, "{ranks}", std::to_string(layout.ranks));
      }
    }
    if (resume_ && std::find(words.begin(), words.end(), "--resume") == words.end()) {
      words.emplace_back("--resume");
    }
    return words;
  }

  /// Since the command was started, and nobody asked the run to stop.
  [[nodiscard]] bool lost_a_host() const {
    const std::optional<SlurmJob> job = SlurmJob::current();
    return !asked_to_stop() && !hosts_.empty() && job && job->hosts() != hosts_;
  }

  static void replace(std::string& word, const std::string& name, const std::string& value) {
    for (std::size_t at = word.find(name); at != std::string::npos; at = word.find(name, at + value.size())) {
      word.replace(at, name.size(), value);
    }
  }

  void pass_signals_on(const ChildProgram& program) {
    const int count = stops.load() + terms.load();
    if (terms.load() > 0 && term_came_ == Clock::time_point{}) {
      term_came_ = Clock::now();
    }
    for (; passed_on_ < count; ++passed_on_) {
      program.signal(SIGUSR1);  // mpirun gives it to every rank; at SIGTERM it would kill them within seconds
    }
  }

  void await_return(ChildProgram& program) const {
    const Clock::time_point ended = Clock::now();
    while (!program.exit_code() && seconds_since(ended) < options_.farewell_seconds) {
      std::this_thread::sleep_for(k_turn);
    }
  }

  static double seconds_since(Clock::time_point moment) {
    return std::chrono::duration<double>(Clock::now() - moment).count();
  }

  const SupervisionOptions& options_;
  std::size_t reported_;
  std::vector<std::string> hosts_;  ///< that the command was started on; empty where it has no {hosts}
  bool resume_ = false;
  int passed_on_ = 0;
  Clock::time_point term_came_{};
};

/// Jobs in a row that were to be resumed and had reported nothing new, kept beside the run.
class StalledJobs {
 public:
  explicit StalledJobs(const RunDirectory& run) : file_(run.path() / "stalled_jobs") {}

  /// @returns how many there are now, this one included
  int add() {
    int count = 0;
    std::ifstream(file_) >> count;
    ++count;
    std::error_code ignored;
    std::filesystem::create_directories(file_.parent_path(), ignored);
    replace_file(file_, std::to_string(count) + "\n");
    return count;
  }
  void clear() {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
  }

 private:
  std::filesystem::path file_;
};

}  // namespace

ExitCode supervise(const SupervisionOptions& options) {
  listen();
  const std::size_t before = reported_trials(options.run);
  const ExitCode code = Supervision(options, before).run();
  StalledJobs stalled(options.run);
  if (code != ExitCode::resumable || reported_trials(options.run) > before) {
    stalled.clear();
    return code;
  }
  const int count = stalled.add();
  if (count < options.stalled_jobs) {
    return code;
  }
  stalled.clear();
  say(
      fmt::format("{} jobs in a row have reported no new trial, so no other is asked for. Look at {} and at the output "
                  "above; a trial may need longer than a job is",
                  count, options.run.logs().string()));
  return ExitCode::environment;
}

ExitCode watch_only(const RunDirectory& run, double patience_seconds, const std::string& script_host) {
  listen();
  RunWatch watch(run.lease());
  const std::optional<SlurmJob> job = SlurmJob::current();
  const std::chrono::duration<double> pause(std::min(k_ask_seconds, patience_seconds / k_asks_in_patience));
  Clock::time_point asked{};
  bool seen = false;
  while (terms.load() == 0) {
    std::this_thread::sleep_for(k_turn);
    watch.look();
    if (watch.exit_code()) {
      return ExitCode::done;
    }
    if (job && !script_host.empty() && Clock::now() - asked > pause) {
      const std::set<std::string> present = job->present_hosts();
      asked = Clock::now();
      if (seen && !present.empty() && !present.contains(script_host)) {
        say("the job has lost " + script_host + ", where its script runs");
        return ExitCode::resumable;
      }
      seen = seen || present.contains(script_host);
    }
    if (watch.silent_seconds() > patience_seconds) {
      say(fmt::format("nothing has moved for {:g} s: whoever coordinates {} is gone", patience_seconds,
                      run.path().string()));
      return ExitCode::resumable;
    }
  }
  return ExitCode::done;
}

}  // namespace fairsweep::apps
