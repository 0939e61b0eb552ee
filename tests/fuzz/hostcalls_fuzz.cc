// A guest that makes any hostcalls with any arguments in any callback, in a proxy where anything happens in any order.
// The input is the events, a length first, and then the guest's program.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "../host/wat.h"
#include "abi/abi32.h"
#include "host_driver.h"

using namespace sluice;
using host::Signature;
using host::ValueKind;

namespace {

std::string types(std::string_view what, const std::vector<ValueKind>& kinds) {
  std::string text = " (" + std::string(what);
  for (ValueKind kind : kinds) text += kind == ValueKind::I64 ? " i64" : " i32";
  return text + ")";
}

std::string arguments(const std::vector<ValueKind>& kinds) {
  std::string text;
  for (ValueKind kind : kinds) {
    text += kind == ValueKind::I64 ? " (i64.extend_i32_s (call $argument))" : " (call $argument)";
  }
  return text;
}

// Low memory holds what hostcalls take, so that small numbers are addresses, sizes and ids at once. Results go there
// too.
constexpr std::string_view kMemory = R"(
  (memory (export "memory") 2)
  (data (i32.const 4) "svc\00:path\00x-a\00plugin_name\00request\00path\00declare_property\00\0a\01x")
  (data (i32.const 80) "\01\00\00\00\03\00\00\00\01\00\00\00x-a\00b\00")
  (data (i32.const 100) "\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\02\00\00\00\0a\00\00\00\01\00\00\00")
  (data (i32.const 128) ":method\00GET\00:path\00/a\00:authority\00a\00")
  (global $program (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $free (mut i32) (i32.const 8192))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32) (local $at i32)
    (local.set $at (global.get $free))
    (if (i32.gt_u (local.get 0) (i32.const 60000)) (then (return (i32.const 0))))
    (global.set $free (i32.add (global.get $free) (local.get 0)))
    (if (i32.gt_u (global.get $free) (i32.const 131072)) (then (global.set $free (i32.const 70000)) (return (i32.const 8))))
    (local.get $at))
  (func $next (result i32)
    (if (i32.ge_u (global.get $program) (global.get $end)) (then (return (i32.const 0))))
    (i32.load8_u (global.get $program))
    (global.set $program (i32.add (global.get $program) (i32.const 1))))
  (func $argument (result i32) (local $b i32)
    (local.set $b (call $next))
    (if (i32.lt_u (local.get $b) (i32.const 110)) (then (return (i32.and (local.get $b) (i32.const 15)))))
    (if (i32.lt_u (local.get $b) (i32.const 235)) (then (return (i32.sub (local.get $b) (i32.const 110)))))
    (if (i32.lt_u (local.get $b) (i32.const 245)) (then (return (i32.const 100))))
    (i32.or (i32.shl (call $next) (i32.const 24)) (i32.or (i32.shl (call $next) (i32.const 12)) (call $next))))
  (func $run (local $left i32)
    (local.set $left (i32.and (call $next) (i32.const 7)))
    (block $done (loop $more
      (br_if $done (i32.eqz (local.get $left)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (call_indirect (i32.rem_u (call $next) (table.size $calls)))
      (br $more))))
)";

std::string makeGuest() {
  std::string imports;
  std::string calls;
  std::string names;
  auto add = [&](std::string_view module, std::string_view name, const Signature& signature) {
    const std::string id = "$" + std::string(name);
    imports += "(import \"" + std::string(module) + "\" \"" + std::string(name) + "\" (func " + id +
               types("param", signature.params) + types("result", signature.results) + "))\n";
    calls += "(func " + id + "_call (drop (call " + id + arguments(signature.params) + ")))\n";
    names += " " + id + "_call";
  };
#define FUZZ_IMPORT(first, last, name, params) \
  if (first <= 21 && last >= 21) add("env", #name, host::abi32::SignatureOf<host::abi32::type::name>::get());
  SLUICE_ABI_HOSTCALLS(FUZZ_IMPORT)
#undef FUZZ_IMPORT
  const auto i32 = ValueKind::I32;
  add("wasi_snapshot_preview1", "fd_write", {{i32, i32, i32, i32}, {i32}});
  add("wasi_snapshot_preview1", "environ_get", {{i32, i32}, {i32}});
  add("wasi_snapshot_preview1", "random_get", {{i32, i32}, {i32}});
  add("wasi_snapshot_preview1", "clock_time_get", {{i32, ValueKind::I64, i32}, {i32}});

  std::string callbacks;
  auto answer = [&](std::string_view name, const Signature& signature) {
    if (name == "proxy_on_memory_allocate" || name == "malloc") return;
    callbacks += "(func (export \"" + std::string(name) + "\")" + types("param", signature.params) +
                 types("result", signature.results);
    // The program is the plugin configuration.
    if (name == "proxy_on_configure") {
      callbacks +=
          "(drop (call $proxy_get_buffer_bytes (i32.const 7) (i32.const 0) (local.get 1) (i32.const 0) "
          "(i32.const 4))) (global.set $program (i32.load (i32.const 0)))"
          "(global.set $end (i32.add (i32.load (i32.const 0)) (i32.load (i32.const 4))))"
          "(i32.store (i32.const 4) (i32.const 0x00637673))";
    }
    callbacks += "(call $run)";
    if (name == "proxy_on_configure" || name == "proxy_on_vm_start") {
      callbacks += "(i32.const 1)";
    } else if (!signature.results.empty()) {
      callbacks += "(i32.rem_u (call $next) (i32.const 5))";
    }
    callbacks += ")\n";
  };
#define FUZZ_EXPORT(first, last, name, result, params) \
  if (first <= 21 && last >= 21) answer(#name, host::abi32::SignatureOf<host::abi32::type::name>::get());
  SLUICE_ABI_CALLBACKS(FUZZ_EXPORT)
#undef FUZZ_EXPORT
  return host::test::assemble("(module " + imports + "(table $calls funcref (elem" + names + "))\n" +
                              std::string(kMemory) + calls + callbacks + ")");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto guest = host::loadWasm(makeGuest(), "fuzz.wasm");
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.empty()) return 0;
  const size_t length = input.size() * static_cast<uint8_t>(input[0]) / 256;
  fuzz::Choices events(input.substr(1, length));
  fuzz::drive(guest, input.substr(std::min(input.size(), 1 + length)), events);
  return 0;
}
