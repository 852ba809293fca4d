#include <cstdint>

#include "core/config/ensemble_schema.hpp"
#include "core/config/field_builders.hpp"
#include "core/config/group_loss_schema.hpp"
#include "core/config/heterogeneous_schema.hpp"
#include "core/config/likelihood_schema.hpp"
#include "core/config/people_schema.hpp"
#include "core/config/robust_schema.hpp"
#include "core/config/schema.hpp"
#include "core/config/teacher_schema.hpp"
#include "core/config/types_schema.hpp"
#include "core/config/user_model_schema.hpp"

namespace fairsweep {
namespace {

constexpr double k_largest_exact = 9007199254740991;  // 2^53 - 1: whole in every JSON reader

Value whole(std::int64_t number) { return number; }
Value word(const char* text) { return std::string(text); }

void add_declaration(std::vector<Field>& schema) {
  schema.push_back({.path = "sweep", .kind = FieldKind::name, .help = "Name of the sweep and of its run directory."});
  schema.push_back({.path = "declaration.use_case", .help = "What the reward models are for."});
  schema.push_back({.path = "declaration.population", .help = "Whose preferences these are."});
  schema.push_back({.path = "declaration.groups", .help = "Who is in which group, and who decided."});
  schema.push_back({.path = "declaration.fairness",
                    .kind = FieldKind::enumeration,
                    .words = {"pareto", "max_min", "min_max_regret", "weighted_regret", "accuracy_gap"},
                    .help = "The notion of fairness by which a point of the front will be chosen."});
}

void add_data(std::vector<Field>& schema) {
  schema.push_back({.path = "data.file", .help = "Preference data (data.h5), relative to the working directory."});
}

void add_model(std::vector<Field>& schema) {
  schema.push_back({.path = "model.head",
                    .kind = FieldKind::enumeration,
                    .fallback = word("linear"),
                    .words = {"linear", "mlp"},
                    .help = "The reward model on the features of a candidate.",
                    .tunable = true});
  schema.push_back({.path = "model.width",
                    .kind = FieldKind::integer,
                    .fallback = whole(64),
                    .range = {.low = 1, .high = 65536},
                    .unit = "units",
                    .help = "Width of each hidden layer.",
                    .tunable = true,
                    .only_with = where("model.head", {"mlp"})});
  schema.push_back({.path = "model.depth",
                    .kind = FieldKind::integer,
                    .fallback = whole(1),
                    .range = {.low = 1, .high = 8},
                    .unit = "layers",
                    .help = "Number of hidden layers.",
                    .tunable = true,
                    .only_with = where("model.head", {"mlp"})});
  add_user_model_options(schema);
}

void add_method(std::vector<Field>& schema) {
  schema.push_back({.path = "method.name",
                    .kind = FieldKind::enumeration,
                    .words =
                        {
                            "pooled",
                            "reweighted",
                            "oversampled",
                            "linear",
                            "smooth_tchebycheff",
                            "famo",
                            "group_dro",
                            "group_robust",
                            "minimax_users",
                            "reward_fairness",
                            "mgda",
                            "pcgrad",
                            "cagrad",
                            "nash_mtl",
                            "upgrad",
                            "dual_proj",
                            "epo",
                            "pafo",
                            "pafo_dvao",
                            "dvao_listwise",
                            "dvao_weighted",
                            "dvao_gradient",
                            "typewise_average",
                            "joint_likelihood",
                            "first_order",
                            "agreement",
                            "average",
                            "max_min",
                            "min_max_regret",
                            "soup",
                            "personal_soup",
                            "types",
                            "max_min_types",
                        },
                    .help = "What a trial optimises; docs/methods has a page for each.",
                    .tunable = true});
  schema.push_back({.path = "method.reweighted.strength",
                    .kind = FieldKind::real,
                    .fallback = 1.0,
                    .range = {.low = 0, .high = 2},
                    .help =
                        "Comparisons weigh (1 / weight of their group) to this power: 0 is pooled, 1 gives every group "
                        "the same total, more favours small groups.",
                    .tunable = true,
                    .stackable = true,
                    .only_with = where("method.name", {"reweighted"})});
}

void add_training(std::vector<Field>& schema) {
  schema.push_back({.path = "training.epochs",
                    .kind = FieldKind::integer,
                    .fallback = whole(30),
                    .range = {.low = 1, .high = 100000},
                    .unit = "epochs",
                    .help = "Passes over the training comparisons, at most.",
                    .tunable = true});
  schema.push_back({.path = "training.batch",
                    .kind = FieldKind::integer,
                    .fallback = whole(256),
                    .range = {.low = 1, .high = 1000000},
                    .unit = "comparisons",
                    .help = "Comparisons in a step.",
                    .tunable = true});
  schema.push_back(number_setting("training.learning_rate", 0.01, {.low = 0, .high = 10, .low_open = true}, "1/step",
                                  "Step size of AdamW."));
  schema.push_back(number_setting("training.weight_decay", 0.0, {.low = 0, .high = 10}, "1/step",
                                  "Decoupled weight decay of AdamW."));
  schema.push_back({.path = "training.schedule",
                    .kind = FieldKind::enumeration,
                    .fallback = word("cosine"),
                    .words = {"constant", "linear", "cosine"},
                    .help = "How the learning rate falls after the warm-up.",
                    .tunable = true});
  schema.push_back(number_setting("training.warmup", 0.05, {.low = 0, .high = 0.5}, "share of steps",
                                  "First steps, over which the learning rate rises."));
  schema.push_back(number_setting("training.clip_norm", 1.0, {.low = 0, .high = 1e9, .low_open = true}, "",
                                  "A trial's gradient is shortened to this Euclidean norm."));
  schema.push_back({.path = "training.early_stopping.patience",
                    .kind = FieldKind::integer,
                    .fallback = whole(5),
                    .range = {.low = 0, .high = 100000},
                    .unit = "epochs",
                    .help = "Epochs without a better validation loss after which a trial stops; 0 never stops early.",
                    .tunable = true});
  schema.push_back({.path = "training.early_stopping.watch",
                    .kind = FieldKind::enumeration,
                    .fallback = word("groups"),
                    .words = {"users", "groups", "worst_group"},
                    .help =
                        "The validation log-loss that is watched: mean over users, mean of the groups' means, or the "
                        "worst group's mean.",
                    .tunable = true});
}

void add_search(std::vector<Field>& schema) {
  schema.push_back({.path = "front",
                    .kind = FieldKind::records,
                    .help = "Axes of the front, at least one line.",
                    .columns = {{.path = "front[].metric",
                                 .kind = FieldKind::enumeration,
                                 .words = {"accuracy", "log_loss", "calibration_error"},
                                 .help = "What is measured."},
                                {.path = "front[].each",
                                 .kind = FieldKind::enumeration,
                                 .words = {"group", "all"},
                                 .help = "One axis for every group, or one over all users."}}});
  schema.push_back({.path = "search.strategy",
                    .kind = FieldKind::enumeration,
                    .fallback = word("sobol"),
                    .words = {"grid", "random", "sobol", "listed"},
                    .help = "How configurations are drawn from the search space; listed: they are written out."});
  schema.push_back({.path = "search.configurations",
                    .kind = FieldKind::integer,
                    .fallback = whole(0),
                    .required_unless = where("search.strategy", {"grid", "listed"}),
                    .range = {.low = 0, .high = 100000000},
                    .help = "How many configurations are tried; 0 is every point of a grid or a list."});
  schema.push_back({.path = "search.grid_points",
                    .kind = FieldKind::integer,
                    .fallback = whole(5),
                    .range = {.low = 1, .high = 10000},
                    .help = "Levels of a range (uniform or log_uniform) in the grid.",
                    .only_with = where("search.strategy", {"grid"})});
  const Condition listed = where("search.strategy", {"listed"});
  schema.push_back({.path = "search.listed",
                    .kind = FieldKind::settings,
                    .help = "The configurations: a value for each setting that the sweep gives as a distribution.",
                    .only_with = listed});
  schema.push_back({.path = "search.first_replicate",
                    .kind = FieldKind::integer,
                    .fallback = whole(0),
                    .range = {.low = 0, .high = 16000000},
                    .help = "Number of the first replicate; replicates of other numbers have other seeds.",
                    .only_with = listed});
  schema.push_back({.path = "search.confirms.run",
                    .fallback = word(""),
                    .help = "The run whose front this sweep trains again; `fairsweep confirm` writes it.",
                    .only_with = listed});
  schema.push_back({.path = "search.confirms.digest",
                    .fallback = word(""),
                    .help = "SHA-256 of the resolved configuration of that run.",
                    .only_with = listed});
  schema.push_back({.path = "search.confirms.configurations",
                    .kind = FieldKind::texts,
                    .fallback = word(""),
                    .help = "What the listed configurations are called there, in the order of the list.",
                    .only_with = listed});
  schema.push_back({.path = "search.replicates",
                    .kind = FieldKind::integer,
                    .fallback = whole(3),
                    .range = {.low = 1, .high = 10000},
                    .help = "Trials of each configuration, with different seeds."});
  schema.push_back({.path = "search.seed",
                    .kind = FieldKind::integer,
                    .fallback = whole(0),
                    .range = {.low = 0, .high = k_largest_exact},
                    .help = "Every random number of the sweep comes from it."});
  schema.push_back({.path = "schedule.name",
                    .kind = FieldKind::enumeration,
                    .fallback = word("none"),
                    .words = {"none"},
                    .help = "Which trials are stopped early to spare work: none trains every trial to its end."});
}

void add_resources(std::vector<Field>& schema) {
  schema.push_back({.path = "resources.trials_per_pack",
                    .kind = FieldKind::integer,
                    .fallback = whole(0),
                    .range = {.low = 1, .high = 100000},
                    .word_for_zero = "auto",
                    .unit = "trials",
                    .help = "Trials of one shape that a worker gets at once, to train as one stacked model."});
  schema.push_back({.path = "resources.threads_per_trainer",
                    .kind = FieldKind::integer,
                    .fallback = whole(1),
                    .range = {.low = 1, .high = 1024},
                    .word_for_zero = "auto",
                    .unit = "threads",
                    .help = "Processor threads of each trainer. auto: as many processors as Slurm gives a task "
                            "(SLURM_CPUS_PER_TASK), else 1."});
  schema.push_back({.path = "resources.agents_per_device",
                    .kind = FieldKind::integer,
                    .fallback = whole(1),
                    .range = {.low = 1, .high = 64},
                    .unit = "workers",
                    .help = "Workers that may share a GPU; one more is an error before any trial starts."});
  schema.push_back({.path = "resources.staging_directory",
                    .kind = FieldKind::text,
                    .fallback = word(""),
                    .help = "A folder of each node's own to which the data are copied once, \"$SLURM_TMPDIR\" or "
                            "\"/tmp\"; empty: they are read where they are."});
  const auto seconds = [&](const char* path, double fallback, Range range, const char* help) {
    schema.push_back(
        {.path = path, .kind = FieldKind::real, .fallback = fallback, .range = range, .unit = "seconds", .help = help});
  };
  seconds("resources.heartbeat_seconds", 1, {.low = 0, .high = 3600, .low_open = true},
          "A worker speaks at least this often.");
  seconds("resources.lease_seconds", 60, {.low = 0, .high = 1e6, .low_open = true},
          "A worker silent for longer loses its trials to others; more than three heartbeats.");
  schema.push_back({.path = "resources.trial_timeout_seconds",
                    .kind = FieldKind::real,
                    .fallback = 0.0,
                    .range = {.low = 0, .high = 1e9},
                    .word_for_zero = "auto",
                    .unit = "seconds",
                    .help =
                        "A trainer that says nothing for longer is ended and its trials have failed. auto: 20 times "
                        "the longest silence of trials of its shape so far, at least 120 s."});
  seconds("resources.stop_seconds", 60, {.low = 0, .high = 1e6, .low_open = true},
          "Time that trainers have to leave a checkpoint when the run is to stop, and that is kept before a deadline.");
  schema.push_back({.path = "resources.retries",
                    .kind = FieldKind::integer,
                    .fallback = whole(2),
                    .range = {.low = 0, .high = 1000},
                    .help = "Further tries of a trial after a failure that may pass."});
  schema.push_back({.path = "trainer.command",
                    .kind = FieldKind::texts,
                    .fallback = word(""),
                    .help = "Program and arguments of another trainer (docs/trainer_protocol.md); empty is "
                            "fairsweep-trainer."});
}

}  // namespace

const std::vector<Field>& sweep_schema() {
  static const auto schema = [] {
    std::vector<Field> fields;
    add_declaration(fields);
    add_data(fields);
    add_people_options(fields);
    add_model(fields);
    add_likelihood_options(fields);
    add_method(fields);
    add_group_loss_options(fields);
    add_robust_options(fields);
    add_teacher_options(fields);
    add_heterogeneous_options(fields);
    add_ensemble_options(fields);
    add_types_options(fields);
    add_training(fields);
    add_search(fields);
    add_resources(fields);
    return fields;
  }();
  return schema;
}

}  // namespace fairsweep
