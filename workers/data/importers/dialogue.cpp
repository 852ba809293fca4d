#include "workers/data/importers/dialogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "workers/data/text_digest.hpp"

namespace fairsweep {

std::string dialogue_text(const std::vector<Message>& messages) {
  std::string text;
  for (const Message& message : messages) {
    text += (text.empty() ? "" : "\n\n") + (message.role.empty() ? "" : message.role + ": ") + message.content;
  }
  return text;
}

namespace {

constexpr std::string_view k_marker = "\n\nAssistant:";

bool is_one_text(const std::vector<Message>& messages) { return messages.size() == 1 && messages.front().role.empty(); }

}  // namespace

DialogueAnswer last_answer(const std::vector<Message>& messages) {
  if (messages.empty()) {
    return {};
  }
  const std::string& last = messages.back().content;
  if (is_one_text(messages)) {
    const std::size_t marker = last.rfind(k_marker);
    return marker == std::string::npos ? DialogueAnswer{"", last}
                                       : DialogueAnswer{last.substr(0, marker), last.substr(marker + k_marker.size())};
  }
  return {dialogue_text({messages.begin(), messages.end() - 1}), last};
}

std::array<DialogueAnswer, 2> answers_to_one_question(const std::vector<Message>& first,
                                                      const std::vector<Message>& second) {
  if (is_one_text(first) && is_one_text(second)) {
    const std::string& left = first.front().content;
    const std::string& right = second.front().content;
    const auto apart = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    const std::string_view common =
        std::string_view(left).substr(0, static_cast<std::size_t>(apart.first - left.begin()));
    const std::size_t marker = common.rfind(k_marker);
    if (marker == std::string_view::npos) {
      return {DialogueAnswer{"", left}, DialogueAnswer{"", right}};
    }
    const std::size_t begin = marker + k_marker.size();
    return {DialogueAnswer{left.substr(0, marker), left.substr(begin)},
            DialogueAnswer{right.substr(0, marker), right.substr(begin)}};
  }
  std::size_t shared = 0;
  while (shared + 1 < first.size() && shared + 1 < second.size() && first[shared].role == second[shared].role &&
         first[shared].content == second[shared].content) {
    ++shared;
  }
  const auto answer = [shared](const std::vector<Message>& messages) {
    const auto middle = messages.begin() + static_cast<std::ptrdiff_t>(shared);
    return DialogueAnswer{dialogue_text({messages.begin(), middle}),
                          messages.end() - middle == 1 ? middle->content : dialogue_text({middle, messages.end()})};
  };
  return {first.empty() ? DialogueAnswer{} : answer(first), second.empty() ? DialogueAnswer{} : answer(second)};
}

std::string pair_name(std::string_view first, std::string_view second) {
  const auto [low, high] = std::minmax({text_digest(first), text_digest(second)});
  return fmt::format("pair-{:016x}{:016x}", low, high);
}

}  // namespace fairsweep
