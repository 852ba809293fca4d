#include "orchestrator/search/search_strategy.hpp"

namespace fairsweep {

void SearchStrategy::ingest(ConfigurationId, const TrialReport&) {}

}  // namespace fairsweep
