#include "workers/data/features/surface_features.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_set>

#include "core/diagnostics/errors.hpp"
#include "core/random/portable_math.hpp"
#include "workers/data/features/characters.hpp"
#include "workers/data/features/words.hpp"

namespace fairsweep {

namespace {

struct CharacterCounts {
  double all = 0, visible = 0, letters = 0, upper = 0, digits = 0, commas = 0, questions = 0, exclamations = 0,
         quotes = 0, others = 0, sentences = 0;
};

bool is_quote(std::uint32_t c) { return c == '"' || (c >= 0x201C && c <= 0x201F) || c == 0xAB || c == 0xBB; }

bool ends_sentence(std::uint32_t c) {
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

CharacterCounts count_characters(std::span<const std::uint32_t> text) {
  CharacterCounts counts;
  bool said_something = false;  // since the last end of a sentence
  for (const std::uint32_t c : text) {
    counts.all += 1;
    if (is_white(c)) {
      continue;
    }
    counts.visible += 1;
    if (is_digit(c)) {
      counts.digits += 1;
    } else if (is_word_character(c)) {
      counts.letters += 1;
      counts.upper += is_upper_case(c) ? 1 : 0;
    } else if (c == ',') {
      counts.commas += 1;
    } else if (c == '?') {
      counts.questions += 1;
    } else if (c == '!') {
      counts.exclamations += 1;
    } else if (is_quote(c)) {
      counts.quotes += 1;
    } else if (c != '.' && !is_apostrophe(c)) {
      counts.others += 1;
    }
    said_something = said_something || is_word_character(c);
    if (ends_sentence(c) && said_something) {
      counts.sentences += 1;
      said_something = false;
    }
  }
  counts.sentences += said_something ? 1 : 0;
  return counts;
}

struct WordCounts {
  double all = 0, characters = 0, different = 0, long_ones = 0, first_person = 0, second_person = 0, negations = 0,
         reasons = 0, links = 0;
  double question_share = 0;  // of the question's different words that the text has
};

using HashSet = std::unordered_set<std::uint64_t>;

template <std::size_t Count>
HashSet hashes_of(const std::array<std::string_view, Count>& words) {
  HashSet hashes;
  for (const std::string_view word : words) {
    hashes.insert(hash_of(word));
  }
  return hashes;
}

bool ends_in_not(std::span<const std::uint32_t> word) {
  return word.size() > 3 && word[word.size() - 1] == 't' && word[word.size() - 2] == '\'' &&
         word[word.size() - 3] == 'n';
}

WordCounts count_words(const Words& words, const Words& question) {
  static const HashSet k_first_person = hashes_of(std::to_array<std::string_view>(
      {"i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself", "we", "we're", "we've", "us", "our", "ours"}));
  static const HashSet k_second_person = hashes_of(
      std::to_array<std::string_view>({"you", "you're", "you've", "you'd", "you'll", "your", "yours", "yourself"}));
  static const HashSet k_negations = hashes_of(std::to_array<std::string_view>(
      {"no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "cannot", "without"}));
  static const HashSet k_reasons = hashes_of(std::to_array<std::string_view>(
      {"because", "therefore", "thus",     "hence",  "since",   "so",      "if",       "then",
       "but",     "however",   "although", "though", "while",   "whereas", "moreover", "furthermore",
       "also",    "example",   "instance", "such",   "finally", "first",   "second"}));
  static const HashSet k_links = hashes_of(std::to_array<std::string_view>({"http", "https", "www"}));
  constexpr std::size_t k_long = 7;
  WordCounts counts;
  HashSet different;
  for (std::size_t index = 0; index < words.count(); ++index) {
    const auto word = words.word(index);
    const std::uint64_t hash = hash_of(word);
    different.insert(hash);
    counts.all += 1;
    counts.characters += static_cast<double>(word.size());
    counts.long_ones += word.size() >= k_long ? 1 : 0;
    counts.first_person += k_first_person.contains(hash) ? 1 : 0;
    counts.second_person += k_second_person.contains(hash) ? 1 : 0;
    counts.negations += k_negations.contains(hash) || ends_in_not(word) ? 1 : 0;
    counts.reasons += k_reasons.contains(hash) ? 1 : 0;
    counts.links += k_links.contains(hash) ? 1 : 0;
  }
  counts.different = static_cast<double>(different.size());
  HashSet asked;
  double shared = 0;
  for (std::size_t index = 0; index < question.count(); ++index) {
    const std::uint64_t hash = hash_of(question.word(index));
    shared += asked.insert(hash).second && different.contains(hash) ? 1 : 0;
  }
  counts.question_share = asked.empty() ? 0 : shared / static_cast<double>(asked.size());
  return counts;
}

struct LineCounts {
  double breaks = 0, items = 0, code = 0;
};

// A list item begins with -, *, +, a bullet, or a number and . or ), followed by a space.
bool is_list_item(std::span<const std::uint32_t> line) {
  std::size_t at = 0;
  while (at < line.size() && is_digit(line[at])) {
    ++at;
  }
  if (at >= line.size()) {
    return false;
  }
  const std::uint32_t mark = line[at];
  const bool numbered = at > 0 && (mark == '.' || mark == ')');
  const bool bullet = at == 0 && (mark == '-' || mark == '*' || mark == '+' || mark == 0x2022 || mark == 0x2013);
  return (numbered || bullet) && at + 1 < line.size() && is_white(line[at + 1]);
}

LineCounts count_lines(std::span<const std::uint32_t> text) {
  LineCounts counts;
  double fences = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = static_cast<std::size_t>(
        std::find(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\n') - text.begin());
    std::span<const std::uint32_t> line = text.subspan(at, end - at);
    while (!line.empty() && is_white(line.front())) {
      line = line.subspan(1);
    }
    counts.items += is_list_item(line) ? 1 : 0;
    fences += line.size() >= 3 && line[0] == '`' && line[1] == '`' && line[2] == '`' ? 1 : 0;
    counts.breaks += end < text.size() ? 1 : 0;
    at = end + 1;
  }
  const std::int64_t blocks = (static_cast<std::int64_t>(fences) + 1) / 2;  // one that is never closed counts
  counts.code = static_cast<double>(blocks);
  return counts;
}

double log_count(double count) { return portable::log(1 + count); }
double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

const std::vector<std::string>& surface_feature_names() {
  static const std::vector<std::string> k_names{"surface_log_characters",
                                                "surface_log_words",
                                                "surface_mean_word_length",
                                                "surface_log_sentences",
                                                "surface_log_sentence_words",
                                                "surface_different_words",
                                                "surface_long_words",
                                                "surface_question_share",
                                                "surface_first_person",
                                                "surface_second_person",
                                                "surface_negations",
                                                "surface_reasons",
                                                "surface_commas",
                                                "surface_questions",
                                                "surface_exclamations",
                                                "surface_quotes",
                                                "surface_digits",
                                                "surface_upper_case",
                                                "surface_other_signs",
                                                "surface_begins_upper_case",
                                                "surface_ends_sentence",
                                                "surface_log_links",
                                                "surface_log_line_breaks",
                                                "surface_log_list_items",
                                                "surface_log_code_blocks"};
  return k_names;
}

void surface_features(std::string_view text, std::string_view question, std::span<float> features) {
  check(features.size() == surface_feature_names().size(), "surface features need their place");
  std::vector<std::uint32_t> characters;
  Words words;
  Words asked;
  decode(question, characters);
  find_words(characters, asked);
  decode(text, characters);
  find_words(characters, words);
  const CharacterCounts seen = count_characters(characters);
  const WordCounts said = count_words(words, asked);
  const LineCounts lines = count_lines(characters);
  const auto first = std::find_if(characters.begin(), characters.end(), is_word_character);
  const auto last = std::find_if_not(characters.rbegin(), characters.rend(), is_white);
  const bool begins_upper = first != characters.end() && is_upper_case(*first);
  const bool ends_well = last != characters.rend() && ends_sentence(*last);
  const std::array values{log_count(seen.all),
                          log_count(said.all),
                          share(said.characters, said.all),
                          log_count(seen.sentences),
                          log_count(share(said.all, seen.sentences)),
                          share(said.different, said.all),
                          share(said.long_ones, said.all),
                          said.question_share,
                          share(said.first_person, said.all),
                          share(said.second_person, said.all),
                          share(said.negations, said.all),
                          share(said.reasons, said.all),
                          share(seen.commas, seen.visible),
                          share(seen.questions, seen.visible),
                          share(seen.exclamations, seen.visible),
                          share(seen.quotes, seen.visible),
                          share(seen.digits, seen.visible),
                          share(seen.upper, seen.letters),
                          share(seen.others, seen.visible),
                          begins_upper ? 1.0 : 0.0,
                          ends_well ? 1.0 : 0.0,
                          log_count(said.links),
                          log_count(lines.breaks),
                          log_count(lines.items),
                          log_count(lines.code)};
  static_assert(values.size() == 25);
  std::transform(values.begin(), values.end(), features.begin(),
                 [](double value) { return static_cast<float>(value); });
}

}  // namespace fairsweep
