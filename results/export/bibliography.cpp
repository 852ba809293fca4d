#include "results/export/bibliography.hpp"

#include <fmt/ostream.h>

#include "results/export/method_sources.hpp"
#include "results/report/display_text.hpp"

namespace fairsweep::exports {
namespace {

void write_bibliography(const RunExport& run, std::ostream& out) {
  const auto fact = [&](const char* key) {
    const auto place = run.run.record.provenance.find(key);
    return place == run.run.record.provenance.end() ? std::string("not known") : report::printable(place->second);
  };
  fmt::print(out, "% What the sweep {} rests on. Made with fairsweep {}, commit {}.\n",
             report::printable(run.run.record.sweep), fact("fairsweep"), fact("fairsweep.commit"));
  const std::vector<Source> sources = sources_of(run);
  for (const Source& source : sources) {
    if (!source.entry.empty())
      fmt::print(out, "\n% {}\n{}", source.remark, source.entry);
  }
  bool first = true;
  for (const Source& source : sources) {
    if (!source.entry.empty())
      continue;
    if (first)
      out << "\n% Used as well; what fairsweep knows of these works does not make an entry:\n";
    first = false;
    fmt::print(out, "%   {}\n", source.remark);
  }
}

}  // namespace

std::vector<ExportedFile> bibtex_files(const RunExport& run) {
  return {{"references.bib", [&run](std::ostream& out) { write_bibliography(run, out); }}};
}

}  // namespace fairsweep::exports
