#include "workers/trainer/embedding/embed_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/diagnostics/logging.hpp"
#include "core/diagnostics/output_file.hpp"
#include "workers/trainer/embedding/embed.hpp"

namespace fairsweep {

namespace {

constexpr std::array k_poolings{Pooling::mean, Pooling::last, Pooling::first, Pooling::none};

std::vector<std::string> names_of_poolings() {
  std::vector<std::string> names;
  names.reserve(k_poolings.size());
  for (const Pooling pooling : k_poolings) {
    names.emplace_back(to_text(pooling));
  }
  return names;
}

struct EmbedArguments {
  EmbedSettings settings;
  std::string pooling;
};

// The output is refused before hours of work rather than after.
void require_ending(const std::filesystem::path& output) {
  const std::string name = output.filename().string();
  if (!name.ends_with(".h5") && !name.ends_with(".hdf5")) {
    throw UserError(ExitCode::configuration, output.string() + ": embeddings are written to a file that ends in .h5");
  }
}

void embed(EmbedSettings settings) {
  using Clock = std::chrono::steady_clock;
  constexpr auto k_between = std::chrono::seconds(10);
  require_ending(settings.output);
  const std::string name = settings.output.string();  // as it was written
  const OutputFile output(settings.output, {settings.encoder, settings.tokens, settings.mask});
  settings.output = output.path();
  const TokenisedTexts texts = read_tokens(settings.tokens, settings.mask);
  const auto log = make_logger("embed");
  Clock::time_point said = Clock::now();
  const EmbeddedTexts embedded = embed_texts(settings, texts, [&](std::int64_t done, std::int64_t all) {
    if (Clock::now() - said >= k_between) {
      said = Clock::now();
      log->info("{} of {} texts", done, all);
    }
  });
  write_embeddings(settings, texts, embedded);
  fmt::print("{}: {} texts, {} dimensions, pooling {}, on {}\n", name, embedded.rows, embedded.dimensions,
             to_text(embedded.pooling), embedded.device);
}

}  // namespace

std::function<bool()> add_embed_command(CLI::App& app) {
  const auto arguments = std::make_shared<EmbedArguments>();
  EmbedSettings& settings = arguments->settings;
  CLI::App* command = app.add_subcommand("embed", "Run a TorchScript encoder over tokenised texts (docs/features.md)");
  command->add_option("--encoder", settings.encoder, "TorchScript module: (input_ids, attention_mask) or (input_ids)")
      ->required();
  command->add_option("--tokens", settings.tokens, ".jsonl[.gz] with id, input_ids, attention_mask; or .npy [N, L]")
      ->required();
  command->add_option("--mask", settings.mask, "Attention mask of tokens in .npy, .npy of the same shape");
  command->add_option("-o,--output", settings.output, "Embeddings, .h5; its folder is made")->required();
  command->add_option("--batch", settings.batch, "Texts at once")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 20))
      ->capture_default_str();
  command->add_option("--device", settings.device, "cpu or cuda")->capture_default_str();
  command
      ->add_option(
          "--pooling", arguments->pooling,
          "Of the rows an encoder gives for the tokens of a text: mean (so if nothing is said), last or first; "
          "none: the encoder gives one row a text")
      ->check(CLI::IsMember(names_of_poolings()));
  return [arguments, command] {
    if (!command->parsed()) {
      return false;
    }
    for (const Pooling pooling : k_poolings) {
      if (arguments->pooling == to_text(pooling)) {
        arguments->settings.pooling = pooling;
      }
    }
    embed(arguments->settings);
    return true;
  };
}

}  // namespace fairsweep
