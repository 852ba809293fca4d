#pragma once

#include <string_view>

#include "core/domain/event.hpp"
#include "core/protocol/messages.hpp"

namespace fairsweep {

// Every message's fields, declared once: encoder.hpp and decoder.hpp walk these lists, so that what is written is what
// is read. `required` fields are always written and must be there; `optional` ones are left out where they have their
// default and read as it where they are missing. Names are part of the protocol and of events.log: frozen.

/// Fields<T>::list(archive, object) names the fields of T.
template <typename T>
struct Fields;

template <>
struct Fields<MetricValue> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& metric) {
    archive.required("metric", metric.metric);
    archive.required("split", metric.split);
    archive.optional("group", metric.group);
    archive.required("value", metric.value);
    archive.optional("standard_error", metric.standard_error);
    archive.optional("users", metric.users);
    archive.optional("comparisons", metric.comparisons);
  }
};

template <>
struct Fields<Artefact> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& artefact) {
    archive.required("name", artefact.name);
    archive.required("digest", artefact.digest);
  }
};

template <>
struct Fields<TrialReport> {
  static constexpr std::string_view k_type = "report";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& report) {
    archive.required("trial", report.trial);
    archive.optional("epochs", report.epochs);
    archive.optional("seconds", report.seconds);
    archive.optional("device", report.device);
    archive.required("metrics", report.metrics);
    archive.optional("artefacts", report.artefacts);
    archive.optional("notes", report.notes);
    archive.optional("words", report.words);
  }
};

template <>
struct Fields<TrialProgress> {
  static constexpr std::string_view k_type = "progress";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& progress) {
    archive.required("trial", progress.trial);
    archive.required("epoch", progress.epoch);
    archive.optional("epochs", progress.epochs);
    archive.optional("validation_loss", progress.validation_loss);
  }
};

template <>
struct Fields<TrialFailure> {
  static constexpr std::string_view k_type = "failure";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& failure) {
    archive.required("trial", failure.trial);
    archive.optional("stage", failure.stage, "training");
    archive.optional("reason", failure.reason, "error");
    archive.required("message", failure.message);
    archive.optional("signal", failure.signal);
    archive.optional("exit_code", failure.exit_code);
    archive.optional("retryable", failure.retryable, true);
    archive.optional("log_tail", failure.log_tail);
  }
};

template <>
struct Fields<Configuration> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& configuration) {
    archive.required("id", configuration.id);
    archive.required("values", configuration.values);
  }
};

template <>
struct Fields<Objective> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& objective) {
    archive.required("metric", objective.metric);
    archive.optional("group", objective.group);
    archive.required("direction", objective.direction);
    archive.optional("unit", objective.unit);
  }
};

template <>
struct Fields<TrialOrder> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& order) {
    archive.required("trial", order.trial);
    archive.required("configuration", order.configuration);
    archive.required("replicate", order.replicate);
    archive.required("attempt", order.attempt);
    archive.required("settings", order.settings);
  }
};

template <>
struct Fields<Assignment> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& assignment) {
    archive.required("lease", assignment.lease);
    archive.required("trials", assignment.trials);
  }
};

}  // namespace fairsweep
