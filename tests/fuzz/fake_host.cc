#include "fake_host.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/runtime.h"

namespace sluice {
namespace fuzz {

FakeHost& fakeHost() {
  static FakeHost host;
  return host;
}

void touch(std::string_view bytes) {
  for (const volatile char& c : bytes) static_cast<void>(char{c});
}

namespace {

/// Mostly Ok, otherwise any number.
Status answer() {
  const uint8_t kind = fakeHost().input.byte();
  if (kind < 192) return Status::Ok;
  if (kind < 250) return static_cast<Status>(kind - 192);
  return static_cast<Status>(fakeHost().input.word());
}

void callBack() {
  if (fakeHost().meanwhile) fakeHost().meanwhile();
}

char* copyIntoGuest(std::string_view bytes) {
  auto* const block = static_cast<char*>(internal::hostAllocate(bytes.size()));
  if (block != nullptr && !bytes.empty()) std::memcpy(block, bytes.data(), bytes.size());
  return block;
}

/// Gives bytes to the guest correctly, or in a way that no host should.
void handOver(const char** data, size_t* size) {
  static char outside[16] = {};
  auto& input = fakeHost().input;
  const uint8_t how = input.byte();
  const auto bytes = input.take(how < 128 ? how : input.byte());
  switch (how % 16) {
    case 0:
      return;  // Write nothing.
    case 1:    // No memory.
      *data = nullptr;
      *size = bytes.size() + 1;
      return;
    case 2:  // Memory that the host did not allocate for this.
      *data = outside;
      *size = 4;
      return;
    case 3:  // A size larger than the allocation.
      *data = copyIntoGuest(bytes);
      *size = bytes.size() + 1 + input.word();
      return;
    case 4:  // A pointer into the block.
      *data = copyIntoGuest(bytes) + 1;
      *size = bytes.size();
      return;
    case 5:  // Not the latest block.
      *data = copyIntoGuest(bytes);
      *size = bytes.size();
      static_cast<void>(internal::hostAllocate(bytes.size()));
      return;
    case 6:  // A null pointer and size 0.
      *data = nullptr;
      *size = 0;
      return;
    case 7:  // A size smaller than the allocation, which is allowed.
      *data = copyIntoGuest(bytes);
      *size = bytes.size() / 2;
      return;
    default:
      *data = copyIntoGuest(bytes);
      *size = bytes.size();
  }
}

}  // namespace
}  // namespace fuzz

// A definition that differs from its declaration in hostcalls.h would be a different function and would not link.
namespace abi {

using fuzz::answer;
using fuzz::callBack;
using fuzz::copyIntoGuest;
using fuzz::fakeHost;
using fuzz::handOver;
using fuzz::touch;

Status proxy_log(LogLevel, const char* message_data, size_t message_size) {
  touch({message_data, message_size});
  return answer();
}
Status proxy_get_log_level(LogLevel* return_level) {
  *return_level = static_cast<LogLevel>(fakeHost().input.byte() < 16 ? fakeHost().input.word() : 0);
  return answer();
}
Status proxy_get_current_time_nanoseconds(uint64_t* return_time) {
  *return_time = uint64_t{fakeHost().input.word()} << 32 | fakeHost().input.word();
  return answer();
}
Status proxy_set_tick_period_milliseconds(uint32_t) { return answer(); }
Status proxy_done() {
  callBack();
  return answer();
}

Status proxy_set_buffer_bytes(BufferType, size_t, size_t, const char* value_data, size_t value_size) {
  touch({value_data, value_size});
  return answer();
}
Status proxy_get_buffer_bytes(BufferType buffer, size_t, size_t, const char** return_data, size_t* return_size) {
  const auto& configuration = fakeHost().configuration;
  if (buffer == BufferType::PluginConfiguration && !configuration.empty()) {
    *return_data = fuzz::copyIntoGuest(configuration);
    *return_size = configuration.size();
    return Status::Ok;
  }
  handOver(return_data, return_size);
  return answer();
}
Status proxy_get_buffer_status(BufferType, size_t* return_size, uint32_t* return_unused) {
  *return_size = fakeHost().input.word();
  *return_unused = fakeHost().input.byte();
  return answer();
}

Status proxy_get_header_map_size(MapType, size_t* return_size) {
  *return_size = fakeHost().input.word();
  return answer();
}
Status proxy_get_header_map_pairs(MapType, const char** return_data, size_t* return_size) {
  handOver(return_data, return_size);
  return answer();
}
Status proxy_set_header_map_pairs(MapType, const char* pairs_data, size_t pairs_size) {
  touch({pairs_data, pairs_size});
  return answer();
}
Status proxy_get_header_map_value(MapType, const char* key_data, size_t key_size, const char** return_data,
                                  size_t* return_size) {
  touch({key_data, key_size});
  handOver(return_data, return_size);
  return answer();
}
Status proxy_add_header_map_value(MapType, const char* key_data, size_t key_size, const char* value_data,
                                  size_t value_size) {
  touch({key_data, key_size});
  touch({value_data, value_size});
  return answer();
}
Status proxy_replace_header_map_value(MapType map, const char* key_data, size_t key_size, const char* value_data,
                                      size_t value_size) {
  return proxy_add_header_map_value(map, key_data, key_size, value_data, value_size);
}
Status proxy_remove_header_map_value(MapType, const char* key_data, size_t key_size) {
  touch({key_data, key_size});
  return answer();
}

Status proxy_continue_stream(StreamType) {
  callBack();
  return answer();
}
Status proxy_close_stream(StreamType) {
  callBack();
  return answer();
}
Status proxy_send_local_response(uint32_t, const char* details_data, size_t details_size, const char* body_data,
                                 size_t body_size, const char* headers_data, size_t headers_size, GrpcStatus) {
  touch({details_data, details_size});
  touch({body_data, body_size});
  touch({headers_data, headers_size});
  callBack();
  touch({headers_data, headers_size});  // The callbacks must have left it valid.
  return answer();
}

Status proxy_get_property(const char* path_data, size_t path_size, const char** return_data, size_t* return_size) {
  touch({path_data, path_size});
  if (std::string_view(path_data, path_size) == "plugin_root_id") {
    *return_data = copyIntoGuest(fakeHost().rootId);
    *return_size = fakeHost().rootId.size();
    return Status::Ok;
  }
  handOver(return_data, return_size);
  return answer();
}
Status proxy_set_property(const char* path_data, size_t path_size, const char* value_data, size_t value_size) {
  touch({path_data, path_size});
  touch({value_data, value_size});
  return answer();
}

Status proxy_set_effective_context(uint32_t) { return answer(); }
Status proxy_get_status(uint32_t* return_code, const char** return_message_data, size_t* return_message_size) {
  *return_code = fakeHost().input.word();
  handOver(return_message_data, return_message_size);
  return answer();
}

Status proxy_get_shared_data(const char* key_data, size_t key_size, const char** return_data, size_t* return_size,
                             uint32_t* return_cas) {
  touch({key_data, key_size});
  handOver(return_data, return_size);
  *return_cas = fakeHost().input.byte();
  return answer();
}
Status proxy_set_shared_data(const char* key_data, size_t key_size, const char* value_data, size_t value_size,
                             uint32_t) {
  touch({key_data, key_size});
  touch({value_data, value_size});
  return answer();
}
Status proxy_register_shared_queue(const char* name_data, size_t name_size, uint32_t* return_queue_id) {
  touch({name_data, name_size});
  *return_queue_id = fakeHost().input.byte();
  return answer();
}
Status proxy_resolve_shared_queue(const char* vm_id_data, size_t vm_id_size, const char* name_data, size_t name_size,
                                  uint32_t* return_queue_id) {
  touch({vm_id_data, vm_id_size});
  return proxy_register_shared_queue(name_data, name_size, return_queue_id);
}
Status proxy_enqueue_shared_queue(uint32_t, const char* value_data, size_t value_size) {
  touch({value_data, value_size});
  callBack();
  return answer();
}
Status proxy_dequeue_shared_queue(uint32_t, const char** return_data, size_t* return_size) {
  handOver(return_data, return_size);
  return answer();
}

// Few different ids, so that some recur.
Status proxy_http_call(const char* upstream_data, size_t upstream_size, const char* headers_data, size_t headers_size,
                       const char* body_data, size_t body_size, const char* trailers_data, size_t trailers_size,
                       uint32_t, uint32_t* return_call_id) {
  touch({upstream_data, upstream_size});
  touch({headers_data, headers_size});
  touch({body_data, body_size});
  touch({trailers_data, trailers_size});
  *return_call_id = fakeHost().input.byte() % 16;
  callBack();
  return answer();
}
Status proxy_grpc_call(const char* upstream_data, size_t upstream_size, const char* service_data, size_t service_size,
                       const char* method_data, size_t method_size, const char* metadata_data, size_t metadata_size,
                       const char* message_data, size_t message_size, uint32_t, uint32_t* return_call_id) {
  touch({message_data, message_size});
  return proxy_grpc_stream(upstream_data, upstream_size, service_data, service_size, method_data, method_size,
                           metadata_data, metadata_size, return_call_id);
}
Status proxy_grpc_stream(const char* upstream_data, size_t upstream_size, const char* service_data, size_t service_size,
                         const char* method_data, size_t method_size, const char* metadata_data, size_t metadata_size,
                         uint32_t* return_stream_id) {
  touch({upstream_data, upstream_size});
  touch({service_data, service_size});
  touch({method_data, method_size});
  touch({metadata_data, metadata_size});
  *return_stream_id = fakeHost().input.byte() % 16;
  callBack();
  return answer();
}
Status proxy_grpc_send(uint32_t, const char* message_data, size_t message_size, uint32_t) {
  touch({message_data, message_size});
  callBack();
  return answer();
}
Status proxy_grpc_close(uint32_t) {
  callBack();
  return answer();
}
Status proxy_grpc_cancel(uint32_t) {
  callBack();
  return answer();
}

Status proxy_define_metric(MetricType, const char* name_data, size_t name_size, uint32_t* return_metric_id) {
  touch({name_data, name_size});
  *return_metric_id = fakeHost().input.byte();
  return answer();
}
Status proxy_record_metric(uint32_t, uint64_t) { return answer(); }
Status proxy_increment_metric(uint32_t, int64_t) { return answer(); }
Status proxy_get_metric(uint32_t, uint64_t* return_value) {
  *return_value = fakeHost().input.word();
  return answer();
}

Status proxy_call_foreign_function(const char* name_data, size_t name_size, const char* arguments_data,
                                   size_t arguments_size, const char** return_data, size_t* return_size) {
  touch({name_data, name_size});
  touch({arguments_data, arguments_size});
  callBack();
  handOver(return_data, return_size);
  return answer();
}

}  // namespace abi
}  // namespace sluice

/// No input may make the SDK trap. The fuzz targets avoid calls that trap by design, such as the value of a failed
/// Result.
extern "C" [[noreturn]] void sluice_native_trap(const char* message) {
  std::fprintf(stderr, "trap: %s\n", message);
  std::abort();
}
