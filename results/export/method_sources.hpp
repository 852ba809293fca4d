#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/export/run_export.hpp"

namespace fairsweep::exports {

/// A work that a method, a strategy or a number in an export comes from.
struct Source {
  std::string_view key;     ///< of the BibTeX entry
  std::string_view entry;   ///< BibTeX; empty: what is known does not make an entry
  std::string_view remark;  ///< one sentence for a comment: what it is used for, and what an author has to complete
};

/// Methods with a trial that was started, in alphabetical order.
[[nodiscard]] std::vector<std::string> methods_used(const RunExport& run);

/// Is there a work that the method comes from? Standard methods have none.
[[nodiscard]] bool has_source(std::string_view method);

/// What has to be said wherever the method is named ("PAFO-style, reconstructed ..."); empty: nothing.
[[nodiscard]] std::string_view method_note(std::string_view method);

/// The works behind what this run did: its methods, its search, its statistics.
[[nodiscard]] std::vector<Source> sources_of(const RunExport& run);

}  // namespace fairsweep::exports
