// docs/importing.md says everything that the catalogue of importers has, and its examples are read.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>
#include <vector>

#include "tests/workers/data/importers/import_fixture.hpp"
#include "workers/data/importers/record_mapping.hpp"

namespace fairsweep {
namespace {

using testing::HasSubstr;
using testing_support::read_bytes;
using testing_support::request_for;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

const std::string k_page = read_bytes(FAIRSWEEP_SOURCE_DIR "/docs/importing.md");

/// The part of the page under the heading that is about an importer.
std::string section_of(const Importer& importer) {
  const std::string first = importer.name.substr(0, importer.name.find('-'));
  std::string heading = "\n## " + first + "\n";
  heading[4] = static_cast<char>(std::toupper(static_cast<unsigned char>(heading[4])));
  std::size_t begin = k_page.find(heading);
  if (begin == std::string::npos) {  // an abbreviation is written in capitals
    for (char& letter : heading) {
      letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    begin = k_page.find(heading);
  }
  EXPECT_NE(begin, std::string::npos) << "there is no section about " << importer.name;
  return begin == std::string::npos ? "" : k_page.substr(begin, k_page.find("\n## ", begin + 1) - begin);
}

void expect_named(const Importer& importer) {
  EXPECT_THAT(k_page, HasSubstr("`" + importer.name + "`"));
  const std::string section = section_of(importer);
  for (const auto* names : {&importer.roles, &importer.list_roles, &importer.meanings}) {
    for (const std::string& name : *names) {
      EXPECT_THAT(section, HasSubstr("`" + name + "`")) << importer.name;
    }
  }
  for (const ImporterOption& option : importer.options) {
    EXPECT_THAT(section, testing::ContainsRegex("--" + option.name + "[ `]")) << importer.name;
    for (const std::string& word : option.words) {
      EXPECT_THAT(section, testing::ContainsRegex("[ `]" + word + "`")) << importer.name << " --" << option.name;
    }
  }
}

TEST(ImportingPage, NamesEveryRoleMeaningAndOption) {
  ASSERT_GE(importer_catalogue().size(), 7U);
  for (const Importer& importer : importer_catalogue()) {
    expect_named(importer);
  }
}

std::vector<std::string> blocks_in(const std::string& text, const std::string& opening) {
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find("\n```", at)) {
    at = text.find(opening, at);
    if (at == std::string::npos) {
      break;
    }
    at += opening.size();
    blocks.push_back(text.substr(at, text.find("```", at) - at));
    at = text.find("```", at);
  }
  return blocks;
}

TEST(ImportingPageExamples, TheMappingIsRead) {
  const std::vector<std::string> mappings = blocks_in(k_page, "\n```yaml\n");
  ASSERT_EQ(mappings.size(), 1U);
  const Importer& rankings = testing_support::importer_named("rankings");
  const RecordMapping mapping =
      read_record_mapping_text(mappings.front(), "page", rankings.roles, {"missing"}, rankings.list_roles);
  EXPECT_EQ(mapping.fields.at("user"), "person");
  EXPECT_EQ(mapping.field_lists.at("items").size(), 3U);
  EXPECT_EQ(mapping.candidates->spellings.at("Arancini"), "Arancine");
}

TEST(ImportingPageExamples, TheInputsAreRead) {
  const std::vector<std::pair<std::string, std::vector<std::int64_t>>> expected{
      {"pairs-jsonl", {2}}, {"rankings", {2, 1}}, {"ratings", {1}}, {"votes", {2, 3}}, {"scores", {100}}, {"dsp", {4}}};
  for (const auto& [name, comparisons] : expected) {
    const TemporaryFolder folder;
    std::vector<std::string> inputs = blocks_in(section_of(testing_support::importer_named(name)), "\n```\n");
    ASSERT_EQ(inputs.size(), comparisons.size()) << name;
    for (std::size_t input = 0; input < inputs.size(); ++input) {
      SCOPED_TRACE(name + ", input " + std::to_string(input));
      const bool lines = inputs[input].front() == '{';
      const std::string file = lines ? "t.jsonl" : name == "dsp" ? "t.json" : "t.csv";
      if (lines) {  // the last line belongs into a file of its own, as the page says
        const std::size_t last = inputs[input].rfind("{\"user\"");
        write_bytes(folder / "alone.jsonl", inputs[input].substr(last));
        ImportRequest alone = request_for(name, {folder / "alone.jsonl"});
        alone.features.text = true;
        EXPECT_EQ(import_to_memory(alone).comparison_ranked, std::vector<std::int32_t>{0});
        inputs[input].resize(last);
      }
      write_bytes(folder / file, inputs[input]);
      write_bytes(folder / "e.csv", "id,x\nsoup,1\nbread,2\ncake,3\na,1\nb,2\n");
      ImportRequest request = request_for(name, {folder / file});
      request.features.text = lines || name == "dsp";
      if (name == "scores") {
        write_bytes(folder / "m.yaml", "values: {criteria: [helpful, concise], features: [length]}\n");
        request.mapping = folder / "m.yaml";
      }
      if (name == "rankings" || name == "ratings") {
        request.features.embeddings = folder / "e.csv";
      }
      EXPECT_EQ(import_to_memory(request).comparison_count(), comparisons[input]);
    }
  }
}

}  // namespace
}  // namespace fairsweep
