#pragma once

#include "core/protocol/fields.hpp"

namespace fairsweep {

// Fields of the messages to and from the trainer that are sent nowhere else; see fields.hpp. Everything sent *to* a
// trainer is required, hence always written: the program that reads it need not know our defaults.

template <>
struct Fields<TrainerSetup> {
  static constexpr std::string_view k_type = "setup";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& setup) {
    archive.required("protocol", setup.protocol);
    archive.required("sweep", setup.sweep);
    archive.required("run_directory", setup.run_directory);
    archive.required("artefact_directory", setup.artefact_directory);
    archive.required("checkpoint_directory", setup.checkpoint_directory);
    archive.required("data_file", setup.data_file);
    archive.required("data_digest", setup.data_digest);
    archive.required("people_file", setup.people_file);
    archive.required("people_digest", setup.people_digest);
    archive.required("group_by", setup.grouping.by);
    archive.required("group_attribute", setup.grouping.attribute);
    archive.required("group_quantile", setup.grouping.quantile);
    archive.nested("grouping", [&setup](auto& grouping) {
      grouping.required("attributes", setup.grouping.attributes);
      grouping.required("minimum_size", setup.grouping.minimum_size);
      grouping.required("similarity", setup.grouping.similarity);
      grouping.required("support_clusters", setup.grouping.support_clusters);
      grouping.required("threshold", setup.grouping.threshold);
      grouping.required("absolute", setup.grouping.absolute);
      grouping.required("algorithm", setup.grouping.algorithm);
      grouping.required("clusters", setup.grouping.clusters);
      grouping.required("membership", setup.grouping.membership);
      grouping.required("softness", setup.grouping.softness);
      grouping.required("precision", setup.grouping.precision);
    });
    archive.required("groups", setup.groups);
    archive.nested("split", [&setup](auto& split) {
      split.required("by", setup.split.by);
      split.required("train", setup.split.train);
      split.required("validation", setup.split.validation);
      split.required("test", setup.split.test);
      split.required("history", setup.split.history);
      split.required("few_shot", setup.split.few_shot);
      split.required("same_text", setup.split.same_text);
      split.required("stratified", setup.split.stratified);
      split.required("unseen_users", setup.split.unseen_users);
      split.required("imbalance", setup.split.imbalance);
    });
    archive.nested("labels", [&setup](auto& labels) {
      labels.required("policy", setup.labels.policy);
      labels.required("least_stable", setup.labels.least_stable);
      labels.required("prior_pairs", setup.labels.prior_pairs);
      labels.required("ties", setup.labels.ties);
    });
    archive.required("seed", setup.seed);
    archive.required("metrics", setup.metrics);
    archive.required("threads", setup.threads);
    archive.required("device", setup.device);
  }
};

template <>
struct Fields<TrainerAssignment> {
  static constexpr std::string_view k_type = "assignment";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& message) {
    Fields<Assignment>::list(archive, message.assignment);
  }
};

template <>
struct Fields<TrainerStop> {
  static constexpr std::string_view k_type = "stop";
  template <typename Archive, typename Object>
  static void list(Archive& /*archive*/, Object& /*message*/) {}
};

template <>
struct Fields<TrainerReady> {
  static constexpr std::string_view k_type = "ready";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& ready) {
    archive.required("protocol", ready.protocol);
    archive.optional("name", ready.name);
    archive.optional("provenance", ready.provenance);
  }
};

template <>
struct Fields<TrainerRefusal> {
  static constexpr std::string_view k_type = "refusal";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& refusal) {
    archive.required("message", refusal.message);
  }
};

}  // namespace fairsweep
