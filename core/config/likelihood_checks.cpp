#include "core/config/likelihood_checks.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include "core/config/config_errors.hpp"
#include "core/config/likelihood_schema.hpp"

namespace fairsweep {
namespace {

namespace errors = config_errors;

/// The words an option may come to be; nothing where it is not there.
std::vector<std::string> words_of(const Options& options, std::string_view path) {
  std::vector<std::string> words;
  const auto option = options.find(path);
  if (option == options.end())
    return words;
  for (const Value& value : possible_values(option->second.value)) {
    if (const auto* word = std::get_if<std::string>(&value))
      words.push_back(*word);
  }
  return words;
}

bool has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void check_method(const Options& options, const std::string& likelihood, MistakeList& mistakes) {
  const Place place = place_of(options, {"model.likelihood", "method.name"});
  for (const std::string& method : words_of(options, "method.name")) {
    if (likelihood != "plackett_luce" && has(methods_that_read_scores(), method)) {
      mistakes.add(place, errors::method_reads_scores(method, likelihood));
    } else if (has(likelihoods_with_ties(), likelihood) && has(methods_that_read_margins(), method)) {
      mistakes.add(place, errors::method_reads_margins(method, likelihood));
    }
  }
}

bool has_calibration(const Options& options) {
  const auto front = options.find("front");
  if (front == options.end())
    return false;
  const auto* lines = std::get_if<std::vector<Record>>(&front->second.value);
  return lines != nullptr && std::any_of(lines->begin(), lines->end(), [](const Record& line) {
           const auto metric = line.find("metric");
           return metric != line.end() && metric->second == "calibration_error";
         });
}

}  // namespace

void check_likelihoods(const Options& options, MistakeList& mistakes) {
  const std::vector<std::string> ties = words_of(options, "data.labels.ties");
  if (ties.size() != 1)
    return;
  const bool kept = ties.front() == "keep";
  for (const std::string& likelihood : words_of(options, "model.likelihood")) {
    const bool with_ties = has(likelihoods_with_ties(), likelihood);
    if (kept && !with_ties)
      mistakes.add(place_of(options, {"data.labels.ties"}), errors::ties_without_likelihood(likelihood));
    if (!kept && with_ties)
      mistakes.add(place_of(options, {"model.likelihood"}), errors::likelihood_without_ties(likelihood));
    check_method(options, likelihood, mistakes);
  }
  if (kept && has_calibration(options))
    mistakes.add(place_of(options, {"front"}), errors::calibration_with_ties());
}

}  // namespace fairsweep
