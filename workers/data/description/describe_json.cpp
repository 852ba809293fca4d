#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "workers/data/description/describe_data.hpp"

namespace fairsweep {
namespace {

using Json = nlohmann::ordered_json;

/// NaN, which JSON does not have, is what the data cannot give.
Json number(double value) { return std::isnan(value) ? Json(nullptr) : Json(value); }

Json share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? Json(nullptr) : Json(static_cast<double>(part) / static_cast<double>(whole));
}

Json to_json(const VoteCounts& votes) {
  return {{"pairs", votes.pairs},
          {"answers", votes.answers},
          {"ties", votes.ties},
          {"votes", votes.votes},
          {"least_per_pair", votes.least_per_pair},
          {"median_per_pair", number(votes.median_per_pair)},
          {"most_per_pair", votes.most_per_pair},
          {"pairs_with_two_votes", votes.by_two}};
}

Json unanimity_json(const VoteCounts& votes) {
  return {{"pairs", votes.ordered_by_two},
          {"unanimous", votes.unanimous},
          {"share", share(votes.unanimous, votes.ordered_by_two)},
          {"pairs_with_ties", votes.by_two},
          {"unanimous_with_ties", votes.unanimous_with_ties},
          {"share_with_ties", share(votes.unanimous_with_ties, votes.by_two)}};
}

Json to_json(const Disagreement& disagreement) {
  return {{"between_people", number(disagreement.between_people)},
          {"people", disagreement.people},
          {"people_pairs", disagreement.people_pairs},
          {"sampled", disagreement.sampled},
          {"pooled", number(disagreement.pooled)},
          {"answer_pairs", disagreement.answer_pairs}};
}

Json to_json(const SingleModelCeiling& ceiling) {
  return {{"minimum_votes", ceiling.minimum_votes},
          {"pairs", ceiling.pairs},
          {"votes", ceiling.votes},
          {"plug_in", number(ceiling.plug_in)},
          {"leave_one_out", number(ceiling.leave_one_out)},
          {"headroom_plug_in", number(1 - ceiling.plug_in)},
          {"headroom_leave_one_out", number(1 - ceiling.leave_one_out)}};
}

Json to_json(const TopAnswerFlips& flips) {
  return {{"contexts", flips.contexts},
          {"judged_whole", flips.judged_whole},
          {"tied", flips.tied},
          {"flippable", flips.flippable},
          {"flippable_share", share(flips.flippable, flips.judged_whole - flips.tied)},
          {"least_distance", number(flips.least)},
          {"median_distance_of_flippable", number(flips.median)}};
}

Json to_json(const Identifiability& identifiability) {
  Json warnings = Json::array();
  for (const Identifiability::Warning& warning : identifiability.warnings) {
    warnings.push_back({{"code", warning.code}, {"sentence", warning.sentence}});
  }
  return {{"median_votes", identifiability.median_votes},
          {"pairs_only", identifiability.pairs_only},
          {"most_types", identifiability.most_types},
          {"warnings", warnings}};
}

Json to_json(const LinkAgreement& links, std::int64_t users) {
  return {{"links", links.links},
          {"weighted", links.weighted},
          {"people", links.people},
          {"share_of_people", share(links.people, users)},
          {"linked_answer_pairs", links.linked_answer_pairs},
          {"linked_agreement", number(links.linked_agreement)},
          {"unlinked_answer_pairs", links.unlinked_answer_pairs},
          {"unlinked_agreement", number(links.unlinked_agreement)}};
}

Json to_json(const SupportSummary& support) {
  Json quantiles = Json::array();
  for (std::size_t at = 0; at < SupportSummary::k_quantiles.size(); ++at) {
    quantiles.push_back({{"quantile", SupportSummary::k_quantiles[at]}, {"rate", number(support.values[at])}});
  }
  return {{"users", support.users}, {"quantiles", quantiles}};
}

Json to_json(const ClassCounts& classes) {
  Json json = Json::object();
  for (std::size_t at = k_label_classes; at-- > 0;) {
    json[std::string(to_text(static_cast<LabelClass>(at)))] = {{"people", classes.people[at]},
                                                               {"comparisons", classes.comparisons[at]}};
  }
  return json;
}

Json agreement_json(std::int64_t pairs, std::int64_t agreements) {
  const double rate = pairs == 0 ? std::nan("") : static_cast<double>(agreements) / static_cast<double>(pairs);
  return {{"pairs", pairs},
          {"agreements", agreements},
          {"agreement", number(rate)},
          {"stable_share", number(stable_share(rate))},
          {"noise", number(label_noise(rate))}};
}

Json consistency_json(const DataDescription& d) {
  const SelfConsistency& found = d.consistency;
  return {{"known", found.repeat_pairs > 0 || found.changed_pairs > 0},
          {"repeat", agreement_json(found.repeat_pairs, found.repeat_agreements)},
          {"changed", agreement_json(found.changed_pairs, found.changed_agreements)},
          {"swapped", agreement_json(found.swapped_pairs, found.swapped_agreements)},
          {"tied_pairs", found.tied_pairs},
          {"rules",
           {{"least_pairs", d.options.rules.least_pairs},
            {"least_stable_share", d.options.rules.least_stable_share},
            {"shrinkage", d.options.rules.shrinkage}}},
          {"classes", to_json(d.classes)}};
}

Json to_json(const GroupDescription& group, bool of_comparisons) {
  Json shares = Json::object();
  for (const auto& [alternative, part] : group.choice_shares) {
    shares[alternative] = part;
  }
  Json json{{"label", group.label},
            {"users", group.users},
            {"comparisons", group.comparisons},
            {"choice_shares", shares},
            {"ceiling", group.ceiling ? Json(*group.ceiling) : Json(nullptr)}};
  if (!of_comparisons) {
    json["support"] = {{"users", group.support.users}, {"mean", number(group.support.mean)}};
  }
  json["classes"] = to_json(group.classes);
  return json;
}

Json to_json(const AttributeDescription& attribute) {
  Json groups = Json::array();
  for (const GroupDescription& group : attribute.groups) {
    groups.push_back(to_json(group, attribute.of_comparisons));
  }
  Json conflicts = Json::array();
  for (const Conflict& conflict : attribute.conflicts) {
    conflicts.push_back({{"first", conflict.first},
                         {"second", conflict.second},
                         {"shared", conflict.shared},
                         {"opposite", conflict.opposite},
                         {"share", share(conflict.opposite, conflict.shared)}});
  }
  return {{"name", attribute.name},
          {"of", attribute.of_comparisons ? "comparisons" : "users"},
          {"unknown_users", attribute.unknown_users},
          {"unknown_comparisons", attribute.unknown_comparisons},
          {"groups", groups},
          {"conflicts", conflicts},
          {"one_model", to_json(attribute.ceiling)}};
}

}  // namespace

std::string describe_json(const DataDescription& d) {
  Json attributes = Json::array();
  for (const AttributeDescription& attribute : d.attributes) {
    attributes.push_back(to_json(attribute));
  }
  Json json{{"digest", d.digest},
            {"users", d.users},
            {"users_without_comparisons", d.users_without_comparisons},
            {"contexts", d.contexts},
            {"candidates", d.candidates},
            {"comparisons", d.comparisons},
            {"pairs", d.pairs},
            {"choices", d.choices},
            {"rankings", d.rankings},
            {"ties", d.ties},
            {"weighted", d.weighted},
            {"least_per_user", d.least_per_user},
            {"median_per_user", d.median_per_user},
            {"most_per_user", d.most_per_user},
            {"features", d.features},
            {"user_features", d.user_features},
            {"judged", to_json(d.votes)},
            {"unanimity", unanimity_json(d.votes)},
            {"disagreement", to_json(d.disagreement)},
            {"one_model", to_json(d.ceiling)},
            {"support", to_json(d.support)},
            {"top_answer", to_json(d.flips)},
            {"identifiability", to_json(d.identifiability)},
            {"consistency", consistency_json(d)},
            {"attributes", attributes},
            {"about", d.about}};
  if (d.links) {
    json["links"] = to_json(*d.links, d.users);
  }
  return json.dump(2);
}

}  // namespace fairsweep
