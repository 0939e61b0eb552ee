// Metrics, shared data, shared queues, timers.
#include <map>

#include "probe.h"

namespace probe {
namespace {

namespace abi = sluice::abi;
using sluice::MetricType;
using sluice::Status;

std::map<std::string, uint32_t> ids;  // Of metrics and queues, by the names that the script gives them.

// define counter|gauge|histogram NAME, count NAME NUMBER, record NAME NUMBER, value NAME
std::optional<Status> metric(const Words& words, std::string& result) {
  if (words[0] == "define") {
    const auto type = words[1] == "counter" ? MetricType::Counter
                      : words[1] == "gauge" ? MetricType::Gauge
                                            : MetricType::Histogram;
    return abi::proxy_define_metric(type, words[2].data(), words[2].size(), &ids[words[2]]);
  }
  if (words[0] == "count") return abi::proxy_increment_metric(ids[words[1]], parseNumber(words[2]));
  if (words[0] == "record") return abi::proxy_record_metric(ids[words[1]], parseNumber(words[2]));
  if (words[0] != "value") return std::nullopt;
  uint64_t value = 0;
  const auto status = abi::proxy_get_metric(ids[words[1]], &value);
  if (status == Status::Ok) result = " " + decimal(value);
  return status;
}

// share KEY VALUE, shared KEY
std::optional<Status> sharedData(const Words& words, std::string& result) {
  if (words[0] == "share") {
    return abi::proxy_set_shared_data(words[1].data(), words[1].size(), words[2].data(), words[2].size(), 0);
  }
  if (words[0] != "shared") return std::nullopt;
  const char* data = nullptr;
  size_t size = 0;
  uint32_t cas = 0;
  const auto status = abi::proxy_get_shared_data(words[1].data(), words[1].size(), &data, &size, &cas);
  if (status == Status::Ok) result = show({data, size});
  return status;
}

// register NAME, resolve VM NAME, enqueue NAME VALUE, dequeue NAME
std::optional<Status> sharedQueue(const Words& words, std::string& result) {
  if (words[0] == "register") {
    return abi::proxy_register_shared_queue(words[1].data(), words[1].size(), &ids[words[1]]);
  }
  if (words[0] == "resolve") {
    return abi::proxy_resolve_shared_queue(words[1].data(), words[1].size(), words[2].data(), words[2].size(),
                                           &ids[words[2]]);
  }
  if (words[0] == "enqueue") return abi::proxy_enqueue_shared_queue(ids[words[1]], words[2].data(), words[2].size());
  if (words[0] != "dequeue") return std::nullopt;
  const char* data = nullptr;
  size_t size = 0;
  const auto status = abi::proxy_dequeue_shared_queue(ids[words[1]], &data, &size);
  if (status == Status::Ok) result = show({data, size});
  return status;
}

}  // namespace

// External linkage, or the export would be nobody's.
void onQueueReady(uint32_t context, uint32_t) {
  const sluice::internal::CallbackScope scope;
  handle(context, "queue_ready", 1, false);
}

static const sluice::internal::Export_proxy_on_queue_ready<&onQueueReady> exported;

std::optional<Status> performState(const Words& words, std::string& result) {
  if (words[0] == "tick") return abi::proxy_set_tick_period_milliseconds(parseNumber(words[1]));
  if (const auto status = metric(words, result)) return status;
  if (const auto status = sharedData(words, result)) return status;
  return sharedQueue(words, result);
}

}  // namespace probe
