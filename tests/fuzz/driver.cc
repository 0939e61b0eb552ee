#include "driver.h"

#include <functional>
#include <random>
#include <string_view>

#include "sluice/abi.h"
#include "sluice/native_export.h"

extern "C" const sluice::abi::NativeExport* sluice_native_exports();

namespace sluice::fuzz {

namespace {

// How deep callbacks and hostcalls may be nested.
constexpr int kMaxDepth = 3;
constexpr unsigned kMoreBytes = 500;

// Mostly one of a few ids, so that they recur. Ids that differ by 1024 share a chain in the SDK's context table.
uint32_t someId() {
  const uint8_t choice = fakeHost().input.byte();
  if (choice < 200) return choice % 8;
  if (choice < 240) return 1024 + choice % 8;
  return fakeHost().input.word();
}

// The callbacks that the filter exports.
struct Exports {
#define FUZZ_MEMBER(first, last, name, result, params) abi::type::name* name = nullptr;
  SLUICE_ABI_CALLBACKS(FUZZ_MEMBER)
#undef FUZZ_MEMBER

  Exports() {
    for (const auto* entry = sluice_native_exports(); entry != nullptr; entry = entry->next) {
#define FUZZ_FIND(first, last, callback, result, params) \
  if (std::string_view(entry->name) == #callback) callback = reinterpret_cast<abi::type::callback*>(entry->function);
      SLUICE_ABI_CALLBACKS(FUZZ_FIND)
#undef FUZZ_FIND
    }
  }
};

const Exports& exports() {
  static const Exports exports;
  return exports;
}

// Calls a callback if the filter has it.
template <class Result, class... Parameters, class... Arguments>
void call(Result (*callback)(Parameters...), Arguments... arguments) {
  if (callback != nullptr) static_cast<void>(callback(static_cast<Parameters>(arguments)...));
}

}  // namespace

Driver::Driver(const uint8_t* data, size_t size) : input_(reinterpret_cast<const char*>(data), size) {
  std::minstd_rand random(static_cast<unsigned>(std::hash<std::string>()(input_)));
  for (auto more = random() % kMoreBytes; more > 0; --more) input_ += static_cast<char>(random() >> 8);
  auto& host = fakeHost();
  host.input = Input(reinterpret_cast<const uint8_t*>(input_.data()), input_.size());
  host.configuration.clear();
  host.rootId.clear();
  host.meanwhile = [this] { callBackDuringHostcall(); };
}

Driver::~Driver() {
  fakeHost().meanwhile = nullptr;
  // Streams may be deleted after their roots. Anything left then is a leak, which the sanitizer finds.
  for (const auto id : created_) call(exports().proxy_on_delete, id);
}

void Driver::create(uint32_t id, uint32_t parent) {
  fakeHost().rootId = id % 4 == 3 ? "tcp" : "";
  created_.insert(id);
  call(exports().proxy_on_context_create, id, parent);
}

void Driver::configure(uint32_t id) { call(exports().proxy_on_configure, id, fakeHost().configuration.size()); }

void Driver::run() {
  while (!fakeHost().input.empty()) callBack();
}

void Driver::callBackDuringHostcall() {
  if (depth_ == kMaxDepth || fakeHost().input.byte() % 4 != 0) return;
  ++depth_;
  callBack();
  --depth_;
}

void Driver::callBack() {
  auto& input = fakeHost().input;
  const auto& to = exports();
  const uint8_t what = input.byte();
  const uint32_t id = someId();
  const uint32_t argument = input.byte();
  const uint32_t end = what >> 7;
  switch (what % 32) {
    case 0:
      return create(id, 0);
    case 1:
      return create(id, someId());
    case 2:
      return call(to.proxy_on_delete, id);
    case 3:
      return call(to.proxy_on_done, id);
    case 4:
      return call(to.proxy_on_log, id);
    case 5:
      return call(to.proxy_on_vm_start, id, argument);
    case 6:
      return call(to.proxy_on_configure, id, argument);
    case 7:
      return call(to.proxy_on_tick, id);
    case 8:
      return call(to.proxy_on_request_headers, id, argument, end);
    case 9:
      return call(to.proxy_on_request_body, id, argument, end);
    case 10:
      return call(to.proxy_on_request_trailers, id, argument);
    case 11:
      return call(to.proxy_on_response_headers, id, argument, end);
    case 12:
      return call(to.proxy_on_response_body, id, argument, end);
    case 13:
      return call(to.proxy_on_response_trailers, id, argument);
    case 14:  // Memory that the host does not use.
      return call(to.proxy_on_memory_allocate, argument);
    case 15:
      return call(to.proxy_on_queue_ready, id, argument);
    case 16:
      return call(to.proxy_on_foreign_function, id, argument, argument);
    case 17:
      return call(to.proxy_on_request_metadata, id, argument);
    case 18:
      return call(to.proxy_on_response_metadata, id, argument);
    case 19:
      return call(to.proxy_on_new_connection, id);
    case 20:
    case 21:
      return call(to.proxy_on_downstream_data, id, argument, end);
    case 22:
    case 23:
      return call(to.proxy_on_upstream_data, id, argument, end);
    case 24:
      return call(to.proxy_on_downstream_connection_close, id, argument);
    case 25:
      return call(to.proxy_on_upstream_connection_close, id, argument);
    case 26:
      return create(id, 3);
    case 27:
    case 28:
    case 29:
      return callBackAboutCallout(what, id, argument);
    default:
      return create(id, 1);
  }
}

// Mostly callouts of the first root context, because only those ids can be known.
void Driver::callBackAboutCallout(uint8_t what, uint32_t id, uint32_t argument) {
  const auto& to = exports();
  const uint32_t root = what < 200 ? 1 : id;
  switch (argument % 8) {
    case 0:
      return call(to.proxy_on_grpc_receive_initial_metadata, root, id, argument);
    case 1:
    case 2:
      return call(to.proxy_on_grpc_receive, root, id, argument / 8);
    case 3:
      return call(to.proxy_on_grpc_receive_trailing_metadata, root, id, argument);
    case 4:
      return call(to.proxy_on_grpc_close, root, id, argument / 8);
    default:
      return call(to.proxy_on_http_call_response, root, id, argument, argument, what >> 7);
  }
}

}  // namespace sluice::fuzz
