#include "results/export/catalogue.hpp"

#include <algorithm>

#include "core/diagnostics/errors.hpp"
#include "core/diagnostics/nearest_name.hpp"
#include "results/export/bibliography.hpp"
#include "results/export/checklist.hpp"
#include "results/export/croissant.hpp"
#include "results/export/csv_tables.hpp"
#include "results/export/json_document.hpp"
#include "results/export/latex_tables.hpp"
#include "results/export/ro_crate.hpp"

namespace fairsweep::exports {

const std::vector<Format>& format_catalogue() {
  static const std::vector<Format> formats = {
      {"csv", "tidy tables of trials, metrics, configurations, the front and single people", "", csv_files, true,
       false},
      {"json", "everything in one document, with names and units", ".json", json_files, true, false},
      {"latex", "booktabs tables of the front, its settings and the search space", "", latex_files, true, false},
      {"checklist", "the facts that the checklists of ACL and NeurIPS ask for", ".md", checklist_files, true, true},
      {"bibtex", "the works behind the methods that were used", ".bib", bibtex_files, false, false},
      {"ro-crate", "a folder that is a Workflow Run RO-Crate: results, sweep, metadata", "", ro_crate_files, false,
       false},
      {"croissant", "a description of the data in the vocabulary of Croissant, without any row of them", ".json",
       croissant_files, false, false},
  };
  return formats;
}

const Format& find_format(std::string_view name) {
  const std::vector<Format>& formats = format_catalogue();
  const auto place = std::ranges::find(formats, name, &Format::name);
  if (place != formats.end())
    return *place;
  std::vector<std::string> names;
  std::string list;
  for (const Format& format : formats) {
    names.emplace_back(format.name);
    list += (list.empty() ? "" : ", ") + names.back();
  }
  throw UserError(ExitCode::configuration, "--format: there is no format \"" + std::string(name) + "\"" +
                                               did_you_mean(name, names) + "; there are: " + list);
}

}  // namespace fairsweep::exports
