#include "core/domain/hidden_types.hpp"

#include <cmath>
#include <utility>
#include <variant>

namespace fairsweep {

namespace {

void keep_larger(TypesAsked& most, const std::string& path, const Value& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number != nullptr && *number > most.number && asks_for_types(path)) {
    most = {path, *number};
  }
}

void keep_larger(TypesAsked& most, const Settings& settings) {
  for (const auto& [path, value] : settings) {
    keep_larger(most, path, value);
  }
}

std::string plain(double median) {
  std::string text = std::to_string(median);
  text.erase(text.find_last_not_of('0') + 1);
  return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
}

}  // namespace

bool asks_for_types(std::string_view path) {
  return path.starts_with("method.") && (path.ends_with(".types") || path.ends_with(".types.number"));
}

TypesAsked most_types_asked(const Settings& fixed, const SearchSpace& space) {
  TypesAsked most;
  keep_larger(most, fixed);
  for (const Parameter& parameter : space.parameters) {
    if (const auto* choice = std::get_if<Choice>(&parameter.distribution)) {
      for (const Value& value : choice->values) {
        keep_larger(most, parameter.path, value);
      }
    } else if (const auto* uniform = std::get_if<Uniform>(&parameter.distribution)) {
      keep_larger(most, parameter.path, std::int64_t{std::llround(uniform->high)});
    } else {
      keep_larger(most, parameter.path, std::int64_t{std::llround(std::get<LogUniform>(parameter.distribution).high)});
    }
  }
  return most;
}

TypesAsked most_types_asked(std::span<const Settings> trials) {
  TypesAsked most;
  for (const Settings& settings : trials) {
    keep_larger(most, settings);
  }
  return most;
}

std::vector<std::string> warnings_on_types(const TypesAsked& asked, const AnswersAPerson& answers) {
  std::vector<std::string> warnings;
  if (asked.number < 2) {
    return warnings;
  }
  const std::string opening =
      asked.path + " asks for " + std::to_string(asked.number) + " hidden types of people, and ";
  if (answers.median < 2) {
    warnings.push_back(opening +
                       "at least half of the people answered fewer than two questions: two opposed types then look "
                       "like one that does not care, however many people there are; learn one model for all, or of "
                       "what else is known of people");
  } else if (asked.number > answers.most_types) {
    const std::string wanted = std::to_string(2 * asked.number - 1);
    warnings.push_back(opening + "the median person gave " + plain(answers.median) +
                       " answers: as a rule of thumb K types need 2 K - 1, here " + wanted + "; ask for at most " +
                       std::to_string(answers.most_types) + ", or each person for more answers");
  }
  if (answers.pairs_only) {
    warnings.push_back(opening +
                       "all answers are between two candidates, from finitely many of which a person types cannot be "
                       "identified, however many people there are; rankings of three or more can identify them. Take "
                       "the types for a way to predict, not for who people are (docs/identifiability.md)");
  }
  return warnings;
}

}  // namespace fairsweep
