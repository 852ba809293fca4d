#include "workers/trainer/trial_settings.hpp"

#include <array>
#include <cmath>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <variant>

#include "core/diagnostics/errors.hpp"
#include "workers/trainer/user_models/user_head.hpp"

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
  static constexpr std::array k_stacked = {
      "training.learning_rate", "training.weight_decay",       "training.warmup",
      "training.clip_norm",     "model.offset.personal_share", "model.variational.divergence"};
  for (const auto* name : k_stacked) {
    if (path == name)
      return true;
  }
  return path.starts_with("method.") && std::holds_alternative<double>(value);
}

/// Trials recorded before there was a choice name no likelihood, and are the same trials.
LikelihoodKind likelihood_kind(const Settings& settings) {
  if (!settings.contains("model.likelihood"))
    return LikelihoodKind::plackett_luce;
  const auto kind = word<LikelihoodKind>(settings, "model.likelihood",
                                         {{"plackett_luce", LikelihoodKind::plackett_luce},
                                          {"davidson", LikelihoodKind::davidson},
                                          {"rao_kupper", LikelihoodKind::rao_kupper},
                                          {"averaged_scale", LikelihoodKind::averaged_log_normal},
                                          {"mean_variance", LikelihoodKind::mean_variance}});
  if (kind != LikelihoodKind::averaged_log_normal)
    return kind;
  return word<LikelihoodKind>(
      settings, "model.scale",
      {{"log_normal", LikelihoodKind::averaged_log_normal}, {"gamma", LikelihoodKind::averaged_gamma}});
}

bool says_nothing(const std::string& path, const Value& value) {
  return path == "model.likelihood" && value == Value(std::string("plackett_luce"));
}

UserInput user_input(const Settings& settings) {
  const Value& value = value_of(settings, "model.user");
  const auto* text = std::get_if<std::string>(&value);
  std::string known;
  for (const UserInput user : all_user_inputs()) {
    if (text != nullptr && *text == to_text(user))
      return user;
    known += (known.empty() ? "" : ", ") + std::string(to_text(user));
  }
  refuse("model.user", (text != nullptr ? "is \"" + *text + "\"; it" : std::string()) + " must be one of " + known);
}

/// Numbers of a person that are ever fitted: the equations of a fit have so many unknowns.
constexpr std::int64_t k_most_own_numbers = 1024;

void read_encoder(const Settings& settings, ModelSettings& model) {
  model.embedding_size = whole(settings, "model.variational.size", 1);
  model.head_size = whole(settings, "model.variational.hidden", 1);
  model.parts = whole(settings, "model.variational.comparisons", 1);
  model.attends = word<bool>(settings, "model.variational.pooling", {{"attention", true}, {"mean", false}});
  model.anneals = word<bool>(settings, "model.variational.annealing", {{"cyclic", true}, {"constant", false}});
}

void read_user_model(const Settings& settings, ModelSettings& model) {
  switch (model.user) {
    case UserInput::none:
    case UserInput::features:
    case UserInput::history:
      return;
    case UserInput::embedding:
    case UserInput::offset:
      model.embedding_size = whole(settings, "model.embedding_size", 1);
      break;
    case UserInput::reward_features:
      model.head_size = whole(settings, "model.reward_features.size", 1);
      break;
    case UserInput::low_rank:
      model.head_size = whole(settings, "model.low_rank.rank", 1);
      break;
    case UserInput::personas:
      model.parts = whole(settings, "model.personas.count", 1);
      model.head_size = whole(settings, "model.personas.size", 1);
      break;
    case UserInput::ideal_point:
      model.parts = whole(settings, "model.ideal_point.prototypes", 1);
      model.head_size = whole(settings, "model.ideal_point.size", 1);
      break;
    case UserInput::variational:
      read_encoder(settings, model);
      return;
    case UserInput::linked:
      model.embedding_size = whole(settings, "model.embedding_size", 1);
      return;
  }
  model.adaptation =
      word<Adaptation>(settings, "model.adaptation", {{"fit", Adaptation::fit}, {"mean", Adaptation::mean}});
  const std::int64_t own = own_numbers(model);
  if (model.adaptation == Adaptation::fit && own > k_most_own_numbers) {
    refuse("model.adaptation", "is \"fit\", but a person has " + std::to_string(own) + " numbers and at most " +
                                   std::to_string(k_most_own_numbers) + " are fitted; make fewer, or set \"mean\"");
  }
}

std::string line_of(const std::string& path, const Value& value) {
  static constexpr std::array k_types = {"bool", "int", "real", "text"};
  return path + " " + k_types[value.index()] + " " + to_text(value) + "\n";
}

}  // namespace

std::string_view to_text(UserInput user) {
  static constexpr std::array<std::string_view, 11> k_words = {
      "none",     "features",    "embedding", "history",     "reward_features", "low_rank",
      "personas", "ideal_point", "offset",    "variational", "linked"};
  return k_words.at(static_cast<std::size_t>(user));
}

const std::vector<UserInput>& all_user_inputs() {
  static const std::vector<UserInput> all = {UserInput::none,        UserInput::features,        UserInput::embedding,
                                             UserInput::history,     UserInput::reward_features, UserInput::low_rank,
                                             UserInput::personas,    UserInput::ideal_point,     UserInput::offset,
                                             UserInput::variational, UserInput::linked};
  return all;
}

ModelSettings model_settings(const Settings& settings) {
  ModelSettings model;
  model.head = word<Head>(settings, "model.head", {{"linear", Head::linear}, {"mlp", Head::mlp}});
  if (model.head == Head::mlp) {
    model.width = whole(settings, "model.width", 1);
    model.depth = whole(settings, "model.depth", 1);
  }
  model.user = user_input(settings);
  read_user_model(settings, model);
  model.likelihood = likelihood_kind(settings);
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
  for (const auto& [path, value] : settings) {
    if (!says_nothing(path, value))
      text += line_of(path, value);
  }
  return text;
}

}  // namespace fairsweep
