#include <gtest/gtest.h>

#include <fstream>

#include "results/store/result_file.hpp"
#include "tests/results/store/sample_record.hpp"
#include "tests/results/store/temporary_directory.hpp"

namespace fairsweep {
namespace {

TEST(ArtefactReader, FindsWhatTheTrainerWroteAndForgivesWhatIsGone) {
  const test::TemporaryDirectory run;
  std::filesystem::create_directory(run / "artefacts");
  ArrayBundle users;
  users.arrays["validation/accuracy"] = {{2}, std::vector<double>{0.25, 0.75}};
  TrialRecord trial;
  trial.artefacts = {{"users", write_artefact(run / "artefacts", users)}, {"margins", std::string(64, '0')}};
  const ArtefactReader reader = artefacts_of(run.path());
  ASSERT_TRUE(reader(trial, "users").has_value());
  EXPECT_EQ(*reader(trial, "users"), users);
  EXPECT_FALSE(reader(trial, "margins").has_value());  // named, but not there
  EXPECT_FALSE(reader(trial, "model").has_value());    // never named
  std::ofstream(run / "artefacts" / (trial.artefacts[0].digest + ".cbor")) << "something else";
  EXPECT_FALSE(reader(trial, "users").has_value());
}

}  // namespace
}  // namespace fairsweep
