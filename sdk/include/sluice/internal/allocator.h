// The allocator's lists of free blocks, for code that allocates objects of a constant size.
#pragma once

#if defined(__wasm__)

#include <cstddef>
#include <cstdlib>

namespace sluice::internal {

/// A small block of malloc is a header of 8 bytes, then the payload.
constexpr size_t kBlockHeader = 8;
constexpr size_t kSmallestBlock = 16;
constexpr size_t kLargestSmallBlock = 2048;

struct FreeBlock {
  FreeBlock* next;
};
/// Free blocks by log2 of their size.
extern FreeBlock* freeBlocks[12];

/// log2 of the size of the block for `size` bytes, header included: up to kLargestSmallBlock.
[[gnu::always_inline]] constexpr unsigned blockPower(size_t size) {
  size += kBlockHeader;
  if (size < kSmallestBlock) size = kSmallestBlock;
  return 32 - static_cast<unsigned>(__builtin_clz(static_cast<unsigned>(size - 1)));
}

/// operator new, and the matching operator delete, for a `size` that is a constant after inlining.
[[gnu::always_inline]] inline void* allocateFixed(size_t size) {
  if (size <= kLargestSmallBlock - kBlockHeader) {
    auto*& list = freeBlocks[blockPower(size)];
    if (auto* block = list) {
      list = block->next;
      return block;
    }
  }
  return ::operator new(size);
}
[[gnu::always_inline]] inline void freeFixed(void* payload, size_t size) {
  if (size > kLargestSmallBlock - kBlockHeader) return std::free(payload);
  auto*& list = freeBlocks[blockPower(size)];
  auto* block = static_cast<FreeBlock*>(payload);
  block->next = list;
  list = block;
}

}  // namespace sluice::internal

#endif
