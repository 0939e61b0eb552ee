// Compiled as C++17, like the interpreter: see host/src/guest/interpreter.h.
#include "wat.h"

#include <memory>
#include <stdexcept>

#include "wabt/binary-writer.h"
#include "wabt/error-formatter.h"
#include "wabt/ir.h"
#include "wabt/stream.h"
#include "wabt/validator.h"
#include "wabt/wast-lexer.h"
#include "wabt/wast-parser.h"

namespace sluice::host::test {

std::string assemble(std::string_view wat) {
  wabt::Features features;
  features.enable_tail_call();
  wabt::Errors errors;
  auto lexer = wabt::WastLexer::CreateBufferLexer("test.wat", wat.data(), wat.size(), &errors);
  std::unique_ptr<wabt::Module> module;
  wabt::WastParseOptions options(features);
  bool ok = wabt::Succeeded(wabt::ParseWatModule(lexer.get(), &module, &errors, &options)) &&
            wabt::Succeeded(wabt::ValidateModule(module.get(), &errors, wabt::ValidateOptions(features)));
  if (!ok)
    throw std::runtime_error(
        wabt::FormatErrorsToString(errors, wabt::Location::Type::Text, lexer->MakeLineFinder().get()));
  wabt::MemoryStream stream;
  wabt::WriteBinaryOptions writeOptions;
  writeOptions.features = features;
  writeOptions.write_debug_names = true;
  if (wabt::Failed(wabt::WriteBinaryModule(&stream, module.get(), writeOptions)))
    throw std::runtime_error("cannot write");
  const auto& bytes = stream.output_buffer().data;
  return std::string(bytes.begin(), bytes.end());
}

std::string guest(std::string_view body) {
  static constexpr std::string_view kPrelude = R"((module
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (import "env" "proxy_get_header_map_value" (func $get_value (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_get_header_map_pairs" (func $get_pairs (param i32 i32 i32) (result i32)))
    (import "env" "proxy_set_header_map_pairs" (func $set_pairs (param i32 i32 i32) (result i32)))
    (import "env" "proxy_get_header_map_size" (func $map_size (param i32 i32) (result i32)))
    (import "env" "proxy_add_header_map_value" (func $add_value (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_replace_header_map_value" (func $replace_value (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_remove_header_map_value" (func $remove_value (param i32 i32 i32) (result i32)))
    (import "env" "proxy_get_buffer_bytes" (func $get_buffer (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_set_buffer_bytes" (func $set_buffer (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_get_buffer_status" (func $buffer_status (param i32 i32 i32) (result i32)))
    (import "env" "proxy_continue_stream" (func $continue (param i32) (result i32)))
    (import "env" "proxy_close_stream" (func $close (param i32) (result i32)))
    (import "env" "proxy_send_local_response"
      (func $send_local_response (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_get_property" (func $get_property (param i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_set_property" (func $set_property (param i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_set_tick_period_milliseconds" (func $set_tick_period (param i32) (result i32)))
    (import "env" "proxy_get_current_time_nanoseconds" (func $get_time (param i32) (result i32)))
    (import "env" "proxy_set_effective_context" (func $set_effective_context (param i32) (result i32)))
    (import "env" "proxy_done" (func $done (result i32)))
    (import "env" "proxy_http_call"
      (func $http_call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_grpc_call"
      (func $grpc_call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_grpc_stream" (func $grpc_stream (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_grpc_send" (func $grpc_send (param i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_grpc_cancel" (func $grpc_cancel (param i32) (result i32)))
    (import "env" "proxy_grpc_close" (func $grpc_close (param i32) (result i32)))
    (import "env" "proxy_get_status" (func $get_status (param i32 i32 i32) (result i32)))
    (import "env" "proxy_get_shared_data" (func $get_shared (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_set_shared_data" (func $set_shared (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_register_shared_queue" (func $register_queue (param i32 i32 i32) (result i32)))
    (import "env" "proxy_resolve_shared_queue" (func $resolve_queue (param i32 i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_enqueue_shared_queue" (func $enqueue (param i32 i32 i32) (result i32)))
    (import "env" "proxy_dequeue_shared_queue" (func $dequeue (param i32 i32 i32) (result i32)))
    (import "env" "proxy_define_metric" (func $define (param i32 i32 i32 i32) (result i32)))
    (import "env" "proxy_record_metric" (func $record (param i32 i64) (result i32)))
    (import "env" "proxy_increment_metric" (func $increment (param i32 i64) (result i32)))
    (import "env" "proxy_get_metric" (func $get_metric (param i32 i32) (result i32)))
    (import "env" "proxy_call_foreign_function" (func $foreign (param i32 i32 i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 16384))
    (global $line (mut i32) (i32.const 1100))
    (func (export "proxy_abi_version_0_2_1"))
    (func $allocate (export "proxy_on_memory_allocate") (param $size i32) (result i32)
      (local $at i32)
      (local.set $at (global.get $next))
      (global.set $next (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 7)) (i32.const -8)))
      (block $enough
        (loop $grow
          (br_if $enough (i32.le_u (global.get $next) (i32.shl (memory.size) (i32.const 16))))
          (br_if $grow (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))
          (return (i32.const 0))))
      (local.get $at))
    ;; Logs a text at level info.
    (func $say (param $text i32) (param $size i32) (drop (call $log (i32.const 2) (local.get $text) (local.get $size))))
    ;; Logs a number as one character: '0' + number, so that statuses and small counts can be read in the log.
    (func $digit (param $number i32)
      (i32.store8 (i32.const 1000) (i32.add (i32.const 48) (local.get $number)))
      (call $say (i32.const 1000) (i32.const 1)))
    ;; A line of the log, put together piece by piece.
    (func $put (param $text i32) (param $size i32)
      (memory.copy (global.get $line) (local.get $text) (local.get $size))
      (global.set $line (i32.add (global.get $line) (local.get $size))))
    (func $put_digits (param $number i32)
      (if (i32.ge_u (local.get $number) (i32.const 10))
        (then (call $put_digits (i32.div_u (local.get $number) (i32.const 10)))))
      (i32.store8 (global.get $line) (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
      (global.set $line (i32.add (global.get $line) (i32.const 1))))
    (func $put_number (param $number i32)
      (i32.store8 (global.get $line) (i32.const 32))
      (global.set $line (i32.add (global.get $line) (i32.const 1)))
      (call $put_digits (local.get $number)))
    (func $flush
      (call $say (i32.const 1100) (i32.sub (global.get $line) (i32.const 1100)))
      (global.set $line (i32.const 1100)))
    ;; Logs what a hostcall handed over: the pointer is at byte 1008, the length at byte 1012.
    (func $say_result (call $say (i32.load (i32.const 1008)) (i32.load (i32.const 1012))))
)";
  return assemble(std::string(kPrelude) + std::string(body) + ")");
}

namespace {

struct TracedCallback {
  const char* name;
  int params;
  const char* result;  // The default result, or null for callbacks without one.
};

constexpr TracedCallback kTraced[] = {
    {"context_create", 2, nullptr},
    {"vm_start", 2, "1"},
    {"configure", 2, "1"},
    {"tick", 1, nullptr},
    {"queue_ready", 2, nullptr},
    {"new_connection", 1, "0"},
    {"downstream_data", 3, "0"},
    {"downstream_connection_close", 2, nullptr},
    {"upstream_data", 3, "0"},
    {"upstream_connection_close", 2, nullptr},
    {"request_headers", 3, "0"},
    {"request_body", 3, "0"},
    {"request_trailers", 2, "0"},
    {"request_metadata", 2, "0"},
    {"response_headers", 3, "0"},
    {"response_body", 3, "0"},
    {"response_trailers", 2, "0"},
    {"response_metadata", 2, "0"},
    {"log", 1, nullptr},
    {"done", 1, "1"},
    {"delete", 1, nullptr},
    {"http_call_response", 5, nullptr},
    {"grpc_receive_initial_metadata", 3, nullptr},
    {"grpc_receive", 3, nullptr},
    {"grpc_receive_trailing_metadata", 3, nullptr},
    {"grpc_close", 3, nullptr},
    {"foreign_function", 3, nullptr},
};

}  // namespace

std::string tracer(const std::map<std::string, std::string>& bodies, std::string_view more) {
  std::string wat;
  int address = 2048;
  for (const TracedCallback& callback : kTraced) {
    const std::string name = callback.name;
    wat += "(data (i32.const " + std::to_string(address) + ") \"" + name + "\")\n";
    wat += "(func (export \"proxy_on_" + name + "\") (param";
    for (int i = 0; i < callback.params; ++i) wat += " i32";
    wat += ")";
    if (callback.result != nullptr) wat += " (result i32)";
    wat += " (local $a i32) (local $b i32)\n";
    wat += "(call $put (i32.const " + std::to_string(address) + ") (i32.const " + std::to_string(name.size()) + "))";
    for (int i = name == "context_create" ? 0 : 1; i < callback.params; ++i) {
      wat += "(call $put_number (local.get " + std::to_string(i) + "))";
    }
    wat += "(call $flush)\n";
    auto body = bodies.find(name);
    if (body != bodies.end()) {
      wat += body->second;
    } else if (callback.result != nullptr) {
      wat += std::string("(i32.const ") + callback.result + ")";
    }
    wat += ")\n";
    address += static_cast<int>(name.size());
  }
  return guest(wat + std::string(more));
}

}  // namespace sluice::host::test
