#pragma once

#include "core/protocol/fields.hpp"

namespace fairsweep {

// Fields of the messages between ranks; see fields.hpp.

template <>
struct Fields<WorkerRequest::Progress> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& entry) {
    archive.required("lease", entry.lease);
    archive.required("progress", entry.progress);
  }
};

template <>
struct Fields<WorkerRequest::Report> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& entry) {
    archive.required("lease", entry.lease);
    archive.required("report", entry.report);
  }
};

template <>
struct Fields<WorkerRequest::Failure> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& entry) {
    archive.required("lease", entry.lease);
    archive.required("failure", entry.failure);
  }
};

template <>
struct Fields<WorkerPlace> {
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& place) {
    archive.required("rank_on_host", place.rank_on_host);
    archive.required("device", place.device);
    archive.required("cores", place.cores);
    archive.required("threads", place.threads);
    archive.required("memory_mib", place.memory_mib);
  }
};

template <>
struct Fields<WorkerRequest> {
  static constexpr std::string_view k_type = "request";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& request) {
    archive.required("sequence", request.sequence);
    archive.optional("host", request.host);
    archive.optional("process", request.process);
    archive.optional("wants_work", request.wants_work);
    archive.optional("leaving", request.leaving);
    archive.optional("holding", request.holding);
    archive.optional("finished", request.finished);
    archive.optional("progress", request.progress);
    archive.optional("reports", request.reports);
    archive.optional("failures", request.failures);
    archive.optional("place", request.place);
    archive.optional("trainer", request.trainer);
  }
};

template <>
struct Fields<CoordinatorReply> {
  static constexpr std::string_view k_type = "reply";
  template <typename Archive, typename Object>
  static void list(Archive& archive, Object& reply) {
    archive.required("sequence", reply.sequence);
    archive.optional("durable_sequence", reply.durable_sequence);
    archive.optional("work", reply.work);
    archive.optional("revoked", reply.revoked);
    archive.optional("stop", reply.stop);
    archive.optional("wait_milliseconds", reply.wait_milliseconds);
    archive.optional("silence_seconds", reply.silence_seconds);
    archive.optional("grace_seconds", reply.grace_seconds);
  }
};

}  // namespace fairsweep
