#include "workers/trainer/trial_settings.hpp"

#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <variant>

#include "core/diagnostics/errors.hpp"

namespace fairsweep {
namespace {

[[noreturn]] void refuse(std::string_view path, const std::string& what) {
  throw UserError(ExitCode::configuration, "setting \"" + std::string(path) + "\" of the trial " + what);
}

const Value& value_of(const Settings& settings, std::string_view path) {
  const auto found = settings.find(path);
  if (found == settings.end())
    refuse(path, "is missing; the sweep configuration must give it");
  return found->second;
}

std::int64_t whole(const Settings& settings, std::string_view path, std::int64_t least) {
  const auto* number = std::get_if<std::int64_t>(&value_of(settings, path));
  if (number == nullptr)
    refuse(path, "must be a whole number");
  if (*number < least)
    refuse(path, "must be at least " + std::to_string(least) + ", not " + std::to_string(*number));
  return *number;
}

double real(const Settings& settings, std::string_view path, double most = HUGE_VAL) {
  const Value& value = value_of(settings, path);
  double number = 0;
  if (const auto* as_real = std::get_if<double>(&value)) {
    number = *as_real;
  } else if (const auto* as_integer = std::get_if<std::int64_t>(&value)) {
    number = static_cast<double>(*as_integer);
  } else {
    refuse(path, "must be a number");
  }
  if (!std::isfinite(number) || number < 0 || number > most) {
    refuse(path, "is out of range: " + std::to_string(number));
  }
  return number;
}

template <typename Enum>
Enum word(const Settings& settings, std::string_view path,
          std::initializer_list<std::pair<std::string_view, Enum>> words) {
  const auto* text = std::get_if<std::string>(&value_of(settings, path));
  std::string known;
  for (const auto& [name, meaning] : words) {
    if (text != nullptr && *text == name)
      return meaning;
    known += (known.empty() ? "" : ", ") + std::string(name);
  }
  refuse(path, (text != nullptr ? "is \"" + *text + "\"; it" : std::string()) + " must be one of " + known);
}

bool is_stacked_number(const std::string& path, const Value& value) {
  static constexpr std::array k_stacked = {"training.learning_rate", "training.weight_decay", "training.warmup",
                                           "training.clip_norm"};
  for (const auto* name : k_stacked) {
    if (path == name)
      return true;
  }
  return path.starts_with("method.") && std::holds_alternative<double>(value);
}

std::string line_of(const std::string& path, const Value& value) {
  static constexpr std::array k_types = {"bool", "int", "real", "text"};
  return path + " " + k_types[value.index()] + " " + to_text(value) + "\n";
}

}  // namespace

ModelSettings model_settings(const Settings& settings) {
  ModelSettings model;
  model.head = word<Head>(settings, "model.head", {{"linear", Head::linear}, {"mlp", Head::mlp}});
  if (model.head == Head::mlp) {
    model.width = whole(settings, "model.width", 1);
    model.depth = whole(settings, "model.depth", 1);
  }
  model.user = word<UserInput>(settings, "model.user",
                               {{"none", UserInput::none},
                                {"features", UserInput::features},
                                {"embedding", UserInput::embedding},
                                {"history", UserInput::history}});
  if (model.user == UserInput::embedding)
    model.embedding_size = whole(settings, "model.embedding_size", 1);
  return model;
}

TrainingSettings training_settings(const Settings& settings) {
  TrainingSettings training;
  training.epochs = whole(settings, "training.epochs", 1);
  training.batch = whole(settings, "training.batch", 1);
  training.learning_rate = real(settings, "training.learning_rate");
  training.weight_decay = real(settings, "training.weight_decay");
  training.schedule =
      word<Schedule>(settings, "training.schedule",
                     {{"constant", Schedule::constant}, {"linear", Schedule::linear}, {"cosine", Schedule::cosine}});
  training.warmup = real(settings, "training.warmup", 1);
  training.clip_norm = real(settings, "training.clip_norm");
  training.patience = whole(settings, "training.early_stopping.patience", 0);
  training.watch =
      word<Watch>(settings, "training.early_stopping.watch",
                  {{"users", Watch::users}, {"groups", Watch::groups}, {"worst_group", Watch::worst_group}});
  return training;
}

std::string method_name(const Settings& settings) {
  const auto* name = std::get_if<std::string>(&value_of(settings, "method.name"));
  if (name == nullptr)
    refuse("method.name", "must be a name");
  return *name;
}

std::string stack_key(const Settings& settings) {
  std::string key;
  for (const auto& [path, value] : settings) {
    key += is_stacked_number(path, value) ? path + "\n" : line_of(path, value);
  }
  return key;
}

std::string canonical_text(const Settings& settings) {
  std::string text;
  for (const auto& [path, value] : settings)
    text += line_of(path, value);
  return text;
}

}  // namespace fairsweep
