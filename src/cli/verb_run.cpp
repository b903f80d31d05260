#include "cli/run_environment.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "env/mask.h"
#include "os/exec.h"
#include "os/relay.h"

#include <array>
#include <memory>
#include <sys/stat.h>

namespace stanch::cli {
namespace {

// As a shell has it for a command that it can't start.
constexpr int exit_not_executable = 126;
constexpr int exit_no_command = 127;

constexpr std::array flags{
    Flag{.name = "--env",
         .letter = 'e',
         .argument = "NAME",
         .help = "also .env.NAME and .env.NAME.local"},
    Flag{.name = "--file",
         .letter = 'f',
         .argument = "FILE",
         .help = "read FILE instead of the layers",
         .repeats = true},
    Flag{.name = "--dialect",
         .letter = 'd',
         .argument = "NAME",
         .help = "how to read them (default python)"},
    Flag{.name = "--override", .argument = "", .help = "the files win over the environment"},
    Flag{.name = "--only", .argument = "", .help = "add only what stanch.toml declares"},
    Flag{.name = "--clean",
         .argument = "",
         .help = "without the rest of the environment (PATH, HOME, TERM and the like stay)"},
    Flag{.name = "--mask",
         .letter = 'm',
         .argument = "",
         .help = "replace the secrets in what the command prints"},
    Flag{.name = "--watch",
         .letter = 'w',
         .argument = "",
         .help = "start the command again when a file changes"},
    Flag{.name = "--config", .argument = "FILE", .help = "use this stanch.toml"},
};

void wipe_all(std::vector<std::string>& block) {
    for (std::string& entry : block)
        wipe(entry);
}

void tell_problems(const RunEnvironment& environment) {
    for (const env::LayerProblem& problem : environment.problems)
        tell("stanch: " + problem.file + ":" + std::to_string(problem.line) + ": " +
             std::string(problem.message));
}

int cannot_start(const Error& error) {
    say_error(error);
    return error.kind == ErrorKind::not_found ? exit_no_command
           : error.kind == ErrorKind::refused ? exit_not_executable
                                              : exit_incomplete;
}

// What one stream of output goes through.
class MaskedStream {
  public:
    explicit MaskedStream(const env::MaskPatterns& patterns) : mask_(patterns) {}

    os::Filter filter() {
        return {
            .feed = [this](std::string_view chunk, std::string& out) { mask_.feed(chunk, out); },
            .idle = [this](std::string& out) { mask_.idle(out); },
            .finish = [this](std::string& out) { mask_.finish(out); },
            .holds = [this] { return mask_.holds(); }};
    }

  private:
    env::Mask mask_;
};

env::MaskPatterns patterns_of(const RunEnvironment& environment) {
    std::vector<std::string_view> secrets;
    for (const RunVariable& variable : environment.variables) {
        if (!variable.sensitive) continue;
        if (variable.value.size() < env::shortest_masked && !variable.value.empty())
            tell("stanch: " + variable.name + " is too short to be masked");
        secrets.push_back(variable.value.reveal());
    }
    return env::MaskPatterns(secrets);
}

// The state of files, to see that one has changed, come or gone.
class FileWatch {
  public:
    explicit FileWatch(std::vector<std::string> paths) : paths_(std::move(paths)), state_(look()) {}
    bool changed() {
        auto now = look();
        const bool differs = now != state_;
        state_ = std::move(now);
        return differs;
    }

  private:
    [[nodiscard]] std::vector<std::array<std::int64_t, 4>> look() const {
        std::vector<std::array<std::int64_t, 4>> state;
        for (const std::string& path : paths_) {
            struct stat info{};
            if (stat(path.c_str(), &info) != 0) info = {};
            state.push_back({static_cast<std::int64_t>(info.st_ino), info.st_size,
                             info.st_mtim.tv_sec, info.st_mtim.tv_nsec});
        }
        return state;
    }

    std::vector<std::string> paths_;
    std::vector<std::array<std::int64_t, 4>> state_;
};

os::Program program_of(const Arguments& arguments, const RunEnvironment& environment) {
    return {arguments.positional(), environment_block(environment, arguments.has("--clean"))};
}

Result<os::RelayEnd> run_once(const Arguments& arguments, const RunEnvironment& environment,
                              std::function<bool()> restart) {
    os::Program program = program_of(arguments, environment);
    const bool mask = arguments.has("--mask");
    const env::MaskPatterns patterns = mask ? patterns_of(environment) : env::MaskPatterns({});
    MaskedStream out(patterns);
    MaskedStream err(patterns);
    os::RelayOptions options{.output = out.filter(),
                             .errors = err.filter(),
                             .filtered = mask && !patterns.empty(),
                             .restart = std::move(restart)};
    auto end = os::run_relayed(program, options);
    wipe_all(program.environment);
    return end;
}

// A change is only taken when the files can be read again: until then the command goes on as it was
// started.
class Restart {
  public:
    Restart(const Arguments& arguments, const RunEnvironment& first)
        : arguments_(arguments), watch_(first.watched) {}

    bool wanted() {
        if (!watch_.changed()) return false;
        auto environment = run_environment(arguments_);
        if (!environment) {
            say_error(environment.error());
            return false;
        }
        tell_problems(*environment);
        next = std::make_unique<RunEnvironment>(std::move(*environment));
        return true;
    }

    std::unique_ptr<RunEnvironment> next;

  private:
    const Arguments& arguments_;
    FileWatch watch_;
};

Result<int> watch(const Arguments& arguments, RunEnvironment environment) {
    Restart restart(arguments, environment);
    for (;;) {
        const auto end = run_once(arguments, environment, [&restart] { return restart.wanted(); });
        if (!end) return cannot_start(end.error());
        if (!restart.next) return os::end_like(*end);
        environment = std::move(*restart.next);
        restart.next.reset();
    }
}

Result<int> run(const Arguments& arguments) {
    if (arguments.positional().empty())
        return fail(ErrorKind::usage, "there is no command to run", {}, "stanch run -- COMMAND…");
    STANCH_TRY(RunEnvironment environment, run_environment(arguments));
    tell_problems(environment);
    if (arguments.has("--watch")) return watch(arguments, std::move(environment));
    if (arguments.has("--mask")) {
        const auto end = run_once(arguments, environment, {});
        return end ? os::end_like(*end) : cannot_start(end.error());
    }
    os::Program program = program_of(arguments, environment);
    const Error error = os::execute(program);
    wipe_all(program.environment);
    return cannot_start(error);
}

} // namespace

const Verb run_verb{
    .name = "run",
    .summary = "run a command with its credentials",
    .usage = "[FLAG…] -- COMMAND…",
    .text = "Reads .env, .env.local and, with -e NAME, .env.NAME and .env.NAME.local (a later one "
            "wins, the process\n"
            "environment wins over all unless --override), adds what stanch.toml declares, and "
            "becomes COMMAND:\n"
            "signals, exit code and terminal are the command's own.\n"
            "\n"
            "A value may be a reference, which is resolved now: bw://Collection/Item/field, "
            "file://PATH, exec:COMMAND.\n"
            "A declared credential without a value is taken from its `vault`, then from its "
            "`default`; one that is\n"
            "required and has neither is an error.\n"
            "\n"
            "--mask runs the command on a terminal (or pipes, where stanch has none) of its own "
            "and replaces every\n"
            "secret in its output by ***, in base64, percent-encoded and JSON-escaped too. A "
            "secret is what stanch.toml\n"
            "declares (unless sensitive = false), or what its name or its randomness says: not "
            "DEBUG=1.\n"
            "\n"
            "Exit: the command's. 126 it may not be executed, 127 there is none; before it is "
            "started: 1 a required\n"
            "credential is missing, 2 called wrongly, 3 a reference could not be resolved.",
    .flags = flags,
    .takes_command = true,
    .run = run,
};

} // namespace stanch::cli
