#include "workers/trainer/scripted/scripted_model.hpp"

#include <torch/script.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/input_file.hpp"
#include "workers/trainer/pack_failure.hpp"

namespace fairsweep {

struct ScriptedModel::Module {
  torch::jit::Module module;
};

namespace {

/// In double, as in training, because the means are.
constexpr const char* k_standardise = R"(
def standardised(self, features):
    return ((features - self.feature_mean) / self.feature_scale).type_as(self.KIND)
)";
constexpr const char* k_forward_none = R"(
def forward(self, features):
    return self.score(features)
)";
constexpr const char* k_forward_features = R"(
def forward(self, features, user_features):
    shown = (user_features - self.user_mean) / self.user_scale
    return self.score(features, shown.type_as(self.KIND))
)";
constexpr const char* k_forward_person = R"(
def forward(self, features, person):
    unknown = torch.full_like(person, self.user_table.size(0) - 1)
    return self.score(features, self.user_table.index_select(0, torch.where(person < 0, unknown, person)))
)";
constexpr const char* k_history = R"(
def history(self, chosen, others, weight):
    terms = (self.standardised(chosen) - self.standardised(others)) * weight.unsqueeze(1)
    return terms.sum(0) / weight.sum()
)";

/// Module attributes are Python names. A linear head's weights are those of its output.
std::string attribute_name(std::string name) {
  const std::string prefix = name.starts_with("member.") ? name.substr(0, name.find('.', 7) + 1) : "";
  if (name == prefix + "weight") {
    name = prefix + "output_weight";
  }
  std::ranges::replace(name, '.', '_');
  return name;
}

std::int64_t members_of(const TrainedModel& model) {
  const auto weight = model.parameters.find("member_weight");
  return weight == model.parameters.end() ? 1 : weight->second.numel();
}

/// The parameter whose type the features get.
std::string with_kind(std::string source, const TrainedModel& model) {
  const std::string kind = members_of(model) > 1 ? "member_weight" : "output_weight";
  for (auto place = source.find("KIND"); place != std::string::npos; place = source.find("KIND")) {
    source.replace(place, 4, kind);
  }
  return source;
}

/// The function `name` that scores by the parameters whose attributes begin with `prefix`.
std::string score_source(const ModelSettings& model, const std::string& name, const std::string& prefix) {
  const bool sees_user = model.user != UserInput::none;
  const std::string own = "self." + prefix;
  std::string source = "def " + name + (sees_user ? "(self, features, shown):\n" : "(self, features):\n");
  if (model.head == Head::linear) {
    if (!sees_user) {
      return source + "    return self.standardised(features).matmul(" + own + "output_weight)\n";
    }
    source += "    weight = " + own + "output_weight + shown.matmul(" + own + "user_weight.t())\n";
    return source + "    return (self.standardised(features) * weight).sum(-1)\n";
  }
  source += "    hidden = self.standardised(features).matmul(" + own + "hidden_0_weight.t())\n";
  if (sees_user) {
    source += "    hidden = hidden + shown.matmul(" + own + "hidden_0_user_weight.t())\n";
  }
  source += "    hidden = torch.tanh(hidden + " + own + "hidden_0_bias)\n";
  for (std::int64_t layer = 1; layer < model.depth; ++layer) {
    const std::string hidden = own + "hidden_" + std::to_string(layer);
    source += "    hidden = torch.tanh(hidden.matmul(" + hidden + "_weight.t()) + " + hidden + "_bias)\n";
  }
  return source + "    return hidden.matmul(" + own + "output_weight)\n";
}

/// Scores of all members, each of which reads its own part of `shown` where it has embeddings of its own.
std::string member_scores_source(const ModelSettings& model, std::int64_t members) {
  const bool sees_user = model.user != UserInput::none;
  std::string source =
      sees_user ? "def member_scores(self, features, shown):\n" : "def member_scores(self, features):\n";
  source += "    scores = []\n";
  for (std::int64_t member = 0; member < members; ++member) {
    const std::string size = std::to_string(model.embedding_size);
    const std::string part =
        model.user != UserInput::embedding
            ? ", shown"
            : ", shown.narrow(1, " + std::to_string(member * model.embedding_size) + ", " + size + ")";
    source += "    scores.append(self.score_of_member_" + std::to_string(member) + "(features" +
              (sees_user ? part : "") + "))\n";
  }
  return source + "    return torch.stack(scores, 1)\n";
}

void define_score(torch::jit::Module& module, const TrainedModel& model) {
  const std::int64_t members = members_of(model);
  if (members == 1) {
    module.define(score_source(model.model, "score", ""));
    return;
  }
  for (std::int64_t member = 0; member < members; ++member) {
    const std::string number = std::to_string(member);
    module.define(score_source(model.model, "score_of_member_" + number, "member_" + number + "_"));
  }
  module.define(member_scores_source(model.model, members));
  module.define(model.model.user == UserInput::none
                    ? "def score(self, features):\n    return self.member_scores(features).matmul(self.member_weight)\n"
                    : "def score(self, features, shown):\n"
                      "    return self.member_scores(features, shown).matmul(self.member_weight)\n");
}

void add_texts(torch::jit::Module& module, const std::string& name, const std::vector<std::string>& texts) {
  module.register_attribute(name, c10::ListType::ofStrings(), c10::IValue(texts));
}

void add_text(torch::jit::Module& module, const std::string& name, const std::string& text) {
  module.register_attribute(name, c10::StringType::get(), c10::IValue(text));
}

at::Tensor doubles(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

std::string words_of(UserInput user) {
  return user == UserInput::none        ? "none"
         : user == UserInput::features  ? "features"
         : user == UserInput::embedding ? "embedding"
                                        : "history";
}

torch::jit::Module module_of(const TrainedModel& model, const ModelRecipe& recipe) {
  torch::jit::Module module("RewardModel");
  for (const auto& [name, values] : model.parameters) {
    if (!name.ends_with("user_embedding")) {  // in the table
      module.register_parameter(attribute_name(name), values.to(at::kFloat).contiguous(), false);
    }
  }
  module.register_buffer("feature_mean", doubles(recipe.scales.features.mean));
  module.register_buffer("feature_scale", doubles(recipe.scales.features.scale));
  if (model.model.user == UserInput::features) {
    module.register_buffer("user_mean", doubles(recipe.scales.user_features.mean));
    module.register_buffer("user_scale", doubles(recipe.scales.user_features.scale));
  }
  if (model.user_table.defined()) {
    module.register_buffer("user_table", model.user_table.to(at::kFloat).contiguous());
  }
  add_text(module, "user", words_of(model.model.user));
  add_text(module, "data_digest", recipe.data_digest);
  add_text(module, "recipe", recipe_json(model, recipe));
  add_texts(module, "feature_names", recipe.feature_names);
  add_texts(module, "user_feature_names", recipe.user_feature_names);
  add_texts(module, "people", model.user_table.defined() ? recipe.people : std::vector<std::string>());
  add_texts(module, "people_by", model.user_table.defined() ? recipe.people_by : std::vector<std::string>());
  module.define(with_kind(k_standardise, model));
  define_score(module, model);
  module.define(with_kind(model.model.user == UserInput::none       ? k_forward_none
                          : model.model.user == UserInput::features ? k_forward_features
                                                                    : k_forward_person,
                          model));
  if (model.model.user == UserInput::history) {
    module.define(k_history);
  }
  module.eval();
  return module;
}

std::vector<std::string> texts_of(const torch::jit::Module& module, const std::string& name) {
  std::vector<std::string> texts;
  for (const c10::IValue& text : module.attr(name).toListRef()) {
    texts.push_back(text.toStringRef());
  }
  return texts;
}

}  // namespace

void save_scripted_model(const std::filesystem::path& file, const TrainedModel& model, const ModelRecipe& recipe) {
  std::ostringstream bytes;
  module_of(model, recipe).save(bytes);
  replace_file(file, bytes.str());
}

ScriptedModel::ScriptedModel(const std::filesystem::path& file) : file_(file), module_(std::make_unique<Module>()) {
  require_input_file(file);
  try {
    module_->module = torch::jit::load(file.string(), at::kCPU);
    const std::string user = module_->module.attr("user").toStringRef();
    for (const UserInput input : {UserInput::none, UserInput::features, UserInput::embedding, UserInput::history}) {
      if (words_of(input) == user) {
        user_ = input;
      }
    }
    feature_names_ = texts_of(module_->module, "feature_names");
    user_feature_names_ = texts_of(module_->module, "user_feature_names");
    people_ = texts_of(module_->module, "people");
    people_by_ = texts_of(module_->module, "people_by");
    data_digest_ = module_->module.attr("data_digest").toStringRef();
  } catch (const std::exception& error) {
    const std::string words = sentence_of(error);
    throw UserError(ExitCode::file, file.string() + ": is no model that fairsweep export --models wrote: " +
                                        words.substr(0, words.find('\n')));
  }
}

ScriptedModel::~ScriptedModel() = default;

at::Tensor ScriptedModel::scores(const at::Tensor& features, const at::Tensor& user) const {
  const c10::InferenceMode no_gradients;
  std::vector<c10::IValue> arguments{features};
  if (user_ != UserInput::none) {
    arguments.emplace_back(user);
  }
  return module_->module.forward(std::move(arguments)).toTensor();
}

}  // namespace fairsweep
