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

/// Are these numbers of people, which are in the table?
bool is_of_people(const std::string& parameter) {
  return parameter.ends_with("user_embedding") || parameter.ends_with("generic_embedding");
}

std::int64_t members_of(const TrainedModel& model) {
  const auto weight = model.parameters.find("member_weight");
  return weight == model.parameters.end() ? 1 : weight->second.size(-1);
}

/// The parameter whose type the features get.
std::string with_kind(std::string source, const TrainedModel& model) {
  const std::string kind = members_of(model) > 1         ? "member_weight"
                           : make_user_head(model.model) ? "feature_map"
                                                         : "output_weight";
  for (auto place = source.find("KIND"); place != std::string::npos; place = source.find("KIND")) {
    source.replace(place, 4, kind);
  }
  return source;
}

/// The lines that score by the parameters whose names begin with `own`.
std::string score_lines(const ModelSettings& model, const std::string& own) {
  const bool sees_user = model.user != UserInput::none;
  const auto head = make_user_head(model);
  std::string source;
  if (head && model.head == Head::linear) {
    return source + "    hidden = self.standardised(features)\n" + head->script(own);
  }
  if (model.head == Head::linear) {
    if (!sees_user) {
      return source + "    return self.standardised(features).matmul(" + own + "output_weight)\n";
    }
    source += "    weight = " + own + "output_weight + shown.matmul(" + own + "user_weight.t())\n";
    return source + "    return (self.standardised(features) * weight).sum(-1)\n";
  }
  source += "    hidden = self.standardised(features).matmul(" + own + "hidden_0_weight.t())\n";
  if (sees_user && !head) {
    source += "    hidden = hidden + shown.matmul(" + own + "hidden_0_user_weight.t())\n";
  }
  source += "    hidden = torch.tanh(hidden + " + own + "hidden_0_bias)\n";
  for (std::int64_t layer = 1; layer < model.depth; ++layer) {
    const std::string hidden = own + "hidden_" + std::to_string(layer);
    source += "    hidden = torch.tanh(hidden.matmul(" + hidden + "_weight.t()) + " + hidden + "_bias)\n";
  }
  return source + (head ? head->script(own) : "    return hidden.matmul(" + own + "output_weight)\n");
}

/// The function `name` that scores by the parameters whose attributes begin with `prefix`.
std::string score_source(const ModelSettings& model, const std::string& name, const std::string& prefix) {
  return "def " + name + (model.user == UserInput::none ? "(self, features):\n" : "(self, features, shown):\n") +
         score_lines(model, "self." + prefix);
}

/// The function that scores for one person, by the mean of the members' parameters at these weights, [L].
std::string soup_source(const TrainedModel& model) {
  static constexpr std::string_view k_first = "member.0.";
  std::string source = model.model.user == UserInput::none ? "def score(self, features, weight):\n"
                                                           : "def score(self, features, shown, weight):\n";
  for (const auto& [name, values] : model.parameters) {
    if (!name.starts_with(k_first) || is_of_people(name) || name.starts_with("member.0.likelihood."))
      continue;
    const std::string rest = attribute_name(name).substr(k_first.size());
    source += "    mean_" + rest + " =";
    for (std::int64_t member = 0; member < members_of(model); ++member) {
      const std::string number = std::to_string(member);
      source += (member == 0 ? " self.member_" : " + self.member_") + number + "_" + rest + " * weight[" + number + "]";
    }
    source += "\n";
  }
  return source + score_lines(model.model, "mean_");
}

/// Scores of all members, each of which reads its own part of `shown` where it has embeddings of its own.
std::string member_scores_source(const ModelSettings& model, std::int64_t members) {
  const bool sees_user = model.user != UserInput::none;
  std::string source =
      sees_user ? "def member_scores(self, features, shown):\n" : "def member_scores(self, features):\n";
  source += "    scores = []\n";
  for (std::int64_t member = 0; member < members; ++member) {
    const std::int64_t size = own_numbers(model);
    const std::string part =
        size == 0 ? ", shown"
                  : ", shown.narrow(1, " + std::to_string(member * size) + ", " + std::to_string(size) + ")";
    source += "    scores.append(self.score_of_member_" + std::to_string(member) + "(features" +
              (sees_user ? part : "") + "))\n";
  }
  return source + "    return torch.stack(scores, 1)\n";
}

/// Weighted means of the members' scores.
std::string mean_source(const TrainedModel& model) {
  const std::string shown = model.model.user == UserInput::none ? "" : ", shown";
  if (!model.person_weight.defined()) {
    return "def score(self, features" + shown + "):\n    return self.member_scores(features" + shown +
           ").matmul(self.member_weight)\n";
  }
  return "def score(self, features" + shown + ", weight):\n    return (self.member_scores(features" + shown +
         ") * weight).sum(1)\n";
}

/// What forward takes beside the features.
std::string forward_arguments(const TrainedModel& model) {
  if (model.user_table.defined())
    return ", person";
  return std::string(model.model.user == UserInput::features ? ", user_features" : "") +
         (model.person_weight.defined() ? ", person" : "");
}

/// The end of `forward` where everybody has a model of their own: one person after another.
std::string people_lines(const std::string& shown) {
  std::string source =
      "    row = row.expand(features.size(0))\n"
      "    scores = torch.zeros([features.size(0)], dtype=self.member_weight.dtype, device=self.member_weight.device)\n"
      "    people = torch._unique2(row, True, False, False)[0]\n";
  std::string own;
  if (!shown.empty()) {
    source += "    seen = (" + shown.substr(2) + ").expand(features.size(0), -1)\n";
    own = ", seen.index_select(0, at)";
  }
  return source +
         "    for i in range(people.size(0)):\n"
         "        at = (row == people[i]).nonzero().squeeze(1)\n"
         "        weight = self.member_weight.index_select(0, people[i].unsqueeze(0)).squeeze(0)\n"
         "        scores.index_copy_(0, at, self.score(features.index_select(0, at)" +
         own +
         ", weight))\n"
         "    return scores\n";
}

/// forward: from what people have at hand to what `score`, or of a mixture `member_scores`, takes.
std::string forward_source(const TrainedModel& model) {
  const std::string arguments = forward_arguments(model);
  std::string source = "def forward(self, features" + arguments + "):\n";
  if (arguments.ends_with("person")) {
    const std::string table = model.user_table.defined() ? "user_table" : "member_weight";
    source += "    last = torch.full_like(person, self." + table + ".size(0) - 1)\n";
    source += "    row = torch.where(person < 0, last, person)\n";
  }
  std::string shown;
  if (model.model.user == UserInput::features) {
    source += "    shown = ((user_features - self.user_mean) / self.user_scale).type_as(self.KIND)\n";
    shown = ", shown";
  } else if (model.user_table.defined()) {
    shown = ", self.user_table.index_select(0, row)";
  }
  if (model.join == MemberJoin::mixture_of_probabilities)
    return source + "    return self.member_scores(features" + shown + ")\n";
  if (model.join == MemberJoin::mean_of_parameters)
    return source + people_lines(shown);
  const std::string weight = model.person_weight.defined() ? ", self.member_weight.index_select(0, row)" : "";
  return source + "    return self.score(features" + shown + weight + ")\n";
}

constexpr const char* k_weights = R"(
def weights(self, person):
    last = torch.full_like(person, self.member_weight.size(0) - 1)
    return self.member_weight.index_select(0, torch.where(person < 0, last, person))
)";

/// log sum_j w_j softmax_j over the rows, which are the candidates of one choice.
std::string choice_source(const TrainedModel& model) {
  const std::string arguments = forward_arguments(model);
  return "def choice(self, features" + arguments + "):\n    share = torch.log_softmax(self.forward(features" +
         arguments + ").double(), 0)\n    weight = " +
         (model.person_weight.defined() ? "self.weights(person)" : "self.member_weight.unsqueeze(0)") +
         "\n    return torch.logsumexp(share + weight.double().log(), 1)\n";
}

void define_score(torch::jit::Module& module, const TrainedModel& model) {
  const std::int64_t members = members_of(model);
  if (members == 1) {
    module.define(score_source(model.model, "score", ""));
    return;
  }
  if (model.join == MemberJoin::mean_of_parameters) {
    module.define(soup_source(model));
    return;
  }
  for (std::int64_t member = 0; member < members; ++member) {
    const std::string number = std::to_string(member);
    module.define(score_source(model.model, "score_of_member_" + number, "member_" + number + "_"));
  }
  module.define(member_scores_source(model.model, members));
  if (model.join == MemberJoin::mean_of_scores)
    module.define(mean_source(model));
}

void add_texts(torch::jit::Module& module, const std::string& name, const std::vector<std::string>& texts) {
  module.register_attribute(name, c10::ListType::ofStrings(), c10::IValue(texts));
}

void add_text(torch::jit::Module& module, const std::string& name, const std::string& text) {
  module.register_attribute(name, c10::StringType::get(), c10::IValue(text));
}

at::Tensor doubles(const std::vector<double>& values) { return at::tensor(values, at::kDouble); }

MemberJoin join_named(const std::string& text) {
  for (const MemberJoin join : {MemberJoin::mixture_of_probabilities, MemberJoin::mean_of_parameters}) {
    if (to_text(join) == text)
      return join;
  }
  return MemberJoin::mean_of_scores;
}

torch::jit::Module module_of(const TrainedModel& model, const ModelRecipe& recipe) {
  torch::jit::Module module("RewardModel");
  const bool knows_people = model.user_table.defined() || model.person_weight.defined();
  for (const auto& [name, values] : model.parameters) {
    if (!is_of_people(name)) {
      const bool of_people = name == "member_weight" && model.person_weight.defined();
      const at::Tensor& kept = of_people ? model.person_weight : values;
      module.register_parameter(attribute_name(name), kept.to(at::kFloat).contiguous(), false);
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
  add_text(module, "user", std::string(to_text(model.model.user)));
  add_text(module, "join", std::string(to_text(model.join)));
  add_text(module, "weights_by", model.person_weight.defined() ? "person" : "all");
  add_text(module, "data_digest", recipe.data_digest);
  add_text(module, "recipe", recipe_json(model, recipe));
  add_texts(module, "feature_names", recipe.feature_names);
  add_texts(module, "user_feature_names", recipe.user_feature_names);
  add_texts(module, "people", knows_people ? recipe.people : std::vector<std::string>());
  add_texts(module, "people_by", knows_people ? recipe.people_by : std::vector<std::string>());
  module.define(with_kind(k_standardise, model));
  define_score(module, model);
  if (model.person_weight.defined())
    module.define(k_weights);
  module.define(with_kind(forward_source(model), model));
  if (model.join == MemberJoin::mixture_of_probabilities)
    module.define(choice_source(model));
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
    for (const UserInput input : all_user_inputs()) {
      if (to_text(input) == user) {
        user_ = input;
      }
    }
    if (module_->module.hasattr("join")) {  // else it was written before there was more than one way
      join_ = join_named(module_->module.attr("join").toStringRef());
      weights_by_person_ = module_->module.attr("weights_by").toStringRef() == "person";
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

at::Tensor ScriptedModel::scores(const at::Tensor& features, const at::Tensor& user_features, const at::Tensor& person,
                                 const std::vector<std::int64_t>& ends) const {
  const c10::InferenceMode no_gradients;
  std::vector<c10::IValue> arguments{features};
  if (user_ == UserInput::features)
    arguments.emplace_back(user_features);
  if (knows_people())
    arguments.emplace_back(person);
  const at::Tensor scores = module_->module.forward(std::move(arguments)).toTensor();
  return join_ == MemberJoin::mixture_of_probabilities ? joined(scores, person, ends) : scores;
}

at::Tensor ScriptedModel::joined(const at::Tensor& of_members, const at::Tensor& person,
                                 const std::vector<std::int64_t>& ends) const {
  const at::Tensor weight = weights_by_person_ ? module_->module.get_method("weights")({person}).toTensor()
                                               : module_->module.attr("member_weight").toTensor().unsqueeze(0);
  const at::Tensor log_weight = weight.to(at::kDouble).log().expand_as(of_members);
  const at::Tensor exact = of_members.to(at::kDouble);
  at::Tensor scores = at::empty({of_members.size(0)}, at::kDouble);
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    const at::Tensor share = at::log_softmax(exact.narrow(0, begin, end - begin), 0);
    scores.narrow(0, begin, end - begin).copy_(at::logsumexp(share + log_weight.narrow(0, begin, end - begin), 1));
    begin = end;
  }
  return scores;
}

}  // namespace fairsweep
