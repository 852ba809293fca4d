#include "workers/data/importers/import_dsp.hpp"
#include "workers/data/importers/import_pairs.hpp"
#include "workers/data/importers/import_rankings.hpp"
#include "workers/data/importers/import_ratings.hpp"
#include "workers/data/importers/import_scores.hpp"
#include "workers/data/importers/import_votes.hpp"
#include "workers/data/importers/importer.hpp"

namespace fairsweep {

const std::vector<Importer>& importer_catalogue() {
  static const std::vector<Importer> importers{pairs_jsonl_importer(), pairs_csv_importer(), rankings_importer(),
                                               ratings_importer(),     votes_importer(),     scores_importer(),
                                               dsp_importer()};
  return importers;
}

}  // namespace fairsweep
