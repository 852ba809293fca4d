// Mutated sweeps: whatever the bytes, reading ends with a sweep or with mistakes that say something. Crashes, leaks and
// undefined behaviour are for the sanitizers to find (preset asan).
//
//   FAIRSWEEP_FUZZ_RUNS=100000 FAIRSWEEP_FUZZ_SEED=1 config_fuzz
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/config/read_sweep.hpp"
#include "tests/core/config/random_sweep.hpp"
#include "tests/core/config/sample_sweeps.hpp"

namespace fairsweep {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string next() {
    std::string text = below(3) == 0 ? samples::random_sweep(random_) : std::string(one_of(k_texts));
    // Mostly one edit: the more there are, the more stop the parser before the reader sees anything.
    do
      edit(text);
    while (below(3) == 0);
    return text;
  }

  Overrides overrides() {
    if (below(8) != 0)
      return {};
    std::string value = one_of(k_tokens);
    if (below(2) == 0)
      value += one_of(k_tokens);
    Overrides made;
    made.emplace_back(one_of(k_paths), value);
    return made;
  }

 private:
  std::size_t below(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_); }
  template <typename List>
  const typename List::value_type& one_of(const List& list) {
    return list[below(list.size())];
  }

  void edit(std::string& text) {
    if (text.empty()) {
      text = one_of(k_tokens);
      return;
    }
    switch (below(9)) {
      case 0:
        text[below(text.size())] ^= static_cast<char>(1U << below(8));
        break;
      case 1:
        text[below(text.size())] = static_cast<char>(below(256));
        break;
      case 2:
        text.insert(below(text.size() + 1), one_of(k_tokens));
        break;
      case 3:
        text.erase(below(text.size()), 1 + below(20));
        break;
      case 4:
        swap_words(text);
        break;
      case 5:
        copy_line(text);
        break;
      case 6:
        delete_line(text);
        break;
      case 7:
        splice(text);
        break;
      default:
        change_number(text);
    }
  }

  /// Begin and length of a random run of characters that `belongs`; length 0 where there is none nearby.
  template <typename Belongs>
  std::pair<std::size_t, std::size_t> run_in(const std::string& text, Belongs belongs) {
    std::size_t begin = below(text.size());
    while (begin < text.size() && !belongs(text[begin]))
      ++begin;
    while (begin > 0 && begin < text.size() && belongs(text[begin - 1]))
      --begin;
    std::size_t end = begin;
    while (end < text.size() && belongs(text[end]))
      ++end;
    return {begin, end - begin};
  }

  void swap_words(std::string& text) {
    const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    const auto [from, count] = run_in(text, is_word);
    const std::string word = text.substr(from, count);
    const auto [to, replaced] = run_in(text, is_word);
    text.replace(to, replaced, word);
  }

  void change_number(std::string& text) {
    const auto [begin, count] =
        run_in(text, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+'; });
    text.replace(begin, count, one_of(k_numbers));
  }

  std::pair<std::size_t, std::size_t> line_in(const std::string& text) {
    return run_in(text, [](char c) { return c != '\n'; });
  }
  void copy_line(std::string& text) {
    const auto [begin, count] = line_in(text);
    const std::string line = text.substr(begin, count) + "\n";
    const std::size_t to = line_in(text).first;
    for (std::size_t copies = below(20) == 0 ? 500 : 1; copies > 0; --copies)
      text.insert(to, line);
  }
  void delete_line(std::string& text) {
    const auto [begin, count] = line_in(text);
    text.erase(begin, count + 1);
  }

  void splice(std::string& text) {
    const std::string other = below(2) == 0 ? samples::random_sweep(random_) : std::string(one_of(k_texts));
    const std::size_t from = below(other.size());
    text = text.substr(0, below(text.size())) + other.substr(from, 1 + below(other.size() - from));
  }

  const std::array<std::string_view, 2> k_texts = {samples::k_smallest, samples::k_rich};
  const std::vector<std::string> k_tokens = {"{",
                                             "}",
                                             "[",
                                             "]",
                                             ":",
                                             ": ",
                                             ",",
                                             "- ",
                                             "? ",
                                             "#",
                                             "&a ",
                                             "*a",
                                             "!!int ",
                                             "!t ",
                                             "|\n",
                                             ">\n",
                                             "|9\n",
                                             "\"",
                                             "'",
                                             "\\",
                                             "---\n",
                                             "...\n",
                                             "%YAML 1.2\n",
                                             "\n",
                                             "\r\n",
                                             "\t",
                                             "  ",
                                             "~",
                                             "null",
                                             "<<: ",
                                             "{}",
                                             "[]",
                                             "{choice: [",
                                             "{uniform: [1, 2]}",
                                             "{log_uniform: [0, 1]}",
                                             "010",
                                             "0x1F",
                                             ".nan",
                                             "-.inf",
                                             "yes",
                                             "1e999",
                                             "\xEF\xBB\xBF",
                                             "\xFF\xFE",
                                             "\xC3",
                                             "\xE2\x80\xA8",
                                             "\\u0000",
                                             "\\xff",
                                             "model:",
                                             "method:\n",
                                             "group_dro",
                                             "sobol",
                                             "grid",
                                             "training.epochs: 1\n",
                                             "@",
                                             "`"};
  const std::vector<std::string> k_numbers = {"0",
                                              "-0",
                                              "1",
                                              "-1",
                                              "2147483648",
                                              "-9223372036854775808",
                                              "9223372036854775807",
                                              "9223372036854775808",
                                              "1e308",
                                              "1e309",
                                              "5e-324",
                                              "1e-400",
                                              "0.1",
                                              ".5",
                                              "5.",
                                              "00",
                                              "0.30000000000000004",
                                              "99999999999999999999999999",
                                              "1_000",
                                              "+1",
                                              "1e",
                                              "0o7",
                                              "3.0",
                                              "4294967296",
                                              "1:30",
                                              "2024-01-01",
                                              ""};
  const std::vector<std::string> k_paths = {
      "search.seed", "model.width",     "method.name", "training", "front", "trainer.command", "",
      "a.b",         "training.epochs", "sweep"};
  std::mt19937_64 random_;
};

TEST(ConfigFuzz, EveryMutationIsASweepOrSaysWhatIsWrong) {
  const std::uint64_t runs = from_environment("FAIRSWEEP_FUZZ_RUNS", 20000);
  const std::uint64_t seed = from_environment("FAIRSWEEP_FUZZ_SEED", 20250101);
  Mutator mutator(seed);
  std::uint64_t sweeps = 0;
  std::uint64_t issues = 0;
  std::chrono::duration<double> slowest{0};
  for (std::uint64_t run = 0; run < runs; ++run) {
    const std::string text = mutator.next();
    const Overrides overrides = mutator.overrides();
    const auto begin = std::chrono::steady_clock::now();
    const ReadResult result = read_sweep_text(text, "fuzz.yaml", overrides);
    slowest = std::max(slowest, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin));
    for (const ConfigurationIssue& issue : result.issues) {
      ASSERT_GT(issue.message.size(), 5U) << "seed " << seed << ", run " << run << "\n" << text;
      ASSERT_FALSE(issue.file.empty()) << "seed " << seed << ", run " << run << "\n" << text;
    }
    issues += result.issues.size();
    if (!result.ok())
      continue;
    ++sweeps;
    const ReadResult again = read_sweep_text(result.sweep.resolved, "resolved.yaml");
    ASSERT_TRUE(again.ok()) << again.issues.at(0).text() << "\nseed " << seed << ", run " << run << "\n" << text;
    ASSERT_EQ(again.sweep.resolved, result.sweep.resolved) << "seed " << seed << ", run " << run << "\n" << text;
  }
  std::cout << runs << " mutations, seed " << seed << ": " << sweeps << " sweeps, " << runs - sweeps << " refused with "
            << issues << " mistakes; slowest " << slowest.count() << " s\n";
  // A mutator that always or never breaks its text tests nothing.
  EXPECT_GT(sweeps, runs / 100);
  EXPECT_LT(sweeps, runs - runs / 4);
}

}  // namespace
}  // namespace fairsweep
