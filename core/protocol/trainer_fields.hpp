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
    archive.required("group_by", setup.group_by);
    archive.required("group_attribute", setup.group_attribute);
    archive.required("group_quantile", setup.group_quantile);
    archive.required("groups", setup.groups);
    archive.nested("split", [&setup](auto& split) {
      split.required("by", setup.split_by);
      split.required("train", setup.train);
      split.required("validation", setup.validation);
      split.required("test", setup.test);
      split.required("history", setup.history);
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
