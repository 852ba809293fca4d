#include "core/config/people_schema.hpp"

#include "core/config/field_builders.hpp"

namespace fairsweep {
namespace {

void add_groups(std::vector<Field>& schema) {
  const Condition by_support = where("data.groups.by", {"support_rate"});
  schema.push_back(word_option("data.groups.by", {"attribute", "combination", "support_rate", "agreement"},
                               "What makes the groups (docs/groups.md): an attribute in the data, the combinations of "
                               "several, how common a person's preferences are among the training users (majority and "
                               "minority), or clusters of people who agree."));
  schema.push_back({.path = "data.groups.attribute",
                    .help = "Attribute of the users, or of the comparisons, whose values are the groups.",
                    .only_with = where("data.groups.by", {"attribute"})});
  schema.push_back({.path = "data.groups.attributes",
                    .kind = FieldKind::texts,
                    .help = "Attributes; every combination of their values that somebody has is a group.",
                    .only_with = where("data.groups.by", {"combination"})});
  schema.push_back(
      count_option("data.groups.minimum_size", 1, {.low = 1, .high = 1e9}, "people",
                   "Values or combinations of fewer people are no group; these are trained on all the same.",
                   where("data.groups.by", {"attribute", "combination"})));
  schema.push_back(
      word_option("data.groups.similarity", {"pairs", "clusters"},
                  "Who agrees with whom: by answers to the same pairs, or, where hardly any pair is answered "
                  "twice, by clusters of what people chose.",
                  by_support));
  schema.push_back(count_option("data.groups.support_clusters", 4, {.low = 2, .high = 1000}, "clusters",
                                "Clusters of people; the support rate is the share of the others in one's own.",
                                where("data.groups.similarity", {"clusters"})));
  schema.push_back(
      word_option("data.groups.threshold", {"quantile", "absolute", "two_means"},
                  "Up to which support rate people are the minority: a quantile of the rates, a number, or "
                  "where two groups of rates part best.",
                  by_support));
  schema.push_back(number_option("data.groups.quantile", 0.3,
                                 {.low = 0, .high = 1, .low_open = true, .high_open = true}, "share",
                                 "Users up to this quantile of the preference support rate are the minority.",
                                 where("data.groups.threshold", {"quantile"})));
  schema.push_back(number_option(
      "data.groups.absolute", 0.5, {.low = 0, .high = 1, .low_open = true, .high_open = true}, "support rate",
      "Users up to this preference support rate are the minority.", where("data.groups.threshold", {"absolute"})));
  schema.push_back(
      word_option("data.groups.algorithm", {"spectral", "k_means"},
                  "Clusters by eigenvectors of the agreement on shared pairs (up to 2000 people), or by k-means "
                  "of the features of what people chose.",
                  where("data.groups.by", {"agreement"})));
  schema.push_back(count_option("data.groups.clusters", 2, {.low = 2, .high = 64}, "clusters",
                                "How many groups people are clustered into.", where("data.groups.by", {"agreement"})));
  schema.push_back(
      word_option("data.groups.membership", {"hard", "soft"},
                  "Whether people also belong to other groups by degrees, which is kept with the run and used "
                  "by of_groups, in method.pafo_dvao.membership and method.dvao_listwise.membership.",
                  where("data.groups.by", {"support_rate", "agreement"})));
  schema.push_back(number_option("data.groups.softness", 0.25, {.low = 0, .high = 100, .low_open = true}, "spread",
                                 "Over how much of the spread of people (standard deviation of the support rates, mean "
                                 "distance to the own cluster) membership passes.",
                                 where("data.groups.membership", {"soft"})));
  schema.push_back(
      number_option("data.groups.precision", 1.0, {.low = 0, .high = 1, .low_open = true}, "accuracy",
                    "Largest half width of the 95 % interval of a group's test accuracy; a group with too few "
                    "test users for it is refused. 1 asks for nothing."));
}

void add_split(std::vector<Field>& schema) {
  const Range share = {.low = 0, .high = 1, .low_open = true, .high_open = true};
  schema.push_back(
      word_option("data.split.by", {"user", "context", "comparison", "time"},
                  "What is dealt out whole to training, validation and test (docs/splits.md); time gives the "
                  "oldest comparisons to training."));
  schema.push_back(number_option("data.split.train", 0.7, share, "share",
                                 "Share that models are trained on; the three shares sum to 1."));
  schema.push_back(number_option("data.split.validation", 0.15, share, "share",
                                 "Share that early stopping and the front are chosen on."));
  schema.push_back(
      number_option("data.split.test", 0.15, share, "share", "Share that the front is reported on, once."));
  schema.push_back(count_option("data.split.history", 0, {.low = 0, .high = 1000000}, "comparisons",
                                "Comparisons of each held-out user that are shown as history and never scored.",
                                where("data.split.by", {"user"})));
  schema.push_back({.path = "data.split.few_shot",
                    .kind = FieldKind::boolean,
                    .fallback = Value(false),
                    .help = "Also scores held-out users by the first 0, 1, 2, 4, 8, ... comparisons of their history, "
                            "for fairsweep few-shot.",
                    .only_with = where("data.split.by", {"user"})});
  schema.push_back(
      word_option("data.split.same_text", {"refuse", "together", "allow"},
                  "What happens to contexts that share a text or a question on both sides: an error, dealt as "
                  "one, or nothing.",
                  where("data.split.by", {"context"})));
  schema.push_back({.path = "data.split.stratified",
                    .kind = FieldKind::boolean,
                    .fallback = Value(false),
                    .help = "Deals the comparisons of each group by themselves, or the contexts that each group "
                            "answered most; by user this is always so.",
                    .only_with = where("data.split.by", {"context", "comparison"})});
  schema.push_back(number_option("data.split.unseen_users", 0.0, {.low = 0, .high = 1, .high_open = true}, "share",
                                 "Users who are kept out of training, so that seen and unseen users are both scored.",
                                 where("data.split.by", {"context", "comparison", "time"})));
  schema.push_back({.path = "data.split.imbalance",
                    .kind = FieldKind::texts,
                    .fallback = Value(std::string()),
                    .help = "Proportions of training people, such as [majority=10, minority=1]: of the groups named, "
                            "those that are too many lose training people at random."});
}

void add_labels(std::vector<Field>& schema) {
  const Words judging{"drop", "weight", "noise_aware"};
  schema.push_back(
      word_option("data.labels.policy", {"keep", "drop", "weight", "noise_aware"},
                  "What a person's inconsistency, where something was asked again in training, does to the "
                  "training comparisons: nothing, leaves them out, weighs them by the stable share of answers, "
                  "or makes the likelihood expect answers that are turned around."));
  schema.push_back(number_option("data.labels.least_stable", 0.2, {.low = 0, .high = 1}, "share",
                                 "People whose stable share of answers is below are left out of training.",
                                 where("data.labels.policy", {"drop"})));
  schema.push_back(number_option("data.labels.prior_pairs", 4.0, {.low = 0, .high = 1e6}, "pairs of answers",
                                 "How many pairs of answers everybody's mean consistency counts for in a person's own.",
                                 where("data.labels.policy", judging)));
  schema.push_back(
      word_option("data.labels.ties", {"drop", "keep"},
                  "What becomes of answers that prefer nothing: left out of everything, or trained on and measured by "
                  "log_loss, which takes a likelihood with ties (model.likelihood: davidson or rao_kupper)."));
}

}  // namespace

void add_people_options(std::vector<Field>& schema) {
  add_groups(schema);
  add_split(schema);
  add_labels(schema);
}

}  // namespace fairsweep
