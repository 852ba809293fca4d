#include "orchestrator/apps/sweep_plan.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/devices.hpp"
#include "orchestrator/apps/progress_line.hpp"
#include "tests/orchestrator/apps/run_fixture.hpp"
#include "workers/data/description/describe_data.hpp"
#include "workers/data/generators/generate_personal_llm.hpp"
#include "workers/data/preference_data.hpp"

namespace fairsweep::apps {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SweepPlanTest : public RunFixture {};

TEST_F(SweepPlanTest, AxesOfTheFrontInTheOrderOfTheConfiguration) {
  EXPECT_THAT(
      objectives_of({{"accuracy", "group"}, {"log_loss", "all"}}, {"few", "many"}),
      ElementsAre(Objective{"accuracy", "few", Direction::maximise, "share"},
                  Objective{"accuracy", "many", Direction::maximise, "share"},
                  testing::AllOf(testing::Field(&Objective::metric, "log_loss"), testing::Field(&Objective::group, ""),
                                 testing::Field(&Objective::direction, Direction::minimise))));
}

TEST_F(SweepPlanTest, AnUnknownMetricIsNamedWithTheNearest) {
  try {
    (void)objectives_of({{"acuracy", "all"}}, {});
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean \"accuracy\""));
  }
}

TEST_F(SweepPlanTest, OursReportsEveryMetricAndAUsersTrainerThoseOfTheFront) {
  SweepPlan ours = plan();
  EXPECT_THAT(setup_of(ours).metrics, ElementsAre("accuracy", "log_loss", "calibration_error"));
  ours.sweep.trainer_command = {"python3", "mine.py"};
  EXPECT_THAT(setup_of(ours).metrics, ElementsAre("accuracy"));
  EXPECT_TRUE(std::filesystem::path(setup_of(ours).data_file).is_absolute());
  EXPECT_TRUE(std::filesystem::path(setup_of(ours).checkpoint_directory).is_absolute());
}

TEST_F(SweepPlanTest, AUsersTrainerIsTakenAsItIs) {
  SweepConfiguration own = sweep();
  own.trainer_command = {"python3", "mine.py"};
  EXPECT_THAT(trainer_command(own), ElementsAre("python3", "mine.py"));
}

TEST_F(SweepPlanTest, MissingDataAreAFileError) {
  try {
    (void)make_plan(sweep(), RunDirectory(folder_));
    FAIL() << "no error";
  } catch (const UserError& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr("data.h5"));
  }
}

TEST_F(SweepPlanTest, DescribesTheDataWhereThatIsAskedFor) {
  PersonalLlmRecipe recipe;
  recipe.users = 30;
  recipe.contexts = 20;
  const PreferenceData data = generate_personal_llm(recipe).data;
  write_data_file(folder_ / "data.h5", data);
  SweepConfiguration sampled = sweep();
  sampled.data.groups.attribute = "taste";
  sampled.data.file = (folder_ / "data.h5").string();
  const SweepPlan plain = make_plan(sampled, RunDirectory(folder_));
  EXPECT_EQ(plain.data_digest, digest_of(data));
  EXPECT_TRUE(plain.data_description.empty());
  const SweepPlan described = make_plan(sampled, RunDirectory(folder_), true);
  EXPECT_EQ(described.data_digest, plain.data_digest);
  EXPECT_EQ(described.data_description, describe_json(describe_data(data)));
}

TEST(ProgressText, SaysWhatMatters) {
  TrialTable::Counts counts;
  counts.reported = 11;
  counts.failed = 1;
  counts.running = 2;
  counts.pending = 130;
  EXPECT_EQ(progress_text(counts, 144, 3.3), "12 of 144 trials, 2 running, 1 failed, 3.3 a second, about 40 s left");
  counts = {};
  EXPECT_EQ(progress_text(counts, 144, 0), "0 of 144 trials, 0 running");
}

TEST(DurationText, HasAUnitPeopleUse) {
  EXPECT_EQ(duration_text(0.2), "1 s");
  EXPECT_EQ(duration_text(99), "99 s");
  EXPECT_EQ(duration_text(150), "3 min");
  EXPECT_EQ(duration_text(12000), "3 h 20 min");
}

TEST(Devices, AreNamedByTheirUuids) {
  const std::string two =
      "GPU 0: NVIDIA H200 (UUID: GPU-11111111-2222-3333-4444-555555555555)\n"
      "GPU 1: NVIDIA H200 (UUID: GPU-66666666-2222-3333-4444-555555555555)\n";
  EXPECT_THAT(uuids_in(two),
              ElementsAre("GPU-11111111-2222-3333-4444-555555555555", "GPU-66666666-2222-3333-4444-555555555555"));
  const std::string parts =
      "GPU 0: NVIDIA A100 (UUID: GPU-a)\n  MIG 3g.20gb Device 0: (UUID: MIG-b)\n  MIG 3g.20gb Device 1: (UUID: MIG-c)\n"
      "GPU 1: NVIDIA A100 (UUID: GPU-d)\n";
  EXPECT_THAT(uuids_in(parts), ElementsAre("MIG-b", "MIG-c", "GPU-d"));
  EXPECT_THAT(uuids_in("No devices found.\n"), testing::IsEmpty());
  EXPECT_THAT(with_uuids({"1", "GPU-x", "7"}, {"GPU-a", "GPU-b"}), ElementsAre("GPU-b", "GPU-x", "7"));
}

TEST(Devices, TheirHostHasMemory) { EXPECT_GT(usable_memory_mib(), 0); }

TEST(Devices, FollowTheEnvironment) {
  setenv("CUDA_VISIBLE_DEVICES", "2,GPU-abc", 1);
  EXPECT_THAT(visible_devices(), ElementsAre("2", "GPU-abc"));
  EXPECT_EQ(device_of(0, visible_devices()), "2");
  EXPECT_EQ(device_of(1, visible_devices()), "GPU-abc");
  EXPECT_EQ(device_of(2, visible_devices()), "2") << "dealt out in turn";
  EXPECT_THAT(trainer_devices({"python3", "mine.py"}), ElementsAre("2", "GPU-abc"));
  EXPECT_EQ(trainer_devices({}).size(), own_trainer_knows_cuda() ? 2U : 0U);
  setenv("CUDA_VISIBLE_DEVICES", "", 1);
  EXPECT_THAT(visible_devices(), testing::IsEmpty());
  EXPECT_FALSE(device_of(0, visible_devices()));
  setenv("CUDA_VISIBLE_DEVICES", "0,-1,1", 1);
  EXPECT_THAT(visible_devices(), ElementsAre("0"));
  unsetenv("CUDA_VISIBLE_DEVICES");
  setenv("OMPI_COMM_WORLD_LOCAL_RANK", "3", 1);
  EXPECT_EQ(rank_on_host(), 3U);
  unsetenv("OMPI_COMM_WORLD_LOCAL_RANK");
}

}  // namespace
}  // namespace fairsweep::apps
