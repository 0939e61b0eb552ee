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
    sluice::logInfo(event, detail.empty() ? "" : " ", detail, end ? " end" : "");
    return static_cast<Result>(handle(id(), event, call, end));
  }

  uint32_t requestBodies_ = 0;
  uint32_t responseHeaders_ = 0;
  uint32_t responseBodies_ = 0;
};

sluice::Register<Root, Stream> registration;

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
