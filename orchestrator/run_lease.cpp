#include "orchestrator/run_lease.hpp"

#include <unistd.h>

#include <chrono>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "core/diagnostics/digest.hpp"
#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/host.hpp"

namespace fairsweep {
namespace {

constexpr int k_format = 1;
constexpr std::size_t k_session_digits = 32;

/// Where a process number means the same process: this host, since it started, in this process namespace.
std::string this_place() {
  std::ifstream boot("/proc/sys/kernel/random/boot_id");
  std::string boot_id;
  std::getline(boot, boot_id);
  std::error_code ignored;
  const std::filesystem::path names = std::filesystem::read_symlink("/proc/self/ns/pid", ignored);
  return host_name() + " " + boot_id + " " + names.string();
}

/// When a process began, in clock ticks since the machine started; empty where there is no such process, or only the
/// entry of one that has ended.
std::string beginning_of(std::int64_t process) {
  constexpr std::size_t k_state = 0;
  constexpr std::size_t k_beginning = 19;  // the 22nd field of all
  const std::vector<std::string> fields = process_fields(process);
  if (fields.size() <= k_beginning || fields[k_state] == "Z" || fields[k_state] == "X") {
    return "";
  }
  return fields[k_beginning];
}

bool lives_here(const RunLeaseRecord& record) {
  const std::string began = beginning_of(record.process);
  return !began.empty() && began == record.process_began;
}

std::string to_text(const RunLeaseRecord& record) {
  nlohmann::json json = {
      {"format", k_format},    {"session", record.session}, {"host", record.host},
      {"place", record.place}, {"process", record.process}, {"process_began", record.process_began},
      {"began", record.began}, {"beat", record.beat},       {"state", record.ended ? "ended" : "running"}};
  if (record.ended) {
    json["exit_code"] = record.exit_code;
    json["message"] = record.message;
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string who(const RunLeaseRecord& record) {
  return "process " + std::to_string(record.process) + " on host " + record.host;
}

}  // namespace

std::optional<RunLeaseRecord> read_run_lease(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const nlohmann::json json = nlohmann::json::parse(stream, nullptr, false);
  if (!json.is_object()) {
    return std::nullopt;
  }
  try {
    RunLeaseRecord record;
    record.session = json.at("session").get<std::string>();
    record.host = json.at("host").get<std::string>();
    record.place = json.at("place").get<std::string>();
    record.process = json.at("process").get<std::int64_t>();
    record.process_began = json.at("process_began").get<std::string>();
    record.began = json.at("began").get<double>();
    record.beat = json.at("beat").get<std::uint64_t>();
    record.ended = json.at("state").get<std::string>() == "ended";
    record.exit_code = json.value("exit_code", 0);
    record.message = json.value("message", "");
    return record;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

bool holder_lives(const RunLeaseRecord& record) {
  return !record.ended && (record.place != this_place() || lives_here(record));
}

RunLease::RunLease(std::filesystem::path file, RunLeaseTimes times) : file_(std::move(file)), times_(times) {
  mine_.host = host_name();
  mine_.place = this_place();
  mine_.process = getpid();
  mine_.process_began = beginning_of(mine_.process);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  mine_.began = std::chrono::duration<double>(now).count();
  static std::atomic<int> sessions{0};  // of this process: two in one tick of the clock are two
  mine_.session = sha256(mine_.place + " " + std::to_string(mine_.process) + " " + mine_.process_began + " " +
                         std::to_string(now.count()) + " " + std::to_string(++sessions))
                      .substr(0, k_session_digits);
  take();
  thread_ = std::thread([this] { beat(); });
}

void RunLease::take() {
  std::optional<RunLeaseRecord> other = read_run_lease(file_);
  if (other && !other->ended) {
    bool lives = holder_lives(*other);
    if (lives && other->place != mine_.place) {  // elsewhere only the beat tells
      const RunLeaseRecord before = *other;
      std::this_thread::sleep_for(std::chrono::duration<double>(times_.takeover_seconds));
      other = read_run_lease(file_);
      lives = other && !other->ended && *other != before;
    }
    if (lives) {
      throw UserError(ExitCode::environment, file_.parent_path().string() +
                                                 ": another fairsweep coordinates this run (" + who(*other) +
                                                 "); wait until it has ended, or stop it");
    }
  }
  if (other && !other->ended) {
    taken_from_ = other;
  }
  replace_file(file_, to_text(mine_));
  if (taken_from_) {  // two may take what a third left: the later one has it, and the earlier one sees that here
    std::this_thread::sleep_for(std::chrono::duration<double>(times_.beat_seconds / 4));
    check_is_mine();
  }
}

RunLease::~RunLease() { end(ExitCode::internal, "it ended without saying why"); }

bool RunLease::is_mine() const {
  const std::optional<RunLeaseRecord> found = read_run_lease(file_);
  return found && found->session == mine_.session;
}

void RunLease::check_is_mine() const {
  const std::optional<RunLeaseRecord> found = read_run_lease(file_);
  if (found && found->session != mine_.session) {
    throw UserError(ExitCode::environment, file_.parent_path().string() + ": this coordinator was silent for so long " +
                                               "that another one took the run over (" + who(*found) +
                                               "); it stops here, and that one goes on");
  }
}

void RunLease::beat() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::duration<double>(times_.beat_seconds), [this] { return ending_; })) {
    if (!touched_.exchange(false, std::memory_order_relaxed)) {
      continue;
    }
    lock.unlock();
    try {
      if (is_mine()) {
        ++mine_.beat;
        replace_file(file_, to_text(mine_));
      }
    } catch (const UserError&) {  // NOLINT(bugprone-empty-catch)
      // A disk that is full or gone shows in events.log, too, which ends the run; a missed beat alone is no harm.
    }
    lock.lock();
  }
}

void RunLease::stop_beating() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void RunLease::end(ExitCode code, const std::string& message) noexcept {
  try {
    stop_beating();
    if (mine_.ended || !is_mine()) {
      return;
    }
    mine_.ended = true;
    mine_.exit_code = static_cast<int>(code);
    mine_.message = message;
    replace_file(file_, to_text(mine_));
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch)
    // Whoever comes next sees that the process is gone, or that the beat stands still.
  }
}

}  // namespace fairsweep
