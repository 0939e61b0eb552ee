// malloc for a filter: small code, a short common path, and no fragmentation that grows with each request.
//
// It has two tiers. Blocks of up to 2 KiB have a power of two as their size. Each size has a free list, so taking or
// returning a block takes a few instructions; when a list is empty, a block of the next size is halved. Larger blocks,
// and the 4 KiB slabs for small blocks, come from a list of free runs in the order of their addresses. Adjacent runs
// are joined, so the memory of a large body can be reused for anything, which matters because linear memory never
// shrinks.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "sluice/internal/allocator.h"
#include "sluice/internal/runtime.h"
#include "sluice/internal/wasm_global.h"

extern "C" char __heap_base;

using sluice::internal::blockPower;
using sluice::internal::FreeBlock;
using sluice::internal::freeBlocks;
using sluice::internal::kLargestSmallBlock;

// constinit, because other parts of the module allocate during their initialization.
constinit FreeBlock* sluice::internal::freeBlocks[12] = {};

namespace {

constexpr size_t kAlignment = 16;
constexpr size_t kWasmPage = 65536;
constexpr size_t kSlab = 4096;  // small blocks are halves of these
constexpr size_t kLargeGranule = 1024;
constexpr size_t kLimit = SIZE_MAX - 2 * kWasmPage;  // still fits a size_t when rounded up to whole pages

// Precedes the memory that malloc returns. That memory is aligned to kAlignment, so blocks start 8 bytes before an
// aligned address.
struct Header {
  uint32_t size;    // of the block, this header included
  uint32_t offset;  // 0; in the second header of an over-aligned block, the distance back to the block's own payload
};
static_assert(sizeof(Header) == sluice::internal::kBlockHeader);

// A free stretch of memory for large blocks and slabs.
struct Run {
  Run* next;
  size_t size;
  size_t end() const { return reinterpret_cast<size_t>(this) + size; }
};

Run beforeRuns;                                   // the head of the list; its address is lower than that of every run
static sluice::internal::WasmGlobal<size_t> top;  // the end of the memory that was added to the runs so far; 0 at first

// Adds free memory to the list and joins it with adjacent runs.
void giveRun(size_t start, size_t size) {
  Run* before = &beforeRuns;
  while (before->next != nullptr && reinterpret_cast<size_t>(before->next) < start) before = before->next;
  Run* const after = before->next;
  Run* run = before;
  if (before->end() == start) {
    run->size += size;
  } else {
    run = new (reinterpret_cast<void*>(start)) Run{after, size};
    before->next = run;
  }
  if (run->end() == reinterpret_cast<size_t>(after)) {
    run->size += after->size;
    run->next = after->next;
  }
}

// Adds more memory to the runs: first the rest of the initial memory after the linker's data, later new pages.
bool growMemory(size_t size) {
  if (top == 0) {
    top = reinterpret_cast<size_t>(&__heap_base) + sizeof(Header);
  } else if (__builtin_wasm_memory_grow(0, (size + kWasmPage - 1) / kWasmPage) == SIZE_MAX) {
    return false;
  }
  const size_t end = __builtin_wasm_memory_size(0) * kWasmPage - sizeof(Header);
  giveRun(top, end - top);
  top = end;
  return true;
}

char* takeRun(size_t size) {
  do {
    for (Run* before = &beforeRuns; before->next != nullptr; before = before->next) {
      Run* const run = before->next;
      if (run->size < size) continue;
      // Takes from the run's end: the list changes only when the run is used up.
      run->size -= size;
      if (run->size == 0) before->next = run->next;
      return reinterpret_cast<char*>(run) + run->size;
    }
  } while (growMemory(size));
  return nullptr;
}

Header* headerOf(void* payload) { return static_cast<Header*>(payload) - 1; }

void* allocateRun(size_t size) {
  char* const block = takeRun(size);
  if (block == nullptr) return nullptr;
  return new (block) Header{static_cast<uint32_t>(size), 0} + 1;
}

// Returns the payload of a block of 2^`power` bytes.
void* allocateSmall(unsigned power) {
  const auto size = uint32_t{1} << power;
  if (size == kSlab) return allocateRun(kSlab);
  if (auto* const block = freeBlocks[power]) {
    freeBlocks[power] = block->next;
    return block;
  }
  auto* const first = static_cast<char*>(allocateSmall(power + 1));
  if (first == nullptr) return nullptr;
  headerOf(first)->size = size;
  new (headerOf(first + size)) Header{size, 0};
  freeBlocks[power] = new (first + size) FreeBlock{nullptr};
  return first;
}

void* allocate(size_t size) {
  if (size > kLimit) return nullptr;
  if (size <= kLargestSmallBlock - sizeof(Header)) [[likely]]
    return allocateSmall(blockPower(size));
  return allocateRun((size + sizeof(Header) + kLargeGranule - 1) & ~(kLargeGranule - 1));
}

void release(void* payload) {
  if (payload == nullptr) return;
  payload = static_cast<char*>(payload) - headerOf(payload)->offset;
  const size_t size = headerOf(payload)->size;
  if (size > kLargestSmallBlock) return giveRun(reinterpret_cast<size_t>(headerOf(payload)), size);
  auto& list = freeBlocks[static_cast<unsigned>(__builtin_ctz(size))];
  list = new (payload) FreeBlock{list};
}

void* allocateAligned(size_t alignment, size_t size) {
  if (alignment <= kAlignment) return allocate(size);
  if (alignment > kLimit - size || size > kLimit) return nullptr;
  auto* const payload = static_cast<char*>(allocate(size + alignment));
  if (payload == nullptr) return nullptr;
  const auto address = reinterpret_cast<uintptr_t>(payload);
  const auto offset = static_cast<uint32_t>((alignment - address % alignment) % alignment);
  if (offset != 0) new (payload + offset - sizeof(Header)) Header{headerOf(payload)->size - offset, offset};
  return payload + offset;
}

size_t usableSize(void* payload) { return headerOf(payload)->size - sizeof(Header); }

void* allocateOrTrap(void* payload) {
  if (payload == nullptr) [[unlikely]]
    sluice::internal::fatal("sluice: out of memory");
  return payload;
}

}  // namespace

extern "C" {
void* malloc(size_t size) { return allocate(size); }
void free(void* payload) { release(payload); }
void* calloc(size_t count, size_t size) {
  size_t total = 0;
  if (__builtin_mul_overflow(count, size, &total)) return nullptr;
  void* const payload = allocate(total);
  if (payload != nullptr) std::memset(payload, 0, total);
  return payload;
}
void* realloc(void* payload, size_t size) {
  if (payload == nullptr) return allocate(size);
  const size_t before = usableSize(payload);
  if (size <= before) return payload;
  void* const moved = allocate(size);
  if (moved == nullptr) return nullptr;
  std::memcpy(moved, payload, before);
  release(payload);
  return moved;
}
void* aligned_alloc(size_t alignment, size_t size) { return allocateAligned(alignment, size); }
void* memalign(size_t alignment, size_t size) { return allocateAligned(alignment, size); }
int posix_memalign(void** result, size_t alignment, size_t size) {
  void* const payload = allocateAligned(alignment, size);
  if (payload == nullptr) return ENOMEM;
  *result = payload;
  return 0;
}
size_t malloc_usable_size(void* payload) { return payload == nullptr ? 0 : usableSize(payload); }
// libc's own names for them. Its locale code and atexit() call these, and would bring libc's allocator in beside this
// one.
void* __libc_malloc(size_t size) { return malloc(size); }
void* __libc_calloc(size_t count, size_t size) { return calloc(count, size); }
void* __libc_realloc(void* payload, size_t size) { return realloc(payload, size); }
void* __libc_memalign(size_t alignment, size_t size) { return memalign(alignment, size); }
void __libc_free(void* payload) { free(payload); }
}

void* operator new(size_t size) { return allocateOrTrap(allocate(size)); }
void* operator new[](size_t size) { return allocateOrTrap(allocate(size)); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new(size_t size, std::align_val_t alignment) {
  return allocateOrTrap(allocateAligned(static_cast<size_t>(alignment), size));
}
void* operator new[](size_t size, std::align_val_t alignment) {
  return allocateOrTrap(allocateAligned(static_cast<size_t>(alignment), size));
}
void operator delete(void* payload) noexcept { release(payload); }
void operator delete[](void* payload) noexcept { release(payload); }
void operator delete(void* payload, size_t) noexcept { release(payload); }
void operator delete[](void* payload, size_t) noexcept { release(payload); }
void operator delete(void* payload, std::align_val_t) noexcept { release(payload); }
void operator delete[](void* payload, std::align_val_t) noexcept { release(payload); }
void operator delete(void* payload, size_t, std::align_val_t) noexcept { release(payload); }
void operator delete[](void* payload, size_t, std::align_val_t) noexcept { release(payload); }
