#include "proxy/proxy.h"

#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <fstream>
#include <iostream>
#include <memory>
#include <thread>

#include "players/envoy_admin.h"
#include "players/envoy_process.h"
#include "players/http_server.h"
#include "players/leftovers.h"
#include "players/loopback.h"
#include "players/player.h"
#include "players/settling.h"
#include "project/watch.h"
#include "proxy/bootstrap.h"
#include "proxy/echo.h"
#include "proxy/live_log.h"
#include "proxy/log_printer.h"
#include "proxy/recording.h"
#include "proxy/tcp_relay.h"

namespace sluice::proxy {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using envoy::Chain;
using scenario::PlayerError;
using std::chrono::milliseconds;

constexpr milliseconds kBetweenLooks(200);
// How long Envoy may take for what follows from an event that is over: the log's lines, the end of a request.
constexpr milliseconds kMoment(50);

void writeFile(const fs::path& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary);
  if (!(stream << text << std::flush)) throw PlayerError(path.string() + " cannot be written; is the disk full?");
}

// Envoys may share a port, so Envoy itself does not notice that another has it.
void checkPort(asio::io_context& io, uint16_t port) {
  try {
    const asio::ip::tcp::acceptor acceptor(io, scenario::loopback(port));
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("port " + std::to_string(port) + " of 127.0.0.1 cannot be used (" +
                             error.code().message() + "); name another with --port, or none for one that is free");
  }
}

class Proxy {
 public:
  Proxy(const Settings& settings, const Source& source)
      : settings_(settings), source_(source), printer_(std::cout, ::isatty(STDOUT_FILENO) == 1), wake_(io_) {
    wake_.expires_at(asio::steady_timer::time_point::max());
  }
  ~Proxy() {
    scenario::finishOnSignal(nullptr);
    if (builder_.joinable()) builder_.join();
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  End run() {
    if (settings_.port != 0) checkPort(io_, settings_.port);
    if (settings_.watch) watch_.emplace(source_.paths);
    filter_ = source_.make();
    // Before, there is nothing that a signal must wait for.
    scenario::finishOnSignal([this](int signal) {
      asio::post(io_, [this, signal] { stop({.kind = End::Kind::Signal, .signal = signal}); });
    });
    prepare();
    std::exception_ptr failure;
    asio::co_spawn(io_, live(), [&](std::exception_ptr error) {
      failure = error;
      io_.stop();
    });
    io_.run();
    if (failure) std::rethrow_exception(failure);
    // A build that is still running is not worth waiting for.
    if (builder_.joinable() && end_->kind == End::Kind::Signal) scenario::endBySignal(end_->signal);
    return *end_;
  }

 private:
  struct Counts {
    uint64_t taken = 0;
    uint64_t refused = 0;
  };

  // Makes everything that the Envoy needs, and starts it.
  void prepare() {
    for (const char* name : {"filter", "modules", "taps"}) fs::create_directory(folder_.path() / name);
    Places places;
    places.listen = settings_.port;
    places.filter = folder_.path() / "filter" / "filter.json";
    if (!settings_.record.empty()) recording_.emplace(settings_.record, filter_, settings_.recordSecrets);
    const bool isHttp = settings_.chain == Chain::Http;
    if (!settings_.upstream && isHttp) {
      echo_.emplace(io_, std::make_shared<Echo>(recording_ && !settings_.recordSecrets));
      places.upstream = echo_->port();
    } else if (!settings_.upstream) {
      places.upstream = startTcpEcho(io_);
    }
    if (recording_ && isHttp) places.taps = folder_.path() / "taps";
    if (recording_ && !isHttp) {
      const Server echo{.host = "127.0.0.1", .port = places.upstream, .protocol = Server::Protocol::Tcp};
      relay_.emplace(io_, settings_.port, settings_.upstream.value_or(echo));
      places.listen = 0;
      places.upstream = relay_->upstreamPort();
      places.announcesClients = true;
    }
    offer(filter_);
    writeFile(folder_.path() / "envoy.json", bootstrap(settings_, places));
    const std::string mark = scenario::randomMark();
    const fs::path log = folder_.path() / "log";
    log_.emplace(io_, log, mark);
    process_.emplace(scenario::envoyArguments(settings_.envoy, folder_.path(), mark, settings_.logLevel), log);
  }

  // Puts a filter where Envoy finds it. Envoy reads a copy of the module: the file itself may change at any time.
  void offer(const scenario::Filter& filter) {
    ++version_;
    scenario::Filter copy = filter;
    copy.file = folder_.path() / "modules" / (std::to_string(version_) + ".wasm");
    std::error_code error;
    if (!fs::copy_file(filter.file, copy.file, error)) {
      throw PlayerError(filter.file.string() + " cannot be copied to " + copy.file.string() + ": " + error.message());
    }
    fs::remove(folder_.path() / "modules" / (std::to_string(version_ - 1) + ".wasm"), error);
    const fs::path file = folder_.path() / "filter" / "filter.json";
    writeFile(file.string() + ".new", discovery(copy, settings_.chain, version_));
    fs::rename(file.string() + ".new", file);
    printer_.setFilter(filter);
    printer_.clear();
  }

  // Ends the proxy. The first reason counts.
  void stop(End end) {
    if (!end_) end_ = std::move(end);
    wake_.cancel();
  }

  // Waits, but not once the proxy ends. Returns false then.
  asio::awaitable<bool> rest(milliseconds time) {
    co_await scenario::waitUntil(io_, [this] { return end_.has_value(); }, time);
    co_return !end_;
  }

  asio::awaitable<void> live() {
    asio::co_spawn(io_, readLog(), asio::detached);
    if (co_await start()) {
      greet();
      if (settings_.watch) asio::co_spawn(io_, watch(), asio::detached);
      if (recording_) asio::co_spawn(io_, record(), asio::detached);
    }
    if (!end_) {
      boost::system::error_code cancelled;
      co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }
    co_await finish();
  }

  asio::awaitable<void> readLog() {
    co_await log_->read([this](const scenario::EnvoyLogEntry& entry) {
      printer_.print(entry);
      if (!std::cout) stop({.kind = End::Kind::OutputFailed});
    });
    logEnded_ = true;
    if (end_) co_return;
    co_await scenario::pass(io_, kMoment);  // A signal may have ended both.
    process_->wait(scenario::kSafetyTimeout);
    const std::string how = process_->ended().value_or("no word");
    stop({.kind = End::Kind::Failed, .message = "Envoy has ended with " + how});
  }

  // Waits until Envoy takes requests. Returns false if the proxy ends instead.
  asio::awaitable<bool> start() {
    for (int look = 0; !end_; ++look) {
      co_await scenario::pass(io_, milliseconds(10));
      if (look == 200) folder_.checkSpace();  // Envoy cannot say where it is when it cannot write.
      const auto port = scenario::adminPortIn(folder_.path());
      if (!port) continue;
      scenario::EnvoyAdmin admin(io_, *port);
      try {
        if (!co_await admin.ready()) continue;
        admin_ = admin;
        const Counts counts = co_await count();
        if (counts.taken == 0) {
          co_await scenario::pass(io_, kMoment);
          refuse();
          co_return false;
        }
        port_ = co_await admin.listenerPort("ingress");
        if (relay_) {
          relay_->passTo(port_);
          port_ = relay_->clientPort();
        }
        co_return !end_;
      } catch (const PlayerError&) {
        continue;  // Envoy is not so far, or has ended.
      }
    }
    co_return false;
  }

  void refuse() {
    const bool byFilter = printer_.refusedByFilter();
    stop({.kind = byFilter ? End::Kind::Refused : End::Kind::CannotLoad,
          .message = byFilter ? name() + " does not start: " + printer_.refusal()
                              : "Envoy cannot load " + name() + ": " + printer_.refusal()});
  }

  // How many versions of the filter Envoy has taken and refused.
  asio::awaitable<Counts> count() {
    const auto stats = co_await admin_->stats("extension_config_discovery");
    Counts counts;
    for (const auto& [stat, value] : stats) {
      if (stat.ends_with(std::string(kDiscovered) + ".update_success")) counts.taken += value;
      if (stat.ends_with(std::string(kDiscovered) + ".config_fail")) counts.refused += value;
    }
    co_return counts;
  }

  [[nodiscard]] std::string name() const { return filter_.file.filename().string(); }

  void greet() {
    const std::string where = "127.0.0.1:" + std::to_string(port_);
    const bool isHttp = settings_.chain == Chain::Http;
    std::string upstream = isHttp ? "an echo answers" : "an echo sends everything back";
    if (settings_.upstream) {
      upstream = (isHttp ? "requests go to " : "connections go to ") + settings_.upstream->host + ":" +
                 std::to_string(settings_.upstream->port);
    }
    printer_.say(name() + " runs in Envoy on " + (isHttp ? "http://" : "") + where + "; " + upstream + ".");
    printer_.say(isHttp ? "Try it: curl -i http://" + where + "/"
                        : "Try it: echo hello | nc -N 127.0.0.1 " + std::to_string(port_));
    printer_.say(std::string(settings_.watch ? "Each change is loaded without a lost request. " : "") +
                 "Ctrl-C ends the proxy.");
    if (!std::cout) stop({.kind = End::Kind::OutputFailed});
  }

  asio::awaitable<void> watch() {
    while (co_await rest(kBetweenLooks)) {
      if (watch_->changed().empty()) continue;
      do {  // Whoever writes the files may not be done.
        if (!co_await rest(kBetweenLooks)) co_return;
      } while (!watch_->changed().empty());
      co_await update();
    }
  }

  // Makes the filter again and has Envoy take it.
  asio::awaitable<void> update() {
    std::string problem;
    try {
      if (!co_await make(problem)) co_return;
      if (problem.empty()) {
        const Counts before = co_await count();
        offer(filter_);
        co_await judge(before);
        co_return;
      }
    } catch (const std::runtime_error& error) {
      if (end_) co_return;
      problem = error.what();
    }
    printer_.say(problem + "\nThe filter from before still serves.");
  }

  // Makes the filter on a thread of its own, since a compiler may run. Returns false if the proxy ends.
  asio::awaitable<bool> make(std::string& problem) {
    if (source_.builds) printer_.say("Something has changed: building …");
    std::optional<scenario::Filter> made;
    bool over = false;
    builder_ = std::thread([&, this] {
      std::string what;
      std::optional<scenario::Filter> filter;
      try {
        filter = source_.make();
      } catch (const std::exception& error) {
        what = error.what();
      }
      asio::post(io_, [&, what, filter] {
        problem = what;
        made = filter;
        over = true;
      });
    });
    while (!over && !end_) co_await scenario::pass(io_, milliseconds(10));
    if (!over) co_return false;
    builder_.join();
    if (made) filter_ = *made;
    co_return true;
  }

  asio::awaitable<void> judge(Counts before) {
    Counts now = before;
    while (!end_ && now.taken == before.taken && now.refused == before.refused) {
      co_await scenario::pass(io_, milliseconds(20));
      now = co_await count();
    }
    co_await scenario::pass(io_, kMoment);
    if (end_) co_return;
    if (now.taken > before.taken) {
      printer_.say(name() + " is loaded again (" + std::to_string(fs::file_size(filter_.file)) + " bytes).");
    } else {
      printer_.say(name() + " is refused: " + printer_.refusal() + "\nThe filter from before still serves.");
    }
  }

  asio::awaitable<void> record() {
    while (co_await rest(kBetweenLooks)) collect();
  }

  // Writes what has passed since and is over.
  void collect() {
    if (relay_) {
      for (const auto& connection : relay_->take(false)) recorded(connection);
    } else {
      for (const auto& number : tappedRequests(taps(), 2 * kMoment)) recorded(takeTapped(taps(), number));
    }
  }

  template <class Passed>
  void recorded(const Passed& passed) {
    const bool wasGood = recording_->problem().empty();
    recording_->add(passed);
    if (wasGood && !recording_->problem().empty()) std::cerr << "sluice run: " << recording_->problem() << '\n';
  }

  [[nodiscard]] fs::path taps() const { return folder_.path() / "taps"; }

  // Ends Envoy and completes the recording.
  asio::awaitable<void> finish() {
    // The requests that are over now count; the end of Envoy ends all others.
    std::vector<std::string> over;
    std::vector<RelayedConnection> connections;
    if (recording_) {
      co_await scenario::pass(io_, kMoment);
      over = tappedRequests(taps(), milliseconds(0));
      if (relay_) connections = relay_->take(true);
    }
    bool ended = false;
    // Envoy may still have something to log, so this thread goes on reading.
    std::thread ender([&] {
      process_->terminate();
      asio::post(io_, [&] { ended = true; });
    });
    while (!ended) co_await scenario::pass(io_, milliseconds(5));
    ender.join();
    co_await scenario::waitUntil(io_, [this] { return logEnded_; });
    if (!recording_ || port_ == 0) co_return;
    for (const auto& number : over) recorded(takeTapped(taps(), number));
    for (const auto& connection : connections) recorded(connection);
    summarize();
  }

  void summarize() {
    const size_t left = recording_->left() + countTapped(taps());
    std::string text = recording_->recorded() == 0 ? "Nothing passed that a scenario could hold: no file is written."
                                                   : settings_.record.string() + " has " +
                                                         std::to_string(recording_->recorded()) + " recorded.";
    if (left > 0)
      text += " Left out, because they broke off or no scenario can hold them: " + std::to_string(left) + ".";
    printer_.say(text);
  }

  const Settings& settings_;
  const Source& source_;
  asio::io_context io_;
  scenario::TemporaryFolder folder_;
  LogPrinter printer_;
  scenario::Filter filter_;
  size_t version_ = 0;
  std::optional<cli::Watch> watch_;
  std::optional<Recording> recording_;
  std::optional<scenario::HttpServer> echo_;
  std::optional<TcpRelay> relay_;
  std::optional<LiveLog> log_;
  std::optional<scenario::ChildProcess> process_;
  std::optional<scenario::EnvoyAdmin> admin_;
  uint16_t port_ = 0;
  bool logEnded_ = false;
  asio::steady_timer wake_;
  std::optional<End> end_;
  std::thread builder_;
};

}  // namespace

End run(const Settings& settings, const Source& source) { return Proxy(settings, source).run(); }

}  // namespace sluice::proxy
