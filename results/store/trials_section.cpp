#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "results/store/sections.hpp"
#include "results/store/stored_text.hpp"

namespace fairsweep::store {
namespace {

/// One column: what `of` says about each item.
template <typename Item, typename Of>
auto column(const std::vector<Item>& items, Of of) {
  std::vector<std::decay_t<decltype(of(items.front()))>> values;
  values.reserve(items.size());
  for (const Item& item : items)
    values.push_back(of(item));
  return values;
}

template <typename T>
void write_numbers(hdf5::FileWriter& file, const std::string& path, const std::vector<T>& values, const char* row) {
  file.write(path, values, {values.size()}, {.deflate = 1});
  file.name_dimensions(path, {row});
}

void write_names(hdf5::FileWriter& file, const std::string& path, const std::vector<std::string>& values,
                 const char* row) {
  file.write_texts(path, values, {values.size()}, {.deflate = 1});
  file.name_dimensions(path, {row});
}

std::vector<std::string> read_names(hdf5::FileReader& file, const std::string& path, std::size_t count) {
  std::vector<std::string> texts = file.read_texts(path);
  if (texts.size() != count)
    file.refuse(path, "has to have " + std::to_string(count) + " entries like its neighbours");
  return texts;
}

TrialState read_state(hdf5::FileReader& file, const std::string& text) {
  for (const TrialState state :
       {TrialState::pending, TrialState::running, TrialState::reported, TrialState::failed, TrialState::elsewhere}) {
    if (text == to_text(state))
      return state;
  }
  file.refuse("/trials/state", "has to say pending, running, reported, failed or elsewhere, not \"" + text + "\"");
}

TrialRecord& trial_of(hdf5::FileReader& file, const std::string& path, RunRecord& record, std::uint32_t id) {
  const auto place = std::ranges::lower_bound(record.trials, TrialId{id}, {}, &TrialRecord::id);
  if (place == record.trials.end() || place->id.value != id) {
    file.refuse(path, "names trial " + std::to_string(id) + ", which is not in /trials");
  }
  return *place;
}

struct OwnedArtefact {
  std::uint32_t trial;
  const Artefact* artefact;
};

void write_artefacts(hdf5::FileWriter& file, const RunRecord& record) {
  std::vector<OwnedArtefact> all;
  for (const TrialRecord& trial : record.trials) {
    for (const Artefact& artefact : trial.artefacts)
      all.push_back({trial.id.value, &artefact});
  }
  file.create_group("/artefacts");
  write_numbers(file, "/artefacts/trial", column(all, [](const OwnedArtefact& a) { return a.trial; }), "artefact");
  write_names(file, "/artefacts/name", column(all, [](const OwnedArtefact& a) { return storable(a.artefact->name); }),
              "artefact");
  write_names(file, "/artefacts/digest",
              column(all, [](const OwnedArtefact& a) { return storable(a.artefact->digest); }), "artefact");
}

void read_artefacts(hdf5::FileReader& file, RunRecord& record) {
  const auto trials = file.read<std::uint32_t>("/artefacts/trial");
  const auto names = read_names(file, "/artefacts/name", trials.size());
  const auto digests = read_names(file, "/artefacts/digest", trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i) {
    trial_of(file, "/artefacts/trial", record, trials[i]).artefacts.push_back({names[i], digests[i]});
  }
}

struct OwnedNote {
  std::uint32_t trial;
  const std::pair<const std::string, double>* note;
};

void write_notes(hdf5::FileWriter& file, const RunRecord& record) {
  std::vector<OwnedNote> all;
  for (const TrialRecord& trial : record.trials) {
    for (const auto& note : trial.notes)
      all.push_back({trial.id.value, &note});
  }
  file.create_group("/notes");
  write_numbers(file, "/notes/trial", column(all, [](const OwnedNote& n) { return n.trial; }), "note");
  write_names(file, "/notes/name", column(all, [](const OwnedNote& n) { return storable(n.note->first); }), "note");
  write_numbers(file, "/notes/value", column(all, [](const OwnedNote& n) { return n.note->second; }), "note");
}

/// Files written before there were notes have none.
void read_notes(hdf5::FileReader& file, RunRecord& record) {
  if (!file.exists("/notes"))
    return;
  const auto trials = file.read<std::uint32_t>("/notes/trial");
  const auto names = read_names(file, "/notes/name", trials.size());
  const auto values = file.read<double>("/notes/value", {trials.size()});
  for (std::size_t i = 0; i < trials.size(); ++i)
    trial_of(file, "/notes/trial", record, trials[i]).notes[names[i]] = values[i];
}

struct OwnedWord {
  std::uint32_t trial;
  const std::pair<const std::string, std::string>* word;
};

void write_words(hdf5::FileWriter& file, const RunRecord& record) {
  std::vector<OwnedWord> all;
  for (const TrialRecord& trial : record.trials) {
    for (const auto& word : trial.words)
      all.push_back({trial.id.value, &word});
  }
  file.create_group("/words");
  write_numbers(file, "/words/trial", column(all, [](const OwnedWord& w) { return w.trial; }), "word");
  write_names(file, "/words/name", column(all, [](const OwnedWord& w) { return storable(w.word->first); }), "word");
  write_names(file, "/words/text", column(all, [](const OwnedWord& w) { return storable(w.word->second); }), "word");
}

/// Files written before there were words have none.
void read_words(hdf5::FileReader& file, RunRecord& record) {
  if (!file.exists("/words"))
    return;
  const auto trials = file.read<std::uint32_t>("/words/trial");
  const auto names = read_names(file, "/words/name", trials.size());
  const auto texts = read_names(file, "/words/text", trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i)
    trial_of(file, "/words/trial", record, trials[i]).words[names[i]] = texts[i];
}

void write_failures(hdf5::FileWriter& file, const RunRecord& record) {
  std::vector<TrialFailure> all;
  for (const TrialRecord& trial : record.trials) {
    for (const TrialFailure& failure : trial.failures) {
      all.push_back(failure);
      all.back().trial = trial.id;
    }
  }
  const char* row = "failure";
  file.create_group("/failures");
  write_numbers(file, "/failures/trial", column(all, [](const TrialFailure& f) { return f.trial.value; }), row);
  write_names(file, "/failures/stage", column(all, [](const TrialFailure& f) { return storable(f.stage); }), row);
  write_names(file, "/failures/reason", column(all, [](const TrialFailure& f) { return storable(f.reason); }), row);
  write_numbers(file, "/failures/signal", column(all, [](const TrialFailure& f) { return f.signal; }), row);
  write_numbers(file, "/failures/exit_code", column(all, [](const TrialFailure& f) { return f.exit_code; }), row);
  write_numbers(file, "/failures/retryable",
                column(all, [](const TrialFailure& f) { return static_cast<std::uint8_t>(f.retryable ? 1 : 0); }), row);
  write_long_texts(file, "/failures/message", column(all, [](const TrialFailure& f) { return f.message; }));
  write_long_texts(file, "/failures/log_tail", column(all, [](const TrialFailure& f) { return f.log_tail; }));
}

void read_failures(hdf5::FileReader& file, RunRecord& record) {
  const auto trials = file.read<std::uint32_t>("/failures/trial");
  const hdf5::Shape shape{trials.size()};
  const auto stages = read_names(file, "/failures/stage", trials.size());
  const auto reasons = read_names(file, "/failures/reason", trials.size());
  const auto signals = file.read<std::int32_t>("/failures/signal", shape);
  const auto exit_codes = file.read<std::int32_t>("/failures/exit_code", shape);
  const auto retryable = file.read<std::uint8_t>("/failures/retryable", shape);
  const auto messages = read_long_texts(file, "/failures/message");
  const auto log_tails = read_long_texts(file, "/failures/log_tail");
  if (messages.size() != trials.size() || log_tails.size() != trials.size()) {
    file.refuse("/failures", "has to have columns of one length");
  }
  for (std::size_t i = 0; i < trials.size(); ++i) {
    TrialRecord& trial = trial_of(file, "/failures/trial", record, trials[i]);
    trial.failures.push_back(
        {trial.id, stages[i], reasons[i], messages[i], signals[i], exit_codes[i], retryable[i] != 0, log_tails[i]});
  }
}

}  // namespace

void write_trials(hdf5::FileWriter& file, const RunRecord& record) {
  const auto& trials = record.trials;
  const char* row = "trial";
  file.create_group("/trials");
  write_numbers(file, "/trials/id", column(trials, [](const TrialRecord& t) { return t.id.value; }), row);
  write_numbers(file, "/trials/configuration",
                column(trials, [](const TrialRecord& t) { return t.configuration.value; }), row);
  write_numbers(file, "/trials/replicate", column(trials, [](const TrialRecord& t) { return t.replicate; }), row);
  write_names(file, "/trials/state", column(trials, [](const TrialRecord& t) { return std::string(to_text(t.state)); }),
              row);
  write_numbers(file, "/trials/attempts", column(trials, [](const TrialRecord& t) { return t.attempts; }), row);
  write_numbers(file, "/trials/seconds", column(trials, [](const TrialRecord& t) { return t.seconds; }), row);
  file.set_text("/trials/seconds", "unit", "s");
  write_numbers(file, "/trials/epochs", column(trials, [](const TrialRecord& t) { return t.epochs; }), row);
  write_numbers(file, "/trials/worker", column(trials, [](const TrialRecord& t) { return t.worker; }), row);
  write_names(file, "/trials/host", column(trials, [](const TrialRecord& t) { return storable(t.host); }), row);
  write_names(file, "/trials/device", column(trials, [](const TrialRecord& t) { return storable(t.device); }), row);
  write_artefacts(file, record);
  write_notes(file, record);
  write_words(file, record);
  write_failures(file, record);
}

void read_trials(hdf5::FileReader& file, RunRecord& record) {
  const auto ids = file.read<std::uint32_t>("/trials/id");
  const std::size_t count = ids.size();
  const auto configurations = file.read<std::uint32_t>("/trials/configuration", {count});
  const auto replicates = file.read<std::uint32_t>("/trials/replicate", {count});
  const auto states = read_names(file, "/trials/state", count);
  const auto attempts = file.read<std::uint32_t>("/trials/attempts", {count});
  const auto seconds = file.read<double>("/trials/seconds", {count});
  const auto epochs = file.read<std::uint32_t>("/trials/epochs", {count});
  const auto workers = file.read<std::uint32_t>("/trials/worker", {count});
  const auto hosts = read_names(file, "/trials/host", count);
  const auto devices = read_names(file, "/trials/device", count);
  record.trials.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && ids[i] <= ids[i - 1])
      file.refuse("/trials/id", "has to rise from entry to entry");
    if (!std::ranges::binary_search(record.configurations, ConfigurationId{configurations[i]}, {},
                                    &Configuration::id)) {
      file.refuse("/trials/configuration",
                  "names configuration " + std::to_string(configurations[i]) + ", which is not in /configurations");
    }
    TrialRecord& trial = record.trials[i];
    trial.id.value = ids[i];
    trial.configuration.value = configurations[i];
    trial.replicate = replicates[i];
    trial.state = read_state(file, states[i]);
    trial.attempts = attempts[i];
    trial.seconds = seconds[i];
    trial.epochs = epochs[i];
    trial.worker = workers[i];
    trial.host = hosts[i];
    trial.device = devices[i];
  }
  read_artefacts(file, record);
  read_notes(file, record);
  read_words(file, record);
  read_failures(file, record);
}

}  // namespace fairsweep::store
