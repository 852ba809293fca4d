// Damaged inputs of every importer: data that keep the rules of the format, or one UserError; never a crash, a hang, or
// anything left on the disk. FAIRSWEEP_FUZZ_RUNS sets the number of inputs of each importer, FAIRSWEEP_FUZZ_SEED the
// first seed, FAIRSWEEP_FUZZ_IMPORTER one importer alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/workers/data/importers/import_fixture.hpp"
#include "workers/data/importers/choice_mapping.hpp"
#include "workers/data/importers/import_choices.hpp"

namespace fairsweep {
namespace {

using testing_support::request_for;
using testing_support::TemporaryFolder;
using testing_support::write_bytes;

/// A valid input: files by name (the first is given on the command line, others lie beside it), a mapping, options.
struct Seed {
  std::vector<std::pair<std::string, std::string>> files;
  std::string mapping;
  std::map<std::string, std::string> options;
  bool needs_texts = false;  ///< nothing but features of text can be made of it
};

const std::string k_people = "id;sex;mood\nann;f;good\nbob;m;bad\ncl\xC3\xA9o;f;\n";
const std::string k_items =
    "name,cost,kind,words\na,1,x,an apple\nb,2,y,\"a \"\"red\"\"\nbus\"\nc,3,x,a car\nd,4,y,dog\n";
const std::string k_parts =
    "about: {name: n, source: s, licence: l}\n"
    "join: [{file: people.csv, on: user, key: id, delimiter: ';'}]\n"
    "attributes: {sex: {column: sex}}\n"
    "comparison_attributes: {mood: {column: mood}}\n"
    "candidates: {file: items.csv, key: name, text: words, features: [{column: cost, kind: numeric}, {column: kind, "
    "kind: categorical}]}\n";

/// Inputs of an importer; its catalogue entry without any fails the test below.
const std::map<std::string, std::vector<Seed>>& seeds() {
  static const std::map<std::string, std::vector<Seed>> all{
      {"pairs-jsonl",
       {{{{"t.jsonl",
           "{\"user\":\"ann\",\"prompt\":\"why?\",\"chosen\":\"so\",\"rejected\":\"hm\",\"time\":100}\n"
           "{\"user\":\"bob\",\"prompt\":[{\"role\":\"user\",\"content\":\"h\\u00f6w?\"}],\"chosen\":[{\"role\":"
           "\"user\","
           "\"content\":\"q\"},{\"role\":\"assistant\",\"content\":\"x\"}],\"rejected\":\"y\",\"time\":\"2016-05-01\"}"
           "\n"}},
         "",
         {},
         true},
        {{{"t.jsonl",
           "{\"user\":\"ann\",\"first_id\":\"a\",\"second_id\":\"b\",\"label\":\"a\",\"weight\":2}\n"
           "{\"user\":\"bob\",\"first_id\":\"c\",\"second_id\":\"b\",\"label\":\"tie\",\"weight\":0.5}\n"},
          {"people.csv", k_people},
          {"items.csv", k_items}},
         k_parts,
         {}}}},
      {"pairs-csv",
       {{{{"t.csv",
           "user,context,chosen_id,rejected_id,weight,time\nann,q,a,b,1,100\nbob,q,\"c\",a,2.5,2016-05-01T10:00:00Z\n"
           "\"cl\xC3\xA9o\",r,a,b,1,7\n"},
          {"people.csv", k_people},
          {"items.csv", k_items}},
         k_parts,
         {}},
        {{{"t.csv", "user,prompt,chosen,rejected\nann,why?,\"so, so\",hm\nbob,how?,\"x\ny\",z\n"}}, "", {}, true}}},
      {"rankings",
       {{{{"t.csv", "user,context,1st,2nd,3rd\nann,q,a,b/c,d\nbob,r,c,a,\n\"cl\xC3\xA9o\",q,b,,\n"},
          {"people.csv", k_people},
          {"items.csv", k_items}},
         k_parts,
         {{"tie-separator", "/"}, {"unlisted", "worse"}}},
        {{{"t.csv",
           "user,context,ranking,item,rank,weight\nann,q,1,a,1,1\nbob,q,1,b,2,2\nann,q,1,c,1.5,1\nbob,q,1,a,2,2\n"},
          {"people.csv", k_people},
          {"items.csv", k_items}},
         k_parts,
         {{"best", "highest"}, {"ties", "keep"}}},
        {{{"t.jsonl",
           "{\"user\":\"ann\",\"order\":[\"b\",\"a\"],\"time\":3}\n{\"user\":\"bob\",\"order\":[\"a\",\"b\"]}\n"}},
         "about: {name: n, source: s, licence: l}\nfields: {items: [order.*]}\n",
         {{"cells", "texts"}},
         true}}},
      {"ratings",
       {{{{"t.csv",
           "user,context,item,rating,timestamp,if_chosen\nann,q,a,2,100,True\nbob,q,a,1,,False\nann,q,b,2,50,False\n"
           "ann,q,c,4.5,9,\nbob,q,b,-9e3,10,True\n"},
          {"people.csv", k_people},
          {"items.csv", k_items}},
         k_parts,
         {{"tie-within", "0.5"}, {"pairs", "2"}}},
        {{{"t.jsonl",
           "{\"prompt\":\"why?\",\"answers\":[{\"response\":\"so\",\"rating\":7},{\"response\":\"hm\",\"rating\":8.5}]}"
           "\n"
           "{\"prompt\":\"how?\",\"answers\":[{\"response\":\"x\",\"rating\":1},{\"response\":\"y\"}]}\n"}},
         "about: {name: n, source: s, licence: l}\nfields: {answers: [answers.*]}\n",
         {{"pairs", "adjacent"}},
         true}}},
      {"votes",
       {{{{"t.csv", "timestamp,comment-id,voter-id,vote\n100,a,0,1\n200,b,1,-1\n300,a,1,0\n400,c,0,\n500,d,2,1.0\n"},
          {"items.csv", k_items}},
         "about: {name: n, source: s, licence: l}\ncandidates: {file: items.csv, key: name, text: words}\n",
         {}},
        {{{"t.csv",
           "participant,group-id,n-comments,n-votes,n-agree,n-disagree,7,9\n0,0,3,2,1,0,1,0\n1,1,0,1,0,1,-1,\n"}},
         "about: {name: n, source: s, licence: l}\nattributes: {group: {column: group-id}}\n",
         {{"passes", "drop"}}}}},
      {"scores",
       {{{{"t.csv",
           "prompt_id,item,good,short,length\nq,a,1,3,10\nq,b,2,2,20\nq,c,3,3,30\nr,a,0,9,5\nr,b,5.5,-9e2,6\n"}},
         "about: {name: n, source: s, licence: l}\nvalues: {criteria: [good, short], features: [length, good]}\n",
         {{"people", "5"}, {"ties", "keep"}, {"user-features", "weights"}}},
        {{{"t.csv", "prompt,text,good,short\nwhy?,\"so, so\",1,3\nwhy?,hm,2,2\nhow?,x,3,3\nhow?,y,0,9\n"}},
         "about: {name: n, source: s, licence: l}\nvalues: {criteria: [good, short], minority_criteria: [short]}\n",
         {{"people", "5"}, {"population", "mixture"}, {"pairs", "2"}},
         true}}},
      {"dsp",
       {{{{"t.json",
           "[{\"query\": \"Q1\", \"responses\": {\"law\": \"l one\", \"art\": \"a one\", \"normal\": \"n one\"}},\n"
           " {\"query\": \"Q2\", \"responses\": {\"law\": \"same\", \"art\": \"same\", \"normal\": \"\"}}]"}},
         "",
         {},
         true},
        {{{"t.json",
           "[{\"query\": \"Q1\", \"responses\": {\"law\": \"l one\", \"art\": \"a one\"}},\n"
           " {\"query\": \"Q2\", \"responses\": {\"law\": \"x\", \"art\": \"y\"}}]"}},
         "about: {name: n, source: s, licence: l}\n",
         {{"people", "4"}, {"queries", "1"}},
         true}}},
  };
  return all;
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What goes wrong in text files: bytes, cut ends, other encodings, moved and doubled pieces, huge fields, bad words.
std::string mutated(std::string text, std::mt19937_64& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  static const std::array<std::string, 26> pieces{"\"",          ",",    "\n",   "\r\n",    "\r",
                                                  ";",           "\t",   "{",    "}",       "[",
                                                  "]",           ":",    "\\",   "\\u0000", "\\ud800",
                                                  "\xFF\xFE",    "\xE9", "\xC3", "nan",     "-1e999",
                                                  "1e39",        "0",    "",     "null",    std::string(1, '\0'),
                                                  "\xEF\xBB\xBF"};
  const std::size_t changes = 1 + below(4);
  for (std::size_t change = 0; change < changes; ++change) {
    const std::size_t at = below(text.size() + 1);
    switch (below(12)) {
      case 0:
        text.resize(at);
        break;
      case 1:
      case 2:
      case 3:
        text.insert(at, pieces.at(below(pieces.size())));
        break;
      case 4:
        if (at < text.size()) {
          text[at] = static_cast<char>(random());
        }
        break;
      case 5:
        text.erase(at, 1 + below(8));
        break;
      case 6:
      case 7: {  // a piece of it somewhere else: doubled records and columns
        const std::string piece = text.substr(at, 1 + below(40));
        text.insert(below(text.size() + 1), piece);
        break;
      }
      case 8: {  // a whole line again
        const std::size_t begin = text.rfind('\n', at == 0 ? 0 : at - 1);
        const std::size_t from = begin == std::string::npos ? 0 : begin + 1;
        const std::size_t end = std::min(text.find('\n', from), text.size());
        text.insert(from, text.substr(from, end - from) + "\n");
        break;
      }
      case 9:  // a field too large for anybody; rarely, because it takes long
        text.insert(at, std::string(below(200) == 0 ? (std::size_t{1} << 20U) + 10 : 1 + below(3000), 'x'));
        break;
      case 10: {  // another encoding
        std::string wide = below(2) == 0 ? "\xFF\xFE" : "";
        for (const char byte : text) {
          wide += byte;
          wide += '\0';
        }
        text = below(4) == 0 ? wide : text;
        break;
      }
      default: {
        std::replace(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), ',', below(2) == 0 ? ';' : '\t');
        break;
      }
    }
  }
  return text;
}

std::string random_bytes(std::mt19937_64& random) {
  std::string bytes(random() % 300, ' ');
  for (char& byte : bytes) {
    byte = static_cast<char>(random());
  }
  return bytes;
}

struct Counts {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;
};

void import_one(const Importer& importer, const Seed& seed, std::mt19937_64& random, Counts& counts) {
  const TemporaryFolder folder;
  // Tables that a mapping names are damaged as often as what they belong to, now and then all of them.
  const bool all = random() % 16 == 0;
  const std::size_t damaged = random() % seed.files.size();
  for (std::size_t file = 0; file < seed.files.size(); ++file) {
    const std::string& text = seed.files[file].second;
    write_bytes(folder / seed.files[file].first, !all && file != damaged ? text
                                                 : random() % 50 == 0    ? random_bytes(random)
                                                                         : mutated(text, random));
  }
  std::string ids = "id,x\n";
  for (const char* id : {"a", "b", "c", "d", "7", "9"}) {
    ids += std::string(id) + ",1\n";
  }
  ImportRequest request = request_for(importer.name, {folder / seed.files.front().first});
  if (random() % 8 == 0) {
    request.arguments.files.push_back(request.arguments.files.front());
  }
  for (const ImporterOption& option : importer.options) {
    if (const auto chosen = seed.options.find(option.name); chosen != seed.options.end()) {
      request.arguments.options[option.name] = chosen->second;
    }
    if (!option.words.empty() && random() % 3 == 0) {
      request.arguments.options[option.name] = option.words[random() % option.words.size()];
    }
  }
  if (!seed.mapping.empty()) {
    write_bytes(folder / "m.yaml", random() % 16 == 0 ? mutated(seed.mapping, random) : seed.mapping);
    request.mapping = folder / "m.yaml";
  }
  request.options.skip_errors = random() % 2 == 0;
  request.features.text = seed.needs_texts || random() % 4 == 0;
  request.features.text_dimensions = 2;
  if (!seed.needs_texts && random() % 4 == 0) {
    write_bytes(folder / "e.csv", ids);
    request.features.embeddings = folder / "e.csv";
  }
  const std::size_t files = folder.files();
  try {
    if (random() % 8 == 0) {
      EXPECT_NE(preview_text(preview(request, 3)) + preview_json(preview(request, 3)), "");
    }
    const PreferenceData data = import_to_memory(request);
    EXPECT_EQ(problems_of(data), std::vector<std::string>());
    ++counts.accepted;
    // Now and then all the way to the disk.
    if (random() % 16 == 0) {
      (void)import_to_file(request, folder / "data.h5");
      EXPECT_EQ(folder.files(), files + 1);
    } else {
      EXPECT_EQ(folder.files(), files);
    }
  } catch (const UserError& error) {
    ++counts.refused;
    EXPECT_NE(std::string(error.what()), "");
    EXPECT_TRUE(error.code() == ExitCode::file || error.code() == ExitCode::configuration) << error.what();
    if (random() % 16 == 0) {
      EXPECT_THROW((void)import_to_file(request, folder / "data.h5"), UserError);
    }
    EXPECT_EQ(folder.files(), files);
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

TEST(ImportFuzz, EveryImporterHasInputs) {
  for (const Importer& importer : importer_catalogue()) {
    EXPECT_TRUE(seeds().contains(importer.name)) << importer.name << " has no input in seeds() of this file";
  }
}

TEST(ImportFuzz, TheInputsAreGoodAsTheyAre) {
  for (const auto& [name, inputs] : seeds()) {
    for (std::size_t input = 0; input < inputs.size(); ++input) {
      SCOPED_TRACE(name + ", input " + std::to_string(input));
      const TemporaryFolder folder;
      for (const auto& [file, text] : inputs[input].files) {
        write_bytes(folder / file, text);
      }
      ImportRequest request = request_for(name, {folder / inputs[input].files.front().first});
      for (const auto& [option, value] : inputs[input].options) {
        request.arguments.options.at(option) = value;
      }
      if (!inputs[input].mapping.empty()) {
        write_bytes(folder / "m.yaml", inputs[input].mapping);
        request.mapping = folder / "m.yaml";
      }
      request.features.text = inputs[input].needs_texts;
      EXPECT_EQ(problems_of(import_to_memory(request)), std::vector<std::string>());
    }
  }
}

TEST(ImportFuzz, DamagedInputs) {
  const std::uint64_t runs = number_from("FAIRSWEEP_FUZZ_RUNS", 300);
  const std::uint64_t first_seed = number_from("FAIRSWEEP_FUZZ_SEED", 1);
  const char* only = std::getenv("FAIRSWEEP_FUZZ_IMPORTER");
  for (const Importer& importer : importer_catalogue()) {
    if (only != nullptr && importer.name != only) {
      continue;
    }
    Counts counts;
    const std::vector<Seed>& inputs = seeds().at(importer.name);
    for (std::uint64_t seed = first_seed; seed < first_seed + runs; ++seed) {
      SCOPED_TRACE(importer.name + ", seed " + std::to_string(seed));
      std::mt19937_64 random(seed);
      import_one(importer, inputs[random() % inputs.size()], random, counts);
      if (testing::Test::HasFailure()) {
        return;  // one seed to look at is enough
      }
    }
    std::cout << importer.name << ": " << runs << " inputs from seed " << first_seed << ": " << counts.accepted
              << " accepted, " << counts.refused << " refused\n";
    EXPECT_GT(counts.accepted, runs / 20);
    EXPECT_GT(counts.refused, runs / 20);
  }
}

const std::string k_choice_mapping =
    "about: {name: n, source: s, licence: l}\nuser: id\nchoice: took\nmissing_choices: [0]\nweight: w\n"
    "user_features: [{column: age, kind: numeric}, {column: job, kind: categorical}]\n"
    "attributes: {card: {column: card, labels: {n: none, y: has}}}\n"
    "alternatives:\n"
    "  - {name: bus, code: 1, features: {time: {column: bus, scale: 0.1}, fare: {column: fare, zero_where: {column: "
    "card, codes: [y]}}}}\n"
    "  - {name: walk, code: 2, available: can, features: {fare: 0, time: {column: walk}}}\n"
    "  - {name: stay, code: 3, features: {time: 0, fare: -1.5}}\n"
    "alternative_constants: true\n";
const std::string k_choice_table =
    "id,took,w,age,job,card,bus,fare,walk,can\nb,1,1,30,10,n,12,3,40,1\nb,2,0.5,30,10,n,10,2,5,1\n"
    "a,3,1,41,2,y,10,2,5,0\na,0,1,41,2,y,10,2,5,1\nc,1,2,20,2,,10,2,5,0\n";

TEST(ImportFuzz, DamagedTablesOfChoices) {
  const std::uint64_t runs = number_from("FAIRSWEEP_FUZZ_RUNS", 300);
  const std::uint64_t first_seed = number_from("FAIRSWEEP_FUZZ_SEED", 1);
  const char* only = std::getenv("FAIRSWEEP_FUZZ_IMPORTER");
  if (only != nullptr && std::string(only) != "choices") {
    GTEST_SKIP() << "FAIRSWEEP_FUZZ_IMPORTER is " << only;
  }
  Counts counts;
  for (std::uint64_t seed = first_seed; seed < first_seed + runs && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("choices, seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const TemporaryFolder folder;
    const bool damage_mapping = random() % 4 == 0;
    write_bytes(folder / "t.csv", damage_mapping ? k_choice_table : mutated(k_choice_table, random));
    const std::string mapping = damage_mapping ? mutated(k_choice_mapping, random) : k_choice_mapping;
    ImportOptions options;
    options.skip_errors = random() % 2 == 0;
    try {
      const ChoiceMapping read = read_choice_mapping_text(mapping, "m.yaml");
      if (random() % 4 == 0) {
        EXPECT_LE(preview_choices(folder / "t.csv", read, options, 2).comparisons.size(), 2U);
      }
      EXPECT_EQ(problems_of(import_choices(folder / "t.csv", read, options).data), std::vector<std::string>());
      ++counts.accepted;
    } catch (const UserError& error) {
      ++counts.refused;
      EXPECT_TRUE(error.code() == ExitCode::file || error.code() == ExitCode::configuration) << error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  std::cout << "choices: " << runs << " inputs from seed " << first_seed << ": " << counts.accepted << " accepted, "
            << counts.refused << " refused\n";
  EXPECT_GT(counts.accepted, runs / 20);
  EXPECT_GT(counts.refused, runs / 20);
}

}  // namespace
}  // namespace fairsweep
