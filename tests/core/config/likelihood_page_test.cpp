#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "core/config/likelihood_schema.hpp"
#include "core/config/schema.hpp"

namespace fairsweep {
namespace {

using Names = std::set<std::string>;

std::string page() {
  std::ifstream file(std::string(FAIRSWEEP_SOURCE_DIR) + "/docs/methods/likelihoods.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Names in backquotes in the first column of the row that says what its methods read.
Names methods_of_row(const std::string& reads) {
  const std::string text = page();
  const std::size_t place = text.find("| " + reads);
  EXPECT_NE(place, std::string::npos) << reads;
  const std::size_t begin = text.rfind('\n', place) + 1;
  const std::string cell = text.substr(begin, place - begin);
  Names names;
  // By hand: under the sanitizers g++ 12 takes std::regex for uninitialised.
  for (std::size_t open = cell.find('`'); open != std::string::npos;) {
    const std::size_t close = cell.find('`', open + 1);
    EXPECT_NE(close, std::string::npos) << cell;
    if (close == std::string::npos)
      break;
    names.insert(cell.substr(open + 1, close - open - 1));
    open = cell.find('`', close + 1);
  }
  return names;
}

TEST(LikelihoodPage, SaysWhichMethodsGoWithWhichLikelihoods) {
  EXPECT_EQ(methods_of_row("scores, those of earlier stages included"),
            Names(methods_that_read_scores().begin(), methods_that_read_scores().end()));
  EXPECT_EQ(methods_of_row("margins, as log-odds"),
            Names(methods_that_read_margins().begin(), methods_that_read_margins().end()));
}

TEST(LikelihoodPage, HasASectionForEveryLikelihood) {
  for (const std::string& word : find_field("model.likelihood")->words)
    EXPECT_NE(page().find("\n## " + word + "\n"), std::string::npos) << word;
}

}  // namespace
}  // namespace fairsweep
