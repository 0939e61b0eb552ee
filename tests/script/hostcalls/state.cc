// Metrics, shared data, shared queues, timers.
#include <map>
#include <string>

#include "hostcalls.h"
#include "sluice/encoding.h"

namespace script {
namespace {

namespace abi = sluice::abi;
using sluice::MetricType;
using sluice::Status;

std::map<std::string, uint32_t> ids;  // The ids of metrics and queues, by their names in the script.

uint32_t& idOf(std::string_view name) { return ids[std::string(name)]; }

// define counter|gauge|histogram NAME, count NAME NUMBER, record NAME NUMBER, value NAME
std::optional<Status> metric(const Call& call, std::string& result) {
  const auto name = call.text(0);
  if (call.function == "define") {
    const auto type = name == "counter" ? MetricType::Counter
                      : name == "gauge" ? MetricType::Gauge
                                        : MetricType::Histogram;
    const auto defined = call.text(1);
    return abi::proxy_define_metric(type, defined.data(), defined.size(), &idOf(defined));
  }
  if (call.function == "count") return abi::proxy_increment_metric(idOf(name), call.number(1));
  if (call.function == "record") return abi::proxy_record_metric(idOf(name), call.number<uint64_t>(1));
  if (call.function != "value") return std::nullopt;
  uint64_t value = 0;
  const auto status = abi::proxy_get_metric(idOf(name), &value);
  if (status == Status::Ok) result = " " + std::to_string(value);
  return status;
}

// share KEY VALUE, shared KEY
std::optional<Status> sharedData(const Call& call, std::string& result) {
  const auto key = call.text(0);
  const auto value = call.text(1);
  if (call.function == "share") {
    return abi::proxy_set_shared_data(key.data(), key.size(), value.data(), value.size(), 0);
  }
  if (call.function != "shared") return std::nullopt;
  const char* data = nullptr;
  size_t size = 0;
  uint32_t cas = 0;
  const auto status = abi::proxy_get_shared_data(key.data(), key.size(), &data, &size, &cas);
  if (status == Status::Ok) result = show({data, size});
  return status;
}

// register NAME, resolve VM NAME, enqueue NAME VALUE, dequeue NAME
std::optional<Status> sharedQueue(const Call& call, std::string& result) {
  const auto first = call.text(0);
  const auto second = call.text(1);
  if (call.function == "register") return abi::proxy_register_shared_queue(first.data(), first.size(), &idOf(first));
  if (call.function == "resolve") {
    return abi::proxy_resolve_shared_queue(first.data(), first.size(), second.data(), second.size(), &idOf(second));
  }
  if (call.function == "enqueue") return abi::proxy_enqueue_shared_queue(idOf(first), second.data(), second.size());
  if (call.function != "dequeue") return std::nullopt;
  const char* data = nullptr;
  size_t size = 0;
  const auto status = abi::proxy_dequeue_shared_queue(idOf(first), &data, &size);
  if (status == Status::Ok) result = show({data, size});
  return status;
}

// foreign NAME ARGUMENTS, and foreignhex NAME DIGITS for arguments that are no text.
std::optional<Status> foreignFunction(const Call& call, std::string& result) {
  const bool hex = call.function == "foreignhex";
  if (call.function != "foreign" && !hex) return std::nullopt;
  const auto name = call.text(0);
  const std::string arguments = hex ? sluice::decodeHex(call.text(1)).value_or("") : std::string(call.text(1));
  const char* data = nullptr;
  size_t size = 0;
  const auto status =
      abi::proxy_call_foreign_function(name.data(), name.size(), arguments.data(), arguments.size(), &data, &size);
  if (status == Status::Ok) result = show({data, size});
  return status;
}

}  // namespace

std::optional<Status> callState(const Call& call, std::string& result) {
  if (call.function == "tick") return abi::proxy_set_tick_period_milliseconds(call.number<uint32_t>(0));
  if (const auto status = metric(call, result)) return status;
  if (const auto status = foreignFunction(call, result)) return status;
  if (const auto status = sharedData(call, result)) return status;
  return sharedQueue(call, result);
}

}  // namespace script
