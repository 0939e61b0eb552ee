// Calls callbacks in any order, for any context, with any arguments. The filter makes any calls of the SDK, and the
// host gives any answers. The input is a script for the filter, followed by the callbacks mixed with the host's
// answers.
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "../script/script.h"
#include "fake_host.h"
#include "sluice/internal/runtime.h"
#include "sluice/native_export.h"
#include "sluice/sluice.h"

using namespace sluice;
using fuzz::fakeHost;

extern "C" const abi::NativeExport* sluice_native_exports();

namespace {

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

std::string makeScript(fuzz::Input& input) {
  const auto calls = testing::scriptOfEverything();
  std::vector<testing::ScriptCall> chosen;
  for (int count = input.byte() % 32; count > 0; --count) {
    auto call = calls[input.byte() % calls.size()];
    call.callback = script::kCallbacks[input.byte() % std::size(script::kCallbacks)].name;
    chosen.push_back(std::move(call));
  }
  return testing::scriptText(chosen);
}

// Mostly one of a few ids, so that they recur. Ids that differ by 1024 share a chain in the SDK's context table.
uint32_t someId() {
  const uint8_t choice = fakeHost().input.byte();
  if (choice < 200) return choice % 8;
  if (choice < 240) return 1024 + choice % 8;
  return fakeHost().input.word();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Exports exports;
  auto& host = fakeHost();
  auto& input = host.input;
  host.input = fuzz::Input(data, size);
  host.configuration = makeScript(input);
  std::set<uint32_t> created;
  const auto create = [&](uint32_t id, uint32_t parent) {
    // Root contexts of both kinds.
    host.rootId = id % 4 == 3 ? "tcp" : "";
    created.insert(id);
    exports.proxy_on_context_create(id, parent);
  };
  create(1, 0);
  static_cast<void>(exports.proxy_on_configure(1, host.configuration.size()));
  create(2, 1);
  create(3, 0);
  static_cast<void>(exports.proxy_on_configure(3, host.configuration.size()));
  create(4, 3);
  bool mayDelete = true;
  const auto callBack = [&] {
    const uint8_t what = input.byte();
    const uint32_t id = someId();
    const uint32_t argument = input.byte();
    const uint32_t end = what >> 7;
    switch (what % 32) {
      case 0:
        create(id, 0);
        break;
      case 1:
        create(id, someId());
        break;
      case 2:
        if (mayDelete) exports.proxy_on_delete(id);
        break;
      case 3:
        static_cast<void>(exports.proxy_on_done(id));
        break;
      case 4:
        exports.proxy_on_log(id);
        break;
      case 5:
        static_cast<void>(exports.proxy_on_vm_start(id, argument));
        break;
      case 6:
        static_cast<void>(exports.proxy_on_configure(id, argument));
        break;
      case 7:
        exports.proxy_on_tick(id);
        break;
      case 8:
        static_cast<void>(exports.proxy_on_request_headers(id, argument, end));
        break;
      case 9:
        static_cast<void>(exports.proxy_on_request_body(id, argument, end));
        break;
      case 10:
        static_cast<void>(exports.proxy_on_request_trailers(id, argument));
        break;
      case 11:
        static_cast<void>(exports.proxy_on_response_headers(id, argument, end));
        break;
      case 12:
        static_cast<void>(exports.proxy_on_response_body(id, argument, end));
        break;
      case 13:
        static_cast<void>(exports.proxy_on_response_trailers(id, argument));
        break;
      case 15:
        exports.proxy_on_queue_ready(id, argument);
        break;
      case 16:
        exports.proxy_on_foreign_function(id, argument, argument);
        break;
      case 17:
        static_cast<void>(exports.proxy_on_request_metadata(id, argument));
        break;
      case 18:
        static_cast<void>(exports.proxy_on_response_metadata(id, argument));
        break;
      case 19:
        static_cast<void>(exports.proxy_on_new_connection(id));
        break;
      case 20:
      case 21:
        static_cast<void>(exports.proxy_on_downstream_data(id, argument, end));
        break;
      case 22:
      case 23:
        static_cast<void>(exports.proxy_on_upstream_data(id, argument, end));
        break;
      case 24:
        exports.proxy_on_downstream_connection_close(id, static_cast<PeerType>(argument));
        break;
      case 25:
        exports.proxy_on_upstream_connection_close(id, static_cast<PeerType>(argument));
        break;
      case 26:
        create(id, 3);
        break;
      // Memory that the host does not use.
      case 14:
        static_cast<void>(exports.proxy_on_memory_allocate(argument));
        break;
      // Mostly callouts of the first root context, because only those ids can be known.
      case 27:
      case 28:
      case 29:
        exports.proxy_on_http_call_response(what < 200 ? 1 : id, id, argument, argument, end);
        break;
      default:
        create(id, 1);
        break;
    }
  };
  int depth = 0;
  host.meanwhile = [&](bool deletes) {
    if (depth == 3 || input.byte() % 4 != 0) return;
    const bool before = mayDelete;
    mayDelete = mayDelete && deletes;
    ++depth;
    callBack();
    --depth;
    mayDelete = before;
  };
  while (!input.empty()) callBack();
  host.meanwhile = nullptr;
  // Streams may be deleted after their roots. Anything left then is a leak, which the sanitizer finds.
  for (const auto id : created) exports.proxy_on_delete(id);
  return 0;
}
