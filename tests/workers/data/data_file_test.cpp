#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/hdf5/file_writer.hpp"
#include "tests/workers/data/sample_data.hpp"
#include "tests/workers/data/temporary_folder.hpp"
#include "workers/data/preference_data.hpp"
#include "workers/data/probe.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_support::full_sample_data;
using testing_support::read_bytes;
using testing_support::refusal;
using testing_support::sample_data;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

bool run_python(const std::filesystem::path& script, const std::filesystem::path& file) {
  return std::system(("/usr/bin/python3 '" + script.string() + "' '" + file.string() + "'").c_str()) == 0;
}

bool have_h5py() { return std::system("/usr/bin/python3 -c 'import h5py' 2>/dev/null") == 0; }

/// The python block of the page, so that what people copy is what is tested.
std::string lines_of_the_page() {
  const std::string page = read_bytes(FAIRSWEEP_SOURCE_DIR "/docs/data_format.md");
  const std::string opening = "```python\n";
  const std::size_t first = page.find(opening) + opening.size();
  return page.substr(first, page.find("```", first) - first);
}

TEST(DataFile, ReadsBackWhatWasWritten) {
  const TemporaryFolder folder;
  write_data_file(folder / "data.h5", sample_data());
  EXPECT_EQ(read_data_file(folder / "data.h5"), sample_data());
  EXPECT_EQ(folder.files(), 1U);
  write_data_file(folder / "data.h5", full_sample_data());
  EXPECT_EQ(read_data_file(folder / "data.h5"), full_sample_data());
}

TEST(DataFile, EqualDataGiveEqualBytes) {
  const TemporaryFolder folder;
  write_data_file(folder / "1.h5", sample_data());
  write_data_file(folder / "2.h5", sample_data());
  EXPECT_EQ(read_bytes(folder / "1.h5"), read_bytes(folder / "2.h5"));
}

TEST(DataFile, OptionalPartsMayBeAbsent) {
  const TemporaryFolder folder;
  PreferenceData data = sample_data();
  data.user_feature_count = 0;
  data.user_features.clear();
  data.user_feature_names.clear();
  data.user_attributes.clear();
  data.ceilings.clear();
  data.about.clear();
  write_data_file(folder / "data.h5", data);
  EXPECT_EQ(read_data_file(folder / "data.h5"), data);
}

TEST(DataFile, HasTheLowestVersionThatSaysWhatItHolds) {
  if (!have_h5py()) {
    GTEST_SKIP() << "python3-h5py is not installed";
  }
  const TemporaryFolder folder;
  write_bytes(folder / "version.py",
              "import h5py, sys\nname, wanted = sys.argv[1][:-1], int(sys.argv[1][-1])\n"
              "sys.exit(int(h5py.File(name)['/'].attrs['format_version']) != wanted)\n");
  write_data_file(folder / "data.h5", sample_data());
  EXPECT_TRUE(run_python(folder / "version.py", folder / "data.h52"));
  write_data_file(folder / "data.h5", full_sample_data());
  EXPECT_TRUE(run_python(folder / "version.py", folder / "data.h53"));
}

TEST(DataFile, WritingBrokenDataIsABug) {
  const TemporaryFolder folder;
  PreferenceData data = sample_data();
  data.comparison_ranked[0] = 2;
  EXPECT_THROW(write_data_file(folder / "data.h5", data), InternalError);
  EXPECT_EQ(folder.files(), 0U);
}

TEST(DataFile, WritingWhereItCannotBeWrittenNamesTheFile) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(ExitCode::environment, [&] { write_data_file(folder / "no" / "data.h5", sample_data()); }),
              HasSubstr("data.h5"));
}

TEST(DataFile, AcceptsTheLinesOfThePage) {
  if (!have_h5py()) {
    GTEST_SKIP() << "python3-h5py is not installed";
  }
  const TemporaryFolder folder;
  write_bytes(folder / "lines.py", lines_of_the_page());
  ASSERT_TRUE(run_python(folder / "lines.py", folder / "data.h5"));
  const PreferenceData data = read_data_file(folder / "data.h5");
  EXPECT_EQ(data.comparison_count(), 3);
  EXPECT_EQ(data.comparison_candidate, (std::vector<std::int64_t>{1, 0, 0, 1, 3, 2}));
  EXPECT_EQ(data.features, (std::vector<float>{0.1F, 1, 0.7F, 0, 0.2F, 0.5F, 0.9F, 0.4F}));
  EXPECT_EQ(data.comparison_weight, (std::vector<float>{1, 1, 1}));
  EXPECT_EQ(data.comparison_repeat, (std::vector<std::int32_t>{-1, -1, -1}));
  EXPECT_EQ(data.user_attributes.at("region"), (Attribute{{"north", "south"}, {0, 1, 1}}));
  write_data_file(folder / "ours.h5", data);
  EXPECT_EQ(digest_of(read_data_file(folder / "ours.h5")), digest_of(data));
}

TEST(DataFile, RefusesWrongFilesWithThePathOfTheDataset) {
  if (!have_h5py()) {
    GTEST_SKIP() << "python3-h5py is not installed";
  }
  const TemporaryFolder folder;
  const std::string file = (folder / "data.h5").string();
  // A further line inside the page's `with` block, and the message it must lead to.
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"f.attrs['format'] = np.bytes_('other')",
       "attribute \"format\" of /: must be \"fairsweep-preferences\"; this is not a preference data file"},
      {"del f.attrs['format']",
       "attribute \"format\" of /: must be \"fairsweep-preferences\"; this is not a preference data file"},
      {"f.attrs['format_version'] = 4", "attribute \"format_version\" of /: is 4; this program reads versions 1 to 3"},
      {"f['users/links/from'] = np.array([0])", "/users/links/to: is missing"},
      {"f['users/links/form'] = np.array([0])",
       "/users/links/form: is not part of this format; did you mean \"from\"?; see docs/data_format.md"},
      {"f['users/links/from'], f['users/links/to'] = np.array([0]), np.array([3])",
       "/users/links, row 0: links user 3; there are 3 users, from 0"},
      {"f['extra'] = 1", "/extra: is not part of this format; see docs/data_format.md"},
      {"f['comparisons/wieght'] = np.ones(3)",
       "/comparisons/wieght: is not part of this format; did you mean \"weight\"?; see docs/data_format.md"},
      {"f['comparisons/weight'] = np.ones((3, 1))", "/comparisons/weight: is 3 x 1; it must have one dimension"},
      {"f['comparisons/weight'] = np.ones(3, int)", "/comparisons/weight: must hold real numbers (float32 or float64)"},
      {"f['comparisons/weight'] = np.array([1.0, 0.0, 1.0])", "/comparisons/weight, row 1: must be finite and above 0"},
      {"del f['comparisons/user']", "/comparisons/user: is missing"},
      {"del f['comparisons']", "/comparisons: is missing"},
      {"f['comparisons/user'][1] = 3", "/comparisons/user, row 1: is 3; there are 3 users, from 0"},
      {"del f['users/names']; f['users/names'] = ['a', 'b', 'c']",
       "/users/names: holds variable-length text; write fixed-width text (in numpy, dtype=\"S20\")"},
      {"del f['users/names']; f['users/names'] = np.array([1, 2, 3])", "/users/names: must hold fixed-width text"},
      {"f['users/feature_names'] = np.array([b'a'])",
       "/users/feature_names: names features, but there is no /users/features"},
      {"f['users/features'] = np.ones(3, 'f4')", "/users/features: is 3; it must be users x user features"},
      {"del f['candidates/features']; f['candidates/features'] = np.ones(8)",
       "/candidates/features: is 8; it must be candidates x features"},
      {"f['candidates/features'][1, 1] = np.nan", "/candidates/features, row 1, column 1: is not a finite number"},
      {"f['users/attributes/region/codes'][0] = 1 << 40",
       "/users/attributes/region/codes: value 0 is 1099511627776, outside int32"},
      {"f['users/attributes/x'] = 1", "/users/attributes/x: must be a group"},
      {"f['ceilings/other'] = np.ones(2)", "/ceilings/other: there is no user attribute of this name"},
      {"f.create_group('about').attrs['name'] = 'text'",
       "attribute \"name\" of /about: is variable-length text; write fixed-width text (in h5py, "
       "numpy.bytes_(\"...\"))"},
      {"f['about'] = 1", "/about: must be a group"},
  };
  std::string script;  // one start of Python makes all files
  for (std::size_t at = 0; at < wrong.size(); ++at) {
    script.append(lines_of_the_page()).append("    ").append(wrong[at].first).append("\n");
    const std::string name = "sys.argv[1]";
    script.insert(script.rfind(name) + name.size(), " + '." + std::to_string(at) + "'");
  }
  write_bytes(folder / "lines.py", script);
  ASSERT_TRUE(run_python(folder / "lines.py", file));
  for (std::size_t at = 0; at < wrong.size(); ++at) {
    const std::string made = file + "." + std::to_string(at);
    EXPECT_EQ(refusal(ExitCode::file, [&] { (void)read_data_file(made); }), made + ": " + wrong[at].second)
        << wrong[at].first;
  }
}

TEST(DataFile, RefusesWhatIsNotThereOrNotHdf5) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)read_data_file(folder / "none.h5"); }),
              HasSubstr("none.h5: there is no such file"));
  write_bytes(folder / "text.h5", "user,choice\n");
  EXPECT_THAT(refusal(ExitCode::file, [&] { (void)read_data_file(folder / "text.h5"); }),
              HasSubstr("is not a readable HDF5 file: "));
}

/// Probes that misbehave stand in for a library that does.
class Probe : public testing::Test {
 protected:
  std::string message_of(const std::string& script, double seconds, ExitCode code = ExitCode::file) {
    const auto program = folder_ / "probe.sh";
    write_bytes(program, "#!/bin/sh\n" + script + "\n");
    chmod(program.c_str(), 0700);
    return refusal(code, [&] { probe_data_file("a.h5", {program, seconds}); });
  }
  TemporaryFolder folder_;
};

TEST_F(Probe, DeathBecomesAMessage) {
  EXPECT_EQ(message_of("kill -SEGV $$", 60),
            "a.h5: is damaged: reading it crashed (signal 11); get or make the file again");
  EXPECT_EQ(message_of("kill -KILL $$", 60),
            "a.h5: is damaged: reading it crashed (signal 9); get or make the file again");
}

TEST_F(Probe, TimeRunsOut) {
  EXPECT_EQ(message_of("exec sleep 600", 0.2),
            "a.h5: is damaged, or its disk is too slow: reading it took more than 0 s");
  EXPECT_EQ(message_of("exec 1>&-; exec sleep 600", 0.2),
            "a.h5: is damaged, or its disk is too slow: reading it took more than 0 s");
}

TEST_F(Probe, SpeaksForTheFile) {
  EXPECT_EQ(message_of("printf 'a.h5: /x: is missing'; exit 4", 60), "a.h5: /x: is missing");
  EXPECT_EQ(message_of("printf 'the disk'; exit 3", 60, ExitCode::environment), "the disk");
  EXPECT_EQ(message_of("printf strange; exit 70", 60), "a.h5: is damaged: reading it ended with exit code 70: strange");
}

TEST_F(Probe, SeesNoMpiVariablesAndNoDescriptors) {
  setenv("OMPI_COMM_WORLD_RANK", "1", 1);
  setenv("PMIX_RANK", "1", 1);
  const std::string seen = message_of("env | grep -c -E '^(OMPI|PMIX)_'; ls /proc/self/fd | wc -l; exit 4", 60);
  unsetenv("OMPI_COMM_WORLD_RANK");
  unsetenv("PMIX_RANK");
  EXPECT_EQ(seen, "0\n4\n");  // three standard ones, and the folder that ls reads
}

TEST_F(Probe, ThatIsMissingIsNamed) {
  EXPECT_EQ(refusal(ExitCode::environment, [&] { probe_data_file("a.h5", {"/no/fairsweep-probe", 60}); }),
            "cannot start /no/fairsweep-probe, which opens data files first: No such file or directory; it belongs "
            "beside the program that needs it");
}

}  // namespace
}  // namespace fairsweep
