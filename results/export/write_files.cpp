#include "results/export/write_files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "core/diagnostics/durable_file.hpp"
#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/output_file.hpp"

namespace fairsweep::exports {
namespace {

bool is_one_file(const std::vector<Format>& formats, const std::filesystem::path& output) {
  std::error_code ignored;
  return formats.size() == 1 && !formats.front().ending.empty() && output.extension() == formats.front().ending &&
         !std::filesystem::is_directory(output, ignored);
}

void require_folder(const std::vector<Format>& formats, const std::filesystem::path& output) {
  const bool file = std::filesystem::exists(output) && !std::filesystem::is_directory(output);
  bool file_name = false;
  for (const Format& format : format_catalogue())
    file_name = file_name || (!format.ending.empty() && output.extension() == format.ending);
  if (!file && !file_name)
    return;
  std::string names;
  for (const Format& format : formats)
    names += (names.empty() ? "" : ", ") + std::string(format.name);
  throw UserError(ExitCode::configuration, "-o " + output.string() + " names a file, but the export of " + names +
                                               " needs a folder, for example -o exported");
}

void write(const ExportedFile& file, const std::filesystem::path& target) {
  replace_file(target, [&](const std::filesystem::path& temporary) {
    std::ofstream out(temporary, std::ios::binary);
    file.write(out);
    out.close();
    if (!out) {
      throw UserError(ExitCode::environment, target.string() + ": cannot be written (" + std::strerror(errno) +
                                                 "); make room or choose another place with -o");
    }
  });
}

}  // namespace

std::vector<std::filesystem::path> write_export(const std::vector<Format>& formats, const RunExport& run,
                                                const std::filesystem::path& output) {
  const bool one_file = is_one_file(formats, output);
  if (!one_file)
    require_folder(formats, output);
  std::vector<std::pair<ExportedFile, std::unique_ptr<OutputFile>>> places;
  for (const Format& format : formats) {
    for (ExportedFile& file : format.files(run)) {
      const std::filesystem::path target = one_file ? output : output / file.name;
      places.emplace_back(std::move(file), std::make_unique<OutputFile>(target, std::vector{run.result_file}));
    }
  }
  std::vector<std::filesystem::path> written;
  written.reserve(places.size());
  for (const auto& [file, place] : places) {
    write(file, place->path());
    written.push_back(place->path());
  }
  return written;
}

}  // namespace fairsweep::exports
