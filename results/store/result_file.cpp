#include "results/store/result_file.hpp"

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "results/store/guarded_read.hpp"
#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep {
namespace {

void require_format(hdf5::FileReader& file) {
  if (!file.has_attribute("/", "format") || file.text("/", "format") != k_result_format) {
    file.refuse("/", "is no result file of fairsweep: the attribute \"format\" does not say \"" +
                         std::string(k_result_format) + "\"");
  }
  const std::int64_t version = file.integer("/", "format_version");
  if (version != k_result_format_version) {
    file.refuse("/", "is of format version " + std::to_string(version) + ", and this fairsweep reads version " +
                         std::to_string(k_result_format_version) + "; use the release that wrote it");
  }
}

RunRecord read_here(const std::filesystem::path& path, EventLines events) {
  hdf5::FileReader file(path);
  require_format(file);
  RunRecord record;
  store::read_about(file, record);
  record.space = store::read_space(file);
  store::read_configurations(file, record);
  store::read_trials(file, record);
  store::read_metrics(file, record);
  if (events == EventLines::read)
    record.events = store::read_long_texts(file, "/events");
  return record;
}

}  // namespace

void write_result_file(const std::filesystem::path& path, const RunRecord& record, const ArtefactReader& artefacts) {
  replace_file(path, [&](const std::filesystem::path& temporary) {
    hdf5::FileWriter file(temporary, path);
    store::write_about(file, record);
    store::write_space(file, record.space);
    store::write_configurations(file, record);
    store::write_trials(file, record);
    store::write_metrics(file, record);
    store::write_people(file, record);
    store::write_users(file, record, artefacts);
    store::write_front(file, record, artefacts);
    store::write_long_texts(file, "/events", record.events);
    file.close();
  });
}

RunRecord read_result_file(const std::filesystem::path& path, EventLines events) {
  if (!std::filesystem::is_regular_file(path)) {
    throw UserError(ExitCode::file, path.string() + ": there is no such file; name a run directory or a results.h5");
  }
  return store::guarded_read(path, [&] { return read_here(path, events); });
}

}  // namespace fairsweep
