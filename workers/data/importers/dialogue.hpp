#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "workers/data/importers/record_reader.hpp"

namespace fairsweep {

/// An answer and what it answers.
struct DialogueAnswer {
  std::string question;
  std::string text;
};

/// The last message of a dialogue, and all before it as the question. One message without a role that holds
/// "\n\nAssistant:" is cut behind the last of these. O(length).
[[nodiscard]] DialogueAnswer last_answer(const std::vector<Message>& messages);

/// Two dialogues as answers to one question: what both begin with, up to the end of a message, or where a text is one
/// message up to the last "\n\nAssistant:" that both have at the same place. Without such a beginning the question is
/// empty and the answers are whole.
[[nodiscard]] std::array<DialogueAnswer, 2> answers_to_one_question(const std::vector<Message>& first,
                                                                    const std::vector<Message>& second);

/// All messages as one text, each with its role where it has one.
[[nodiscard]] std::string dialogue_text(const std::vector<Message>& messages);

/// A name for the question that two texts answer, where only they are known: the same in either order.
[[nodiscard]] std::string pair_name(std::string_view first, std::string_view second);

}  // namespace fairsweep
