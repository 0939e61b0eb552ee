// Uses shared data, queues, metrics, properties, foreign functions, ticks and a late done as filters for the existing
// C++ SDK do. The configuration says what the filter does at each tick.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "contrib/proxy_expr.h"
#include "proxy_wasm_intrinsics.h"

namespace {

// As much of a protobuf message as evaluateMessage() uses.
struct Text {
  bool ParseFromArray(const void* data, int size) {
    text.assign(static_cast<const char*>(data), static_cast<size_t>(size));
    return text != "malformed";
  }
  std::string text = "as it was";
};

}  // namespace

class StateRootContext : public RootContext {
 public:
  using RootContext::RootContext;

  bool onConfigure(size_t size) override {
    job_ = getBufferBytes(WasmBufferType::PluginConfiguration, 0, size)->toString();
    if (job_ == "metrics" || job_ == "bad metrics") makeMetrics();
    if (job_ == "queue") registerSharedQueue("queue", &queue_);
    if (job_ == "raw") callRaw();
    return true;
  }

  void onTick() override {
    if (job_ == "shared") shareData();
    if (job_ == "missing") getSharedDataValue("nothing");
    if (job_ == "queue") LOG_INFO("dequeue: " + dequeue());
    if (job_ == "send") send();
    if (job_ == "metrics") recordMetrics();
    if (job_ == "bad metrics") requests_->increment(1, "only one");
    if (job_ == "properties") readProperties();
    if (job_ == "foreign") callForeign();
    if (job_ == "expressions") evaluate();
    if (job_ == "time") LOG_INFO(std::to_string(getCurrentTimeNanoseconds()));
    if (job_ == "level") logLevel();
    if (job_ == "status") LOG_INFO(std::to_string(getStatus().first));
    if (job_ == "wait") done();
  }

  void onQueueReady(uint32_t token) override {
    if (token != queue_) LOG_ERROR("not my queue");
    LOG_INFO("ready: " + dequeue());
  }

  void onForeignFunction(uint32_t function, uint32_t size) override {
    auto data = getBufferBytes(WasmBufferType::CallData, 0, size);
    LOG_INFO("called: " + std::to_string(function) + " " + data->toString());
  }

  bool onDone() override { return job_ != "wait"; }

 private:
  std::string dequeue() {
    WasmDataPtr data;
    const auto result = dequeueSharedQueue(queue_, &data);
    return toString(result) + " " + data->toString();
  }

  // Logs what each way to evaluate makes of the expression 7.
  void evaluate() {
    // Each call stands in a statement of its own: compilers differ in the order in which they evaluate operands.
    uint32_t token = 0;
    const auto created = createExpression("request.size > 3", &token);
    LOG_INFO("create: " + toString(created) + " " + std::to_string(token));
    uint32_t untouched = 5;
    const auto refused = createExpression("(", &untouched);
    LOG_INFO("refused: " + toString(refused) + " " + std::to_string(untouched));
    bool holds = false;
    bool found = evaluateExpression(token, &holds);
    LOG_INFO("bool: " + std::to_string(found) + " " + std::to_string(holds));
    int64_t number = 5;
    found = evaluateExpression(token, &number);
    LOG_INFO("number: " + std::to_string(found) + " " + std::to_string(number));
    std::string text;
    found = evaluateExpression(token, &text);
    LOG_INFO("text: " + std::to_string(found) + " " + std::to_string(text.size()));
    Text message;
    found = evaluateMessage(token, &message);
    LOG_INFO("message: " + std::to_string(found) + " " + std::to_string(message.text.size()));
    LOG_INFO("delete: " + toString(exprDelete(token)));
    LOG_INFO("deleted: " + std::to_string(evaluateExpression(token, &text)));
  }

  void send() {
    uint32_t token = 0;
    LOG_INFO("resolve: " + toString(resolveSharedQueue("other", "queue", &token)));
    LOG_INFO("enqueue: " + toString(enqueueSharedQueue(token, "an item")));
  }

  void shareData() {
    WasmDataPtr value;
    uint32_t cas = 0;
    LOG_INFO("get: " + toString(getSharedData("key", &value, &cas)) + (value ? " " + value->toString() : ""));
    LOG_INFO("set: " + toString(setSharedData("key", "first", cas)));
    value = getSharedDataValue("key", &cas);
    LOG_INFO("set again: " + toString(setSharedData("key", value->toString() + " second", cas)));
    LOG_INFO("set with an old cas: " + toString(setSharedData("key", "third", cas)));
    LOG_INFO("value: " + getSharedDataValue("key")->toString());
  }

  void makeMetrics() {
    requests_ = std::make_unique<Metric>(
        MetricType::Counter, "requests",
        std::vector<MetricTag>{{"method", MetricTag::TagType::String}, {"status", MetricTag::TagType::Int}});
    separated_ = std::make_unique<Metric>(MetricType::Gauge, "open",
                                          std::vector<MetricTag>{{"host", MetricTag::TagType::String}}, ";.;", "=.=");
    counter_ = Counter<std::string, int, bool>::New("hits", "place", "number", "cached");
    gauge_ = Gauge<std::string_view>::New("level", "tank");
    histogram_ = Histogram<std::string, bool>::New("latency", "route", "ok");
    plain_ = Counter<>::New("plain");
  }

  void recordMetrics() {
    requests_->increment(2, "GET", 200);
    requests_->increment(1, std::string("GET"), 200);
    requests_->record(4, "POST", 500);
    const auto posts = requests_->partiallyResolve("PUT");
    auto posts2 = posts;
    posts2.increment(7, 201);
    incrementMetric(requests_->resolve("HEAD", 204), 9);
    LOG_INFO("GET 200: " + std::to_string(requests_->get("GET", 200)));
    LOG_INFO("its name: " + requests_->nameFromIdSlow(requests_->resolve("GET", 200)));
    LOG_INFO("no name: '" + requests_->nameFromIdSlow(0xffffffff) + "'");
    separated_->record(5, "a");

    counter_->increment(3, "here", 1, true);
    auto here = counter_->resolve("here", 1, true);
    here++;
    ++here;
    here.record(10);
    LOG_INFO("hits: " + std::to_string(here.get()) + " " + std::to_string(counter_->get("here", 1, true)));
    counter_->record(1, "there", -1, false);
    auto* more = counter_->extendAndResolve<std::string>("here", 2, false, "more");
    more->increment(6, "extended");
    plain_->increment(1);

    gauge_->record(8, "north");
    auto south = gauge_->resolve("south");
    south.record(9);
    LOG_INFO("levels: " + std::to_string(gauge_->get("north")) + " " + std::to_string(south.get()));
    histogram_->record(11, "/a", true);
    histogram_->resolve("/a", true).record(12);

    uint32_t raw = 0;
    CHECK_RESULT(defineMetric(MetricType::Gauge, "raw", &raw));
    recordMetric(raw, 13);
    uint64_t value = 0;
    CHECK_RESULT(getMetric(raw, &value));
    LOG_INFO("raw: " + std::to_string(value));
  }

  void readProperties() {
    auto name = getProperty({"plugin_name"});
    LOG_INFO("plugin_name: " + (name.has_value() ? (*name)->toString() : "none"));
    auto same = getProperty(std::vector<std::string>{"plugin_name"});
    LOG_INFO("again: " + (same ? same.value()->toString() : "none"));
    LOG_INFO(std::string("unknown: ") + (getProperty({"no", "such"}) ? "there" : "none"));
    int64_t number = 0;
    LOG_INFO(std::string("number: ") + (getValue({"my", "number"}, &number) ? std::to_string(number) : "none"));
    bool yes = false;
    LOG_INFO(std::string("bool: ") + (getValue({"my", "bool"}, &yes) ? toString(yes) : "none"));
    double real = 0;
    LOG_INFO(std::string("double of another size: ") + (getValue({"my", "bool"}, &real) ? "there" : "none"));
    std::string text;
    LOG_INFO("text: " + (getValue(std::vector<std::string_view>{"my", "text"}, &text) ? text : "none"));
    LOG_INFO("text again: " + (getValue({"my", "text"}, &text) ? text : "none"));
  }

  void callForeign() {
    char* results = nullptr;
    size_t size = 0;
    const std::string function = "reverse";
    const auto result = proxy_call_foreign_function(function.data(), function.size(), "abc", 3, &results, &size);
    // Both ways to own the returned bytes.
    WasmData data(results, size);
    LOG_INFO("reverse: " + toString(result) + " " + data.toString());
    results = nullptr;
    size = 0;
    proxy_call_foreign_function(function.data(), function.size(), "xyz", 3, &results, &size);
    LOG_INFO("reverse: " + std::string(results, size));
    ::free(results);
    LOG_INFO("clear_route_cache: " + toString(proxy_clear_route_cache()));
  }

  void callRaw() {
    const char* bytes = nullptr;
    size_t size = 0;
    CHECK_RESULT(proxy_get_configuration(&bytes, &size));
    LOG_INFO("configuration: " + std::string(bytes, size));
    free(const_cast<char*>(bytes));
  }

  void logLevel() {
    LogLevel level;
    if (getLogLevel(&level) == WasmResult::Ok) logCritical("level: " + std::to_string(static_cast<int>(level)));
  }

  std::string job_;
  uint32_t queue_ = 0;
  std::unique_ptr<Metric> requests_;
  std::unique_ptr<Metric> separated_;
  Counter<std::string, int, bool>* counter_ = nullptr;
  Gauge<std::string_view>* gauge_ = nullptr;
  Histogram<std::string, bool>* histogram_ = nullptr;
  Counter<>* plain_ = nullptr;
};

class StateContext : public Context {
 public:
  using Context::Context;
  FilterHeadersStatus onRequestHeaders(uint32_t, bool) override {
    LOG_INFO("set: " + toString(setFilterState("mine", "written")));
    LOG_INFO("set: " + toString(setFilterStateStringValue("mine too", "as well")));
    std::string path;
    LOG_INFO("path: " + (getValue({"request", "path"}, &path) ? path : "none"));
    return FilterHeadersStatus::Continue;
  }
  FilterMetadataStatus onRequestMetadata(uint32_t elements) override {
    LOG_INFO("metadata: " + std::to_string(elements));
    return FilterMetadataStatus::Continue;
  }
};

static RegisterContextFactory register_State(CONTEXT_FACTORY(StateContext), ROOT_FACTORY(StateRootContext));
