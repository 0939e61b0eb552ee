// malloc for a filter: small in code, short in its common path, and nothing of one request left over for the next.
//
// Two tiers. Blocks up to 32 KiB come from free lists by size class (16-byte steps to 128 bytes, then four classes to
// each power of two), so a block is taken and given back in a few instructions. Larger ones, and the regions that small
// blocks are cut from, come from an address-ordered list of runs that joins neighbours again: a big body's memory
// serves whatever comes next, since linear memory never shrinks.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "sluice/internal/runtime.h"

extern "C" char __heap_base;

namespace {

constexpr size_t kUnit = 16;
constexpr size_t kWasmPage = 65536;
constexpr size_t kLargestSmall = 32768;
constexpr size_t kRegion = 4096;
constexpr size_t kLargeGranule = 1024;
constexpr size_t kLimit = SIZE_MAX - kWasmPage;

// Stands right before what malloc returns, which is aligned to kUnit.
struct Header {
  uint32_t size;    // of the block, this header included
  uint32_t offset;  // 0, or in the second header of an over-aligned block how far back the block's own payload is
};
static_assert(sizeof(Header) == 8);

struct FreeBlock {
  FreeBlock* next;
};

// A free stretch of memory for large blocks and regions.
struct Run {
  Run* next;
  size_t size;
  char* end() { return reinterpret_cast<char*>(this) + size; }
};

constexpr size_t classOf(size_t units) {
  if (units <= 8) return units - 1;
  const auto power = static_cast<size_t>(31 - __builtin_clz(static_cast<unsigned>(units - 1)));
  return 8 + (power - 3) * 4 + (((units - 1) >> (power - 2)) & 3);
}

constexpr size_t unitsOf(size_t sizeClass) {
  if (sizeClass < 8) return sizeClass + 1;
  return (5 + (sizeClass & 3)) << ((sizeClass - 8) / 4 + 1);
}

constexpr size_t kClasses = classOf(kLargestSmall / kUnit) + 1;
static_assert(unitsOf(classOf(9)) == 10 && unitsOf(classOf(11)) == 12 &&
              unitsOf(kClasses - 1) * kUnit == kLargestSmall);

FreeBlock* freeBlocks[kClasses];
Run* runs;
char* regionCursor;
char* regionEnd;
char* memoryEnd;

void giveRun(char* start, size_t size) {
  Run** link = &runs;
  while (*link != nullptr && (*link)->end() < start) link = &(*link)->next;
  Run* run = *link;
  if (run != nullptr && run->end() == start) {
    run->size += size;
  } else {
    run = new (start) Run{*link, size};
    *link = run;
  }
  Run* const next = run->next;
  if (next != nullptr && run->end() == reinterpret_cast<char*>(next)) {
    run->size += next->size;
    run->next = next->next;
  }
}

bool growMemory(size_t size) {
  if (memoryEnd == nullptr) {
    // The first call: what the linker left between the data and the end of the initial memory. Payloads are aligned to
    // kUnit, so blocks, and with them runs, start 8 bytes before that.
    memoryEnd = reinterpret_cast<char*>(__builtin_wasm_memory_size(0) * kWasmPage);
    auto base = (reinterpret_cast<uintptr_t>(&__heap_base) + kUnit - 1) & ~(kUnit - 1);
    auto* const start = reinterpret_cast<char*>(base + kUnit - sizeof(Header));
    if (start < memoryEnd) {
      const size_t left = static_cast<size_t>(memoryEnd - start) & ~(kUnit - 1);
      if (left >= kUnit) giveRun(start, left);
      memoryEnd = start + left;
      return true;
    }
    memoryEnd = start;
  }
  // A free run at the end counts towards what is needed.
  for (Run* run = runs; run != nullptr; run = run->next) {
    if (run->end() == memoryEnd) size -= run->size;
  }
  const size_t pages = (size + kWasmPage - 1) / kWasmPage;
  if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX) return false;
  giveRun(memoryEnd, pages * kWasmPage);
  memoryEnd += pages * kWasmPage;
  return true;
}

char* takeRun(size_t size) {
  do {
    for (Run** link = &runs; *link != nullptr; link = &(*link)->next) {
      Run* const run = *link;
      if (run->size < size) continue;
      auto* const start = reinterpret_cast<char*>(run);
      if (run->size == size) {
        *link = run->next;
      } else {
        *link = new (start + size) Run{run->next, run->size - size};
      }
      return start;
    }
  } while (growMemory(size));
  return nullptr;
}

// What is left of a region when the next one does not join it.
void keepRestOfRegion() {
  const auto rest = static_cast<size_t>(regionEnd - regionCursor) / kUnit;
  if (rest == 0) return;
  auto sizeClass = classOf(rest);
  if (unitsOf(sizeClass) > rest) --sizeClass;
  auto* const payload = regionCursor + sizeof(Header);
  new (regionCursor) Header{static_cast<uint32_t>(unitsOf(sizeClass) * kUnit), 0};
  freeBlocks[sizeClass] = new (payload) FreeBlock{freeBlocks[sizeClass]};
}

void* cutFromRegion(size_t size) {
  if (static_cast<size_t>(regionEnd - regionCursor) < size) {
    const size_t regionSize = size > kRegion / 2 ? size : kRegion;
    char* const region = takeRun(regionSize);
    if (region == nullptr) return nullptr;
    if (region != regionEnd) {
      keepRestOfRegion();
      regionCursor = region;
    }
    regionEnd = region + regionSize;
  }
  auto* const header = new (regionCursor) Header{static_cast<uint32_t>(size), 0};
  regionCursor += size;
  return header + 1;
}

void* allocate(size_t size) {
  if (size > kLimit) return nullptr;
  const size_t units = (size + sizeof(Header) + kUnit - 1) / kUnit;
  if (units <= kLargestSmall / kUnit) [[likely]] {
    const size_t sizeClass = classOf(units);
    if (auto* const block = freeBlocks[sizeClass]) {
      freeBlocks[sizeClass] = block->next;
      return block;
    }
    return cutFromRegion(unitsOf(sizeClass) * kUnit);
  }
  const size_t blockSize = (units * kUnit + kLargeGranule - 1) & ~(kLargeGranule - 1);
  char* const start = takeRun(blockSize);
  if (start == nullptr) return nullptr;
  return new (start) Header{static_cast<uint32_t>(blockSize), 0} + 1;
}

Header* headerOf(void* payload) { return static_cast<Header*>(payload) - 1; }

void release(void* payload) {
  if (payload == nullptr) return;
  payload = static_cast<char*>(payload) - headerOf(payload)->offset;
  const size_t size = headerOf(payload)->size;
  if (size <= kLargestSmall) [[likely]] {
    const size_t sizeClass = classOf(size / kUnit);
    freeBlocks[sizeClass] = new (payload) FreeBlock{freeBlocks[sizeClass]};
  } else {
    giveRun(reinterpret_cast<char*>(headerOf(payload)), size);
  }
}

void* allocateAligned(size_t alignment, size_t size) {
  if (alignment <= kUnit) return allocate(size);
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
