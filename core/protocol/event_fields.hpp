#pragma once

#include "core/protocol/fields.hpp"

namespace fairsweep {

// Fields of the events of a log; see fields.hpp.

template <>
struct Fields<Shard> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& shard) {
    archive.required("index", shard.index);
    archive.required("count", shard.count);
    archive.optional("only", shard.only);
  }
};

template <>
struct Fields<events::Started> {
  static constexpr std::string_view k_type = "started";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("sweep", event.sweep);
    archive.required("configuration_digest", event.configuration_digest);
    archive.required("data_digest", event.data_digest);
    archive.required("groups", event.groups);
    archive.required("objectives", event.objectives);
    archive.required("configurations", event.configurations);
    archive.required("replicates", event.replicates);
    archive.optional("provenance", event.provenance);
    archive.optional("data_description", event.data_description);
    archive.optional("resumed", event.resumed);
    archive.optional("people", event.people);
    archive.optional("shard", event.shard);
    archive.optional("retries", event.retries, -1);
  }
};

template <>
struct Fields<events::Suggested> {
  static constexpr std::string_view k_type = "suggested";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("configuration", event.configuration);
  }
};

template <>
struct Fields<events::Assigned> {
  static constexpr std::string_view k_type = "assigned";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("lease", event.lease);
    archive.required("worker", event.worker);
    archive.optional("host", event.host);
    archive.required("trials", event.trials);
  }
};

template <>
struct Fields<events::Progressed> {
  static constexpr std::string_view k_type = "progressed";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("lease", event.lease);
    archive.required("progress", event.progress);
  }
};

template <>
struct Fields<events::Reported> {
  static constexpr std::string_view k_type = "reported";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("lease", event.lease);
    archive.required("report", event.report);
  }
};

template <>
struct Fields<events::Failed> {
  static constexpr std::string_view k_type = "failed";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("lease", event.lease);
    archive.required("failure", event.failure);
  }
};

template <>
struct Fields<events::TrainerStarted> {
  static constexpr std::string_view k_type = "trainer_started";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("worker", event.worker);
    archive.optional("host", event.host);
    archive.optional("provenance", event.provenance);
  }
};

template <>
struct Fields<events::LeaseExpired> {
  static constexpr std::string_view k_type = "lease_expired";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.required("lease", event.lease);
    archive.optional("reason", event.reason);
  }
};

template <>
struct Fields<events::Stopped> {
  static constexpr std::string_view k_type = "stopped";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
    archive.optional("reason", event.reason);
  }
};

template <>
struct Fields<events::Completed> {
  static constexpr std::string_view k_type = "completed";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& event) {
    archive.required("time", event.time);
  }
};

}  // namespace fairsweep
