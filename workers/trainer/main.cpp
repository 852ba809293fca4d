#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "core/diagnostics/logging.hpp"
#include "workers/trainer/embedding/embed_command.hpp"
#include "workers/trainer/kernels.hpp"
#include "workers/trainer/scripted/keep_models.hpp"
#include "workers/trainer/scripted/score_command.hpp"
#include "workers/trainer/stop_signal.hpp"
#include "workers/trainer/trainer_session.hpp"

namespace fairsweep {
namespace {

constexpr const char* k_description =
    "fairsweep-trainer trains the trials of a sweep. fairsweep starts it by itself: it reads a setup and then packs of "
    "trials from standard input and answers on standard output, one JSON object a line (docs/trainer_protocol.md). "
    "Its log goes to standard error. Of use by itself: embed, which runs an encoder over texts, and score, which runs "
    "an "
    "exported reward model over a data file.";

int answer(ExitCode code) { return static_cast<int>(code); }

/// The descriptor of protocol lines. What any library prints to standard output goes to the log from here on.
int take_standard_output() {
  const int protocol = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  if (protocol < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    throw UserError(ExitCode::environment, "standard output and standard error must both be open");
  }
  return protocol;
}

ExitCode print_kernels() {
  for (const auto& [name, value] : trainer_provenance()) {
    fmt::print("{}: {}\n", name, value);
  }
  const auto blas = blas_in_use();
  if (!blas.warning.empty()) {
    fmt::print(stderr, "fairsweep-trainer: {}\n", blas.warning);
  }
  return ExitCode::done;
}

ExitCode serve(double checkpoint_seconds, const std::string& models) {
  if (::isatty(STDIN_FILENO) == 1) {
    throw UserError(ExitCode::configuration,
                    "standard input is a terminal; fairsweep starts this program by itself, with \"fairsweep run\"");
  }
  LineOutput output(take_standard_output());
  listen_for_stop();
  LineInput input(STDIN_FILENO);
  TrainerSession session(input, output, train_pack, checkpoint_seconds, make_logger("trainer"));
  if (!models.empty()) {
    session.keep_models(keep_models_in(models));
  }
  return session.run();
}

}  // namespace
}  // namespace fairsweep

int main(int argc, char** argv) {
  using fairsweep::ExitCode;
  CLI::App app{fairsweep::k_description, "fairsweep-trainer"};
  app.set_version_flag("--version", "fairsweep-trainer " FAIRSWEEP_VERSION);
  bool kernels = false;
  double checkpoint_seconds = 60;
  app.add_flag("--kernels", kernels, "Print the BLAS, the kernel set and the build, and end");
  app.add_option("--checkpoint-seconds", checkpoint_seconds, "Seconds of training between checkpoints")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  std::string models;
  app.add_option("--models", models, "Write the model of every trial into this folder, as TorchScript")
      ->check(CLI::ExistingDirectory);
  const auto score = fairsweep::add_score_command(app);
  const auto embed = fairsweep::add_embed_command(app);
  try {
    app.parse(argc, argv);
    if (embed() || score()) {
      return fairsweep::answer(ExitCode::done);
    }
    return fairsweep::answer(kernels ? fairsweep::print_kernels() : fairsweep::serve(checkpoint_seconds, models));
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? fairsweep::answer(ExitCode::done) : fairsweep::answer(ExitCode::configuration);
  } catch (const fairsweep::UserError& error) {
    fmt::print(stderr, "fairsweep-trainer: {}\n", error.what());
    return fairsweep::answer(error.code());
  } catch (const std::exception& error) {
    fmt::print(stderr, "fairsweep-trainer: internal error: {}\n", error.what());
    return fairsweep::answer(ExitCode::internal);
  }
}
