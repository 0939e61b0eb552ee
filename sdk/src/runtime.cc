#include "sluice/internal/runtime.h"

#include <cstdint>
#include <cstdlib>
#include <utility>

#include "sluice/internal/hostcalls.h"
#include "sluice/internal/wasm_global.h"

#if !defined(__wasm__)
#include "sluice/internal/exports.h"
#endif

namespace sluice::internal {

namespace {

// A block on the heap: one that does not fit into the chunk; in native tests every block.
struct Block {
  Block* next;
};
constexpr size_t kAlignment = 16;
constexpr size_t kArenaHeader = kAlignment;

// Not 0 when endCallback() has something to do. It is a count, because the optimizer turns a variable that is only ever
// set to 1 into a bool, and WebAssembly has no such globals.
static WasmGlobal<int32_t> inUse;
// The number of hostcalls with a NestingScope in progress; the constant 0 in modules without such hostcalls.
static WasmGlobal<int32_t> nesting;
static WasmGlobal<LastCallback> last;
static WasmGlobal<const void*> continued;
static WasmGlobal<Block*> blocks;
static WasmGlobal<char*> lastBlock;
static WasmGlobal<size_t> lastSize;
// In modules that never set it, a constant; the compiler then calls the function directly.
HostAllocator hostAllocator = arenaAllocate;

void* allocateBlock(size_t size) {
  if (size > SIZE_MAX - kArenaHeader) return nullptr;
  auto* memory = static_cast<char*>(std::malloc(size + kArenaHeader));
  if (memory == nullptr) return nullptr;
  blocks = new (memory) Block{blocks};
  return memory + kArenaHeader;
}

void freeArena() {
  while (blocks != nullptr) {
    auto* next = blocks->next;
    std::free(blocks);
    blocks = next;
  }
}

}  // namespace

#if defined(__wasm__)

namespace {
// Memory for small data of the current callback, without malloc.
constexpr size_t kChunkSize = 4096;
alignas(kAlignment) char chunk[kChunkSize];
static WasmGlobal<size_t> used;  // of the chunk
}  // namespace

void* arenaAllocate(size_t size) {
  ++inUse;
  lastSize = size;
  if (size <= kChunkSize - used) {
    lastBlock = chunk + used;
    used += (size + kAlignment - 1) & ~(kAlignment - 1);
  } else {
    lastBlock = static_cast<char*>(allocateBlock(size));
  }
  return lastBlock;
}

void fatal(std::string_view message) {
  static_cast<void>(abi::proxy_log(LogLevel::Critical, message.data(), message.size()));
  __builtin_trap();
}

extern "C" __attribute__((export_name("proxy_abi_version_0_2_1"))) void proxy_abi_version_0_2_1() {}

#else

// Each block is a separate heap block, so that the address sanitizer reports a view that outlives the callback.
void* arenaAllocate(size_t size) {
  ++inUse;
  lastSize = size;
  lastBlock = static_cast<char*>(allocateBlock(size));
  return lastBlock;
}

extern "C" [[noreturn]] void sluice_native_trap(const char* message);  // defined by the mock host

void fatal(std::string_view message) {
  static_cast<void>(abi::proxy_log(LogLevel::Critical, message.data(), message.size()));
  sluice_native_trap("the filter stopped itself; its last log line says why");
}

namespace {
abi::NativeExport* nativeExports = nullptr;
}  // namespace

void addNativeExport(abi::NativeExport& entry) {
  for (auto* e = nativeExports; e != nullptr; e = e->next) {
    if (e == &entry) return;
  }
  entry.next = nativeExports;
  nativeExports = &entry;
}

extern "C" __attribute__((visibility("default"))) const abi::NativeExport* sluice_native_exports() {
  return nativeExports;
}

#endif

void* hostAllocate(size_t size) { return hostAllocator(size); }
HostAllocator setHostAllocator(HostAllocator allocator) { return std::exchange(hostAllocator, allocator); }

void useOfFailedResult() { fatal("sluice: the value of a failed Result was used; ask ok() before operator*"); }

bool arenaOwns(const void* data, size_t size) { return data != nullptr && data == lastBlock && size <= lastSize; }

bool callbackMemoryInUse() { return inUse != 0; }
void markCallbackMemory() { ++inUse; }

NestingScope::NestingScope() { ++nesting; }
NestingScope::~NestingScope() { --nesting; }
bool NestingScope::isOpen() { return nesting != 0; }

LastCallback lastCallback() { return last; }
void setLastCallback(LastCallback now) { last = now; }

void noteContinued(const void* stream) {
  continued = stream;
  markCallbackMemory();
}
bool wasContinued(const void* stream) { return continued == stream; }

[[gnu::noinline]] void endCallback() {
  if (nesting != 0) return;
  deleteBuriedContexts();
#if defined(__wasm__)
  used = 0;
#endif
  inUse = 0;
  lastBlock = nullptr;
  continued = nullptr;
  forgetLogLevel();
  freeArena();
}

}  // namespace sluice::internal
