#include "steps.h"

using namespace sluice;

namespace script {

namespace {

Counter counter("script.counter");
Counter sameCounter("script.counter");
Counter unused("script.unused");
Gauge gauge("script.gauge");
Histogram histogram("script.histogram");
Counter nameless{std::string_view()};
Tagged<Counter, 2> tagged("script.tagged", {"first", "second"}, 3);
Tagged<Gauge, 1> taggedGauge("script.tagged_gauge", {"only"});
Tagged<Histogram, 1> taggedHistogram("script.tagged_histogram", {"only"}, 0);

}  // namespace

bool callMetric(const Call& call) {
  if (call.function == "counter.increment") {
    call.report(call.arguments.empty() ? counter.increment() : counter.increment(call.number<uint64_t>(0)));
  } else if (call.function == "counter.get") {
    call.report(counter.get());
  } else if (call.function == "counter.define") {
    call.report(counter.define());
  } else if (call.function == "sameCounter.increment") {
    call.report(sameCounter.increment());
  } else if (call.function == "unused.define") {
    call.report(unused.define());
  } else if (call.function == "gauge.record") {
    call.report(gauge.record(call.number<uint64_t>(0)));
  } else if (call.function == "gauge.increment") {
    call.report(call.arguments.empty() ? gauge.increment() : gauge.increment(call.number(0)));
  } else if (call.function == "gauge.get") {
    call.report(gauge.get());
  } else if (call.function == "histogram.record") {
    call.report(histogram.record(call.number<uint64_t>(0)));
  } else if (call.function == "nameless.increment") {
    call.report(nameless.increment());
  } else if (call.function == "tagged.increment") {
    call.report(tagged.with(call.text(0), call.text(1)).increment());
  } else if (call.function == "tagged.get") {
    call.report(tagged.with(call.text(0), call.text(1)).get());
  } else if (call.function == "taggedGauge.record") {
    call.report(taggedGauge.with(call.text(0)).record(call.number<uint64_t>(1)));
  } else if (call.function == "taggedGauge.recordMany") {
    Status last = Status::Ok;
    for (uint32_t i = 0; i < call.number<uint32_t>(0) && last == Status::Ok; ++i)
      last = taggedGauge.with(std::to_string(i)).record(i);
    call.report(last);
  } else if (call.function == "taggedHistogram.record") {
    call.report(taggedHistogram.with(call.text(0)).record(call.number<uint64_t>(1)));
  } else {
    return false;
  }
  return true;
}

}  // namespace script
