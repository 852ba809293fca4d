#include "results/export/write_files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>

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

void write(const ExportedFile& file, const std::filesystem::path& temporary, const std::filesystem::path& named) {
  std::ofstream out(temporary, std::ios::binary);
  file.write(out);
  out.close();
  if (!out) {
    throw UserError(ExitCode::environment, named.string() + ": cannot be written (" + std::strerror(errno) +
                                               "); make room or choose another place with -o");
  }
}

}  // namespace

std::vector<std::filesystem::path> write_export(const std::vector<Format>& formats, const RunExport& run,
                                                const std::filesystem::path& output,
                                                const std::function<bool()>& stopped) {
  const bool one_file = is_one_file(formats, output);
  if (!one_file)
    require_folder(formats, output);
  std::vector<std::filesystem::path> named;
  std::vector<std::unique_ptr<OutputFile>> places;  // folders that were made go again where nothing is put there
  std::vector<std::unique_ptr<Replacement>> replacements;
  for (const Format& format : formats) {
    for (const ExportedFile& file : format.files(run)) {
      if (stopped())
        throw UserError(ExitCode::resumable, "export: stopped before anything was written; give the command again");
      named.push_back(one_file ? output : output / file.name);
      places.push_back(std::make_unique<OutputFile>(named.back(), std::vector{run.result_file}, file.name));
      replacements.push_back(std::make_unique<Replacement>(
          places.back()->path(),
          [&](const std::filesystem::path& temporary) { write(file, temporary, named.back()); }));
    }
  }
  for (const std::unique_ptr<Replacement>& replacement : replacements)
    replacement->put_in_place();
  return named;
}

}  // namespace fairsweep::exports
