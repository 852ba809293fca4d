#include "workers/trainer/line_pipe.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {

void LineInput::take() {
  std::array<char, 1U << 16U> bytes{};
  const auto count = ::read(descriptor_, bytes.data(), bytes.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) {
    return;
  }
  if (count <= 0) {
    closed_ = true;
    partial_.clear();
    return;
  }
  std::string_view rest(bytes.data(), static_cast<std::size_t>(count));
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    lines_.push_back(std::move(partial_) + std::string(rest.substr(0, end)));
    partial_.clear();
    rest.remove_prefix(end + 1);
  }
  partial_ += rest;
  if (partial_.size() > k_longest_line) {
    throw UserError(ExitCode::configuration,
                    fmt::format("a line of more than {} MiB arrived; no message is that long", k_longest_line >> 20U));
  }
}

std::optional<std::string> LineInput::next(int wake) {
  while (lines_.empty() && !closed_) {
    std::array<pollfd, 2> watched = {pollfd{descriptor_, POLLIN, 0}, pollfd{wake, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), -1) < 0) {
      if (errno == EINTR) {
        continue;  // a signal that means us has also written to `wake`
      }
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (watched[1].revents != 0) {
      return std::nullopt;
    }
    if (watched[0].revents != 0) {
      take();
    }
  }
  if (lines_.empty()) {
    return std::nullopt;
  }
  auto line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

void LineInput::look() {
  while (!closed_) {
    pollfd watched{descriptor_, POLLIN, 0};
    if (::poll(&watched, 1, 0) <= 0 || watched.revents == 0) {
      return;
    }
    take();
  }
}

void LineOutput::send(std::string_view line) {
  std::string bytes(line);
  bytes += '\n';
  std::string_view rest = bytes;
  while (!rest.empty() && !broken_) {
    const auto count = ::write(descriptor_, rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd watched{descriptor_, POLLOUT, 0};
      (void)::poll(&watched, 1, -1);
    } else if (errno != EINTR) {
      broken_ = true;
    }
  }
}

}  // namespace fairsweep
