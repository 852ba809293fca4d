#include "orchestrator/apps/result_publisher.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "orchestrator/apps/run_record.hpp"

namespace fairsweep::apps {
namespace {

constexpr double k_oldest_share = 0.01;  // of the running time
constexpr double k_writing_share = 0.1;  // at most this share of a core is spent on writing

}  // namespace

ResultPublisher::ResultPublisher(RunDirectory run, std::shared_ptr<spdlog::logger> logger, double oldest_seconds)
    : run_(std::move(run)),
      logger_(std::move(logger)),
      oldest_seconds_(oldest_seconds),
      began_(now()),
      next_(began_ + oldest_seconds) {}

double ResultPublisher::now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void ResultPublisher::turn() {
  if (writing_.valid()) {
    if (writing_.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      return;
    }
    double took = 0;
    try {
      took = writing_.get();
    } catch (const std::exception& error) {
      logger_->warn("results.h5 was not written this time: {}", error.what());
    }
    next_ = now() + std::max({oldest_seconds_, k_oldest_share * (now() - began_), took / k_writing_share});
  }
  if (now() >= next_) {
    writing_ = std::async(std::launch::async, [run = run_] {
      const double begin = now();
      rebuild_results(run);
      return now() - begin;
    });
  }
}

void ResultPublisher::finish() {
  if (writing_.valid()) {
    writing_.wait();
  }
  rebuild_results(run_);
}

}  // namespace fairsweep::apps
