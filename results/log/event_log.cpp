#include "results/log/event_log.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "core/diagnostics/errors.hpp"
#include "core/protocol/codec.hpp"
#include "results/log/log_file.hpp"
#include "results/log/log_format.hpp"

namespace fairsweep {

namespace {

using Clock = std::chrono::steady_clock;

// An event of an idle run is flushed at once. Under load the disk gets a rest after each flush, in which the next group
// gathers: nine times what the flush took, and never so long that an event is more than 200 ms late.
constexpr int k_rest_factor = 9;
constexpr auto k_longest_rest = std::chrono::milliseconds(100);

}  // namespace

/// The thread that writes, and what it shares with the one that appends.
struct EventLog::Writer {
  Writer(const std::filesystem::path& path, std::function<void()> guard) : file(path), may_write(std::move(guard)) {}

  void run();
  void fail_if_broken() const {
    if (!problem.empty()) {
      throw UserError(ExitCode::environment, problem);
    }
  }

  LogFile file;
  std::function<void()> may_write;  ///< empty: always
  mutable std::mutex mutex;
  std::condition_variable wake;     ///< of the writing thread
  std::condition_variable written;  ///< of those who wait for the disk
  std::string pending;              ///< records not yet given to the file
  std::uint64_t appended = 0;
  std::uint64_t durable = 0;
  bool hurry = false;  ///< somebody waits
  bool ending = false;
  std::string problem;  ///< why nothing can be written any more
  std::thread thread;
};

void EventLog::Writer::run() {
  std::string group;
  Clock::time_point rested = Clock::now();
  std::unique_lock lock(mutex);
  for (;;) {
    wake.wait(lock, [this] { return !pending.empty() || ending; });
    if (pending.empty()) {
      return;
    }
    wake.wait_until(lock, rested, [this] { return hurry || ending; });
    group.clear();
    group.swap(pending);
    const std::uint64_t last = appended;
    lock.unlock();
    const Clock::time_point begin = Clock::now();
    std::string failure;
    bool wrote = false;
    try {
      if (may_write) {
        may_write();
      }
      file.write(group);
      wrote = true;
      file.flush();
    } catch (const std::exception& error) {
      failure = error.what();
    }
    if (!failure.empty() && wrote) {
      file.forget_unflushed();
    }
    const Clock::time_point end = Clock::now();
    rested = end + std::min<Clock::duration>((end - begin) * k_rest_factor, k_longest_rest);
    lock.lock();
    if (failure.empty()) {
      durable = last;
      hurry = hurry && durable != appended;
    } else {
      problem = failure;
    }
    written.notify_all();
    if (!problem.empty()) {
      return;  // what is written next would stand behind half a record
    }
  }
}

EventLog::EventLog(const std::filesystem::path& file, Recovery& recovery, std::function<void()> may_write)
    : writer_(std::make_unique<Writer>(file, std::move(may_write))) {
  LogContents contents = parse_log(writer_->file.read(), file);
  if (contents.torn_bytes > 0) {
    writer_->file.cut(contents.whole_bytes);
  }
  if (contents.whole_bytes == 0) {
    writer_->file.write(k_log_header);
  }
  writer_->file.flush();
  writer_->file.flush_folder();
  writer_->appended = contents.events.size();
  writer_->durable = contents.events.size();
  recovery.events = std::move(contents.events);
  recovery.cut_bytes = contents.torn_bytes;
  writer_->thread = std::thread([writer = writer_.get()] { writer->run(); });
}

EventLog::~EventLog() {
  {
    const std::lock_guard lock(writer_->mutex);
    writer_->ending = true;
  }
  writer_->wake.notify_all();
  writer_->thread.join();
}

std::uint64_t EventLog::append(const Event& event) {
  const std::string json = to_json(event);
  std::string record;
  append_record(record, json);
  bool first = false;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(writer_->mutex);
    writer_->fail_if_broken();
    first = writer_->pending.empty();
    writer_->pending += record;
    number = ++writer_->appended;
  }
  if (first) {
    writer_->wake.notify_one();
  }
  return number;
}

std::uint64_t EventLog::durable() const {
  const std::lock_guard lock(writer_->mutex);
  return writer_->durable;
}

void EventLog::sync() {
  std::unique_lock lock(writer_->mutex);
  const std::uint64_t wanted = writer_->appended;
  writer_->hurry = writer_->durable != wanted;
  writer_->wake.notify_one();
  writer_->written.wait(lock, [&] { return writer_->durable >= wanted || !writer_->problem.empty(); });
  writer_->fail_if_broken();
}

EventLog::Recovery read_event_log(const std::filesystem::path& file) {
  LogContents contents = parse_log(read_whole_file(file), file);
  return {std::move(contents.events), contents.torn_bytes};
}

}  // namespace fairsweep
