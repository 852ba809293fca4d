#include "orchestrator/apps/job_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "core/diagnostics/errors.hpp"
#include "orchestrator/apps/child_program.hpp"

namespace fairsweep::apps {
namespace {

TEST(ShellWord, PlainWordsStayAsTheyAre) {
  EXPECT_EQ(shell_word("runs/a-b_c.yaml"), "runs/a-b_c.yaml");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
}

TEST(ShellWord, BashReadsBackWhatWasMeant) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string letters = "ab '\"\\$`!*?~#&|;<>(){}[]\t%-=";
  for (int i = 0; i < 50; ++i) {
    std::string word(random() % 12, ' ');
    std::generate(word.begin(), word.end(), [&] { return letters[random() % letters.size()]; });
    const ProgramOutput output = output_of({"bash", "-c", "printf %s " + shell_word(word)});
    EXPECT_EQ(output.exit_code, 0);
    EXPECT_EQ(output.text, word);
  }
}

TEST(JobScript, ASweepOfItsOwnHasNoArguments) {
  JobRequest request;
  request.sweep = "a b.yaml";
  request.run = "runs/50%";
  request.time = "60";
  const std::string script = job_script(request);
  EXPECT_NE(script.find("sweep='a b.yaml'\n"), std::string::npos);
  EXPECT_NE(script.find("#SBATCH --output=runs/50%%-%j.out\n"), std::string::npos);
  EXPECT_EQ(script.find("${1:?"), std::string::npos);
  request.sweep.clear();
  EXPECT_NE(job_script(request).find("sweep=${1:?"), std::string::npos);
}

TEST(ChildProgram, AnswersAsAShellDoes) {
  EXPECT_EQ(output_of({"sh", "-c", "printf out; exit 7"}).exit_code, 7);
  EXPECT_EQ(output_of({"sh", "-c", "printf out; exit 7"}).text, "out");
  EXPECT_EQ(output_of({"sh", "-c", "kill -9 $$"}).exit_code, 137);
  EXPECT_THROW((void)output_of({"there_is_no_such_program"}), UserError);
}

}  // namespace
}  // namespace fairsweep::apps
