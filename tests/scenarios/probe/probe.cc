// A filter that does what a script in its configuration says, and logs what the host answers: so that scenarios can
// state facts about hosts. A script's line is `event command words…`, such as
//
//     request_headers  get reqh x-id
//     request_body$    setbody reqb 0 100 replaced
//     response_headers return 1
//
// Every callback is logged: `request_body 5 end`.
#include "probe.h"

namespace probe {
namespace {

std::vector<Command> script;

uint32_t current = 0;

class Root : public sluice::RootContext {
 public:
  bool onConfigure(size_t) override {
    const auto text = configuration();
    script = parseScript(text ? *text : std::string_view());
    return handle(id(), "configure", 1, false) == 0;
  }
  void onTick() override { handle(id(), "tick", ++ticks_, false); }
  bool onDone() override { return handle(id(), "root_done", 1, false) == 0; }

 private:
  uint32_t ticks_ = 0;
};

// Logs a callback and runs the commands for it.
int32_t happen(uint32_t context, std::string_view event, const std::string& detail, bool end, uint32_t call) {
  sluice::logInfo(event, detail.empty() ? "" : " ", detail, end ? " end" : "");
  return handle(context, event, call, end);
}

class Stream : public sluice::HttpContext {
 public:
  sluice::FilterHeadersStatus onRequestHeaders(uint32_t count, bool end) override {
    return say<sluice::FilterHeadersStatus>("request_headers", count > 0 ? "some" : "none", end, 1);
  }
  sluice::FilterDataStatus onRequestBody(size_t size, bool end) override {
    return say<sluice::FilterDataStatus>("request_body", decimal(size), end, ++requestBodies_);
  }
  sluice::FilterTrailersStatus onRequestTrailers(uint32_t count) override {
    return say<sluice::FilterTrailersStatus>("request_trailers", decimal(count), false, 1);
  }
  sluice::FilterHeadersStatus onResponseHeaders(uint32_t count, bool end) override {
    return say<sluice::FilterHeadersStatus>("response_headers", count > 0 ? "some" : "none", end, ++responseHeaders_);
  }
  sluice::FilterDataStatus onResponseBody(size_t size, bool end) override {
    return say<sluice::FilterDataStatus>("response_body", decimal(size), end, ++responseBodies_);
  }
  sluice::FilterTrailersStatus onResponseTrailers(uint32_t count) override {
    return say<sluice::FilterTrailersStatus>("response_trailers", decimal(count), false, 1);
  }
  void onLog() override { say<int>("log", "", false, 1); }
  bool onDone() override { return say<int>("done", "", false, 1) == 0; }
  void onDelete() override { say<int>("delete", "", false, 1); }

 private:
  template <class Result>
  Result say(std::string_view event, const std::string& detail, bool end, uint32_t call) {
    return static_cast<Result>(happen(id(), event, detail, end, call));
  }

  uint32_t requestBodies_ = 0;
  uint32_t responseHeaders_ = 0;
  uint32_t responseBodies_ = 0;
};

class Connection : public sluice::TcpContext {
 public:
  sluice::FilterStatus onNewConnection() override { return say<sluice::FilterStatus>("new_connection", "", false, 1); }
  sluice::FilterStatus onDownstreamData(size_t size, bool end) override {
    return say<sluice::FilterStatus>("downstream_data", decimal(size), end, ++downstream_);
  }
  sluice::FilterStatus onUpstreamData(size_t size, bool end) override {
    return say<sluice::FilterStatus>("upstream_data", decimal(size), end, ++upstream_);
  }
  void onDownstreamConnectionClose(sluice::PeerType peer) override {
    say<int>("downstream_close", std::string(toString(peer)), false, 1);
  }
  void onUpstreamConnectionClose(sluice::PeerType peer) override {
    say<int>("upstream_close", std::string(toString(peer)), false, 1);
  }
  void onLog() override { say<int>("log", "", false, 1); }
  bool onDone() override { return say<int>("done", "", false, 1) == 0; }
  void onDelete() override { say<int>("delete", "", false, 1); }

 private:
  template <class Result>
  Result say(std::string_view event, const std::string& detail, bool end, uint32_t call) {
    return static_cast<Result>(happen(id(), event, detail, end, call));
  }

  uint32_t downstream_ = 0;
  uint32_t upstream_ = 0;
};

sluice::Register<Root, Stream> registration;
sluice::Register<Root, Connection> tcpRegistration("tcp");

}  // namespace

int32_t handle(uint32_t context, std::string_view event, uint32_t call, bool atEnd) {
  current = context;
  int32_t result = 0;
  const std::string nth = std::string(event) + "@" + decimal(call);
  const std::string last = std::string(event) + "$";
  for (const auto& command : script) {
    if (command.event != event && command.event != nth && !(atEnd && command.event == last)) continue;
    if (command.words.front() == "return") {
      result = command.words.back().front() - '0';
    } else {
      perform(command);
    }
  }
  return result;
}

uint32_t currentContext() { return current; }

}  // namespace probe
